"""Who is who across the articles of a store: merged and kept apart with reasons, in any order, reversible."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad

from kg import query, store, view
from kg import vocabulary as v
from kg.link import identities, resolved
from kg.link.gathered import Gathered
from kg.link.judgements import Judgement, Judgements
from kg.link.judgements import Verdict as Said
from kg.link.rulings import Rulings
from kg.model import Article
from kg.names import slug
from kg.rdf import Ids
from kg.store.graphs import IDENTITIES

BASE = v.DEFAULT_BASE
IDS = Ids(BASE)


@dataclass(frozen=True)
class Told:
    """What one article tells: who, which post (role), of which government, when."""

    name: str
    role: str = ""
    where: str = ""
    date: str = "2024-05-02"
    appointment: str = "definitive"


@dataclass(frozen=True)
class Office:
    """What one article tells of a body: its name, what it belongs to, a short name."""

    name: str
    parent: str = ""
    short: str = ""
    date: str = "2024-05-02"


SHORT = Office("Diskominfo Kota Surakarta", "government/33.72")
LONG = Office("Dinas Komunikasi dan Informatika Kota Surakarta", "government/33.72")
MAYOR = Told("Budi Santoso", "wali-kota", "33.71")
HEAD = Told("Budi Santoso", "kepala-dinas", "15.71")
DIRECTOR = Told("Wirapati Danukusumo", "direktur-jenderal", "ID")


def article(number: int) -> Article:
    return Article(f"Berita nomor {number}.", source="-", title=f"Berita {number}")


def quads(one: Article, told: Iterable[Told | Office]) -> list[Quad]:
    graph = IDS.article(one)
    found = [(graph, v.TYPE, v.NEWS_ARTICLE)]
    triples: list[tuple[NamedNode, NamedNode, NamedNode | Literal]] = list(found)
    for each in told:
        if isinstance(each, Office):
            body = IDS.node(f"body/{slug(each.name)}")
            triples += [(body, v.TYPE, v.UNIT), (body, v.PREF_LABEL, Literal(each.name, language="id"))]
            triples += [(graph, v.DATE_PUBLISHED, Literal(each.date, datatype=v.DATE))]
            triples += [(body, v.UNIT_OF, IDS.node(each.parent))] if each.parent else []
            triples += [(body, v.ALT_LABEL, Literal(each.short, language="id"))] if each.short else []
            continue
        person = IDS.node(f"person/{slug(each.name)}")
        triples += [(person, v.TYPE, v.OFFICIAL), (person, v.PREF_LABEL, Literal(each.name, language="id"))]
        triples.append((graph, v.DATE_PUBLISHED, Literal(each.date, datatype=v.DATE)))
        if each.role:
            post = IDS.node(f"post/{each.role}-{slug(each.where)}")
            tenure = IDS.node(f"tenure/{slug(each.name)}--{each.role}-{slug(each.where)}")
            triples += [
                (post, v.TYPE, v.POST),
                (post, v.PREF_LABEL, Literal(each.role.replace("-", " ").title(), language="id")),
                (post, v.ROLE, IDS.node(f"role/{each.role}")),
                (tenure, v.TYPE, v.TENURE),
                (tenure, v.MEMBER, person),
                (tenure, v.HAS_POST, post),
                (tenure, v.ORGANIZATION, IDS.node(f"government/{each.where}")),
                (tenure, v.APPOINTMENT, v.term(f"kg:{each.appointment}")),
                (tenure, v.STATUS, v.term("kg:current")),
            ]
    return [Quad(*triple, graph) for triple in dict.fromkeys(triples)]


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("stores") / "empty"
    store.open_store(path, create=True).close()
    return path


@pytest.fixture
def kept(empty: Path, tmp_path: Path) -> Iterator[store.Store]:
    shutil.copytree(empty, tmp_path / "kg-store")
    with store.open_store(tmp_path / "kg-store") as opened:
        yield opened


def put(kept: store.Store, *every: Told | Office) -> None:
    for number, told in enumerate(every):
        one = article(number)
        kept.put(one, quads(one, [told]))


def persons(kept: store.Store) -> dict[str, set[str]]:
    """Id without the base -> the titles of the articles that have it."""
    found = {}
    for known in identities.Index(kept).persons():
        found[known.id.removeprefix(f"{BASE}id/person/")] = set(known.articles)
    return found


def sizes(kept: store.Store) -> dict[str, int]:
    return {key: len(articles) for key, articles in persons(kept).items()}


def state(kept: store.Store) -> list[str]:
    graph = IDS.node(IDENTITIES)
    return sorted(map(str, kept.dataset.quads_for_pattern(None, None, None, graph)))


def test_two_spellings_in_one_post_are_one_person(kept: store.Store) -> None:
    put(kept, Told("Soetrisno Hadi", "bupati", "33.18"), Told("Sutrisno Hadi", "bupati", "33.18"))
    report = identities.update(kept)
    assert sizes(kept) == {"sutrisno-hadi": 2} or sizes(kept) == {"soetrisno-hadi": 2}
    assert (report.persons, report.several, report.merged, report.open) == (1, 1, 1, 0)
    (known,) = identities.Index(kept).persons()
    assert "spellings of one name" in known.merges[0].reasons[0]


def test_two_officials_of_one_name_stay_two(kept: store.Store) -> None:
    put(kept, MAYOR, HEAD)
    identities.update(kept)
    assert sizes(kept) == {"budi-santoso--kepala-dinas-15-71": 1, "budi-santoso--wali-kota-33-71": 1}


def test_one_official_of_a_name_has_the_plain_id(kept: store.Store) -> None:
    put(kept, MAYOR, MAYOR)
    identities.update(kept)
    assert sizes(kept) == {"budi-santoso": 2}


def test_a_common_name_without_a_post_belongs_to_nobody(kept: store.Store) -> None:
    put(kept, MAYOR, Told("Budi Santoso"), Told("Budi Santoso"))
    identities.update(kept)
    assert sorted(sizes(kept).values()) == [1, 1, 1]
    assert "budi-santoso--wali-kota-33-71" in sizes(kept)


def test_a_name_that_fits_two_joins_neither(kept: store.Store) -> None:
    # who holds both posts, or is only called by a name that both bear, may be either
    a, b = Told("Wirapati Dwi Danukusumo", "bupati", "33.01"), Told("Wirapati Eko Danukusumo", "bupati", "33.01")
    put(kept, a, b, Told("Wirapati Danukusumo", "bupati", "33.01"))
    report = identities.update(kept)
    assert sorted(sizes(kept).values()) == [1, 1, 1]
    assert report.open == 2


def test_taking_an_article_back_splits_what_it_joined(kept: store.Store) -> None:
    put(kept, MAYOR, HEAD, DIRECTOR)
    identities.update(kept)
    before = state(kept)
    bridge = article(9)
    kept.put(bridge, quads(bridge, [MAYOR]))
    identities.update(kept)
    assert state(kept) != before
    kept.remove(bridge.key)
    identities.update(kept)
    assert state(kept) == before


def test_queries_see_one_person_and_the_articles_stay_as_they_were(kept: store.Store) -> None:
    put(kept, Told("Soetrisno Hadi", "bupati", "33.18"), Told("Sutrisno Hadi", "bupati", "33.18"))
    published = kept.published()
    identities.update(kept)
    assert kept.published() == published
    asked = query.own("SELECT ?p ?t WHERE { ?t org:member ?p . ?p skos:prefLabel ?name }", "test")
    rows = query.run(view.of(kept.dataset), asked)
    assert isinstance(rows, query.Rows)
    assert len(rows.rows) == 1
    assert str(rows.rows[0][1]).startswith(f"<{rows.rows[0][0].value}".replace("/person/", "/tenure/"))  # type: ignore[union-attr]


def test_two_of_one_name_are_two_in_queries(kept: store.Store) -> None:
    put(kept, MAYOR, HEAD)
    identities.update(kept)
    asked = query.own("SELECT ?p WHERE { ?p a kg:Official ; skos:prefLabel 'Budi Santoso'@id }", "test")
    rows = query.run(view.of(kept.dataset), asked)
    assert isinstance(rows, query.Rows)
    assert len(rows.rows) == 2


def test_a_stop_in_the_middle_loses_nothing(kept: store.Store, monkeypatch: pytest.MonkeyPatch) -> None:
    put(kept, Told("Soetrisno Hadi", "bupati", "33.18"), MAYOR, DIRECTOR)
    identities.update(kept)
    more = article(7)
    kept.put(more, quads(more, [Told("Sutrisno Hadi", "bupati", "33.18"), HEAD]))
    kept.remove(article(1).key)

    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(identities.Index, "_regroup", stop)
        with pytest.raises(KeyboardInterrupt):
            identities.update(kept)
    path = kept.path
    kept.close()
    with store.open_store(path) as again:
        identities.update(again)
        found = state(again)
        identities.Index(again).rebuild()
        assert state(again) == found
        assert sizes(again) == {"budi-santoso": 1, "sutrisno-hadi": 2, "wirapati-danukusumo": 1}


def test_an_article_of_another_date_is_looked_at_again(kept: store.Store) -> None:
    for date in ("2021-03-04", "2024-05-02"):
        one = article(1)
        kept.put(one, quads(one, [Told("Budi Santoso", "", "", date)]))
        identities.update(kept)
    assert sizes(kept) == {"budi-santoso": 1}


# ---------------------------------------------------------------- bodies


def bodies(kept: store.Store) -> dict[str, int]:
    """Id without the base -> how many articles have it."""
    every = [(one.id.removeprefix(f"{BASE}id/"), len(one.articles)) for one in identities.Index(kept).persons()]
    return {key: count for key, count in every if not key.startswith("person/")}


def counted(kept: store.Store) -> int:
    asked = query.own(
        "SELECT (COUNT(DISTINCT ?b) AS ?n) WHERE { ?b a kg:Unit ; org:unitOf ?of ; skos:prefLabel ?name"
        " FILTER(STRENDS(STR(?of), 'government/33.71') || STRENDS(STR(?of), 'government/33.72')) }",
        "test",
    )
    rows = query.run(view.of(kept.dataset), asked)
    assert isinstance(rows, query.Rows)
    return int(rows.rows[0][0].value)  # type: ignore[union-attr]


def test_one_office_under_two_names_is_counted_once(kept: store.Store) -> None:
    put(kept, SHORT, LONG)
    published = kept.published()
    assert counted(kept) == 2
    report = identities.update(kept)
    assert counted(kept) == 1
    assert kept.published() == published
    assert bodies(kept) == {"body/dinas-komunikasi-dan-informatika-kota-surakarta": 2}
    assert report.persons == 0
    assert report.bodies is not None
    assert (report.bodies.persons, report.bodies.several, report.bodies.merged) == (1, 1, 1)


def test_taking_back_a_judgement_on_bodies_restores_all(kept: store.Store, tmp_path: Path) -> None:
    put(kept, SHORT, LONG, MAYOR)
    identities.update(kept)
    before = state(kept)
    keys = [f"{BASE}id/body/{slug(one.name)}" for one in (SHORT, LONG)]
    found = Judgements.load(tmp_path / "judgements.sssom.tsv", BASE)
    found.add(Judgement(keys[0], keys[1], Said.DIFFERENT, "Ratna", "2026-01-31"))
    identities.update(kept, found)
    assert counted(kept) == 2
    identities.update(kept)
    assert counted(kept) == 1
    assert state(kept) == before


def test_offices_of_one_name_of_two_regions_stay_two(kept: store.Store) -> None:
    put(kept, *(Office("Dinas Pendidikan", f"government/{code}") for code in ("33.71", "33.72", "33.71")))
    assert counted(kept) == 1  # by their ids they are one
    identities.update(kept)
    assert counted(kept) == 2
    assert bodies(kept) == {"body/dinas-pendidikan--33-71": 2, "body/dinas-pendidikan--33-72": 1}


def test_an_office_of_nobody_knows_whom_belongs_to_its_article(kept: store.Store) -> None:
    put(kept, Office("Dinas Pendidikan"), Office("Dinas Pendidikan"), Office("Dinas Pendidikan", "government/33.71"))
    identities.update(kept)
    assert sorted(bodies(kept).values()) == [1, 1, 1]
    assert "body/dinas-pendidikan--33-71" in bodies(kept)


def test_a_short_name_of_two_offices_joins_neither(kept: store.Store) -> None:
    at = "government/33.72"
    parks, food = "Dinas Kebersihan dan Pertamanan", "Dinas Ketahanan Pangan"
    put(kept, Office(parks, at, "DKP"), Office(food, at, "DKP"), Office("DKP", at))
    report = identities.update(kept)
    assert sorted(bodies(kept).values()) == [1, 1, 1]
    assert report.bodies is not None
    assert report.bodies.open == 2


def test_a_body_that_the_reference_data_knows_is_left_alone(kept: store.Store) -> None:
    put(kept, Office("Kemendagri"), Office("Kemendagri"))
    identities.update(kept)
    assert bodies(kept) == {}


# ---------------------------------------------------------------- judgements


def judged(path: Path, *every: tuple[str, str, Said]) -> Judgements:
    found = Judgements.load(path / "judgements.sssom.tsv", BASE)
    for a, b, verdict in every:
        found.add(Judgement(f"{BASE}id/person/{a}", f"{BASE}id/person/{b}", verdict, "Ratna", "2026-01-31"))
    return found


def test_what_is_judged_goes_before_what_the_names_say(kept: store.Store, tmp_path: Path) -> None:
    put(kept, MAYOR, HEAD, DIRECTOR)
    identities.update(kept)
    before = state(kept)
    two = ("budi-santoso--wali-kota-33-71", "budi-santoso--kepala-dinas-15-71")
    identities.update(kept, judged(tmp_path, (*two, Said.SAME)))
    assert sizes(kept) == {"budi-santoso": 2, "wirapati-danukusumo": 1}
    (known,) = (one for one in identities.Index(kept).persons() if one.name == "Budi Santoso")
    assert known.merges[0].reasons == ("judged the same by Ratna 2026-01-31",)
    identities.update(kept)
    assert state(kept) == before


def test_judged_different_holds_through_a_third(kept: store.Store, tmp_path: Path) -> None:
    a, b, c = (Told(name, "bupati", "33.18") for name in ("Soetrisno Hadi", "Sutrisno Hadi", "Sutrisno H."))
    put(kept, a, b, c)
    identities.update(kept, judged(tmp_path, ("soetrisno-hadi", "sutrisno-hadi", Said.DIFFERENT)))
    assert len(sizes(kept)) >= 2
    assert not any({article(0).key, article(1).key} <= articles for articles in persons(kept).values())


def test_same_of_an_id_that_has_become_unclear_is_not_obeyed(kept: store.Store, tmp_path: Path) -> None:
    put(kept, MAYOR, HEAD, DIRECTOR)
    found = judged(tmp_path, ("budi-santoso", "wirapati-danukusumo", Said.SAME))
    identities.update(kept, found)
    assert len(sizes(kept)) == 3
    index = identities.Index(kept, found)
    (line,) = index.rulings.not_obeyed(index)
    assert "several persons now" in line


# ---------------------------------------------------------------- any order


@pytest.fixture
def batch() -> Iterator[None]:
    """Puts the size of batches back."""
    before = identities.BATCH
    yield
    identities.BATCH = before


OFFICES = [
    SHORT,
    LONG,
    Office("Dinas Komunikasi dan Informatika"),
    Office("Dinas Komunikasi dan Informatika", "government/33.71"),
    Office("Dinas Komunikasi, Informatika dan Statistik", "government/33.72", "Diskominfostandi"),
    Office("Diskominfostandi", "government/33.72", date="2021-03-04"),
    Office("PT Samudra Karsa Niaga (Persero)"),
    Office("Samudra Karsa Niaga"),
]
POOL: list[Told | Office] = [
    Told(name, role, where, date, appointment)
    for name in (
        "Budi Santoso",
        "B. Santoso",
        "Soetrisno Hadi",
        "Sutrisno Hadi",
        "Wirapati Danukusumo",
        "W. Danukusumo",
    )
    for role, where in (("", ""), ("bupati", "33.18"), ("wali-kota", "33.71"))
    for date, appointment in (("2021-03-04", "definitive"), ("2024-05-02", "acting"))
]
POOL += OFFICES * 3  # as often as persons
STEPS = st.lists(st.tuples(st.integers(0, 5), st.none() | st.lists(st.sampled_from(POOL), max_size=3)), max_size=9)


@pytest.mark.usefixtures("batch")
@given(STEPS, st.integers(1, 4), st.booleans())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_article_by_article_is_the_same_as_afresh(
    empty: Path,
    tmp_path_factory: pytest.TempPathFactory,
    steps: list[tuple[int, list[Told | Office] | None]],
    every: int,
    one_index: bool,
) -> None:
    folder = tmp_path_factory.mktemp("order")
    identities.BATCH = every  # as if many articles came at once
    shutil.copytree(empty, folder / "kg-store")
    with store.open_store(folder / "kg-store") as kept:
        present, index = set(), identities.Index(kept)
        for at, (number, told) in enumerate(steps):
            one = article(number)
            if told is not None:
                kept.put(one, quads(one, told))
                present.add(number)
            elif number in present:
                kept.remove(one.key)
                present.discard(number)
            if at % every == 0:  # one that has followed some articles copies the graph, and looks things up there
                (index if one_index else identities.Index(kept)).update()
        (index if one_index else identities.Index(kept)).update()
        found = state(kept)
        identities.Index(kept).rebuild()
        assert state(kept) == found
        assert from_tables(kept, sorted(present)) == resolved.aliases(kept.dataset)


def from_tables(kept: store.Store, present: Iterable[int]) -> resolved.Aliases:
    """What is to be read otherwise than it is written, found without the index."""
    said = {
        IDS.article(article(number)): identities.read(kept.dataset, IDS.article(article(number)), BASE)
        for number in present
    }
    with Gathered(BASE, Rulings(None, BASE)) as gathered:
        for each in said.values():
            gathered.add(each)
        meant = gathered.resolve(gathered.pairs())
        found = {node.value: gathered.aliases(each, meant) for node, each in said.items()}
    return {node: table for node, table in found.items() if table}
