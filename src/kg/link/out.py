"""Links out, offline: the identifiers that reference data knows of things, as sets of links with how each was found.

One set for each target and predicate. What somebody judged comes in: a link judged different is left out, and what was
judged the same is a set of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from kg import __version__
from kg import vocabulary as v
from kg.link import sssom
from kg.link.graphs import is_plain, record_id
from kg.link.judgements import Judgements, Verdict, thing_id
from kg.link.targets import Target, strictest
from kg.records import record
from kg.reference import Reference, Thing

IDENTIFIER: Final = v.term("adms:identifier").value
MATCHES: Final = {"exact": v.EXACT_MATCH.value, "close": v.CLOSE_MATCH.value}
JUDGED: Final = "judgements"


@record(frozen=True, slots=True)
class Linkset:
    """Links of one predicate to one target; ``rows`` are SSSOM mappings. ``target`` is None for what was judged."""

    name: str
    target: Target | None
    predicate: str
    rows: tuple[sssom.Row, ...]


@record(frozen=True, slots=True)
class Coverage:
    """How many of the things that should have a link to a target have one, and which have none."""

    target: Target
    linked: int
    expected: int
    without: tuple[Thing, ...]


def chosen(known: Reference, keys: Iterable[str] | None) -> list[Thing]:
    """The things of these keys that reference data knows, with the territories of governments; all without keys."""
    wanted = set(known.things if keys is None else keys) & set(known.things)
    wanted |= {territory for key in wanted if (territory := known.things[key].link("territory"))}
    return [known.things[key] for key in sorted(wanted)]


def linksets(things: Sequence[Thing], targets: Sequence[Target], judgements: Judgements) -> list[Linkset]:
    """All links of the things to the targets, by target and predicate, each set sorted by thing."""
    base = judgements.base
    found: dict[tuple[str, str], list[sssom.Row]] = {}
    for target in targets:
        for row in _rows(things, target, base):
            denied = judgements.of(row["subject_id"], row["object_id"])
            if denied is None or denied.verdict is not Verdict.DIFFERENT:
                found.setdefault((target.name, row["predicate_id"]), []).append(row)
    named = {target.name: target for target in targets}
    sets = [Linkset(name, named[name], predicate, tuple(rows)) for (name, predicate), rows in found.items()]
    return sets + judged(judgements)


def denied(things: Sequence[Thing], targets: Sequence[Target], judgements: Judgements) -> int:
    """How many links are left out because somebody judged the two to be different."""
    rows = (row for target in targets for row in _rows(things, target, judgements.base))
    verdicts = (judgements.of(row["subject_id"], row["object_id"]) for row in rows)
    return sum(each is not None and each.verdict is Verdict.DIFFERENT for each in verdicts)


def judged(judgements: Judgements) -> list[Linkset]:
    """What was judged the same, of things; names of tables are for those who link tables."""
    found: dict[str, list[sssom.Row]] = {}
    for row in of_things(judgements):
        if is_plain(row):
            found.setdefault(row["predicate_id"], []).append(row)
    return [Linkset(JUDGED, None, predicate, tuple(rows)) for predicate, rows in sorted(found.items())]


def of_things(judgements: Judgements) -> list[sssom.Row]:
    """The judgements on things, with the ids of their records."""
    names = f"{judgements.base}id/name/"
    rows = (row for row in judgements.rows() if names not in row["subject_id"] + row["object_id"])
    return [_with_id(row, judgements.base) for row in rows]


def _rows(things: Sequence[Thing], target: Target, base: str) -> Iterator[sssom.Row]:
    for thing in things:
        for predicate, iri in _links(thing, target, base):
            found = target.found(thing.key)
            row = {
                "subject_id": thing_id(thing.key, base),
                "subject_label": thing.label.text,
                "predicate_id": predicate,
                "object_id": iri,
                "mapping_justification": f"{sssom.SEMAPV}{found.justification}",
                "license": found.licence,
                "mapping_provider": found.source,
                "mapping_tool": "Jejaring",
                "mapping_tool_version": __version__,
                "comment": found.how,
            }
            yield _with_id(row, base)


def _with_id(row: sssom.Row, base: str) -> sssom.Row:
    return {"record_id": record_id(row, base), **row}


def _links(thing: Thing, target: Target, base: str) -> Iterator[tuple[str, str]]:
    """Predicate and IRI of each link of a thing to a target."""
    if target.code:
        code = thing.code(target.code)
        if code and _expected(thing, target):
            yield IDENTIFIER, target.prefix(base) + code
        return
    for how, iri in thing.matches:
        if iri.startswith(target.space):
            yield MATCHES[how], iri


def _expected(thing: Thing, target: Target) -> bool:
    """Whether a thing should have a link to the target."""
    if thing.kind is None or thing.kind.value not in target.kinds:
        return False
    return not target.within or thing.link("country") == target.within


def coverage(things: Sequence[Thing], sets: Sequence[Linkset], targets: Sequence[Target], base: str) -> list[Coverage]:
    """What has a link to each target, and what has none."""
    found = []
    for target in targets:
        linked = {row["subject_id"] for links in sets if links.target is target for row in links.rows}
        expected = [thing for thing in things if _expected(thing, target)]
        without = tuple(thing for thing in expected if thing_id(thing.key, base) not in linked)
        found.append(Coverage(target, len(expected) - len(without), len(expected), without))
    return found


def mapping_set(sets: Sequence[Linkset], judgements: Judgements) -> sssom.MappingSet:
    """All links as one SSSOM set; its licence is the strictest of those of its links."""
    base = judgements.base
    rows = [row for links in sets for row in links.rows]
    prefixes = {**judgements.prefixes, **{s.target.name: s.target.prefix(base) for s in sets if s.target}}
    declared = {**prefixes, "adms": v.PREFIXES["adms"], "link": f"{base}id/link/"}
    licences = {row["license"] for row in rows if "license" in row}
    metadata = {
        "curie_map": {name: declared[name] for name in sorted(declared) if name not in sssom.BUILT_IN},
        "mapping_set_id": f"{base}id/links",
        "mapping_set_title": "Links of the Jejaring knowledge graph to identifiers elsewhere",
        "license": strictest(licences) if licences else "https://creativecommons.org/publicdomain/zero/1.0/",
    }
    return sssom.MappingSet(metadata, rows)
