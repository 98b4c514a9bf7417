"""The page on which people ask in SPARQL: the named queries with their parameters as a form, and an editor.

``filling`` puts values into a named query, ``terms`` lists what the editor completes, ``routes`` serves both. The page
asks ``/sparql`` like any other client, and never anything that writes.
"""
