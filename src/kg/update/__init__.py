"""SPARQL 1.1 Update for a user's own graphs: what a request would change is found out first, then the store changes it.

``reading`` makes operations of a request, ``evaluating`` the quads that they take out and put in. No text of a request
is ever run on the store: what is written are those quads, and each lies in a graph that is the user's own (``own``). So
whatever a request says, what articles state, reference data and links stay as they are.
"""
