"""What a picture consists of, before it is written: shapes, curves and texts with colours, in pixels from top left."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

Point = tuple[float, float]
Cubic = tuple[Point, Point, Point]
"""Two control points and the end of a curve's part."""


class Form(StrEnum):
    """The outline of a card."""

    PILL = "pill"
    BOX = "box"
    ROUND = "round"
    HEXAGON = "hexagon"
    OCTAGON = "octagon"


@dataclass(frozen=True, slots=True)
class Shape:
    """A filled outline around a rectangle; ``dash`` has the lengths of stroke and gap, () for a solid line."""

    form: Form
    left: float
    top: float
    width: float
    height: float
    fill: str
    stroke: str
    dash: tuple[float, ...] = ()
    line: float = 1.6

    @property
    def radius(self) -> float:
        """Of its corners."""
        return {Form.PILL: self.height / 2, Form.ROUND: 9.0}.get(self.form, 2.0)

    def corners(self) -> list[Point]:
        """Of the forms with slanted sides; empty for the others."""
        x, y, right, bottom = self.left, self.top, self.left + self.width, self.top + self.height
        if self.form is Form.HEXAGON:
            cut, middle = min(12.0, self.width / 4), (y + bottom) / 2
            return [
                (x + cut, y),
                (right - cut, y),
                (right, middle),
                (right - cut, bottom),
                (x + cut, bottom),
                (x, middle),
            ]
        if self.form is Form.OCTAGON:
            c = min(9.0, self.height / 3)
            upper = [(x, y + c), (x + c, y), (right - c, y), (right, y + c)]
            return [*upper, (right, bottom - c), (right - c, bottom), (x + c, bottom), (x, bottom - c)]
        return []


@dataclass(frozen=True, slots=True)
class Curve:
    """A line without filling."""

    start: Point
    parts: tuple[Cubic, ...]
    colour: str
    width: float
    dash: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Text:
    """One line; ``x`` is its start, middle or end as ``anchor`` says, ``y`` its base line."""

    x: float
    y: float
    text: str
    size: float
    colour: str = "#1a202c"
    anchor: str = "start"
    bold: bool = False
    halo: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """A thing: its outline, its lines, and all its names for who points at it or listens."""

    shape: Shape
    texts: tuple[Text, ...]
    about: str


@dataclass(frozen=True, slots=True)
class Scene:
    """A whole picture; what comes later lies on top: curves, cards, texts."""

    width: float
    height: float
    title: str
    description: str
    language: str
    curves: tuple[Curve, ...]
    cards: tuple[Card, ...]
    texts: tuple[Text, ...]
