"""How kinds of things are drawn: data in ``data/graph-view/looks.toml``."""

from __future__ import annotations

import tomllib
from functools import cache
from typing import Any, Final

from kg import resources
from kg.errors import DataError

OUTLINES: Final = ("circle", "square", "diamond", "hexagon", "triangle", "wedge", "pentagon", "page")
_FIELDS: Final = {"id", "en", "kinds", "outline", "light", "dark"}
_FILE: Final = "data/graph-view/looks.toml"


@cache
def looks() -> tuple[dict[str, Any], ...]:
    """Each look with its names, kinds, outline and colours. Raises DataError for what the page couldn't draw."""
    found = tomllib.loads(resources.path(_FILE).read_text("utf-8")).get("look", [])
    for number, look in enumerate(found, 1):
        if set(look) != _FIELDS or look["outline"] not in OUTLINES:
            fields = ", ".join(sorted(_FIELDS))
            raise DataError(f"{_FILE} look {number}: expected {fields}, outline one of {', '.join(OUTLINES)}")
    if not found:
        raise DataError(f"{_FILE}: no look; the last one is that of all other kinds")
    return tuple(found)
