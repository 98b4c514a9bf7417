"""Traversals: the folded graph, names to nodes, paths, neighbourhoods, ranks, groups; the same in every run."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store

import synthetic
from kg import resources, traverse, view
from kg import vocabulary as v
from kg.errors import KgError, NothingFound
from kg.traverse import Graph, Span, Thing

TESTS = Path(__file__).parent
BASE = v.DEFAULT_BASE


def sample_store() -> Store:
    """The fixture's three graphs."""
    store = Store()
    store.load(path=TESTS / "data" / "sample.trig", format=RdfFormat.TRIG, base_iri=BASE)
    return store


def seen() -> Store:
    """The fixture as it is asked."""
    return view.of(sample_store())


def projected(store: Store) -> Graph:
    """A dataset as things and relations."""
    return traverse.project(view.of(store))


def sample() -> Graph:
    """The fixture as things and relations."""
    return projected(sample_store())


def edges(graph: Graph, *fields: str) -> list[tuple[str, ...]]:
    """The ends of each edge by id, and some of its attributes."""
    return sorted(
        (graph.nodes[s]["id"], graph.nodes[t]["id"], *(data[field] for field in fields))
        for s, t, data in graph.edges(data=True)
    )


# ---- the projection


def test_relations_become_edges_and_governments_their_territories() -> None:
    meeting, network = "meeting/forum-kota-sungai-2025-11-10", "network/jaringan-kota-sungai-asia"
    toyama, unit = "place/kota-toyama--prefektur-toyama", "body/direktorat-jenderal-tata-kota-kementerian-kota"
    agreement = "agreement/39cd01db7725eb93-nota-kesepahaman"
    assert edges(sample(), "relation", "status") == sorted(
        [
            (unit, "body/kementerian-kota", "unit-of", ""),
            ("body/subdirektorat-sungai-kementerian-kota", unit, "unit-of", ""),
            (meeting, "place/35.78", "held-in", ""),
            (meeting, "venue/hotel-bahari--35.78", "held-in", ""),
            (meeting, "series/forum-kota-sungai", "edition-of", ""),
            (network, meeting, "organises", ""),
            ("outlet/kabarsungai-id", "article/39cd01db7725eb93", "published", ""),
            ("person/budi-santoso", "article/39cd01db7725eb93", "says", ""),
            ("person/budi-santoso", "body/kementerian-kota", "holds-post", "current"),
            ("person/budi-santoso", meeting, "leads-delegation", ""),
            ("person/budi-santoso", network, "holds-post", "current"),
            ("person/budi-santoso", "place/ID", "represents", "current"),
            ("person/ratna-dewi", meeting, "attends", ""),
            ("person/ratna-dewi", "place/33.74", "holds-post", "current"),
            ("person/wirya-salim", "place/16.71", "holds-post", "former"),
            ("place/16.71", network, "member-of", "current"),
            ("place/35.78", network, "member-of", "projected"),
            ("place/ID", meeting, "sends-delegation", ""),
            ("place/JP", meeting, "attends", ""),
            (toyama, meeting, "attends", ""),
            (toyama, "place/prefektur-toyama--jepang", "located-in", ""),
            ("body/kementerian-kota", "award/adi-sungai", "gives-award", ""),
            (network, "place/35.78", "founded-in", ""),
            ("person/bagus-pranoto", "place/33.74", "holds-post", "former"),
            ("person/ratna-dewi", "person/bagus-pranoto", "replaces", ""),
            ("person/ratna-dewi", "person/lila-anwar", "appointed-by", ""),
            ("place/16.71", agreement, "party-to", ""),
            ("place/35.78", agreement, "party-to", ""),
            ("place/35.78", "award/adi-sungai", "awarded", ""),
            ("place/35.78", "programme/sapa-sungai", "runs", ""),
            ("place/JP", network, "network-role", ""),
            ("place/prefektur-toyama--jepang", "place/JP", "located-in", ""),
        ]
    )


