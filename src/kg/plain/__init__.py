"""Which shapes a graph plainly meets, so that the validator needn't be asked of them.

Nearly all that is claimed conforms, and nearly all of a validator's time goes into saying so. Here the shapes are made
into plain tests (``values``, ``shapes``) and queries (``queries``) once; what passes them surely conforms. The rest is
*doubtful*, and for the validator alone to judge: nothing is refused here, and no finding is made. So each test may say
no too often, and never yes too often; a constraint that isn't known here makes its shape doubtful whenever the graph
has a node for it. No shape is known by its name: all is read from the shapes graph.
"""

from kg.plain.judging import Plain

__all__ = ["Plain"]
