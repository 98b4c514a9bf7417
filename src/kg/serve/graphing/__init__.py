"""The graph view: what lies around a thing and between two things, as a page to look at and as JSON and Turtle.

``parts`` draws a bounded part out of the view, ``describing`` writes it as JSON, ``turtle`` as triples; ``asking``
reads a request, ``routes`` joins them. The page itself is a template and the scripts in ``static/graph/``.
"""
