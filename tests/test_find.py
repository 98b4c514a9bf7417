"""Looking a name up gives what reading all names gives."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox

from kg import find, view
from kg.article import read_article
from kg.pipeline import read

ARTICLES = sorted((Path(__file__).resolve().parents[1] / "data" / "articles").glob("*.txt"))


def test_a_name_that_is_looked_up_is_the_one_that_is_found() -> None:
    dataset = ox.Store()
    for path in ARTICLES:
        dataset.extend(read(read_article(path)).quads)
    graph = view.of(dataset)
    known = find.things(graph)
    names = {name for thing in known for name in (*thing.names, thing.key, f"id/{thing.key}", thing.node.value)}
    assert len(names) > 400
    for name in sorted(names):
        expected = sorted(find.find(known, name), key=lambda found: found.thing.node.value)
        assert sorted(find.looked_up(graph, name), key=lambda found: found.thing.node.value) == expected, name


def test_another_spelling_is_left_to_reading_all_names() -> None:
    dataset = ox.Store()
    dataset.extend(read(read_article(ARTICLES[0])).quads)
    graph = view.of(dataset)
    name = find.things(graph)[-1].name
    assert find.looked_up(graph, name)
    for other in (name.upper() + " ", name[:-1] + "!", "", "a b", "<>", "<no iri>", "id/", "https://w3id.org/nothing"):
        assert find.looked_up(graph, other) == [], other
