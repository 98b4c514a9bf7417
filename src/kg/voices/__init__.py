"""Voices: articles that print one text, such as a press release, stay separate sources and count as one voice.

``text`` says of two texts whether they are alike and gives each a signature; ``index`` keeps the signatures on disk
and finds what may be alike; ``grouping`` makes voices of it; ``keeping`` brings them into a store, one graph a voice;
``asking`` finds them in a graph.

Each voice is named by its first article: the earliest published of those that are alike, the smallest key among those
of one day. An article belongs to the first of the voices whose first article it is alike. So no chain of small changes
makes one voice of two texts that differ, and the voices follow from the articles, in whatever order they came.
"""
