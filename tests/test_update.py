"""SPARQL Update: what requests change, against what the engine itself would; and what they never change."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode, Quad

from kg.errors import QueryError
from kg.update import reading
from kg.update.evaluating import Conflict, Delta, Graphs, TooMuch, evaluate
from kg.update.own import Forbidden, Own
from kg.update.reading import NotAllowed, NotUnderstood, Using, read

BASE = "https://kg.example/"
OWN = Own(BASE)
ARTICLE = f"{BASE}id/article/a"


def dataset(text: str) -> ox.Store:
    """A dataset of TriG whose short names are those of ``urn:``; ``id:`` of the store's."""
    made = ox.Store()
    made.load(f"PREFIX : <urn:> PREFIX id: <{BASE}id/> PREFIX base: <{BASE}> {text}", format=ox.RdfFormat.TRIG)
    return made


def view_of(kept: ox.Store) -> ox.Store:
    made = ox.Store()
    for quad in kept:
        made.extend([quad, Quad(quad.subject, quad.predicate, quad.object)])
    return made


def changes(text: str, kept: ox.Store, using: Using = Using(), most: int = 1000) -> Delta:  # noqa: B008
    names = frozenset(
        name for name in kept.named_graphs() if isinstance(name, NamedNode) and not name.value.startswith(f"{BASE}id/")
    )
    graphs = Graphs(kept, names, view_of(kept), lambda: view_of(kept))
    prefixes = f"PREFIX : <urn:> PREFIX id: <{BASE}id/> PREFIX base: <{BASE}>\n"
    return evaluate(read(prefixes + text, "http://here/", using), graphs, OWN, "http://here/", most=most)


def after(text: str, kept: ox.Store, using: Using = Using()) -> set[str]:  # noqa: B008
    """All quads as they are then, short."""
    delta = changes(text, kept, using)
    assert delta.gone <= set(kept)
    assert not delta.new & set(kept)
    return {_short(quad) for quad in (set(kept) - delta.gone) | delta.new}


def _short(quad: Quad) -> str:
    return (
        str(quad)
        .replace(f"<{BASE}", "<")
        .replace("<urn:", "<:")
        .replace("^^<http://www.w3.org/2001/XMLSchema#integer>", "")
    )


