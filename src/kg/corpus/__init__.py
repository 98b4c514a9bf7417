"""Many articles: read by all cores, kept in batches, resumed after any stop, told what became of each.

``manifest`` remembers what became of each article, ``plan`` decides by it what is to be done with the next one,
``fingerprint`` is a hash of what it is read with. ``workers`` read in processes of this machine, ``cluster`` on others,
each article within its limits; ``reading`` is what they run. ``kept`` brings what they give into a store; ``parts``
writes it to numbered files, with ``members``, ``printings`` and ``tables``, which ``sending`` brings to a store of
another program. ``building`` is the whole flow, ``estimate`` looks ahead.
"""
