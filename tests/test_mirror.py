"""A graph in a file beside its store: asked the same, it answers the same."""

from __future__ import annotations

import tempfile
from itertools import product
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad

from kg.errors import StoreError
from kg.link.mirror import Mirror

GRAPH = NamedNode("https://contoh.id/id/identities")
NODES = [NamedNode(f"{GRAPH.value}/{name}") for name in "abc"]
TERMS = [NamedNode(f"urn:contoh:{name}") for name in ("in", "name")]
VALUES = [*NODES[:2], Literal(NODES[0].value), Literal(""), Literal('"<x> \n é')]
ROWS = st.lists(
    st.builds(Quad, st.sampled_from(NODES), st.sampled_from(TERMS), st.sampled_from(VALUES), st.just(GRAPH)), max_size=9
)


@given(ROWS, st.lists(st.tuples(ROWS, ROWS), max_size=4))
@settings(max_examples=50, deadline=None)
def test_it_answers_as_the_store_does(first: list[Quad], changes: list[tuple[list[Quad], list[Quad]]]) -> None:
    store = ox.Store()
    store.extend(first)
    with tempfile.TemporaryDirectory() as folder:
        mirror = Mirror(GRAPH, iter(store), Path(folder) / "rows.sqlite")
        for gone, new in changes:
            for quad in gone:
                store.remove(quad)
            store.extend(new)
            mirror.change(gone, new)
        for asked in product([None, *NODES], [None, *TERMS], [None, *VALUES]):
            found = list(mirror.quads_for_pattern(*asked, GRAPH))
            assert len(found) == len(set(found))
            assert set(found) == set(store.quads_for_pattern(*asked, GRAPH))
        for term, value in product(TERMS, VALUES):
            rows = store.quads_for_pattern(None, term, value, GRAPH)
            assert sorted(mirror.subjects(term, value)) == sorted(row.subject.value for row in rows)
        for node, term in product(NODES, TERMS):
            rows = store.quads_for_pattern(node, term, None, GRAPH)
            assert sorted(mirror.texts(node, term)) == sorted(row.object.value for row in rows)
        assert not list(mirror.quads_for_pattern(None, None, None, NODES[0]))


def test_it_begins_anew_where_a_file_was_left(tmp_path: Path) -> None:
    path = tmp_path / "rows.sqlite"
    path.write_text("half of a file")
    row = Quad(NODES[0], TERMS[0], VALUES[0], GRAPH)
    assert list(Mirror(GRAPH, [row], path).quads_for_pattern(None, None, None, GRAPH)) == [row]


def test_where_it_cannot_be_written_one_line_says_so(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"rows\.sqlite: .*nothing is lost"):
        Mirror(GRAPH, [], tmp_path / "missing" / "rows.sqlite")