WHAT_THEY_DO = [
    ("INSERT DATA { :a :b :c }", "", {"<:a> <:b> <:c> <own>"}),
    ("INSERT DATA { :a :b :c . GRAPH :g { :a :b 1, 2 } }", ":g { :a :b 1 }",
     {"<:a> <:b> <:c> <own>", '<:a> <:b> "1" <:g>', '<:a> <:b> "2" <:g>'}),
    ("DELETE DATA { :a :b 1 . GRAPH :g { :a :b 1 } }", ":g { :a :b 1, 2 }", {'<:a> <:b> "2" <:g>'}),
    ("DELETE WHERE { GRAPH ?g { :a ?p 1 } }", ":g { :a :b 1, 2 } :h { :a :c 1 }", {'<:a> <:b> "2" <:g>'}),
    ("DELETE WHERE { ?s ?p ?o }", "base:own { :a :b 1 } :h { :a :c 1 }", {'<:a> <:c> "1" <:h>'}),
    ("WITH :g DELETE { ?s :b ?o } INSERT { ?o :c ?s . GRAPH :h { ?s :c ?o } } WHERE { ?s :b ?o }", ":g { :a :b :d }",
     {"<:d> <:c> <:a> <:g>", "<:a> <:c> <:d> <:h>"}),
    ("INSERT { ?s :seen true } USING id:article\\/a WHERE { ?s :b ?o }", "id:article\\/a { :x :b 1 } :g { :y :b 1 }",
     None),
    ("INSERT { GRAPH ?g { ?s :n ?g } } USING NAMED :g WHERE { GRAPH ?g { ?s ?p ?o } }", ":g { :a :b 1 } :h { :c :b 1 }",
     {'<:a> <:b> "1" <:g>', '<:c> <:b> "1" <:h>', "<:a> <:n> <:g> <:g>"}),
    ("INSERT DATA { :a :b 1 } ; INSERT { ?s :c ?o } WHERE { ?s :b ?o } ; DELETE WHERE { ?s :b ?o }", "",
     {'<:a> <:c> "1" <own>'}),
    ("INSERT DATA { GRAPH :g { :a :b 1 } };DELETE { GRAPH :g { ?s ?p ?o } } INSERT{GRAPH :h{?s ?p ?o}}WHERE{?s ?p ?o}",
     "", {'<:a> <:b> "1" <:h>'}),
    ("INSERT { :n ?p ?missing . :n :of ?s } WHERE { GRAPH :g { ?s ?p 1 } }", ":g { :a :b 1 }",
     {'<:a> <:b> "1" <:g>', "<:n> <:of> <:a> <own>"}),
    ("CLEAR GRAPH :g", ":g { :a :b 1 } :h { :a :b 1 }", {'<:a> <:b> "1" <:h>'}),
    ("DROP NAMED", ":g { :a :b 1 } base:own { :a :b 1 }", {'<:a> <:b> "1" <own>'}),
    ("CLEAR DEFAULT", ":g { :a :b 1 } base:own { :a :b 1 }", {'<:a> <:b> "1" <:g>'}),
    ("COPY :g TO :h", ":g { :a :b 1 } :h { :a :b 2 }", {'<:a> <:b> "1" <:g>', '<:a> <:b> "1" <:h>'}),
    ("ADD :g TO DEFAULT", ":g { :a :b 1 }", {'<:a> <:b> "1" <:g>', '<:a> <:b> "1" <own>'}),
    ("MOVE :g TO :h", ":g { :a :b 1 } :h { :a :b 2 }", {'<:a> <:b> "1" <:h>'}),
    ("COPY :g TO :g", ":g { :a :b 1 }", {'<:a> <:b> "1" <:g>'}),
    ("MOVE SILENT :none TO :h", ":h { :a :b 2 }", set()),
    ("CREATE GRAPH :g ; CREATE SILENT GRAPH :h", ":h { :a :b 2 }", {'<:a> <:b> "2" <:h>'}),
    ("", ":h { :a :b 2 }", {'<:a> <:b> "2" <:h>'}),
    ("INSERT DATA { :a :b <x> }", "", {"<:a> <:b> <http://here/x> <own>"}),
    ("PREFIX q: <urn:q:> INSERT DATA { q:a q:b '}; DROP ALL' }; # DROP ALL ;\nBASE <urn:r/> INSERT DATA{<a> q:b <#b>}",
     "", {'<:q:a> <:q:b> "}; DROP ALL" <own>', "<:r/a> <:q:b> <:r/#b> <own>"}),
]  # fmt: skip


def named(each: object) -> str:
    return str(sorted(each) if isinstance(each, set) else each)[:30]  # a set has another order in each process


@pytest.mark.parametrize(("text", "before", "expected"), WHAT_THEY_DO, ids=named)
def test_what_an_update_does(text: str, before: str, expected: set[str] | None) -> None:
    found = after(text, dataset(before))
    if expected is None:  # read from an article, written to one's own graph
        assert len(found - {_short(quad) for quad in dataset(before)}) == 1
    else:
        assert found == expected


PROTECTED = f"<{ARTICLE}> {{ :x :b 1 . :x :c :y }} id:reference {{ :r :b 1 }} :g {{ :a :b 1 }}"
REFUSED = [
    f"INSERT DATA {{ GRAPH <{ARTICLE}> {{ :x :b 2 }} }}",
    f"DELETE DATA {{ GRAPH <{ARTICLE}> {{ :x :b 1 }} }}",
    "DELETE WHERE { GRAPH ?g { ?s ?p ?o } }",
    "DELETE { GRAPH ?g { ?s ?p ?o } } WHERE { GRAPH ?g { ?s ?p ?o } }",
    "INSERT { GRAPH ?g { ?s :new 1 } } WHERE { GRAPH ?g { ?s ?p ?o } }",
    f"WITH <{ARTICLE}> DELETE {{ ?s ?p ?o }} WHERE {{ ?s ?p ?o }}",
    f"CLEAR GRAPH <{ARTICLE}>", "DROP SILENT GRAPH id:reference", "CREATE GRAPH id:new",
    f"COPY :g TO <{ARTICLE}>", f"ADD DEFAULT TO <{ARTICLE}>", f"MOVE <{ARTICLE}> TO :g", f"MOVE :g TO <{ARTICLE}>",
    f"INSERT DATA {{ :a :b :c }} ; CLEAR GRAPH <{ARTICLE}>",
    f"BASE <{BASE}> INSERT DATA {{ GRAPH <id/x> {{ :a :b 1 }} }}",
    f"PREFIX q: <{BASE}i> INSERT DATA {{ GRAPH q:d\\/x {{ :a :b 1 }} }}",
    "INSERT DATA { GRAPH <http://elsewhere/id/identities> { :a :b 1 } }",
    "INSERT { GRAPH ?g { :a :b 1 } } WHERE { BIND(IRI(CONCAT('" + BASE + "', 'id/store')) AS ?g) }",
]  # fmt: skip