def test_a_node_has_its_names_and_an_edge_its_words() -> None:
    graph = sample()
    surabaya = traverse.find(graph, "Surabaya")
    assert graph.nodes[surabaya] == {
        "label": "Kota Surabaya",
        "kind": "City",
        "id": "place/35.78",
        "date": "",
        "aliases": ("Pemerintah Kota Surabaya", "Surabaya"),
    }
    (data,) = [data for _, _, data in graph.out_edges(surabaya, data=True) if data["relation"] == "member-of"]
    assert data == {
        "relation": "member-of",
        "label_id": "anggota",
        "label_en": "is a member of",
        "detail": "smart river city",
        "status": "projected",
        "fact": f"{BASE}id/membership/35.78--jaringan-kota-sungai-asia--projected",
        "article": f"{BASE}id/article/39cd01db7725eb93",
        "date": "2025-11-12",
        "words": "Kota Surabaya … diproyeksikan bergabung … JKSA … 2026 … smart river city",
        "spans": "724,737 738,761 769,773 779,783 792,808",
    }


def test_a_file_without_graphs_gives_the_same_graph() -> None:
    one, other = sample(), traverse.project(traverse.merged(sample_store()))
    assert list(one.nodes(data=True)) == list(other.nodes(data=True))
    assert list(one.edges(keys=True, data=True)) == list(other.edges(keys=True, data=True))


def test_an_article_without_a_headline_goes_by_its_outlet_and_date() -> None:
    store = sample_store()
    for quad in list(store.quads_for_pattern(None, v.HEADLINE, None, None)):
        store.remove(quad)
    data = projected(store).nodes[f"{BASE}id/article/39cd01db7725eb93"]
    assert (data["label"], data["kind"]) == ("KabarSungai.id, 2025-11-12", "NewsArticle")


def test_facts_without_claims_are_edges_too() -> None:
    store = sample_store()
    for graph in list(store.named_graphs()):
        if str(graph.value).endswith(("/provenance", "/quarantine")):
            store.remove_graph(graph)
    assert edges(projected(store), "relation") == edges(sample(), "relation")


def test_a_fact_of_many_articles_is_one_edge_for_each() -> None:
    store = synthetic.store_of([q for n in range(40) for q in synthetic.article(n, cities=1, officials=0, countries=1)])
    graph = projected(store)
    country = traverse.find(graph, "place/X0")
    assert graph.out_degree(country) == 40
    assert traverse.simple(graph).degree(country) == 40


def test_reference_data_adds_only_what_things_of_articles_lie_in() -> None:
    store = sample_store()
    reference = NamedNode(f"{BASE}id/reference")

    def place(key: str, kind: NamedNode, label: str, within: str) -> None:
        store.add(Quad(synthetic.iri(f"place/{key}"), v.TYPE, kind, reference))
        store.add(Quad(synthetic.iri(f"place/{key}"), v.PREF_LABEL, Literal(label, language="id"), reference))
        if within:
            store.add(
                Quad(synthetic.iri(f"place/{key}"), v.CONTAINED_IN_PLACE, synthetic.iri(f"place/{within}"), reference)
            )

    place("35.78", v.CITY, "Kota Surabaya", "35")
    place("35", v.PROVINCE, "Jawa Timur", "ID")
    place("35.79", v.CITY, "Kota Batu", "35")
    place("51", v.PROVINCE, "Bali", "ID")
    place("ID", v.COUNTRY, "Indonesia", "")
    new = [edge for edge in edges(projected(store), "relation") if edge not in edges(sample(), "relation")]
    assert new == [("place/35", "place/ID", "located-in"), ("place/35.78", "place/35", "located-in")]
    assert {data["id"] for _, data in projected(store).nodes(data=True)} - {
        data["id"] for _, data in sample().nodes(data=True)
    } == {"place/35"}


def test_every_relation_has_its_name_in_two_languages() -> None:
    for path in resources.files("queries/graph", "*.rq"):
        assert {"label", "label-en"} <= traverse.head(path.read_text("utf-8")).keys(), path


@pytest.mark.parametrize(
    ("spans", "words", "places"),
    [
        ([], "", ""),
        ([Span(9, 12, "ini"), Span(0, 4, "Kota")], "Kota … ini", "0,4 9,12"),
        ([Span(0, 19, "Direktorat Jenderal"), Span(11, 19, "Jenderal")], "Direktorat Jenderal", "0,19"),
        ([Span(0, 4, "Budi"), Span(30, 34, "Budi"), Span(10, 14, "kata")], "Budi … kata", "0,4 10,14"),
    ],
)
def test_quoted_words_stand_in_order_and_once(spans: list[Span], words: str, places: str) -> None:
    assert traverse.quoted(spans) == (words, places)


# ---- names


