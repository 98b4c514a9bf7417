"""Scores: the same as those of the shared scorer, and right on small cases made by hand."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from kg import evaluate, pipeline, rules
from kg.article import read_article
from kg.errors import DataError, InputError
from kg.evaluate import closest, gold, match, misses, report, spans
from kg.evaluate.match import Count, pair, same
from kg.extract import extract
from kg.model import Article, Entity

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared" / "eval"
EXAMPLE = ROOT / "data" / "evaluation" / "example"
needs_shared = pytest.mark.skipif(
    not (SHARED / "score.py").is_file(), reason="the shared scorer and its articles lie beside the checkout only"
)


@pytest.fixture(scope="module")
def dev() -> evaluate.Evaluation:
    return evaluate.evaluate([SHARED / "dev"])


@needs_shared
def test_figures_are_those_of_the_shared_scorer(dev: evaluate.Evaluation, tmp_path: Path) -> None:
    lines = [
        json.dumps({**fact, "article": scored.gold.id})
        for scored in dev.articles
        for fact in evaluate.facts_of(scored.reading, scored.gold.id)
    ]
    (tmp_path / "facts.jsonl").write_text("\n".join(lines), "utf-8")
    command = [sys.executable, SHARED / "score.py", SHARED / "dev", tmp_path / "facts.jsonl", "--json"]
    theirs = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    ours = report.as_json(dev)
    assert {key: ours[key] for key in theirs} == theirs


def test_the_table_of_relations_is_that_of_the_reference_page() -> None:
    page = (ROOT / "docs" / "reference" / "facts.md").read_text("utf-8")
    rows = re.findall(r"^\| `(\w+)` \| ([^|]+) \|", page, re.MULTILINE)
    rules = match.table()
    ours = {name: [*rules.needed[name], *(f"{a}?" for a in rules.optional[name])] for name in rules.relations}
    assert ours == {name: re.findall(r"`([\w?]+)`", arguments) for name, arguments in rows}


@pytest.mark.parametrize(
    ("argument", "ours", "theirs", "agree"),
    [
        ("person", "Rina Kusuma", ["rina  KUSUMA"], True),
        ("person", "Rina Kusuma", "Rina", False),
        ("person", ["Rina Kusuma", "Rina"], "Rina", True),
        ("agreement", "Nota Kesepahaman", "Nota Kesepahaman Kota Kembar", True),
        ("agreement", "Nota Kesepahaman", "Perjanjian Kesepahaman Kota Kembar Baru", False),
        ("award", "Adipura Kencana", "Adipura Kencana 2024", True),
        ("programme", "Jaga Sungai Kita", "Jaga Sungai", True),
        ("subject", "pengelolaan sampah kota", "pengelolaan sampah dan air", True),
        ("role", "vice chair", "chair", False),
        ("role", "vice chair", "Vice Chair", True),
        ("term", "2025/2026", "2025/2026", True),
        ("term", "2025/2026", "2025", False),
        ("starts", "Kota tidak perlu kaya untuk", "Kota tidak perlu", True),
        ("number", 12, "12", True),
        ("number", 12, 13, False),
        ("amount", 6.5e9, 6500000000, True),
        ("number", 12, "dua belas", False),
    ],
)
def test_what_agrees(argument: str, ours: object, theirs: object, agree: bool) -> None:
    assert same(argument, ours, theirs) is agree


def test_pairing_is_the_largest_and_a_repetition_is_neither_right_nor_wrong() -> None:
    labelled = [
        {"rel": "edition", "meeting": ["Rapat A", "Rapat B"], "number": 1},
        {"rel": "edition", "meeting": "Rapat A", "number": 1},
        {"rel": "edition", "meeting": "Rapat C", "number": 1},
    ]
    found = [
        {"rel": "edition", "meeting": "Rapat A", "number": 1},
        {"rel": "edition", "meeting": "Rapat B", "number": 1},
        {"rel": "edition", "meeting": "Rapat B", "number": 1},
        {"rel": "edition", "meeting": "Rapat D", "number": 1},
    ]
    pairing = pair(labelled, found)
    assert pairing.count == Count(right=2, missed=1, wrong=1)
    assert pairing.missed == (2,)
    assert pairing.wrong == (3,)


def test_an_optional_argument_counts_only_where_the_gold_has_it() -> None:
    held = {"rel": "holds_post", "person": "A", "post": "Bupati Contoh"}
    more = {**held, "organisation": "Kabupaten Contoh"}
    assert pair([held], [more]).count == Count(right=1)
    assert pair([more], [held]).count == Count(missed=1, wrong=1)


def test_shares_of_nothing() -> None:
    assert (Count().precision, Count().recall, Count().f1) == (1, 1, 1)
    assert Count(wrong=1).f1 == 0


def put(folder: Path, name: str, **content: object) -> None:
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.json").write_text(json.dumps(content), "utf-8")


OLD = {"rel": "edition", "meeting": "Rapat A", "number": 1}
NEW = {"rel": "member_count", "network": "Jejaring A", "number": 4}


def test_folders_add_up_and_only_labelled_relations_are_scored(tmp_path: Path) -> None:
    put(tmp_path / "old", "a", id="a", facts=[OLD])
    put(tmp_path / "old", "b", id="b", facts=[])
    put(tmp_path / "new", "a", id="a", facts=[NEW])
    for name in "ab":
        (tmp_path / "old" / f"{name}.txt").write_text("Rapat A.", "utf-8")
    old, both = gold.read([tmp_path / "old"]), gold.read([tmp_path / "old", tmp_path / "new"])
    assert "edition" in old[1].relations
    assert "member_count" not in old[0].relations
    assert both[0].facts == (OLD, NEW)
    assert {"edition", "member_count"} <= both[0].relations
    assert "member_count" not in both[1].relations


def test_a_file_may_name_its_relations(tmp_path: Path) -> None:
    put(tmp_path / "gold", "a", id="a", facts=[OLD], relations=["edition", "founded"])
    (tmp_path / "gold" / "a.txt").write_text("Rapat A.", "utf-8")
    assert gold.read([tmp_path / "gold"])[0].relations == {"edition", "founded"}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({"facts": [{"rel": "edtion"}]}, "a.json: fact 1: relation 'edtion' is none of"),
        ({"facts": [{"rel": "edition", "meeting": "x"}]}, "fact 1: edition needs 'number'"),
        ({"facts": [{**OLD, "nomor": 1}]}, "edition has no argument 'nomor'; it has meeting, number"),
        ({"facts": [OLD], "relations": ["founded"]}, "isn't among the file's own"),
        ({"facts": [], "relations": ["found"]}, "relation 'found' is none of"),
        ({"fact": []}, 'expected an object with "facts" or "links"'),
        ({"facts": [], "fcts": []}, "unknown key 'fcts'"),
        ({"links": [{"name": "A", "id": None}]}, "say why"),
        ({"links": [{"name": "A"}]}, 'link 1: expected "name" and "id"'),
    ],
)
def test_a_mistake_in_a_gold_file_is_one_line(tmp_path: Path, content: dict[str, object], message: str) -> None:
    put(tmp_path / "gold", "a", **content)
    with pytest.raises(DataError, match=re.escape(message)) as caught:
        gold.read([tmp_path / "gold"])
    assert "\n" not in str(caught.value)


def test_what_is_missing_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such folder"):
        gold.read([tmp_path / "none"])
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="no gold files"):
        gold.read([tmp_path / "empty"])
    put(tmp_path / "gold", "a", id="a", facts=[OLD])
    with pytest.raises(InputError, match=r"no a\.txt"):
        gold.read([tmp_path / "gold"])


def test_spans_must_lie_in_the_text_and_hold_the_names() -> None:
    text = "Rapat A digelar di Kota B."
    good = {"rel": "held_in", "meeting": ["Rapat A"], "place": ["B", "Kota X"], "evidence": [{"start": 0, "end": 25}]}
    beyond = {**good, "evidence": [{"start": 0, "end": 99}]}
    elsewhere = {**good, "evidence": [{"start": 8, "end": 15}]}
    figures = spans.score([good, beyond, elsewhere, {**good, "evidence": []}], text)
    assert (figures.facts, figures.valid) == (4, 2)
    assert (figures.arguments, figures.literal) == (8, 4)


def test_the_example_of_the_guide_is_scored_for_every_relation() -> None:
    found = evaluate.evaluate([EXAMPLE], ROOT / "data" / "articles")
    assert found.articles[0].gold.relations == set(match.table().relations)
    assert found.total.f1 > 0.9
    assert found.spans.with_evidence == 1
    assert found.conformance > 0.9
    assert found.articles_per_second > 0
    assert report.as_table(found).startswith("relation")


RULE = """
[[rule]]
id = "held.own"
rel = "held_in"
when = '{event} (?:digelar|diadakan) di {place}'
unless = 'batal'
scope = "text"
"""


def near(tmp_path: Path, text: str, *names: str) -> closest.Near | None:
    (tmp_path / "own.toml").write_text(RULE, "utf-8")
    sentences = extract(Article(text)).sentences
    places = [(text.index(name), text.index(name) + len(name)) for name in names]
    return closest.closest(rules.build([tmp_path / "own.toml"]).rules, sentences, places)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (
            "Rapat Koordinasi Sungai digelar meriah di Kota Bogor.",
            'behind "{event} digelar" it expects `di {place}`, the sentence goes on "meriah di {place}."',
        ),
        (
            "Rapat Koordinasi Sungai digelar di aula.",
            'behind "{event} digelar di" it expects `{place}`, the sentence goes on "aula."',
        ),
        ("Kemarin semuanya digelar di Kota Bogor.", 'before "digelar di {place}." it expects `{event}`, there stands'),
        ("Rapat Koordinasi Sungai batal digelar di Kota Bogor.", 'there stands "{event} batal"'),
        ("Batal, Rapat Koordinasi Sungai digelar di Kota Bogor.", 'its `unless` finds "batal"'),
        ("Rapat Koordinasi Sungai digelar di Kota Bogor.", "it matches and fires"),
    ],
)
def test_the_closest_rule_says_where_it_broke(tmp_path: Path, text: str, why: str) -> None:
    found = near(tmp_path, text)
    assert found is not None
    assert found.rule == "held.own"
    assert why in found.why


def test_a_rule_that_matches_next_to_nothing_is_not_close(tmp_path: Path) -> None:
    assert near(tmp_path, "Harga cabai naik lagi di pasar.") is None


def test_a_pattern_falls_into_words_mentions_and_groups() -> None:
    parts = closest.elements(r"{who:actor+}{adv} (?:a|b (?:c))?\b[.,]? di..{event}")
    assert parts == ("{who:actor+}", "{adv}", " ", "(?:a|b (?:c))?", r"\b", "[.,]?", " ", "di", ".", ".", "{event}")
    assert closest.alternatives("a(?:b|c)|d[|]|e") == ("a(?:b|c)", "d[|]", "e")


def reasons(tmp_path: Path, text: str, *facts: dict[str, object]) -> list[misses.Miss]:
    put(tmp_path / "gold", "a", id="a", facts=list(facts))
    (tmp_path / "gold" / "a.txt").write_text(text, "utf-8")
    return list(misses.misses(evaluate.evaluate([tmp_path / "gold"])))


MEETING = "Rapat Koordinasi Sungai"
STORY = f"{MEETING} digelar di Kota Bogor, 3 Maret 2025. Rina menyebut warung soto baru itu ramai sekali sejak pagi."


def test_a_name_that_was_not_read_is_said_with_its_place(tmp_path: Path) -> None:
    found = reasons(tmp_path, STORY, {"rel": "located_in", "place": "warung soto", "within": "Kabupaten Antah"})
    why = next(miss.why for miss in found if miss.kind == "missed")
    assert why[0].startswith('place "warung soto": not read as a name; printed at')
    assert why[1] == 'within "Kabupaten Antah": the text doesn\'t print it so, and no mention has that name'


def test_a_fact_that_differs_in_one_argument_is_named(tmp_path: Path) -> None:
    found = reasons(tmp_path, STORY, {"rel": "held_in", "meeting": MEETING, "place": "Kota Depok"})
    assert [(miss.kind, miss.why[0][:27]) for miss in found if miss.fact["rel"] == "held_in"] == [
        ("missed", "found with other arguments:"),
        ("wrong", "by held.place (40-meetings."),
    ]
    assert "place should be 'Kota Depok', is 'Kota Bogor'" in misses.as_text(found)


def test_a_refused_claim_is_said_with_its_shape(tmp_path: Path) -> None:
    article = read_article(ROOT / "data" / "articles" / "kontradiksi.txt")
    refused = next(r.claim for r in pipeline.read(article).refused if r.claim.relation == "held_on")
    meeting, day = refused["meeting"].value, refused["date"].value
    assert isinstance(meeting, Entity)
    found = reasons(tmp_path, article.text, {"rel": "held_on", "meeting": meeting.label.text, "date": str(day)})
    assert found[0].why[0].startswith(f"found by {refused.rule}, but refused by the shape ")
    assert json.loads(json.dumps(misses.as_json(found)))[0]["kind"] == "missed"


@needs_shared
def test_every_miss_has_a_reason(dev: evaluate.Evaluation) -> None:
    found = list(misses.misses(dev))
    assert len(found) == dev.total.missed + dev.total.wrong
    assert all(miss.why for miss in found)
