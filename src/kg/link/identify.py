"""What somebody writes for a thing -> its IRI and label: an IRI, a CURIE, an id, or a name in the graph."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from kg import find
from kg.errors import InputError, NothingFound
from kg.link import sssom

if TYPE_CHECKING:
    from pyoxigraph import Store

SHOWN: Final = 4


def identify(text: str, dataset: Store, prefixes: Mapping[str, str], base: str) -> tuple[str, str]:
    """IRI and label of the one thing that is meant; "" for the label of what lies elsewhere.

    Raises NothingFound where there is none, InputError where it may be several.
    """
    known = find.things(dataset)
    if "://" in text or text.partition(":")[0] in prefixes:
        iri = sssom.expand(text, prefixes)
        return iri, next((thing.name for thing in known if thing.node.value == iri), "")
    if text.removeprefix("id/").startswith("name/"):
        return f"{base}id/{text.removeprefix('id/')}", ""
    found = find.find(known, text)
    meant = find.best(found)
    if meant is None and found and found[0].level != "like":
        kinds = ", ".join(f"{each.thing.key} ({each.thing.name})" for each in found[:SHOWN])
        more = f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
        raise InputError(f"{text!r} may mean {kinds}{more}; give one of these ids")
    if meant is None or meant.level == "like":
        raise NothingFound(find.missing(known, text))
    return meant.thing.node.value, meant.thing.name
