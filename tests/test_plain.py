"""What a graph plainly meets isn't asked of the validator: with and without that, the gate says exactly the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from pyoxigraph import Triple

from kg import check, resources
from kg import vocabulary as v
from kg.check import Finding, Gate
from kg.model import Article, Claim
from kg.plain import Plain
from test_check import ARTICLE, BASE, CLAIMS
from test_referee import GRAPHS, broken, moulds
from test_shapes import CASES, DATA, PROLOGUE, expected

SHAPES = list(ox.parse(path=str(resources.path("ontology/shapes.ttl")), format=ox.RdfFormat.TURTLE))
AS_STATED = {quad.subject for quad in SHAPES if quad.predicate.value.endswith("#holdsAsStated")}
BY_CONSTRUCTION = {quad.subject.value for quad in SHAPES if quad.object in AS_STATED}
"""The shapes of which a constraint isn't asked of what was just stated."""

EACH = 11  # every so many graphs of the referee, with and without claims


@pytest.fixture(scope="module")
def quick() -> Gate:
    return check.prepare()


@cache
def asking_all() -> Gate:
    return Gate(ask_all=True)


@pytest.fixture(scope="module")
def slow() -> Gate:
    return asking_all()


def triples(quads: Iterable[ox.Quad]) -> list[Triple]:
    return list(dict.fromkeys(quad.triple for quad in quads))


SPANS = {path.stem.partition("--")[0] for path in CASES if path.stem.startswith("Span")}
SAMPLE = triples(ox.parse(path=str(DATA / "sample.trig"), format=ox.RdfFormat.TRIG, base_iri=BASE))


def but_by_construction(findings: Sequence[Finding]) -> list[Finding]:
    return [one for one in findings if one.shape not in BY_CONSTRUCTION]


def test_the_sample_is_plain() -> None:
    """Else nothing is gained: each shape that it has a node for would be asked."""
    targets = {quad.subject.value: quad.object for quad in SHAPES if quad.predicate == v.term("sh:targetClass")}
    names = {name for name, target in targets.items() if target != v.SPAN}  # the gate leaves those out
    beside = {quad.triple for quad in SHAPES}
    beside |= {quad.triple for quad in ox.parse(path=str(resources.path("ontology/kg.ttl")))}
    assert Plain(names, beside).doubtful(SAMPLE) == set()


def test_what_is_broken_is_found_as_before(quick: Gate, slow: Gate) -> None:
    """Some of the graphs of the referee: each with up to three changes, some of them with claims."""
    made, found = moulds(), 0
    for number in range(0, GRAPHS, EACH):
        graph = triples(ox.Quad(*triple) for triple in broken(made[number % len(made)], number))
        theirs = but_by_construction(slow.findings_as_stated(graph))
        assert but_by_construction(quick.findings_as_stated(graph)) == theirs, number
        found += len(theirs)
    assert found > GRAPHS / EACH / 2


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_each_shape_is_doubted_where_it_is_broken(quick: Gate, case: Path) -> None:
    store = ox.Store()
    store.extend(ox.Quad(*triple) for triple in SAMPLE)
    store.update(PROLOGUE + case.read_text("utf-8"))
    found = {one.shape.removeprefix(v.SHAPES_BASE) for one in quick.findings_as_stated(triples(store))}
    not_asked = SPANS | {shape.removeprefix(v.SHAPES_BASE) for shape in BY_CONSTRUCTION}
    assert found >= expected(case) - not_asked


@settings(max_examples=30, deadline=None)
@given(CLAIMS)
def test_the_verdict_is_the_same(claims: list[Claim]) -> None:
    assert check.admit(ARTICLE, claims, BASE, check.prepare()) == check.admit(ARTICLE, claims, BASE, ALL_ASKED)


ALL_ASKED = Gate(ask_all=True)


def test_the_verdict_is_the_same_where_the_article_is_at_fault(quick: Gate) -> None:
    article = Article("Air.", language="fr")
    assert (
        check.admit(article, [], BASE, quick) == check.admit(article, [], BASE, ALL_ASKED) != check.Verdict((), (), ())
    )


