"""Where places are, and outlines of provinces and countries: ``data/map/``, read once; drawn in plate carrée.

A degree of longitude is as wide as one of latitude, which distorts little so near the equator. No projection is needed
to compare places, and a place's coordinates can be read off the grid.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Final

from kg import resources
from kg.records import record

WIDTH: Final = 1000
"""Units of a drawing's width."""
LEAST: Final = 12.0
"""Degrees of longitude that a drawing shows at least."""
_STEPS: Final = (1, 2, 5, 10, 20, 30, 60)


@record(frozen=True, slots=True)
class Point:
    """A place on the globe, in degrees; south and west are negative."""

    latitude: float
    longitude: float


@record(frozen=True, slots=True)
class Outline:
    """A province or country (``kind``) by its code; rings of longitude and latitude."""

    code: str
    kind: str
    rings: tuple[tuple[tuple[float, float], ...], ...]


@cache
def points() -> Mapping[str, Point]:
    """Key of a place below ``place/`` -> where it is."""
    with resources.path("data/map/coordinates.csv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(line for line in file if not line.startswith("#"))
        return {row["place"]: Point(float(row["latitude"]), float(row["longitude"])) for row in rows}


@cache
def outlines() -> tuple[Outline, ...]:
    """All outlines, countries first."""
    found = json.loads(resources.path("data/map/outlines.geojson").read_text("utf-8"))["features"]
    made = [Outline(each["properties"]["code"], each["properties"]["kind"], _rings(each["geometry"])) for each in found]
    return tuple(sorted(made, key=lambda outline: (outline.kind, outline.code)))


def _rings(
    geometry: Mapping[str, Sequence[Sequence[Sequence[Sequence[float]]]]],
) -> tuple[tuple[tuple[float, float], ...], ...]:
    return tuple(
        tuple((point[0], point[1]) for point in ring) for polygon in geometry["coordinates"] for ring in polygon
    )


@record(frozen=True, slots=True)
class Frame:
    """A window on the globe, in degrees, and how it is drawn: ``WIDTH`` units wide, ``height`` high."""

    west: float
    south: float
    east: float
    north: float

    @property
    def scale(self) -> float:
        """Units of a degree."""
        return WIDTH / (self.east - self.west)

    @property
    def height(self) -> float:
        """In units."""
        return round((self.north - self.south) * self.scale, 1)

    def place(self, longitude: float, latitude: float) -> tuple[float, float]:
        """Where a point is drawn: units from the left and from the top."""
        return round((longitude - self.west) * self.scale, 1), round((self.north - latitude) * self.scale, 1)

    def path(self, outline: Outline) -> str:
        """The outline as the ``d`` of an SVG path; empty where it lies outside."""
        return "".join(self._ring(ring) for ring in outline.rings if self._touches(ring))

    def _touches(self, ring: Sequence[tuple[float, float]]) -> bool:
        longitudes, latitudes = [point[0] for point in ring], [point[1] for point in ring]
        across = min(longitudes) < self.east and max(longitudes) > self.west
        return across and min(latitudes) < self.north and max(latitudes) > self.south

    def _ring(self, ring: Sequence[tuple[float, float]]) -> str:
        places = list(dict.fromkeys(self.place(*point) for point in ring))
        return "M" + "L".join(f"{x:g} {y:g}" for x, y in places) + "Z" if len(places) > 2 else ""

    def grid(self) -> list[tuple[str, float, float, float, float]]:
        """Meridians and parallels with their names: text, x1, y1, x2, y2."""
        step = next((step for step in _STEPS if (self.east - self.west) / step <= 10), _STEPS[-1])
        found = []
        for degree in range(-180, 181, step):
            if self.west < degree < self.east:
                x = self.place(degree, 0)[0]
                found.append((_degrees(degree, "EW"), x, 0.0, x, self.height))
            if self.south < degree < self.north:
                y = self.place(0, degree)[1]
                found.append((_degrees(degree, "NS"), 0.0, y, float(WIDTH), y))
        return found


def _degrees(degree: int, sides: str) -> str:
    return f"{abs(degree)}°{sides[degree < 0] if degree else ''}"


def around(shown: Iterable[Point]) -> Frame:
    """The frame that shows these points with some room; Indonesia for none."""
    found = list(shown)
    if not found:
        return Frame(94.5, -11.5, 141.5, 6.5)
    west, east = min(p.longitude for p in found), max(p.longitude for p in found)
    south, north = min(p.latitude for p in found), max(p.latitude for p in found)
    room = max((east - west) * 0.08, (north - south) * 0.08, 2.0)
    width = max(east - west + 2 * room, LEAST)
    height = min(max(north - south + 2 * room, width * 0.4), width * 0.75)
    if north - south + 2 * room > height:  # tall: widen instead
        height = north - south + 2 * room
        width = max(width, height / 0.75)
    middle, centre = (west + east) / 2, (south + north) / 2
    return Frame(
        max(-180.0, round(middle - width / 2, 2)),
        max(-90.0, round(centre - height / 2, 2)),
        min(180.0, round(middle + width / 2, 2)),
        min(90.0, round(centre + height / 2, 2)),
    )
