"""The view: what is asked is what the articles mean, each triple once, whatever was put, removed, merged or stopped."""

from __future__ import annotations

import shutil
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from kg import store, view
from kg import vocabulary as v
from kg.link import identities
from kg.store import background
from kg.store.folder import changed
from kg.view import keeping
from test_identities import DIRECTOR, IDS, LONG, MAYOR, STEPS, Office, Told, article, quads


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("stores") / "empty"
    with keeping.writing(path, create=True):
        pass
    return path


@pytest.fixture
def path(empty: Path, tmp_path: Path) -> Path:
    shutil.copytree(empty, tmp_path / "kg-store")
    return tmp_path / "kg-store"


def put(kept: store.Store, number: int, *told: Told | Office) -> None:
    one = article(number)
    kept.put(one, quads(one, told))


def shown(path: Path) -> set[Quad]:
    """What a reader finds."""
    return set(keeping.opened(path))


def fresh(kept: store.Store) -> set[Quad]:
    return set(view.of(kept.dataset))


def names(graph: ox.Store, person: str) -> list[str]:
    found = graph.quads_for_pattern(IDS.node(person), v.PREF_LABEL, None, DefaultGraph())
    return [quad.object.value for quad in found if isinstance(quad.object, Literal)]


def test_a_fact_of_two_articles_stands_once_and_goes_with_the_last(path: Path) -> None:
    with keeping.writing(path) as kept:
        put(kept, 1, DIRECTOR)
        put(kept, 2, DIRECTOR)
        identities.update(kept)
    assert names(keeping.opened(path), "person/wirapati-danukusumo") == ["Wirapati Danukusumo"]
    with keeping.writing(path) as kept:
        kept.remove(article(1).key)
    assert names(keeping.opened(path), "person/wirapati-danukusumo") == ["Wirapati Danukusumo"]
    with keeping.writing(path) as kept:
        kept.remove(article(2).key)
    assert names(keeping.opened(path), "person/wirapati-danukusumo") == []


def test_articles_that_mean_one_person_have_one_id_and_get_their_own_back(path: Path) -> None:
    long, short = Told("Soetrisno Hadi", "bupati", "33.18"), Told("Sutrisno Hadi", "bupati", "33.18")
    with keeping.writing(path) as kept:
        put(kept, 1, long)
        identities.update(kept)
    before = shown(path)
    with keeping.writing(path) as kept:
        put(kept, 2, short)
        identities.update(kept)
    rows = keeping.opened(path).query("SELECT DISTINCT ?o { ?o a kg:Official }", prefixes=v.PREFIXES)
    assert len(list(rows)) == 1  # type: ignore[arg-type]
    with keeping.writing(path) as kept:
        kept.remove(article(2).key)
        identities.update(kept)
    assert shown(path) == before


def test_nobody_sees_what_the_store_notes_nor_the_texts(path: Path) -> None:
    with keeping.writing(path) as kept:
        put(kept, 1, MAYOR, LONG)
        identities.update(kept)
    found = keeping.opened(path)
    assert not any(view.is_private(graph) for graph in found.named_graphs())
    assert not any(found.quads_for_pattern(None, v.IS_STRING, None, None))


def test_what_a_stopped_command_left_is_made_up_for_by_the_next_reader(path: Path) -> None:
    with store.open_store(path) as kept:
        put(kept, 1, MAYOR)  # and no more
    assert changed(path) == [IDS.article(article(1))]
    found = keeping.opened(path)
    assert names(found, "person/budi-santoso") == ["Budi Santoso"]
    assert changed(path) == []


def test_who_reads_while_another_writes_sees_the_state_before(path: Path) -> None:
    with store.open_store(path) as kept:
        put(kept, 1, MAYOR)
        assert names(keeping.opened(path), "person/budi-santoso") == []
        keeping.keep_up(kept)
        assert names(keeping.opened(path), "person/budi-santoso") == ["Budi Santoso"]


@pytest.mark.parametrize("damage", ["no view", "no state", "another layout", "half made"])
def test_a_view_that_is_not_there_is_made_anew(path: Path, damage: str) -> None:
    with keeping.writing(path) as kept:
        put(kept, 1, MAYOR)
        whole = fresh(kept)
    state = path / "view" / "state.json"
    match damage:
        case "no view":
            shutil.rmtree(path / "view")
        case "no state":
            state.unlink()
        case "another layout":
            state.write_text('{"layout": 0, "folder": "1"}')
        case _:
            (path / "view" / "7").mkdir()
            (path / "view" / "7" / "CURRENT").write_text("torn")
    assert shown(path) == whole


def test_a_line_that_was_cut_off_changes_nothing(path: Path) -> None:
    (path / "changed.txt").write_text("https://w3id.org/jejaring/id/arti", "utf-8")
    assert changed(path) == []
    with keeping.writing(path) as kept:
        put(kept, 1, MAYOR)
    assert names(keeping.opened(path), "person/budi-santoso") == ["Budi Santoso"]


def test_many_articles_at_once_are_taken_over_like_few(path: Path) -> None:
    with keeping.writing(path) as kept:
        for number in range(60):
            put(kept, number, MAYOR, DIRECTOR)
    with keeping.writing(path) as kept:
        kept.remove(article(7).key)
        put(kept, 61, LONG)
    with store.open_store(path, read_only=True) as kept:
        assert shown(path) == fresh(kept)


def test_links_and_datasets_are_shown_and_taken_back(path: Path) -> None:
    graph = NamedNode(f"{v.DEFAULT_BASE}id/dataset/penduduk")
    link = Quad(IDS.node("place/33.71"), v.SAME_AS, NamedNode("https://lain.example/1"), IDS.node("links/uji/a"))
    row = Quad(IDS.node("place/33.71"), v.RELATION, Literal("uji"), graph)
    with keeping.writing(path) as kept:
        kept.put_links("uji", [link])
        kept.put_dataset(graph, [row], "penduduk.csv")
    found = shown(path)
    assert {link, row, Quad(*link.triple, DefaultGraph())} <= found
    with keeping.writing(path) as kept:
        kept.put_links("uji", [])
        kept.remove("dataset/penduduk")
    assert not {link, row, Quad(*link.triple, DefaultGraph())} & shown(path)


@pytest.fixture
def shared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store without reference data, which take their time to compare."""
    monkeypatch.setattr(background, "of", lambda _: {})
    with keeping.writing(tmp_path / "shared", create=True):
        pass
    return tmp_path / "shared"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS, st.sets(st.integers(0, 12)), st.sets(st.integers(0, 12)))
def test_step_by_step_is_the_same_as_afresh(
    shared: Path, steps: list[tuple[int, list[Told | Office] | None]], resolved: set[int], kept_up: set[int]
) -> None:
    """Whatever was looked at when: articles whose persons were not, or a view that was kept up in between."""
    with store.open_store(shared) as kept:
        for each in kept.articles():
            kept.remove(each.key)
        for at, (number, told) in enumerate(steps):
            if told is not None:
                put(kept, number, *told)
            elif article(number).key in {each.key for each in kept.articles()}:
                kept.remove(article(number).key)
            if at in resolved:
                identities.update(kept)
            if at in kept_up:
                keeping.keep_up(kept)
                assert shown(shared) == fresh(kept)
        identities.update(kept)
        keeping.keep_up(kept)
        assert shown(shared) == fresh(kept)