PREFIXES = """@prefix ex: <http://example.org/> . @prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix kg: <https://w3id.org/jejaring/ontology#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
FACTS = """ex:a a ex:Thing ; ex:p 1, 2 ; ex:q ex:b ; ex:name "A"@id, "B"@id ; ex:code "x\\u3000y" .
ex:b a ex:Part, ex:Thing ; ex:p 3 ; ex:name "C"@id ; ex:r ex:a ; ex:day "2026-02-30"^^xsd:date, "2024-02-29"^^xsd:date .
_:c a ex:Thing ; ex:p 4 . ex:d a ex:Lower ; ex:p "x" ; ex:q ex:Known . kg:current a ex:Thing . ex:e ex:s ex:f .
"""
CONSTRAINTS = [
    "sh:closed true", "sh:not [ sh:class ex:Part ]", "sh:xone ( [ sh:class ex:Part ] [ sh:class ex:Thing ] )",
    "sh:and ( [ sh:class ex:Part ] )",
    "sh:property [ sh:path ex:q ; sh:qualifiedValueShape ex:T ; sh:qualifiedMinCount 1 ]",
    "sh:property [ sh:path ex:p ; sh:maxCount 1 ]", "sh:property [ sh:path ex:p ; sh:minCount 2 ]",
    "sh:property [ sh:path ex:q ; sh:class ex:Part ]", "sh:property [ sh:path ex:q ; sh:node ex:T ]",
    "sh:property [ sh:path ex:q ; sh:property [ sh:path ex:p ; sh:minCount 2 ] ]",
    "sh:property [ sh:path ex:q ; sh:hasValue ex:b ]", "sh:property [ sh:path ex:q ; sh:equals ex:r ]",
    "sh:property [ sh:path ( ex:q ex:r ex:p ) ; sh:maxCount 1 ]",
    "sh:property [ sh:path [ sh:inversePath ex:q ] ; sh:minCount 1 ]",
    "sh:property [ sh:path [ sh:inversePath ex:q ] ; sh:class ex:Part ]",
    "sh:property [ sh:path [ sh:zeroOrMorePath ex:q ] ; sh:maxCount 1 ]",
    "sh:property [ sh:path [ sh:alternativePath ( ex:q ex:p ) ] ; sh:maxCount 1 ]",
    "sh:property [ sh:path ex:name ; sh:uniqueLang true ]", 'sh:property [ sh:path ex:name ; sh:languageIn ( "en" ) ]',
    'sh:property [ sh:path ex:name ; sh:pattern "^a$" ; sh:flags "i" ]',
    'sh:property [ sh:path ex:name ; sh:pattern "^[AB]$" ]',
    'sh:property [ sh:path ex:code ; sh:pattern "^\\\\S+$" ]', 'sh:property [ sh:path ex:code ; sh:pattern "^x.y$" ]',
    "sh:property [ sh:path ex:day ; sh:datatype xsd:date ]", "sh:property [ sh:path ex:p ; sh:datatype xsd:integer ]",
    "sh:property [ sh:path ex:p ; sh:minInclusive 2 ]", "sh:property [ sh:path ex:p ; sh:maxExclusive 2.5 ]",
    "sh:property [ sh:path ex:day ; sh:lessThan ex:p ]", "sh:property [ sh:path ex:p ; sh:in ( 1 2 3 ) ]",
    "sh:property [ sh:path ex:p ; sh:disjoint ex:q ]", "sh:property [ sh:path ex:q ; sh:disjoint ex:r ]",
    "sh:nodeKind sh:IRI", 'sh:pattern "/b$"', "sh:property [ sh:path ex:name ; sh:minLength 2 ]",
    "sh:property [ sh:path ex:p ; sh:maxCount 1 ; sh:severity sh:Warning ]",
    "sh:property [ sh:path ex:p ; sh:maxCount 1 ; sh:deactivated true ]",
    "sh:property [ sh:path skos:prefLabel ; sh:maxCount 0 ]",
    "sh:property [ sh:path ex:q ; sh:class kg:Body ]", "sh:targetSubjectsOf ex:s ; sh:class ex:Thing",
    "sh:targetObjectsOf ex:s ; sh:class ex:Thing", "sh:targetNode ex:f ; sh:class ex:Thing",
]  # fmt: skip
MORE = """ex:T a sh:NodeShape ; sh:property [ sh:path ex:p ; sh:minCount 2 ] . ex:Known a ex:Part ; ex:p 1, 2, 3 .
ex:Lower rdfs:subClassOf ex:Thing . ex:x ex:p ex:d .
ex: a owl:Ontology ; sh:declare [ sh:prefix "ex" ; sh:namespace "http://example.org/"^^xsd:anyURI ] ,
    [ sh:prefix "rdf" ; sh:namespace "http://www.w3.org/1999/02/22-rdf-syntax-ns#"^^xsd:anyURI ] .
