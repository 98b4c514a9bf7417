"""Walking through a view gives what networkx gives on the whole graph, on random small graphs; hubs stay bounded."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import networkx as nx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, Store

import synthetic
from command import kg
from kg import resources, traverse, view
from kg import vocabulary as v
from kg.errors import DataError, KgError, NothingFound
from kg.traverse import Graph, relations
from kg.traverse.edges import Edges
from kg.traverse.relations import value
from kg.traverse.walk import _nearest
from kg.traverse.ways import shortest
from synthetic import Writer, iri

# ---------------------------------------------------------------- random graphs

PERSONS = [f"person/orang-{n}" for n in range(4)]
BODIES = [f"body/badan-{n}" for n in range(3)]
NETWORKS = [f"network/jaringan-{n}" for n in range(2)]
PLACES = [f"place/9{n}" for n in range(4)]
MEETINGS = [f"meeting/forum-{n}" for n in range(3)]
OUTLET = "outlet/kabar"
REFERENCE = iri("reference")
WORDS = ("Forum", "anggota", "Kota")


def _holds(w: Writer, a: int, b: int) -> None:
    post = w.thing(f"post/kepala-{b % 3}", v.POST, f"Kepala {b % 3}")
    if b % 2:
        w.fact(post, v.POST_IN, iri(BODIES[b % 3]))
    tenure = iri(f"tenure/orang-{a % 4}--kepala-{b % 3}")
    for predicate, node in ((v.TYPE, v.TENURE), (v.MEMBER, iri(PERSONS[a % 4])), (v.HAS_POST, post)):
        w.fact(tenure, predicate, node)
    if b % 3 == 0:
        w.fact(tenure, v.ORGANIZATION, iri(BODIES[a % 3]))
    w.claim("holds_post", (iri(PERSONS[a % 4]), v.HAS_POST, post), WORDS, tenure)


def _joins(w: Writer, a: int, b: int) -> None:
    node, who = iri(f"membership/{a % 4}--{b % 2}"), iri(f"government/9{a % 4}")
    for predicate, other in (
        *((v.TYPE, v.NETWORK_MEMBERSHIP), (v.MEMBER, who), (v.ORGANIZATION, iri(NETWORKS[b % 2]))),
        (v.STATUS, v.term("kg:projected" if b % 3 else "kg:current")),
    ):
        w.fact(node, predicate, other)
    w.claim("member_of", (who, v.ORGANIZATION, iri(NETWORKS[b % 2])), WORDS, node)


def _attends(w: Writer, a: int, b: int) -> None:
    who = [*PERSONS, *(f"government/9{n}" for n in range(4))][a % 8]
    w.plain("attended_by", iri(MEETINGS[b % 3]), v.ATTENDEE, iri(who), WORDS)


def _lies_in(w: Writer, a: int, b: int) -> None:
    w.plain("located_in", iri(PLACES[a % 4]), v.CONTAINED_IN_PLACE, iri(PLACES[b % 4]), WORDS)


def _held_in(w: Writer, a: int, b: int) -> None:
    w.fact(iri(MEETINGS[a % 3]), v.LOCATION, iri(PLACES[b % 4]))  # and nothing says where it is said


def _unit_of(w: Writer, a: int, b: int) -> None:
    w.plain("unit_of", iri(BODIES[a % 3]), v.UNIT_OF, iri(BODIES[b % 3]), WORDS)


def _says(w: Writer, a: int, b: int) -> None:
    quotation = iri(f"quotation/{w.key}-{a}")
    w.fact(quotation, v.TYPE, v.QUOTATION)
    w.fact(quotation, v.SPOKEN_BY, iri(PERSONS[a % 4]))
    w.fact(quotation, v.IS_PART_OF, w.article)
    w.fact(quotation, v.TEXT, Literal("Kata", language="id"))
    w.claim("says", (iri(PERSONS[a % 4]), v.TEXT, Literal("Kata")), WORDS, quotation)


def _published(w: Writer, _a: int, _b: int) -> None:
    outlet = w.thing(OUTLET, v.OUTLET, "Kabar")
    w.plain("published", w.article, v.PUBLISHER, outlet, WORDS)


def _leads(w: Writer, a: int, b: int) -> None:
    delegation = iri(f"delegation/{b % 3}-{a % 4}")
    w.fact(delegation, v.TYPE, v.DELEGATION)
    w.fact(delegation, v.HEADED_BY, iri(PERSONS[a % 4]))
    w.fact(delegation, v.ON_BEHALF_OF, iri(f"government/9{b % 4}"))
    if a % 2:
        w.fact(delegation, v.DELEGATED_TO, iri(MEETINGS[b % 3]))


TELL: list[Callable[[Writer, int, int], None]] = [
    *(_holds, _joins, _attends, _lies_in, _held_in, _unit_of, _says, _published, _leads)
]
FACTS = st.lists(
    st.tuples(st.integers(0, len(TELL) - 1), st.integers(0, 7), st.integers(0, 7)), min_size=3, max_size=14
)
ARTICLES = st.lists(FACTS, min_size=1, max_size=3)


def things(w: Writer, chosen: Callable[[str], bool]) -> None:
    """The names of all that a fact may be about; a meeting and its network may share one."""
    for keys, kind, name in (
        *((PERSONS, v.OFFICIAL, "Budi Orang"), (BODIES, v.BODY, "Badan Air"), (NETWORKS, v.NETWORK, "Forum Kota")),
        *((PLACES, v.CITY, "Kota Hilir"), (MEETINGS, v.MEETING, "Forum Kota")),
    ):
        for n, key in enumerate(keys):
            if chosen(key):
                w.thing(key, kind, f"{name} {n}", f"{name[0]}{n}", name)
                if key in PLACES:
                    w.thing(f"government/9{n}", v.GOVERNMENT, f"Pemerintah Kota Hilir {n}")
                    w.fact(iri(f"government/9{n}"), v.SPATIAL, iri(key))


@st.composite
def stores(draw: st.DrawFn) -> Store:
    """A dataset of a few articles, some with a reference graph that knows of more than they tell."""
    quads: list[Quad] = []
    for number, facts in enumerate(draw(ARTICLES)):
        w = Writer(number)
        named = set(draw(st.lists(st.sampled_from([*PERSONS, *BODIES, *NETWORKS, *PLACES, *MEETINGS]), max_size=9)))
        for which, a, b in facts:
            TELL[which](w, a, b)
        said = {q.subject.value for q in w.quads if isinstance(q.subject, NamedNode)}
        said |= {q.object.value for q in w.quads if isinstance(q.object, NamedNode)}
        said |= {node.replace("government/", "place/") for node in said}
        things(w, lambda key, said=said, named=named: iri(key).value in said or key in named)  # type: ignore[misc]
        quads += w.quads
    if draw(st.booleans()):
        w = Writer(99)
        known = draw(st.sets(st.sampled_from([*PLACES, *BODIES]), max_size=6))
        things(w, lambda key: key in known)
        for a, b in draw(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=5)):
            w.fact(iri(PLACES[min(a, b)]), v.CONTAINED_IN_PLACE, iri(PLACES[max(a, b)]))
        quads += [
            Quad(q.subject, q.predicate, q.object, REFERENCE) for q in w.quads if "/article/" not in str(q.subject)
        ]
    return synthetic.store_of(quads)


SEVERAL = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
FEWER = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


# ---------------------------------------------------------------- what networkx finds on the whole graph


def edges_of_queries(seen: Store) -> set[tuple[str, ...]]:
    """The edges that the whole queries give, without what ``kg`` makes of them; no reference data."""
    territory: dict[str, str] = {}
    for row in sorted(answers(seen, "nodes/governments"), key=lambda row: value(row, "place")):
        territory.setdefault(value(row, "thing"), value(row, "place"))
    found = set()
    for path in resources.files("queries/graph", "*.rq"):
        for row in answers(seen, path.stem):
            source, target = (territory.get(value(row, end), value(row, end)) for end in ("from", "to"))
            if source != target:
                found.add((source, target, path.stem, value(row, "fact"), value(row, "article"), value(row, "date")))
    return found


def answers(seen: Store, name: str) -> Iterator[object]:
    found = seen.query(resources.path(f"queries/graph/{name}.rq").read_text("utf-8"))
    assert isinstance(found, QuerySolutions)
    return iter(found)


def plain_paths(graph: Graph, start: str, goal: str, limit: int) -> list[list[str]]:
    """The first simple paths of networkx, in order; papers link only what nothing else does."""
    for papers in (False, True):
        ways = traverse.simple(graph, papers=papers)
        if start in ways and goal in ways and nx.has_path(ways, start, goal):
            longest = None if len(ways) < 9 else nx.shortest_path_length(ways, start, goal) + 3
            found = sorted(nx.all_simple_paths(ways, start, goal, cutoff=longest), key=lambda way: (len(way), way))
            return found[:limit]
    return []


def plain_near(graph: Graph, node: str, hops: int) -> Graph:
    within = nx.single_source_shortest_path_length(traverse.simple(graph, papers=True), node, cutoff=hops)
    return graph.subgraph(within)  # type: ignore[return-value]


def contents(graph: Graph) -> tuple[object, object]:
    """Nodes and edges without the numbers of the edges."""
    edges = [(s, t, sorted(data.items())) for s, t, data in graph.edges(data=True)]
    return sorted((node, sorted(data.items())) for node, data in graph.nodes(data=True)), sorted(edges)


def raised(call: Callable[[], object]) -> object:
    """What a call gives, or what it says."""
    try:
        return call()
    except KgError as error:
        return type(error), str(error)


# ---------------------------------------------------------------- the same answers


@SEVERAL
@given(stores())
def test_the_whole_graph_is_what_the_queries_say(store: Store) -> None:
    store.remove_graph(REFERENCE)
    seen = view.of(store)
    graph = traverse.project(seen)
    fields = ("relation", "fact", "article", "date")
    edges = {(s, t, *(data[field] for field in fields)) for s, t, data in graph.edges(data=True)}
    assert edges == edges_of_queries(seen)


@SEVERAL
@given(stores(), st.data())
def test_near_is_the_part_of_the_whole_graph(store: Store, data: st.DataObject) -> None:
    seen = view.of(store)
    graph = traverse.project(seen)
    if not len(graph):
        return
    node, hops = data.draw(st.sampled_from(sorted(graph))), data.draw(st.integers(0, 3))
    part, left_out, unquoted = traverse.ego(seen, node, hops, limit=None)
    assert contents(part) == contents(plain_near(graph, node, hops))
    assert (left_out, unquoted) == (0, 0)
    assert traverse.neighbourhood(seen, node, hops).links == traverse.around(plain_near(graph, node, hops), node).links


@SEVERAL
@given(stores(), st.data())
def test_ways_are_those_of_the_whole_graph(store: Store, data: st.DataObject) -> None:
    seen = view.of(store)
    graph = traverse.project(seen)
    if len(graph) < 2:
        return
    start = data.draw(st.sampled_from(sorted(graph)))
    linked = nx.node_connected_component(traverse.simple(graph, papers=True), start) - {start}
    goal = data.draw(st.sampled_from(sorted(linked or set(graph) - {start})))
    limit = data.draw(st.integers(1, 5))
    expected = plain_paths(graph, start, goal, limit)
    if not expected:
        with pytest.raises(NothingFound, match="no path between"):
            traverse.shortest_paths(seen, start, goal, limit=limit)
        return
    ways = traverse.shortest_paths(seen, start, goal, limit=limit)
    ids = [[graph.nodes[node]["id"] for node in way] for way in expected]
    found = [[thing.id for thing in path.things] for path in ways.paths]
    assert found[: len(ids)] == ids
    assert ways.is_all
    links = [[traverse.first_link(graph, a, b) for a, b in pairwise(way)] for way in expected]
    assert [list(path.links) for path in ways.paths][: len(ids)] == links


@FEWER
@given(stores(), st.data())
def test_a_name_means_the_same_in_a_view_and_in_the_whole_graph(store: Store, data: st.DataObject) -> None:
    seen = view.of(store)
    graph = traverse.project(seen)
    texts = sorted(
        {str(text) for _, node in graph.nodes(data=True) for text in (node["label"], node["id"], *node["aliases"])}
    )
    name = data.draw(
        st.sampled_from([*texts, "kota", "Forum", "B1", "tiada", "hilir 2", "berita", " ", *PLACES, *BODIES])
    )
    assert raised(lambda: traverse.named(seen, name)) == raised(lambda: traverse.find(graph, name))


def plain_scores(ways: traverse.Simple) -> dict[str, dict[str, float]]:
    """The three measures by networkx, and PageRank in plain Python."""
    return {
        "pagerank": nx.pagerank(ways, tol=1e-12, max_iter=500) if len(ways) else {},
        "plain": traverse.pagerank(ways),
        "degree": dict(ways.degree()),
        "betweenness": nx.betweenness_centrality(ways),
    }


@FEWER
@given(stores())
def test_measures_are_those_of_networkx(store: Store) -> None:
    seen = view.of(store)
    graph = traverse.project(seen)
    expected = plain_scores(traverse.simple(graph))
    assert expected.pop("plain") == pytest.approx(expected["pagerank"], abs=1e-9)
    for measure, scores in expected.items():
        found = traverse.rank(seen, measure)
        ids = {graph.nodes[node]["id"]: score for node, score in scores.items()}
        assert {one.thing.id: one.score for one in found} == pytest.approx(ids, abs=1e-6), measure
        assert [one.place for one in found] == list(range(1, len(ids) + 1))
        assert traverse.rank(seen, measure, top=2) == found[:2]


@FEWER
@given(stores())
def test_groups_are_those_of_networkx(store: Store) -> None:
    seen = view.of(store)
    graph = traverse.project(seen)
    ways = traverse.simple(graph)
    linked = [node for node in ways if ways.degree(node)]
    numbered = nx.relabel_nodes(ways.subgraph(linked), {node: n for n, node in enumerate(linked)})
    plain = nx.Graph()
    plain.add_nodes_from(range(len(linked)))
    plain.add_weighted_edges_from(sorted((*sorted(edge[:2]), edge[2]) for edge in numbered.edges(data="weight")))
    found = nx.community.louvain_communities(plain, seed=1) if linked else []
    expected = {frozenset(graph.nodes[linked[n]]["id"] for n in group) for group in found}
    assert {frozenset(thing.id for thing in group.things) for group in traverse.groups(seen)} == expected


def test_measures_are_the_same_without_scipy(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = view.of(synthetic.large())
    fast = [traverse.rank(seen, measure) for measure in traverse.MEASURES]
    monkeypatch.setattr("kg.traverse.measures.is_fast", lambda: False)
    assert [traverse.rank(seen, measure) for measure in traverse.MEASURES] == fast


def test_betweenness_of_a_large_graph_has_the_pivots_of_networkx(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.traverse.measures.EXACT", 20)
    monkeypatch.setattr("kg.traverse.measures.SAMPLE", 40)
    seen = view.of(synthetic.large())
    graph = traverse.project(seen)
    expected = nx.betweenness_centrality(traverse.simple(graph), k=40, seed=1)
    found = {one.thing.id: one.score for one in traverse.rank(seen, "betweenness")}
    assert found == pytest.approx({graph.nodes[n]["id"]: score for n, score in expected.items()}, abs=1e-6)


LINKS = st.lists(st.tuples(st.sampled_from("abcdefg"), st.sampled_from("abcdefg")), max_size=16)


@settings(max_examples=100, deadline=None)
@given(LINKS, st.integers(1, 8))
def test_simple_paths_come_in_order(pairs: list[tuple[str, str]], limit: int) -> None:
    graph = nx.Graph(pair for pair in pairs if pair[0] != pair[1])
    graph.add_nodes_from("ag")
    links = {node: set(graph[node]) for node in graph}
    expected = sorted(nx.all_simple_paths(graph, "a", "g"), key=lambda way: (len(way), way))
    assert shortest(links, "a", "g", limit) == expected[:limit]
    for longest in range(1, 6):
        assert shortest(links, "a", "g", limit, longest) == [p for p in expected if len(p) <= longest + 1][:limit]


# ---------------------------------------------------------------- hubs, limits and filters


def hub(count: int) -> Store:
    """A body with so many officials, each by an article of its own."""
    quads: list[Quad] = []
    for number in range(count):
        w = Writer(number)
        body = w.thing("body/pusat", v.BODY, "Badan Pusat")
        person = w.thing(f"person/pegawai-{number:04}", v.OFFICIAL, f"Pegawai {number:04}")
        post = w.thing(f"post/staf-{number:04}", v.POST, f"Staf {number:04}")
        tenure = iri(f"tenure/{number:04}")
        for predicate, node in (*((v.TYPE, v.TENURE), (v.MEMBER, person), (v.HAS_POST, post), (v.ORGANIZATION, body)),):
            w.fact(tenure, predicate, node)
        w.claim("holds_post", (person, v.HAS_POST, post), ("Pegawai", "selaku", "Staf"), tenure)
        quads += w.quads
    return view.of(synthetic.store_of(quads))


@pytest.fixture(scope="module")
def crowded() -> Store:
    return hub(3000)


def test_of_a_hub_so_many_are_shown_and_the_others_counted(crowded: Store) -> None:
    found = traverse.near(crowded, "Badan Pusat", limit=10)
    assert [thing.label for thing in found.things] == [f"Pegawai {n:04}" for n in range(10)]
    assert (len(found.links), found.left_out) == (10, 2990)
    assert traverse.near(crowded, "Badan Pusat", limit=None).left_out == 0


def test_a_walk_over_a_hub_ends(crowded: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    found = traverse.paths(crowded, "Pegawai 0007", "Pegawai 2999")
    assert [[thing.id for thing in path.things] for path in found.paths] == [
        ["person/pegawai-0007", "body/pusat", "person/pegawai-2999"]
    ]
    assert found.is_all
    monkeypatch.setattr("kg.traverse.walk.MORE_LINKS", 100)
    assert not traverse.paths(crowded, "Pegawai 0007", "Pegawai 2999").is_all
    monkeypatch.setattr("kg.traverse.walk.LINKS", 1)
    with pytest.raises(NothingFound, match="in 1 links; more weren't looked at"):
        traverse.paths(crowded, "Pegawai 0007", "Pegawai 2999")


def test_links_of_a_hub_to_few_things_are_found_without_reading_all(crowded: Store) -> None:
    edges = Edges(crowded)
    some = [iri("body/pusat").value, *(iri(f"person/pegawai-{n:04}").value for n in range(5))]
    assert len(set(edges.among(some))) == 5
    assert edges.read < 100


def test_a_fact_of_very_many_articles_is_quoted_by_some(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.traverse.walk.CLAIMS", 3)
    store = synthetic.store_of([q for n in range(8) for q in synthetic.article(0, cities=1, officials=0, countries=0)])
    more = [synthetic.Writer(n) for n in range(1, 8)]
    for w in more:
        who, network = iri("government/90.00"), iri("network/jaringan-0")
        w.claim("member_of", (who, v.ORGANIZATION, network), WORDS, iri("membership/90.00--jaringan-0--projected"))
        store.extend(w.quads)
    found = traverse.near(view.of(store), "JKN-0")
    assert len([link for link in found.links if link.relation == "member-of"]) == 3
    assert found.unquoted == 5


def test_what_is_near_may_be_of_some_relations_kinds_and_days() -> None:
    seen = view.of(synthetic.large())
    node = traverse.named(seen, "JKN-0")
    whole = traverse.neighbourhood(seen, node)
    members = traverse.neighbourhood(seen, node, relations=["member-of"])
    assert {link.relation for link in members.links} == {"member-of"}
    assert {thing.kind for thing in traverse.neighbourhood(seen, node, kinds=["Meeting"]).things} == {"Meeting"}
    days = sorted({link.date for link in whole.links})
    assert len(days) > 2
    first = traverse.neighbourhood(seen, node, until=days[0])
    assert {link.date for link in first.links} == {days[0]}
    assert set(first.things) < set(whole.things)
    assert traverse.neighbourhood(seen, node, since=days[-1], until=days[0]).links == ()
    with pytest.raises(DataError, match="no relation 'kenal'; there are appointed-by"):
        traverse.neighbourhood(seen, node, relations=["kenal"])
    with pytest.raises(NothingFound, match="place/none"):
        traverse.neighbourhood(seen, iri("place/none").value)


def test_nearer_things_are_kept_first() -> None:
    seen = view.of(synthetic.large())
    node = traverse.named(seen, "JKN-0")
    kept, left_out = _nearest(Edges(seen), node, 2, 20, None)
    everything, none = _nearest(Edges(seen), node, 2, None, None)
    assert (kept, left_out > 0, none) == (everything[:21], True, 0)


def test_every_relation_can_be_asked_for_some_things() -> None:
    """Each way of asking gives what the whole query has for these ends: a relation file needs no code."""
    seen = view.of(synthetic.large())
    seen.bulk_extend(Quad(q.subject, q.predicate, q.object) for q in view.of(sample()))
    for relation in relations.relations():
        rows = list(relations.solutions(seen, relation.everything(), relation.name))
        assert rows, relation.name
        ends = defaultdict(set)
        for row in rows:
            ends["from"].add(value(row, "from"))
            ends["to"].add(value(row, "to"))
        for end, ask in (
            ("from", lambda node, one=relation: relations.solutions(seen, one.leaving([node]), "")),
            ("to", lambda node, one=relation: relations.leading_to(seen, one, [node])),
        ):
            for node in ends[end]:
                found = {str(row) for row in ask(node) if value(row, end) == node}
                assert found == {str(row) for row in rows if value(row, end) == node}, (relation.name, end)


def sample() -> Store:
    from test_traverse import sample_store

    return sample_store()


def test_a_relation_without_its_marks_is_named() -> None:
    with pytest.raises(DataError, match=r"queries/graph/kenal\.rq: no relation; it needs label"):
        relations._relation("kenal", "# label: kenal\n# label-en: knows\nSELECT ?from ?to\nWHERE { ?from ?p ?to }\n")


# ---------------------------------------------------------------- the command


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as made:
        from pyoxigraph import RdfFormat

        hub(30).dump(
            Path(made) / "graph.ttl", format=RdfFormat.TURTLE, from_graph=__import__("pyoxigraph").DefaultGraph()
        )
        yield Path(made)


def test_the_command_says_what_it_left_out(folder: Path) -> None:
    done = kg("near", "Badan Pusat", "--limit", "4", "--lang", "en", "--graph", "graph.ttl", cwd=folder)
    assert done.returncode == 0
    assert len([line for line in done.stdout.splitlines() if "holds a post in" in line]) == 4
    assert "26 more things were left out; --limit shows more of them" in done.stderr
    assert (
        kg("path", "Pegawai 0001", "Pegawai 0002", "--limit", "0", "--graph", "graph.ttl", cwd=folder).returncode == 2
    )