@pytest.mark.parametrize("text", REFUSED)
def test_an_update_of_what_is_not_ones_own_is_refused(text: str) -> None:
    with pytest.raises(Forbidden):
        changes(text, dataset(PROTECTED))


def test_all_graphs_are_all_of_ones_own() -> None:
    kept = dataset(PROTECTED)
    for text in ("DROP ALL", "CLEAR ALL", "DROP NAMED"):
        assert changes(text, kept) == Delta(
            frozenset(kept.quads_for_pattern(None, None, None, NamedNode("urn:g"))), frozenset()
        )


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("CLEAR GRAPH", NotUnderstood), ("INSERT DATA { ?a :b 1 }", NotUnderstood), ("CLEAR XYZ", NotUnderstood),
        ("SELECT * { ?s ?p ?o }", NotUnderstood), ("DELETE { _:a :b 1 } WHERE {}", NotUnderstood),
        ("LOAD <http://127.0.0.1:9/x>", NotAllowed), ("LOAD SILENT <file:///etc/passwd> INTO GRAPH :g", NotAllowed),
        ("INSERT { ?s ?p ?o } WHERE { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", NotAllowed),
        ("CREATE GRAPH :g", Conflict), ("COPY :none TO :g", Conflict),
        ("INSERT { ?a :b ?b } WHERE { GRAPH :many { ?x ?y ?a . ?x2 ?y2 ?b } }", TooMuch),
    ],
)  # fmt: skip
def test_what_is_refused(text: str, wrong: type[QueryError]) -> None:
    many = " ".join(f":s :p :o{number} ." for number in range(40))
    with pytest.raises(wrong):
        changes(text, dataset(f":g {{ :a :b 1 }} :many {{ {many} }}"))


def test_a_mistake_has_its_place() -> None:
    with pytest.raises(NotUnderstood) as found:
        read("CLEAR ALL ;\nINSERT DATA { <a:b> <a:c> }", "http://here/")
    assert (found.value.line, found.value.column) == (2, 27)
    assert str(found.value).startswith("line 2, column 27: ")


def test_graphs_of_the_request() -> None:
    kept = dataset(":g { :a :b 1 } :h { :c :b 1 }")
    text = "INSERT { GRAPH :new { ?s :in ?g } } WHERE { { GRAPH ?g { ?s :b 1 } } UNION { ?s :b 1 BIND('-' AS ?g) } }"
    found = after(text, kept, Using(("urn:g",), ("urn:h",)))
    assert found - {_short(quad) for quad in kept} == {'<:a> <:in> "-" <:new>', "<:c> <:in> <:h> <:new>"}
    for clash in ("WITH :g DELETE { ?s :b 1 } WHERE { ?s :b 1 }", "INSERT { :a :b 1 } USING :g WHERE { }"):
        with pytest.raises(NotUnderstood, match="use one"):
            changes(clash, kept, Using(("urn:g",)))


def test_blank_nodes_are_kept_as_iris_that_can_be_taken_out_again() -> None:
    kept = dataset(":g { :a :b 1 }")
    delta = changes(
        "INSERT DATA { [] :b _:x . _:x :c (1 2) } ; INSERT { [] :of ?s } WHERE { GRAPH :g { ?s :b 1 } }", kept
    )
    terms = {term for quad in delta.new for term in (quad.subject, quad.object)}
    assert not any(isinstance(term, ox.BlankNode) for term in terms)
    assert sum(".well-known/genid/" in str(term) for term in terms) == 5
    again = changes("INSERT DATA { [] :b 1 }", kept).new | changes("INSERT DATA { [] :b 1 }", kept).new
    assert len(again) == 2, "a new node each time"
    for quad in again:
        kept.add(quad)
    assert changes("DELETE WHERE { ?s :b 1 }", kept).gone == again


# ---------------------------------------------------------------- against the engine itself

