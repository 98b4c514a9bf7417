"""The gate's engine against the one that the W3C's tests hold to: the same reports on thousands of broken graphs.

A graph is a small article with a few changes that a seeded number chooses. Many graphs, each with a base of its own so
that none touches another, are validated at once: pySHACL takes a tenth of the time then. Where the engines differ, the
difference must be one that ``data/engines.toml`` knows and explains.
"""

from __future__ import annotations

import random
import tomllib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Triple

from kg import check, rdf
from kg import vocabulary as v
from kg.check import Finding
from kg.model import Claim, Label, Relation, Status
from test_check import ARTICLE, BASE, DEWI, NETWORK, OF_SURABAYA, SURABAYA, attended, claim, day, member, on, until

DATA = Path(__file__).parent / "data"
GRAPHS = 2000
TOGETHER = 250
PARTS = 4
MOULDS: tuple[tuple[Claim, ...], ...] = (
    (on(day(3)), until(day(4))),
    (attended(DEWI), attended(OF_SURABAYA)),
    (member(Status.CURRENT),),
    (claim(Relation.HELD_IN, on(day(3)).arguments[0][1].value, SURABAYA),),
    (claim(Relation.SAYS, DEWI, Label("“Air itu hidup,”")),),
    (claim(Relation.ALIAS, NETWORK, Label("JA")), member(Status.PROJECTED)),
)
LITERALS = (
    Literal("2026-02-31", datatype=v.DATE), Literal("2026-05-03", datatype=v.DATE), Literal("besok"), Literal(""),
    Literal("Air", language="id"), Literal("Wasser", language="de"), Literal("-1", datatype=v.INTEGER),
    Literal("99999999", datatype=v.INTEGER), Literal("x", datatype=v.INTEGER), Literal("1.5", datatype=v.DECIMAL),
    Literal("1e400", datatype=v.DECIMAL), Literal("2026", datatype=v.G_YEAR),
    Literal("true", datatype=v.term("xsd:boolean")),
)  # fmt: skip
NODES = (
    NamedNode(BASE + "id/person/lain"), v.term("kg:current"), v.term("kg:projected"), v.MEETING, v.OFFICIAL, v.CITY,
    NamedNode("http://example.org/x y".replace(" ", "%20")),
)  # fmt: skip
Difference = tuple[str, str, str]  # who alone reports it, the component, the shape


@dataclass(frozen=True)
class Known:
    """A difference that is understood."""

    only: str
    component: str
    shape: str
    graph: int
    reason: str


def moulds() -> list[list[Triple]]:
    """Each article with its claims and evidence, and as facts alone."""
    found = []
    for claims in MOULDS:
        quads = rdf.to_graphs(ARTICLE, claims, [], BASE).quads()
        told = [quad for quad in quads if not str(quad.graph_name).endswith("/provenance>")]
        found += [[quad.triple for quad in told]] * 9
        found.append([quad.triple for quad in quads])
    return found


def broken(triples: Sequence[Triple], number: int) -> list[Triple]:
    """The graph with one to three changes."""
    dice, changed = random.Random(number), list(triples)
    for _ in range(dice.randint(1, 3)):
        at = dice.randrange(len(changed))
        one = changed[at]
        other = dice.choice(changed)
        kind = dice.randrange(6)
        if kind == 0 and len(changed) > 1:
            del changed[at]
        elif kind == 1:
            changed[at] = Triple(one.subject, one.predicate, dice.choice(LITERALS))
        elif kind == 2:
            changed.append(Triple(one.subject, one.predicate, dice.choice(LITERALS)))
        elif kind == 3:
            changed[at] = Triple(one.subject, one.predicate, dice.choice(NODES))
        elif kind == 4:
            changed.append(Triple(one.subject, one.predicate, other.object))
        else:
            changed.append(Triple(one.subject, other.predicate, other.object))
    return changed


def apart(triples: Sequence[Triple], number: int) -> bytes:
    """The same with ids of a base of its own."""
    return rdf.ntriples(triples).replace(f"{BASE}id/".encode(), f"https://g{number}.example/id/".encode())


KNOWN = tomllib.loads((DATA / "engines.toml").read_text("utf-8"))
WITHOUT_VALUE = {v.SHAPES_BASE + entry["shape"] for entry in KNOWN["value"]}


def seen(findings: Sequence[Finding]) -> set[tuple[str, ...]]:
    """Focus node, path, value, shape, component and severity of each result."""
    return {
        (
            *(str(part) for part in (one.focus, one.path)),
            "" if one.shape in WITHOUT_VALUE else str(one.value),
            *(one.shape, one.component, one.severity),
        )
        for one in findings
    }


def reports(numbers: Sequence[int], graphs: dict[int, bytes]) -> list[tuple[set[tuple[str, ...]], ...]]:
    """What both engines find; where pySHACL can't go through with it, the graphs that stop it are left out."""
    data = b"".join(graphs[number] for number in numbers)
    try:
        slow = check.prepare("pyshacl").findings(data)
    except Exception:  # noqa: BLE001 - whatever a validator raises on a graph
        if len(numbers) == 1:
            return []
        half = len(numbers) // 2
        return reports(numbers[:half], graphs) + reports(numbers[half:], graphs)
    return [(seen(check.prepare().findings(data)), seen(slow))]


KNOWN_DIFFERENCES = [Known(**entry) for entry in KNOWN["difference"]]


def compared(numbers: Sequence[int]) -> tuple[Counter[Difference], Counter[str]]:
    """The differences with how often they come, and how often each component was reported alike."""
    made = moulds()
    graphs = {number: apart(broken(made[number % len(made)], number), number) for number in numbers}
    differences, alike = Counter[Difference](), Counter[str]()
    for begin in range(0, len(numbers), TOGETHER):
        for fast, slow in reports(numbers[begin : begin + TOGETHER], graphs):
            alike.update(result[4] for result in fast & slow)
            for only, results in (("shifty", fast - slow), ("pyshacl", slow - fast)):
                differences.update((only, one[4], one[3].removeprefix(v.SHAPES_BASE)) for one in results)
    return differences, alike


@pytest.mark.parametrize("part", range(PARTS))
def test_engines_agree_but_for_what_is_explained(part: int) -> None:
    """Each part for itself, so that workers share them and none is done twice."""
    differences, alike = compared(range(part * GRAPHS // PARTS, (part + 1) * GRAPHS // PARTS))
    explained = {(one.only, one.component, one.shape) for one in KNOWN_DIFFERENCES}
    assert {found: count for found, count in differences.items() if found not in explained} == {}
    assert sum(alike.values()) > GRAPHS / PARTS
    assert alike.keys() >= {
        *("MinCount", "MaxCount", "Datatype", "Class", "NodeKind", "Pattern", "In", "LanguageIn", "Or", "SPARQL")
    }


@pytest.mark.parametrize("one", KNOWN_DIFFERENCES, ids=lambda one: f"{one.shape} {one.component}")
def test_what_is_explained_is_still_so(one: Known) -> None:
    differences, _ = compared(range(one.graph, one.graph + 1))
    assert (one.only, one.component, one.shape) in differences
    assert len(one.reason) > 20
