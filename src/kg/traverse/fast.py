"""Measures of many nodes at once, as products of sparse matrices; the same numbers as node by node.

PageRank: Brin and Page 1998. Betweenness: Brandes 2001, in the algebraic form of Robinson and Fineman (Kepner and
Gilbert 2011), a matrix of as many columns as sources. Needs scipy, which ``pip install 'jejaring[graph]'`` brings.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kg.traverse.whole import Links

_TOGETHER = 32  # sources at once: their matrices take 1 MB for each 1,000 nodes


def _matrix(links: Links, weights: Any) -> Any:
    import numpy as np
    from scipy import sparse

    one, other = np.asarray(links.one), np.asarray(links.other)
    size = len(links.nodes)
    half = sparse.coo_array((weights, (one, other)), shape=(size, size))
    return (half + half.T).tocsr()


def pagerank(links: Links, damping: float, rounds: int, tolerance: float) -> list[float]:
    """The score of each node, by power iteration."""
    import numpy as np

    size = len(links.nodes)
    matrix = _matrix(links, np.asarray(links.weight, dtype=float))
    weight = np.asarray(matrix.sum(axis=1)).ravel()
    is_lone = weight == 0
    shared = np.divide(1.0, weight, out=np.zeros(size), where=~is_lone)
    scores = np.full(size, 1 / size) if size else np.zeros(0)
    for _ in range(rounds if size else 0):
        base = (1 - damping + damping * scores[is_lone].sum()) / size
        new = base + damping * (matrix @ (scores * shared))
        change = np.abs(new - scores).sum()
        scores = new
        if change < tolerance:
            break
    found: list[float] = scores.tolist()
    return found


def betweenness(links: Links, sources: Sequence[int]) -> list[float]:
    """For each node, the sum over the sources of the share of shortest paths that pass it; not scaled."""
    import numpy as np

    matrix = _matrix(links, np.ones(len(links.one)))
    total = np.zeros(len(links.nodes))
    for first in range(0, len(sources), _TOGETHER):
        total += _passed(matrix, sources[first : first + _TOGETHER])
    found: list[float] = total.tolist()
    return found


def _passed(matrix: Any, sources: Sequence[int]) -> Any:
    import numpy as np

    shape = (matrix.shape[0], len(sources))
    level, paths = np.full(shape, -1, dtype=np.int32), np.zeros(shape)
    at = (np.asarray(sources), np.arange(len(sources)))
    level[at], paths[at] = 0, 1.0
    depth = 0
    while True:  # forwards: how many shortest paths lead to each node
        reached = matrix @ np.where(level == depth, paths, 0.0)
        new = (level < 0) & (reached > 0)
        if not new.any():
            break
        depth += 1
        level[new], paths[new] = depth, reached[new]
    share = np.zeros(shape)
    for here in range(depth, 0, -1):  # backwards: what part of them goes on from it
        passing = np.divide(1.0 + share, paths, out=np.zeros(shape), where=level == here)
        share += np.where(level == here - 1, paths * (matrix @ passing), 0.0)
    share[at] = 0.0
    return share.sum(axis=1)