@pytest.mark.parametrize(
    ("name", "key"),
    [
        *(("Budi Santoso", "person/budi-santoso"), ("person/budi-santoso", "person/budi-santoso")),
        *(
            (f"{BASE}id/place/35.78", "place/35.78"),
            ("budi", "person/budi-santoso"),
            ("JKSA", "network/jaringan-kota-sungai-asia"),
        ),
        *(
            ("fks", "meeting/forum-kota-sungai-2025-11-10"),
            ("Forum Kota Sungai", "meeting/forum-kota-sungai-2025-11-10"),
        ),
        *(("Santoso", "person/budi-santoso"), ("kota toy", "place/kota-toyama--prefektur-toyama")),
        *(
            ("Pemerintah Jepang", "place/JP"),
            ("jepang", "place/JP"),
            ("digelar di surabaya", "article/39cd01db7725eb93"),
        ),
    ],
)
def test_find_takes_what_fits_best(name: str, key: str) -> None:
    graph = sample()
    assert graph.nodes[traverse.find(graph, name)]["id"] == key


def test_an_ambiguous_name_is_never_guessed() -> None:
    with pytest.raises(
        KgError, match=r'"Kota S" may mean .*Kota Semarang \(place/33.74\), Kota Surabaya .*; give more'
    ):
        traverse.find(sample(), "Kota S")


def test_an_unknown_name_gets_suggestions() -> None:
    with pytest.raises(NothingFound, match='no "Ratna Dewa" in this graph; did you mean Ratna Dewi'):
        traverse.find(sample(), "Ratna Dewa")
    with pytest.raises(NothingFound, match='no "12345"'):
        traverse.find(sample(), "12345")
    with pytest.raises(NothingFound):
        traverse.find(sample(), "  ")


# ---- paths and neighbourhoods


def test_paths_say_each_step_with_its_direction_and_words() -> None:
    found = traverse.paths(seen(), "Wirya Salim", "Jaringan Kota Sungai Asia", limit=1).paths
    assert traverse.as_text(found) == (
        "Wirya Salim\n"
        "  —menjabat di (Wali Kota Palembang; telah berakhir)→ Kota Palembang\n"
        "      “mantan … Wali Kota Palembang … Wirya Salim” [article/39cd01db7725eb93, 2025-11-12]\n"
        "  —anggota→ Jaringan Kota Sungai Asia\n"
        "      “Kota Palembang … menjadi anggota … JKSA … 2021” [article/39cd01db7725eb93, 2025-11-12]"
    )


def test_paths_show_details_and_links_against_their_direction() -> None:
    found = traverse.paths(seen(), "Jaringan Kota Sungai Asia", "Kota Palembang", limit=1).paths
    assert "  ←anggota— Kota Palembang\n" in traverse.as_text(found)
    text = traverse.as_text(traverse.near(seen(), "Kota Surabaya"))
    assert "Kota Surabaya —anggota (smart river city; direncanakan)→ Jaringan Kota Sungai Asia\n" in text
    assert "“Kota Surabaya … diproyeksikan bergabung … JKSA … 2026 … smart river city”" in text


def test_paths_are_the_shortest_first_and_no_more_than_asked_for() -> None:
    found = traverse.paths(seen(), "Budi", "Surabaya", limit=4).paths
    lengths = [len(path.links) for path in found]
    assert lengths == sorted(lengths) == [2, 2, 3, 3]
    assert len({path.things for path in found}) == 4


def test_articles_link_things_only_where_nothing_else_does() -> None:
    path = traverse.paths(seen(), "Budi Santoso", "KabarSungai.id").paths[0]
    assert [link.relation for link in path.links] == ["says", "published"]
    assert all(
        "NewsArticle" not in {thing.kind for thing in path.things}
        for path in traverse.paths(seen(), "Budi", "Wirya").paths
    )


def test_no_way_and_the_same_thing_twice_are_said() -> None:
    store = sample_store()
    lonely = synthetic.iri("person/sendiri")
    store.add(Quad(lonely, v.TYPE, v.OFFICIAL))
    store.add(Quad(lonely, v.PREF_LABEL, Literal("Sendiri", language="id")))
    with pytest.raises(NothingFound, match="no path between Sendiri and Budi Santoso"):
        traverse.paths(view.of(store), "Sendiri", "Budi")
    with pytest.raises(KgError, match="are the same: Budi Santoso"):
        traverse.paths(seen(), "Budi", "Budi Santoso")