"""


FEWER = (
    FACTS,
    "".join(line for line in FACTS.splitlines(keepends=True) if "_:c" not in line),
    "ex:a a ex:Thing ; ex:p 1 .",
    "ex:a a ex:Thing .",
    "ex:a a ex:Lower ; ex:q ex:b . ex:b a ex:Part ; ex:r ex:a .",
    "ex:a ex:s ex:b .",
    "ex:a a ex:Thing ; ex:q ex:a ; ex:p 1 ; ex:r ex:a .",
    "ex:Other a ex:Thing . ex:a a ex:Other .",
    "ex:a a ex:Other . ex:Other rdfs:subClassOf ex:Thing .",
)


def compared(shapes: Sequence[str], place: Path) -> set[str]:
    """The shapes that are broken, by what a gate of these shapes finds, whichever way."""
    path, found = place / "shapes.ttl", set()
    named = (f"ex:S{n} a sh:NodeShape ; sh:targetClass ex:Thing ; {shape} ." for n, shape in enumerate(shapes))
    path.write_text("\n".join((PREFIXES, MORE, *named)), "utf-8")
    gate, other = Gate(shapes=path), Gate(shapes=path, ask_all=True)
    for facts in FEWER:
        graph = triples(ox.parse(PREFIXES + facts, format=ox.RdfFormat.TURTLE))
        findings = gate.findings_as_stated(graph)
        assert seen(findings) == seen(other.findings_as_stated(graph))
        found |= {one.shape for one in findings}
    return found


def seen(findings: Iterable[Finding]) -> list[tuple[str, ...]]:
    """All but what the engine calls a blank node."""
    return sorted(
        tuple(
            "_:" if str(part).startswith("_:") else str(part)
            for part in (one.focus, one.path, one.value, one.shape, one.component)
        )
        for one in findings
    )


def test_a_users_own_shapes_find_what_they_found(tmp_path: Path) -> None:
    compared(CONSTRAINTS, tmp_path)


QUERIES = [
    "$this ex:p ?value . FILTER (?value > 2)",
    "$this rdf:type ?value, ?other . FILTER (?value != ?other)",
    "$this ex:p ?value, ?other . FILTER (?value <= ?other)",
    "$this ex:q ?value ; ex:p ?p . FILTER NOT EXISTS { ?value ex:p 2 }",
    "?value ex:r $this .",
    "?value ex:p $this .",
    "?value ex:r* $this .",
    "?value a/ex:s* $this .",
    "$this ex:q ?value . ?value (ex:r|ex:s)* $this .",
    "$this ex:q ?other . FILTER EXISTS { ?value ex:r $this } ?value ex:q+ $this .",
    "?value ex:p ?p . OPTIONAL { ?value ex:r $this . }",
    "?value ex:p 1 ; ex:r ?r ; ex:q $this .",
    "?value ?any $this .",
    "$this ?any ?value . FILTER (?any = ex:q)",
    "{ $this ex:p ?value } UNION { $this ex:q ?value }",
    "$this (ex:q|ex:r) ?value .",
    "$this ex:q / ex:r ?value .",
    "$this ^ex:r ?value .",
    "$this !(ex:p|rdf:type) ?value .",
    "$this (ex:q/ex:r)+ ?value . FILTER (?value = $this)",
    "FILTER EXISTS { ?some rdf:type ex:Part } FILTER NOT EXISTS { $this ex:r ?value } BIND (1 AS ?value)",
    "$this ex:q ?value . OPTIONAL { ?value ex:p ?p } FILTER (!BOUND(?p) || ?p > 2)",
    "$this ex:q ?value . ?value a ex:Part .",
    "$this ex:q ?value . ?value rdf:type ?kind . FILTER (?kind = ex:Thing)",
    "$this ex:q [ ex:p ?value ]",
    "$this ex:p ?value . # FILTER (false)\n",
    '$this ex:code ?value . FILTER (CONTAINS(?value, "\'") || STRLEN(?value) = 3)',
    "SELECT $this ?value WHERE { $this ex:p ?value }",
]


def test_a_users_own_queries_find_what_they_found(tmp_path: Path) -> None:
    shapes = []
    for where in QUERIES:
        body = f"{{ {where} }}" if where.startswith("SELECT") else where
        query = f"SELECT $this ?value WHERE {{ {body} }}"
        shapes.append(f"sh:sparql [ a sh:SPARQLConstraint ; sh:prefixes ex: ; sh:select '''{query}''' ]")
    assert len(compared(shapes, tmp_path)) == len(QUERIES)
