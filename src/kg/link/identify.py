"""What somebody writes for a thing -> its IRI and label: an IRI, a CURIE, an id, or a name in the graph."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from kg import find
from kg.errors import InputError, NothingFound
from kg.link import sssom
from kg.link.body_profiles import is_body
from kg.link.identity_graph import identities

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
    if (one := _with_tail(text, known, base)) is not None:
        return one
    found = find.find(known, text)
    meant = find.best(found)
    if meant is None and found and found[0].level != "like":
        kinds = ", ".join(f"{each.thing.key} ({each.thing.name})" for each in found[:SHOWN])
        more = f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
        raise InputError(f"{text!r} may mean {kinds}{more}; give one of these ids")
    if meant is None or meant.level == "like":
        raise NothingFound(find.missing(known, text))
    _expect_one(text, meant.thing, dataset)
    return meant.thing.node.value, meant.thing.name


def _with_tail(text: str, known: Sequence[find.Thing], base: str) -> tuple[str, str] | None:
    """IRI and label of one of several persons or bodies of one id, as in ``person/budi-santoso--bupati-33-24``."""
    written, tail, _ = text.removeprefix("id/").partition("--")
    if not tail or not (written.startswith("person/") or is_body(written)):
        return None
    thing = next((thing for thing in known if thing.key == written), None)
    return (f"{base}id/{text.removeprefix('id/')}", thing.name) if thing is not None else None


def _expect_one(text: str, thing: find.Thing, dataset: Store) -> None:
    """Refuse an id that articles write for several persons or bodies."""
    people = identities(dataset)
    if people is None:
        return
    meant = sorted({people.person_of(key) for key in people.named(thing.key)})
    if len(meant) > 1:
        more = f" and {len(meant) - SHOWN} more" if len(meant) > SHOWN else ""
        ids = ", ".join(find.short(iri) for iri in meant[:SHOWN])
        raise InputError(f"{text!r} may mean {ids}{more}; give one of these ids")