_TERM = st.sampled_from([":a", ":b", "1", "'}'", '"; DROP ALL"', "'''{'\n'''", "<urn:a#b>", "'a'@id"])
_NODE = st.sampled_from([":a", ":b", "<urn:a#b>", "?s", "?o"])
_GRAPH = st.sampled_from([":g", ":h", "<urn:g#x>", "?g"])
_FILTER = st.sampled_from(["", "FILTER(?o != 1)", "FILTER(STR(?s)<STR(?o))"])
_COMMENT = st.sampled_from(["", " # } ; CLEAR ALL\n", "\n"])


@st.composite
def _quads(draw: st.DrawFn, *, variables: bool) -> str:
    found = []
    for _ in range(draw(st.integers(0, 3))):
        subject, graph, object_ = draw(_NODE), draw(_GRAPH), draw(_TERM | (_NODE if variables else _TERM))
        if not variables:
            subject, graph = subject.replace("?s", ":a").replace("?o", ":b"), graph.replace("?g", ":g")
        found.append(f"GRAPH {graph} {{{draw(_COMMENT)} {subject} :p {object_} }}")
    return " ".join(found)


@st.composite
def _operation(draw: st.DrawFn) -> str:
    kind = draw(st.sampled_from(["insert data", "delete data", "modify", "delete where", "clear", "copy"]))
    if kind.endswith("data"):
        return f"{kind} {{ {draw(_quads(variables=False))} }}"
    if kind == "delete where":
        return f"DELETE{draw(_COMMENT)} WHERE {{ {draw(_quads(variables=True))} }}"
    if kind == "clear":
        action, place = draw(st.sampled_from(["CLEAR", "DROP"])), draw(st.sampled_from(["ALL", "NAMED", "GRAPH :g"]))
        return f"{action} SILENT {place}"
    if kind == "copy":
        action = draw(st.sampled_from(["COPY", "MOVE", "ADD"]))
        return f"{action} SILENT {draw(st.sampled_from([':g', ':h']))} TO {draw(st.sampled_from([':g', ':h']))}"
    parts = [
        f"DELETE {{ {draw(_quads(variables=True))} }}" if draw(st.booleans()) else "",
        f"INSERT {{ {draw(_quads(variables=True))} }}",
        draw(st.sampled_from(["", "USING NAMED :g", "USING :g USING NAMED :h"])),
        f"WHERE {{ GRAPH ?g {{ ?s :p ?o }} {draw(_FILTER)} }}",
    ]
    return f" {draw(_COMMENT)} ".join(parts)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(_operation(), min_size=1, max_size=4), _quads(variables=False))
def test_an_update_changes_what_the_engine_would_change(operations: list[str], before: str) -> None:
    """Over graphs that are all one's own. The default graph, which is another here, is left out of it."""
    kept = ox.Store()
    kept.update(f"PREFIX : <urn:> INSERT DATA {{ {before} }}")
    text = " ;\n".join(operations)
    wanted = ox.Store()
    wanted.extend(kept)
    wanted.update(f"PREFIX : <urn:> {text}")
    delta = changes(text, kept)
    assert (set(kept) - delta.gone) | delta.new == set(wanted)


@st.composite
def _hostile(draw: st.DrawFn) -> Iterator[str]:
    """An update whose graphs may be protected ones, in all the ways of naming them."""
    text = draw(st.lists(_operation(), min_size=1, max_size=3))
    joined = " ; ".join(text)
    names = st.sampled_from(
        [f"<{ARTICLE}>", "id:reference", "id:store", "<../id/article/a>", f"<{BASE}id\\u002Fx>", ":g"]
    )
    for name in (":g", ":h", "<urn:g#x>"):
        joined = joined.replace(f"GRAPH {name}", f"GRAPH {draw(names)}").replace(f"TO {name}", f"TO {draw(names)}")
    return f"BASE <{BASE}x/y> {joined}"  # type: ignore[return-value]


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_hostile())
def test_no_update_changes_what_is_not_ones_own(text: str) -> None:
    try:
        delta = changes(text, dataset(PROTECTED))
    except QueryError:
        return
    for quad in delta.gone | delta.new:
        assert isinstance(quad.graph_name, NamedNode)
        assert "/id/" not in quad.graph_name.value
        assert not isinstance(quad.subject, ox.BlankNode)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text("{}<>;#'\"\\ \nINSERTDATAWHERELOADCLEAR?:abgu./0u", max_size=80))
def test_any_text_is_understood_or_refused(text: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading.federation, "refuse", lambda *_: False)
        with contextlib.suppress(QueryError):
            read(f"INSERT DATA {{ <a:b> <a:c> {text}", "http://here/")
