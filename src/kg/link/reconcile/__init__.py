"""The graph as a reconciliation service (Reconciliation Service API 0.1 and 0.2), free of HTTP.

``settings`` reads which properties there are; ``index`` holds the things of a graph with their names, types and values;
``queries`` turns what a client sends into values or refuses it; ``answers`` scores; ``describing`` writes the manifest,
suggestions, extensions and previews.
"""
