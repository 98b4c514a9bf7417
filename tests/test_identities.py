"""Who is who across the articles of a store: merged and kept apart with reasons, in any order, reversible."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad

from kg import query, store
from kg import vocabulary as v
from kg.link import identities, resolved
from kg.link.judgements import Judgement, Judgements
from kg.link.judgements import Verdict as Said
from kg.model import Article
from kg.names import slug
from kg.rdf import Ids

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


MAYOR = Told("Budi Santoso", "wali-kota", "33.71")
HEAD = Told("Budi Santoso", "kepala-dinas", "15.71")
DIRECTOR = Told("Wirapati Danukusumo", "direktur-jenderal", "ID")


def article(number: int) -> Article:
    return Article(f"Berita nomor {number}.", source="-", title=f"Berita {number}")


def quads(one: Article, told: Iterable[Told]) -> list[Quad]:
    graph = IDS.article(one)
    found = [(graph, v.TYPE, v.NEWS_ARTICLE)]
    triples: list[tuple[NamedNode, NamedNode, NamedNode | Literal]] = list(found)
    for each in told:
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
    with store.open_store(empty) as original:
        original.snapshot(tmp_path / "kg-store")
    with store.open_store(tmp_path / "kg-store") as opened:
        yield opened


def put(kept: store.Store, *every: Told) -> None:
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
    graph = IDS.node(store.IDENTITIES)
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
    rows = query.run(kept.dataset, asked)
    assert isinstance(rows, query.Rows)
    assert len(rows.rows) == 1
    assert str(rows.rows[0][1]).startswith(f"<{rows.rows[0][0].value}".replace("/person/", "/tenure/"))  # type: ignore[union-attr]


def test_two_of_one_name_are_two_in_queries(kept: store.Store) -> None:
    put(kept, MAYOR, HEAD)
    identities.update(kept)
    asked = query.own("SELECT ?p WHERE { ?p a kg:Official ; skos:prefLabel 'Budi Santoso'@id }", "test")
    rows = query.run(kept.dataset, asked)
    assert isinstance(rows, query.Rows)
    assert len(rows.rows) == 2


def test_without_merges_nothing_is_copied(kept: store.Store) -> None:
    put(kept, MAYOR, DIRECTOR)
    identities.update(kept)
    assert resolved.resolved(kept.dataset) is kept.dataset


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


POOL = [
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
STEPS = st.lists(st.tuples(st.integers(0, 5), st.none() | st.lists(st.sampled_from(POOL), max_size=3)), max_size=9)


@pytest.mark.usefixtures("batch")
@given(STEPS, st.integers(1, 4))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_article_by_article_is_the_same_as_afresh(
    empty: Path, tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[int, list[Told] | None]], every: int
) -> None:
    folder = tmp_path_factory.mktemp("order")
    identities.BATCH = every  # as if many articles came at once
    with store.open_store(empty) as original:
        original.snapshot(folder / "kg-store")
    with store.open_store(folder / "kg-store") as kept:
        present = set()
        for at, (number, told) in enumerate(steps):
            one = article(number)
            if told is not None:
                kept.put(one, quads(one, told))
                present.add(number)
            elif number in present:
                kept.remove(one.key)
                present.discard(number)
            if at % every == 0:
                identities.update(kept)
        identities.update(kept)
        found = state(kept)
        identities.Index(kept).rebuild()
        assert state(kept) == found
