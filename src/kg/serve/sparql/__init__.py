"""SPARQL 1.1 Protocol: ``protocol`` reads a request, ``pool`` has it answered, ``endpoint`` speaks HTTP.

The engine has no time limit and can't be interrupted, so each query runs in a process of its own that can be ended:
``template`` reads the graph once and forks workers, which share its memory; ``answering`` is what a worker does.
"""