def test_near_is_what_lies_within_the_hops() -> None:
    found = traverse.near(seen(), "Wirya Salim")
    assert found.things == (Thing("Kota Palembang", "City", "place/16.71"),)
    assert traverse.as_text(found, "en") == (
        "Wirya Salim (official)\n"
        "  Wirya Salim —holds a post in (Wali Kota Palembang; former)→ Kota Palembang\n"
        "      “mantan … Wali Kota Palembang … Wirya Salim” [article/39cd01db7725eb93, 2025-11-12]"
    )
    assert [thing.label for thing in traverse.near(seen(), "Wirya Salim", hops=2).things] == [
        "Jaringan Kota Sungai Asia",
        "Kota Palembang",
        "nota kesepahaman",
    ]


# ---- measures


@pytest.mark.parametrize("measure", traverse.MEASURES)
def test_rank_orders_the_things_without_articles(measure: str) -> None:
    found = traverse.rank(seen(), measure)
    assert [one.place for one in found] == list(range(1, len(found) + 1))
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    assert found[0].thing.label == "Forum Kota Sungai"
    assert {"NewsArticle", "Outlet"}.isdisjoint(one.thing.kind for one in found)


def test_degree_counts_neighbours() -> None:
    assert {one.thing.id: one.score for one in traverse.rank(seen(), "degree")}["place/35.78"] == 5


def test_an_unknown_measure_is_refused_with_the_known_ones() -> None:
    with pytest.raises(KgError, match="pagerank, degree, betweenness"):
        traverse.rank(seen(), "fame")


def test_groups_are_what_is_linked_more_closely() -> None:
    found = traverse.groups(
        view.of(
            synthetic.store_of(
                [
                    *synthetic.article(1, cities=4, officials=0, countries=0),
                    *_apart(synthetic.article(60, cities=5, officials=0, countries=0)),
                ]
            )
        )
    )
    assert [len(group.things) for group in found] == [7, 6]
    assert [group.things[0].kind for group in found] == ["Network", "Network"]


def _apart(quads: list[Quad]) -> list[Quad]:
    """The same with another network."""

    def other(text: str) -> str:
        return text.replace("jaringan-0", "jaringan-9")

    return [
        Quad(
            NamedNode(other(q.subject.value)),  # type: ignore[union-attr]
            q.predicate,
            NamedNode(other(q.object.value)) if isinstance(q.object, NamedNode) else q.object,
            q.graph_name,
        )
        for q in quads
    ]


def test_an_empty_graph_has_no_ranks_and_groups() -> None:
    empty = view.of(Store())
    assert ([traverse.rank(empty, each) for each in traverse.MEASURES], traverse.groups(empty)) == ([[], [], []], [])
    assert len(traverse.project(empty)) == 0


# ---- answers


def test_answers_are_json_too() -> None:
    path = json.loads(traverse.as_json(traverse.paths(seen(), "Budi", "Surabaya", limit=1).paths))[0]
    assert [thing["id"] for thing in path["things"]] == [
        *("person/budi-santoso", "meeting/forum-kota-sungai-2025-11-10", "place/35.78")
    ]
    assert set(path["links"][0]) >= {"relation", "label_id", "label_en", "status", "article", "words"}
    assert json.loads(traverse.as_json(traverse.rank(seen())))[0]["place"] == 1
    assert json.loads(traverse.as_json(traverse.near(seen(), "Wirya")))["centre"]["label"] == "Wirya Salim"
    assert json.loads(traverse.as_json([])) == []


SCRIPT = """
import sys
sys.path.insert(0, sys.argv[1])
import synthetic
from kg import traverse, view
seen = view.of(synthetic.large())
graph = traverse.project(seen)
print(list(graph.nodes(data=True)), list(graph.edges(keys=True, data=True)))
print(traverse.as_json(traverse.groups(seen)), traverse.as_json(traverse.near(seen, "JKN-0")))
print([traverse.as_json(traverse.rank(seen, measure)) for measure in traverse.MEASURES])
print(traverse.as_json(traverse.paths(seen, "JKN-0", "Negara Wijaya", limit=5).paths))
"""


def test_the_same_answers_in_every_process_and_hash_seed() -> None:
    def run(seed: str) -> str:
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(TESTS.parent / "src")}
        command = [sys.executable, "-c", SCRIPT, str(TESTS)]
        done = subprocess.run(command, capture_output=True, check=True, env=environment)
        return hashlib.sha256(done.stdout).hexdigest()

    assert len({run(seed) for seed in ("0", "1", "77")}) == 1
