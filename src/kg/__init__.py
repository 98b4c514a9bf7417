"""Jejaring: a knowledge graph builder for Indonesian government news.

The folder is the flow: ``article``, ``segment``, ``mentions``, ``entities``, ``rules``, ``claims``, ``check``, ``rdf``,
``store``; ``pipeline`` calls them in order. Nothing is imported here, so that ``kg --help`` stays fast.
"""

__version__ = "0.1.0"
