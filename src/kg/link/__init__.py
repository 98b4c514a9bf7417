"""Links between names in tables, things of the graph and things elsewhere: found, judged, published.

``outcome`` is what all parts speak: a name, its candidates with reasons, and one of three outcomes.
``normal`` reads names in one spelling and shows the steps; ``matcher`` says what a name may mean among known things.
"""
