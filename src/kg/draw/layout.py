"""Where things stand: columns by kind, an order with few crossings, heights near those of the neighbours.

The layered drawing of Sugiyama, Tagawa and Toda (1981) with fixed layers: the columns say what a thing is. A link that
passes over a column gets a lane there, and links of one sort to the same thing share it. Plain Python: a picture has
some fifty things, and force-directed layouts, which need numpy, put the labels on top of each other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Final

_SWEEPS: Final = 24
_SETTLING: Final = 12


@dataclass(frozen=True, slots=True)
class Item:
    """What takes up room in a column: a card or a lane; ``sort`` puts alike things together at first."""

    key: str
    column: int
    height: float
    sort: tuple[str, ...]


def columns_of(items: Sequence[Item], segments: Sequence[tuple[str, str]], gap: float) -> dict[str, float]:
    """The height of the middle of each item above or below the picture's middle line.

    ``segments`` join items of the same or of neighbouring columns.
    """
    around = _neighbours(items, segments)
    columns = _ordered(items, around, segments)
    return _settled(columns, around, {item.key: item.height for item in items}, gap)


def _neighbours(items: Sequence[Item], segments: Sequence[tuple[str, str]]) -> dict[str, list[str]]:
    around: dict[str, list[str]] = {item.key: [] for item in items}
    for here, there in segments:
        around[here].append(there)
        around[there].append(here)
    return around


def _ordered(
    items: Sequence[Item], around: Mapping[str, Sequence[str]], segments: Sequence[tuple[str, str]]
) -> list[list[str]]:
    """The order in each column, from sweeps to and fro by the mean place of the neighbours; the best one is kept."""
    numbers = sorted({item.column for item in items})
    columns = [
        [i.key for i in sorted(items, key=lambda i: (i.sort, i.key)) if i.column == number] for number in numbers
    ]
    best, fewest = [list(column) for column in columns], crossings(columns, segments)
    for sweep in range(_SWEEPS):
        for column in columns if sweep % 2 else reversed(columns):
            places = _places(columns)
            column.sort(key=lambda key: fmean([places[other] for other in around[key]] or [places[key]]))
        if (count := crossings(columns, segments)) < fewest:
            best, fewest = [list(column) for column in columns], count
    return best


def _places(columns: Sequence[Sequence[str]]) -> dict[str, float]:
    """The place of each item in its column, from 0 at the top to 1 at the bottom."""
    return {key: (n + 0.5) / len(column) for column in columns for n, key in enumerate(column)}


def crossings(columns: Sequence[Sequence[str]], segments: Sequence[tuple[str, str]]) -> int:
    """How many pairs of segments between two columns cross."""
    rows = {key: (c, n) for c, column in enumerate(columns) for n, key in enumerate(column)}
    between: dict[int, list[tuple[int, int]]] = {}
    for here, there in segments:
        (c, n), (d, m) = sorted((rows[here], rows[there]))
        if c != d:
            between.setdefault(c, []).append((n, m))
    return sum(
        (a - c) * (b - d) < 0 for pairs in between.values() for n, (a, b) in enumerate(pairs) for c, d in pairs[n + 1 :]
    )


def _settled(
    columns: Sequence[Sequence[str]], around: Mapping[str, Sequence[str]], heights: Mapping[str, float], gap: float
) -> dict[str, float]:
    """Heights that come near to the mean of the neighbours' without changing the order or letting things touch."""
    middle = {key: y for column in columns for key, y in _stacked(column, heights, gap).items()}
    for turn in range(_SETTLING):
        for column in columns if turn % 2 else reversed(columns):
            wished = [fmean([middle[other] for other in around[key]] or [middle[key]]) for key in column]
            middle.update(zip(column, _spread(wished, _steps(column, heights, gap)), strict=True))
    return middle


def _steps(column: Sequence[str], heights: Mapping[str, float], gap: float) -> list[float]:
    """How far each item's middle must at least be below the first one's."""
    steps, last = [0.0], heights[column[0]]
    for key in column[1:]:
        steps.append(steps[-1] + (last + heights[key]) / 2 + gap)
        last = heights[key]
    return steps


def _stacked(column: Sequence[str], heights: Mapping[str, float], gap: float) -> dict[str, float]:
    steps = _steps(column, heights, gap)
    return {key: step - steps[-1] / 2 for key, step in zip(column, steps, strict=True)}


def _spread(wished: Sequence[float], steps: Sequence[float]) -> list[float]:
    """The heights nearest to those wished for that keep the steps: isotonic regression by pooling neighbours."""
    blocks: list[tuple[float, int]] = []
    for wish, step in zip(wished, steps, strict=True):
        mean, size = wish - step, 1
        while blocks and blocks[-1][0] >= mean:
            before, count = blocks.pop()
            mean, size = (before * count + mean * size) / (count + size), count + size
        blocks.append((mean, size))
    flat = [mean for mean, size in blocks for _ in range(size)]
    return [mean + step for mean, step in zip(flat, steps, strict=True)]
