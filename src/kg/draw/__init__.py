"""A picture of the graph: column, colour and outline say what a thing is; lines are dashed for what is projected.

A small graph is drawn whole. Of a large one, and where there is a focus, the picture has the neighbourhood only and
says so. The same graph gives the same bytes in every run. SVG needs nothing beyond the core; PNG needs the extra
``draw``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.errors import KgError

if TYPE_CHECKING:
    from kg.draw.scene import Scene
    from kg.traverse import Graph


def draw_svg(graph: Graph, *, title: str, lang: str = "id", focus: str | None = None) -> bytes:
    """A projected graph, or the neighbourhood of the node ``focus`` in it, as SVG; ``lang`` is "id" or "en"."""
    from kg.draw import svg

    return svg.write(_scene(graph, title, lang, focus))


def draw_png(graph: Graph, *, title: str, lang: str = "id", focus: str | None = None) -> bytes:
    """As ``draw_svg``, as PNG with two pixels for each unit of the SVG. KgError without Pillow."""
    from kg.draw import png

    return png.write(_scene(graph, title, lang, focus))


def _scene(graph: Graph, title: str, lang: str, focus: str | None) -> Scene:
    from kg.draw.compose import compose
    from kg.draw.part import part_of
    from kg.draw.style import STRINGS

    if lang not in STRINGS:
        raise KgError(f'no pictures in the language "{lang}"; choose one of: {", ".join(STRINGS)}')
    if focus is not None and focus not in graph:
        raise KgError(f'no node "{focus}" in this graph; find one by its name first')
    return compose(graph, part_of(graph, focus), title=title, lang=lang)
