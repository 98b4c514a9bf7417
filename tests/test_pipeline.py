"""The whole flow: no claim is lost, nothing lacks its words, the same text gives the same graph."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, Store

from kg import check, export, pipeline, store
from kg import vocabulary as v
from kg.article import read_article, read_sources
from kg.facts import facts
from kg.model import Article
from kg.store.evidence import wrong_evidence

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = sorted((ROOT / "data" / "articles").glob("*.txt"))
GOLDEN = Path(__file__).parent / "data" / "golden"


def quads_of(path: Path) -> list[Quad]:
    return pipeline.read(read_article(path)).quads


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_read_is_let_in_and_quarantined_and_merged(path: Path) -> None:
    reading = pipeline.read(read_article(path))
    assert reading.read == len(reading.admitted) + len(reading.refused) + reading.merged
    assert reading.admitted


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_the_graph_of_a_sample_is_the_golden_one(path: Path) -> None:
    """To accept a change: kg build data/articles/NAME.txt -o tests/data/golden/NAME.ttl, and read the diff."""
    written = export.write(quads_of(path), "turtle").decode()
    assert written == (GOLDEN / f"{path.stem}.ttl").read_text("utf-8")


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_what_is_let_in_conforms_and_its_words_stand_in_the_text(path: Path) -> None:
    graph = Store()
    graph.extend(quads_of(path))
    assert [finding for finding in check.validate(graph) if finding.is_violation] == []
    assert wrong_evidence(graph) == []
    text = read_article(path).text
    for quad in graph.quads_for_pattern(None, v.ANCHOR_OF, None, None):
        start, end = (int(part) for part in str(quad.subject.value).partition("#char=")[2].split(","))
        assert text[start:end] == quad.object.value


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_every_stated_triple_has_a_claim(path: Path) -> None:
    """But for names, classes and what the article's own record says, nothing stands in the facts without a claim."""
    graph = Store()
    graph.extend(quads_of(path))
    about = {quad.object for quad in graph.quads_for_pattern(None, v.ABOUT, None, None)}
    claimed = set()
    for quad in graph.quads_for_pattern(None, v.SUBJECT, None, None):
        [predicate] = graph.quads_for_pattern(quad.subject, v.PREDICATE, None, None)
        for value in graph.quads_for_pattern(quad.subject, v.OBJECT, None, None):
            claimed.add((quad.object, predicate.object, value.object))
    events = {v.START_DATE, v.END_DATE, v.LOCATION, v.EDITION_NUMBER, v.ORGANIZER, v.ATTENDEE, v.CONTAINED_IN_PLACE}
    loose = [
        quad.triple
        for quad in graph
        if quad.predicate in events
        and quad.subject not in about
        and (quad.subject, quad.predicate, quad.object) not in claimed
    ]
    assert loose == []


def test_the_contradictory_sample_fills_the_quarantine() -> None:
    refused = pipeline.read(read_article(ROOT / "data" / "articles" / "kontradiksi.txt")).refused
    shapes = {refusal.shape.rpartition("#")[2] for refusal in refused}
    assert {"MeetingStart", "MeetingOrder", "FundingAmount", "MembershipOneStatus"} <= shapes
    assert all({label.language for label in refusal.messages} == {"id", "en"} for refusal in refused)


def test_reading_twice_changes_nothing_and_order_does_not_matter(tmp_path: Path) -> None:
    articles = [item for item in read_sources([str(ROOT / "data" / "articles")]) if isinstance(item, Article)]
    first, second = tmp_path / "first", tmp_path / "second"
    for place, order in ((first, articles), (second, [*articles[::-1], articles[0]])):
        with store.open_store(place, create=True) as kept:
            for article in order:
                kept.put(article, pipeline.read(article).quads)
    with store.open_store(first) as one, store.open_store(second) as other:
        assert export.write(one.published(), "nquads") == export.write(other.published(), "nquads")


def test_the_same_bytes_for_every_hash_seed() -> None:
    code = (
        "import sys; from kg import export, pipeline; from kg.article import read_article;"
        "sys.stdout.buffer.write(export.write(pipeline.read(read_article(sys.argv[1])).quads, 'turtle'))"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code, str(SAMPLES[0])],
            check=True,
            capture_output=True,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT / "src"), "PATH": ""},
        ).stdout
        for seed in ("0", "1", "4242")
    }
    assert len(outputs) == 1


def test_facts_come_from_the_graph_alone() -> None:
    graph = Store()
    graph.extend(quads_of(SAMPLES[0]))
    before = list(facts(graph))
    graph.remove(next(graph.quads_for_pattern(None, v.TYPE, NamedNode(v.ONTOLOGY_BASE + "Claim"), None)))
    assert len(list(facts(graph))) == len(before) - 1
