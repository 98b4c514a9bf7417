"""A scene as PNG, through Pillow: one wheel without dependencies that carries a font, so text needs none installed.

The font has the letters of Indonesian and English; others lose their marks, what remains unknown becomes "?". The SVG
has every letter.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from kg.draw.scene import Card, Curve, Form, Point, Scene, Shape, Text
from kg.draw.text import width
from kg.errors import KgError

if TYPE_CHECKING:
    from PIL import ImageDraw, ImageFont

_SCALE: Final = 2.0  # pixels for a unit of the scene: sharp on fine screens and in print
_SMOOTH: Final = 2  # drawn larger and made smaller again: smooth edges
_PIXELS: Final = 10_000_000  # of the finished picture at most; a larger scene gets fewer pixels for a unit
_FINE: Final = 16  # straight pieces for a curve's part
_KNOWN: Final = frozenset("“”‘’·…°")  # beside ASCII
_LETTERS: Final = str.maketrans({"–": "-", "—": "-", "→": ">", "Đ": "D", "đ": "d", "ø": "o", "ł": "l", "•": "·"})


def write(scene: Scene) -> bytes:
    """The file; KgError where Pillow isn't installed."""
    try:
        from PIL import Image, ImageDraw
    except ImportError as error:
        raise KgError('a PNG needs Pillow: pip install "jejaring[draw]", or draw an SVG') from error
    scale = min(_SCALE, (_PIXELS / (scene.width * scene.height)) ** 0.5)
    large = scale * _SMOOTH
    image = Image.new("RGB", (round(scene.width * large), round(scene.height * large)), "#ffffff")
    pen = ImageDraw.Draw(image)
    for curve in scene.curves:
        _curve(pen, curve, large)
    for card in scene.cards:
        _card(pen, card, large)
    for text in scene.texts:
        _text(pen, text, large)
    image = image.resize((round(scene.width * scale), round(scene.height * scale)), Image.Resampling.LANCZOS)
    target = io.BytesIO()
    image.save(target, "PNG", optimize=True)  # in full colour: a palette of 256 shifts the pale fillings
    return target.getvalue()


@cache
def _font(size: float) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    from PIL import ImageFont

    return ImageFont.load_default(size)


def _curve(pen: ImageDraw.ImageDraw, curve: Curve, scale: float) -> None:
    points = [curve.start]
    for one, two, end in curve.parts:
        start = points[-1]
        points += [_on(start, one, two, end, n / _FINE) for n in range(1, _FINE + 1)]
    for piece in _dashed(points, curve.dash):
        _line(pen, piece, curve.colour, curve.width, scale)


def _on(a: Point, b: Point, c: Point, d: Point, t: float) -> Point:
    """A point of a cubic curve."""
    u = 1 - t
    return (
        u**3 * a[0] + 3 * u * u * t * b[0] + 3 * u * t * t * c[0] + t**3 * d[0],
        u**3 * a[1] + 3 * u * u * t * b[1] + 3 * u * t * t * c[1] + t**3 * d[1],
    )


def _line(pen: ImageDraw.ImageDraw, points: Sequence[Point], colour: str, line: float, scale: float) -> None:
    """A line with round joints and ends."""
    if len(points) > 1:
        pen.line(
            [(x * scale, y * scale) for x, y in points], fill=colour, width=max(1, round(line * scale)), joint="curve"
        )
    radius = line * scale / 2
    for x, y in (points[0], points[-1]):
        pen.ellipse((x * scale - radius, y * scale - radius, x * scale + radius, y * scale + radius), fill=colour)


def _dashed(points: Sequence[Point], dash: tuple[float, ...]) -> list[list[Point]]:
    """The strokes of a dashed line, the line itself for a solid one."""
    if not dash:
        return [list(points)]
    strokes: list[list[Point]] = [[points[0]]]
    number, left = 0, dash[0]
    for start, end in pairwise(points):
        length, done = _distance(start, end), 0.0
        while length - done > left:
            done += left
            point = _between(start, end, done / length)
            if number % 2 == 0:
                strokes[-1].append(point)
            else:
                strokes.append([point])
            number += 1
            left = dash[number % len(dash)]
        left -= length - done
        if number % 2 == 0:
            strokes[-1].append(end)
    return strokes


def _distance(a: Point, b: Point) -> float:
    return float(((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2) ** 0.5)


def _between(a: Point, b: Point, share: float) -> Point:
    return (a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share)


def _card(pen: ImageDraw.ImageDraw, card: Card, scale: float) -> None:
    _shape(pen, card.shape, scale)
    for text in card.texts:
        _text(pen, text, scale)


def _shape(pen: ImageDraw.ImageDraw, shape: Shape, scale: float) -> None:
    """The filling, then the outline as a line, so that it can be dashed."""
    outline = _outline(shape)
    pen.polygon([(x * scale, y * scale) for x, y in outline], fill=shape.fill)
    for piece in _dashed([*outline, outline[0]], shape.dash):
        _line(pen, piece, shape.stroke, shape.line, scale)


def _outline(shape: Shape) -> list[Point]:
    if shape.form in (Form.HEXAGON, Form.OCTAGON):
        return shape.corners()
    x, y, r = shape.left, shape.top, shape.radius
    right, bottom, k = x + shape.width, y + shape.height, shape.radius * 0.4477  # a quarter of a circle as a cubic
    corners = (
        ((x, y + r), (x, y + k), (x + k, y), (x + r, y)),
        ((right - r, y), (right - k, y), (right, y + k), (right, y + r)),
        ((right, bottom - r), (right, bottom - k), (right - k, bottom), (right - r, bottom)),
        ((x + r, bottom), (x + k, bottom), (x, bottom - k), (x, bottom - r)),
    )
    return [_on(*corner, n / _FINE) for corner in corners for n in range(_FINE + 1)]


def _text(pen: ImageDraw.ImageDraw, text: Text, scale: float) -> None:
    """A line of text, made smaller where this font is wider than the room."""
    words = letters(text.text)
    weight = text.size * scale * 0.02 if text.bold else 0.0  # the font has no bold: a thin outline makes it so
    font = _font(text.size * scale)
    room = width(text.text, text.size, bold=text.bold) * scale * 1.02
    if (needed := font.getlength(words) + 2 * weight) > room:
        font = _font(text.size * scale * room / needed)
    place, anchor = (text.x * scale, text.y * scale), {"start": "ls", "middle": "ms", "end": "rs"}[text.anchor]
    if text.halo:
        pen.text(place, words, "#ffffff", font, anchor, stroke_width=1.5 * scale, stroke_fill="#ffffff")
    pen.text(place, words, text.colour, font, anchor, stroke_width=weight, stroke_fill=text.colour)


def letters(text: str) -> str:
    """A text in the letters that the font has."""
    return "".join(c if c in _KNOWN else _plain(c) for c in text.translate(_LETTERS))


def _plain(character: str) -> str:
    kept = "".join(c for c in unicodedata.normalize("NFKD", character) if not unicodedata.combining(c))
    return kept if kept.isascii() else "?"
