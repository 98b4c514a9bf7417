"""Many articles: read by all cores, kept in batches, resumed after any stop, told what became of each.

``manifest`` remembers what became of each article, ``plan`` decides by it what is to be read, ``workers`` read in
processes of their own, each article within its limits, ``reading`` is what they run; ``kept`` loads what they give into
a store, ``parts`` writes it to numbered files, ``building`` is the whole flow, ``estimate`` looks ahead.
"""
