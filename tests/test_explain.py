"""What is shown to whoever writes rules: typed sentences, links with reasons, rules, and the fate of every claim."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from kg import explain, pipeline
from kg.article import read_article
from kg.errors import NothingFound
from kg.extract import extract
from kg.links import NAMING, links
from kg.model import Article

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = sorted((ROOT / "data" / "articles").glob("*.txt"))
TEXT = (
    "Rapat Koordinasi Sungai dihadiri Bupati Sleman, Rina Kusuma. "
    "Ia berkata rapat itu digelar di Kota Bogor, 3 Maret 2025."
)


@pytest.fixture(scope="module")
def views() -> list[explain.Explained]:
    return explain.explain(Article(TEXT))


def test_a_sentence_is_shown_for_people_and_as_a_pattern_is_written(views: list[explain.Explained]) -> None:
    assert views[0].typed == "[event Rapat Koordinasi Sungai] dihadiri [person Bupati Sleman, Rina Kusuma]."
    assert views[0].mask == "{event} dihadiri {person}."


def test_each_name_has_an_id_or_a_reason(views: list[explain.Explained]) -> None:
    named = {(each.name, each.type): each for each in views[0].mentions}
    assert named["Sleman", "place"].id == "place/34.04"
    assert named["Rina Kusuma", "person"].id is None
    assert "no persons" in named["Rina Kusuma", "person"].why
    assert "refers back to Rina Kusuma" in views[1].mentions[0].why
    assert "means Rapat Koordinasi Sungai" in views[1].mentions[1].why


def test_rules_come_with_trigger_roles_and_claims(views: list[explain.Explained]) -> None:
    fired = {rule.rule: rule for rule in views[0].rules}
    assert fired["post.before-person"].roles == {"post": "Bupati Sleman", "person": "Rina Kusuma"}
    assert fired["post.before-person"].claims[0].arguments["organisation"] == "Pemerintah Kabupaten Sleman"
    assert fired["post.before-person"].file == "20-phrases.toml"
    assert "post.before-person" in [phrase.rule for phrase in views[0].phrases]


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_every_claim_is_shown_once_with_its_fate(path: Path) -> None:
    article = read_article(path)
    reading = pipeline.read(article)
    shown = Counter(claim.fate for view in explain.explain(article) for rule in view.rules for claim in rule.claims)
    assert shown["let in"] == len(reading.admitted)
    assert shown["quarantine"] == len(reading.refused)
    assert shown["merged"] == reading.merged


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_every_naming_mention_is_linked_once(path: Path) -> None:
    article = read_article(path)
    found = extract(article)
    linked = links(found.sentences, found.entities, found.meetings)
    assert all(link.why and article.text[link.start : link.end] for link in linked)
    starts = {link.start for link in linked}
    assert all(
        mention.core.name[0] in starts
        for sentence in found.sentences
        for mention in found.entities.nested(sentence)
        if mention.core.type in NAMING
    )


def test_one_sentence_is_chosen_by_its_number(views: list[explain.Explained]) -> None:
    assert explain.only(views, 2) == [views[1]]
    with pytest.raises(NothingFound, match="no sentence 9: the article has 1 to 2"):
        explain.only(views, 9)


def test_json_holds_what_the_text_shows(views: list[explain.Explained]) -> None:
    assert json.loads(explain.as_json(views))[0]["mask"] == "{event} dihadiri {person}."
    assert "for rules: {event} dihadiri {person}." in explain.as_text(views)


def test_quarantine_is_shown_with_its_message() -> None:
    text = explain.as_text(explain.explain(read_article(ROOT / "data" / "articles" / "kontradiksi.txt")))
    assert "!> " in text
    assert "(quarantine: " in text
