"""A scene as SVG: text stays text, no font or address from elsewhere, title and description for screen readers."""

from __future__ import annotations

from html import escape
from typing import Final

from kg.draw.scene import Card, Curve, Form, Point, Scene, Shape, Text
from kg.draw.text import width

_FONTS: Final = "Helvetica, Arial, 'Liberation Sans', sans-serif"


def write(scene: Scene) -> bytes:
    """The file."""
    size = f'width="{_n(scene.width)}" height="{_n(scene.height)}" viewBox="0 0 {_n(scene.width)} {_n(scene.height)}"'
    about = f'role="img" aria-labelledby="title desc" xml:lang="{scene.language}" lang="{scene.language}"'
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} {about} font-family="{_FONTS}">',
        f'<title id="title">{_safe(scene.title)}</title>',
        f'<desc id="desc">{_safe(scene.description)}</desc>',
        f'<rect width="{_n(scene.width)}" height="{_n(scene.height)}" fill="#ffffff"/>',
        '<g fill="none" stroke-linecap="round">',
        *map(_curve, scene.curves),
        "</g>",
        *map(_card, scene.cards),
        *map(_text, scene.texts),
        "</svg>",
        "",
    ]
    return "\n".join(lines).encode()


def _n(number: float) -> str:
    """A length with at most one decimal."""
    return f"{number:.1f}".removesuffix(".0")


def _safe(text: str) -> str:
    """Escaped, without characters that XML can't hold."""
    return escape("".join(c if c.isprintable() else " " for c in text))


def _point(point: Point) -> str:
    return f"{_n(point[0])},{_n(point[1])}"


def _dash(dash: tuple[float, ...]) -> str:
    return f' stroke-dasharray="{" ".join(map(_n, dash))}"' if dash else ""


def _curve(curve: Curve) -> str:
    path = f"M{_point(curve.start)}" + "".join("C" + " ".join(map(_point, part)) for part in curve.parts)
    return f'<path d="{path}" stroke="{curve.colour}" stroke-width="{_n(curve.width)}"{_dash(curve.dash)}/>'


def _card(card: Card) -> str:
    texts = "".join(map(_text, card.texts))
    about = f"<title>{_safe(card.about)}</title>" if card.about else ""
    return f"<g>{about}{_shape(card.shape)}{texts}</g>"


def _shape(shape: Shape) -> str:
    paint = f'fill="{shape.fill}" stroke="{shape.stroke}" stroke-width="{_n(shape.line)}"{_dash(shape.dash)}'
    if shape.form in (Form.HEXAGON, Form.OCTAGON):
        return f'<polygon points="{" ".join(map(_point, shape.corners()))}" {paint}/>'
    place = f'x="{_n(shape.left)}" y="{_n(shape.top)}" width="{_n(shape.width)}" height="{_n(shape.height)}"'
    return f'<rect {place} rx="{_n(shape.radius)}" {paint}/>'


def _text(text: Text) -> str:
    """A line of text, held to its width so that it fits in every font."""
    anchor = "" if text.anchor == "start" else f' text-anchor="{text.anchor}"'
    weight = ' font-weight="bold"' if text.bold else ""
    halo = ' stroke="#ffffff" stroke-width="3" stroke-linejoin="round" paint-order="stroke"' if text.halo else ""
    length = f' textLength="{_n(width(text.text, text.size, bold=text.bold))}" lengthAdjust="spacingAndGlyphs"'
    place = f'x="{_n(text.x)}" y="{_n(text.y)}" font-size="{_n(text.size)}" fill="{text.colour}"'
    return f"<text {place}{anchor}{weight}{halo}{length}>{_safe(text.text)}</text>"
