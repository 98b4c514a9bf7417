"""Judgements and mapping sets: SSSOM files that survive a round trip, and what persons said of pairs."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.errors import InputError, NothingFound
from kg.link import sssom
from kg.link.judgements import Judgement, Judgements, Verdict, locate, name_id, thing_id
from kg.link.outcome import Candidate, Decision, Outcome
from kg.link.review import Review
from sssom_check import faults

SURABAYA, SEMARANG, KABUPATEN = (thing_id(f"place/{code}") for code in ("35.78", "33.74", "33.22"))
NAME = name_id("place", "semarang", "place/33")


def judgement(one: str, other: str, verdict: Verdict, **more: str) -> Judgement:
    return Judgement(one, other, verdict, **{"author": "Sari", "date": "2026-11-26", **more})


# ---- SSSOM


SET = """#curie_map:
#  a: https://a.example/
#mapping_set_id: https://a.example/set
#license: https://a.example/licence
#mapping_date: 2026-01-31
#extension_definitions:
#- slot_name: ext_height
#  property: https://a.example/height
subject_id\tpredicate_id\tobject_id\tmapping_justification\tauthor_label\tmapping_cardinality\text_height
a:1\tskos:exactMatch\ta:2\tsemapv:ManualMappingCuration\tAni\\|Budi|Citra\t1:n\t12
a:1\tskos:closeMatch\ta:3\tsemapv:LexicalMatching\tAni\\\\Budi|Citra\\\\|Dewi\\\\\\|Eka\t1:n\t
a:4\tskos:exactMatch\tsssom:NoTermFound\tsemapv:ManualMappingCuration\t\t1:0\t
"""


def test_what_is_not_known_survives_a_round_trip() -> None:
    found = sssom.parse(SET, "set")
    again = sssom.parse(sssom.dump(found), "again")
    assert again.metadata == found.metadata
    assert again.rows == found.rows
    assert set(again.columns) == set(found.columns)
    assert sssom.dump(again) == sssom.dump(found)
    assert [row.get("ext_height") for row in found.rows] == ["12", None, None]


def test_pipes_are_read_as_the_specification_says() -> None:
    """A backslash takes a pipe's or a backslash's meaning: mapping-commons.github.io/sssom/spec-formats-tsv/."""
    first, second, _ = sssom.parse(SET, "set").rows
    assert sssom.values(first["author_label"]) == ["Ani|Budi", "Citra"]
    assert sssom.values(second["author_label"]) == ["Ani\\Budi", "Citra\\", "Dewi\\|Eka"]


@pytest.mark.parametrize(
    ("slot", "value", "message"),
    [
        ("mapping_justification", "", "mapping_justification"),
        ("confidence", "high", "confidence"),
        ("mapping_cardinality", "2:3", "2:3"),
        ("predicate_modifier", "Perhaps", "Perhaps"),
    ],
)
def test_the_check_finds_faults(slot: str, value: str, message: str) -> None:
    found = sssom.parse(SET, "set")
    row = {**found.rows[0], slot: value}
    lines = faults(sssom.MappingSet(found.metadata, [{key: text for key, text in row.items() if text}]))
    assert message in "\n".join(lines)


TEXT = st.text(st.characters(blacklist_categories=["Cs", "Cc"]) | st.sampled_from("\t\n\"|\\#'"), min_size=1)
LOCAL = st.text(st.sampled_from("abcXYZ019-._~/%@()"), max_size=12)
IRI = st.builds(
    lambda begin, local: begin + local,
    st.sampled_from(["https://w3id.org/jejaring/id/", "http://www.wikidata.org/entity/", "https://a.example/b#"]),
    LOCAL,
)
ROW = st.fixed_dictionaries(
    {"subject_id": IRI, "predicate_id": IRI, "object_id": IRI, "mapping_justification": st.just(sssom.MANUAL)},
    optional={
        "subject_label": TEXT,
        "comment": TEXT,
        "ext_own": TEXT,
        "author_label": st.lists(TEXT, min_size=1).map(sssom.joined),
        "confidence": st.floats(0, 1).map(lambda number: f"{number:.3f}"),
        "mapping_date": st.dates().map(dt.date.isoformat),
    },
)
VALUE = TEXT | st.booleans() | st.integers() | st.lists(TEXT) | st.dates().map(dt.date.isoformat)


@settings(max_examples=60, deadline=None)
@given(st.lists(ROW, max_size=5), st.dictionaries(st.sampled_from(["license", "comment", "ext_x", "other"]), VALUE))
def test_whatever_stands_in_a_set_survives_a_round_trip(rows: list[sssom.Row], metadata: dict[str, Any]) -> None:
    written = sssom.dump(sssom.MappingSet(metadata, rows))
    again = sssom.parse(written, "again")
    assert again.rows == rows
    assert {key: value for key, value in again.metadata.items() if key != "curie_map"} == metadata
    assert sssom.dump(again) == written


@given(st.lists(TEXT, min_size=1))
def test_a_list_in_a_cell_is_the_same_list(texts: list[str]) -> None:
    assert sssom.values(sssom.joined(texts)) == texts


def table(subject: str, *cells: str) -> str:
    """A file with one row, on line 5."""
    head = "#curie_map:\n#  a: https://a.example/\n#license: https://a.example/l\n"
    columns = "subject_id\tpredicate_id\tobject_id\tmapping_justification\tconfidence\n"
    return head + columns + "\t".join([subject, "skos:exactMatch", *cells]) + "\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", " line 1: no table; below the header must stand the names of the columns"),
        (
            "#a: [1\nx\n",
            " line 2, column 1: not valid YAML: expected ',' or ']', but got '<stream end>'; correct the header",
        ),
        ("#just words\nx\n", " line 1: the header must be lines of 'slot: value', as in '#license: …'"),
        ("subject_id\tobject_id\n", " line 1: no column predicate_id; a SSSOM table needs it"),
        ("a\ta\n", " line 1: column a stands there twice; take one out"),
        (table("a:1", "a:2", "semapv:X", "1.5"), " line 5, column confidence: '1.5' is no number between 0 and 1"),
        (
            table("b:1", "a:2", "semapv:X"),
            " line 5, column subject_id: prefix 'b' of 'b:1' isn't declared; add it to curie_map",
        ),
        (table("one", "a:2", "semapv:X"), " line 5, column subject_id: 'one' is no CURIE; write prefix:name"),
        (table("a:1", "a:2"), " line 5, column mapping_justification: empty; every mapping needs one"),
        (table("a:1", "a:2", "semapv:X", "1", "2"), " line 5: 6 cells, but 5 columns; check its tabs"),
        (table('"a:1', "a:2"), " line 5: unexpected end of data; check its quotation marks"),
    ],
)
def test_a_broken_file_is_told_in_one_line(text: str, message: str) -> None:
    with pytest.raises(InputError) as told:
        sssom.parse(text, "f")
    assert str(told.value) == f"f{message}"


# ---- judgements


def test_a_verdict_survives_the_file_and_is_valid_sssom(tmp_path: Path) -> None:
    path = tmp_path / "judgements.sssom.tsv"
    given = [
        judgement(
            SEMARANG, KABUPATEN, Verdict.DIFFERENT, reason="a city | and a regency", object_label="Kab. Semarang"
        ),
        judgement(NAME, SEMARANG, Verdict.SAME, author="https://orcid.org/0000-0002-1825-0097"),
        judgement(SURABAYA, "http://www.wikidata.org/entity/Q11462", Verdict.UNSURE),
    ]
    kept = Judgements.load(path)
    for each in given:
        kept.add(each)
    kept.save()
    assert sorted(Judgements.load(path), key=str) == sorted(given, key=str)
    assert faults(sssom.read(path)) == []
    columns, *rows = [line.split("\t") for line in path.read_text("utf-8").splitlines()[-4:]]
    manual = "semapv:ManualMappingCuration"
    assert [{column: cell for column, cell in zip(columns, row, strict=True) if cell} for row in rows] == [
        {
            "subject_id": "jejaring:name/place/semarang@place/33",
            "predicate_id": "skos:exactMatch",
            "object_id": "jejaring:place/33.74",
            "mapping_justification": manual,
            "author_id": "orcid:0000-0002-1825-0097",
            "mapping_date": "2026-11-26",
        },
        {
            "subject_id": "jejaring:place/33.74",
            "predicate_id": "owl:sameAs",
            "predicate_modifier": "Not",
            "object_id": "jejaring:place/33.22",
            "object_label": "Kab. Semarang",
            "mapping_justification": manual,
            "author_label": "Sari",
            "mapping_date": "2026-11-26",
            "comment": "a city | and a regency",
        },
        {
            "subject_id": "jejaring:place/35.78",
            "predicate_id": "skos:mappingRelation",
            "object_id": "wikidata:Q11462",
            "mapping_justification": manual,
            "author_label": "Sari",
            "mapping_date": "2026-11-26",
            "confidence": "0.5",
        },
    ]


def test_the_order_of_a_pair_does_not_matter(tmp_path: Path) -> None:
    kept = Judgements.load(tmp_path / "j.tsv")
    said = judgement(SEMARANG, KABUPATEN, Verdict.DIFFERENT)
    kept.add(said)
    assert kept.of(KABUPATEN, SEMARANG) == kept.of(SEMARANG, KABUPATEN) == said
    assert kept.about(KABUPATEN) == [said]
    assert kept.remove(KABUPATEN, SEMARANG) == said
    assert (kept.of(SEMARANG, KABUPATEN), kept.about(SEMARANG), len(kept)) == (None, [], 0)
    with pytest.raises(NothingFound, match="no judgement on"):
        kept.remove(KABUPATEN, SEMARANG)


def test_a_judgement_is_replaced_only_on_demand(tmp_path: Path) -> None:
    kept = Judgements.load(tmp_path / "j.tsv")
    first, second = (judgement(NAME, SEMARANG, verdict) for verdict in (Verdict.SAME, Verdict.DIFFERENT))
    assert kept.add(first) is None
    with pytest.raises(InputError, match=r"are judged same by Sari \(2026-11-26\); use --replace"):
        kept.add(second)
    assert kept.of(NAME, SEMARANG) == first
    assert kept.add(second, replace=True) == first
    assert list(kept) == [second]


def test_rows_that_are_no_verdicts_and_unknown_columns_stay(tmp_path: Path) -> None:
    path = tmp_path / "j.sssom.tsv"
    path.write_text(
        "#curie_map:\n#  jejaring: https://w3id.org/jejaring/id/\n#license: https://a.example/l\n#ext_z: 1\n"
        "subject_id\tpredicate_id\tobject_id\tmapping_justification\text_own\n"
        "jejaring:place/33.22\tskos:closeMatch\tjejaring:place/33.74\tsemapv:ManualMappingCuration\tkept\n"
        "jejaring:place/33.22\tskos:exactMatch\tjejaring:place/33.74\tsemapv:LexicalMatching\talso\n"
    )  # fmt: skip
    kept = Judgements.load(path)
    assert len(kept) == 0
    kept.add(judgement(SURABAYA, SEMARANG, Verdict.DIFFERENT))
    kept.save()
    assert [row.get("ext_own") for row in sssom.read(path).rows] == ["kept", "also", None]
    assert sssom.read(path).metadata["ext_z"] == 1


def test_judgements_that_contradict_each_other_in_a_chain_are_told(tmp_path: Path) -> None:
    kept = Judgements.load(tmp_path / "j.tsv")
    a, b, c = (thing_id(f"person/{key}") for key in "abc")
    kept.add(judgement(a, b, Verdict.SAME, subject_label="A", object_label="B"))
    kept.add(judgement(b, c, Verdict.SAME, subject_label="B", object_label="C"))
    assert kept.conflicts() == []
    assert kept.groups() == [frozenset((a, b, c))]
    kept.add(judgement(c, a, Verdict.DIFFERENT, subject_label="C", object_label="A", author="Budi"))
    (told,) = map(str, kept.conflicts())
    assert told.startswith("C ≠ A (Budi 2026-11-26), but B = C (Sari 2026-11-26), A = B (Sari 2026-11-26); take one")


def test_two_verdicts_on_one_pair_in_a_file_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "j.tsv"
    row = "https://a.example/1\t{}\tskos:exactMatch\thttps://a.example/2\tsemapv:ManualMappingCuration\tSari\t2026-01-0{}\n"
    head = (
        "subject_id\tpredicate_modifier\tpredicate_id\tobject_id\tmapping_justification\tauthor_label\tmapping_date\n"
    )
    path.write_text(head + row.format("", 1) + row.format("Not", 2))
    with pytest.raises(
        InputError, match=r"are judged same by Sari \(2026-01-01\) and different by Sari \(2026-01-02\)"
    ):
        Judgements.load(path)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"author": " "}, "a judgement needs its author"),
        ({"date": "yesterday"}, "no date of a judgement"),
        ({"object": NAME}, "judged against itself"),
    ],
)
def test_what_is_no_judgement_is_refused(wrong: dict[str, str], message: str, tmp_path: Path) -> None:
    fields = {"subject": NAME, "object": SEMARANG, "author": "Sari", "date": "2026-11-26", **wrong}
    with pytest.raises(InputError, match=message):
        Judgements.load(tmp_path / "j.tsv").add(Judgement(verdict=Verdict.SAME, **fields))


THINGS = st.sampled_from([thing_id(f"person/{key}") for key in "abcdef"])
PAIRS = st.tuples(THINGS, THINGS).filter(lambda pair: pair[0] != pair[1])


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pairs=st.lists(PAIRS, unique_by=frozenset), pair=PAIRS, verdict=st.sampled_from(Verdict))
def test_taking_a_judgement_back_restores_the_file(
    pairs: list[tuple[str, str]], pair: tuple[str, str], verdict: Verdict, tmp_path: Path
) -> None:
    path = tmp_path / "j.sssom.tsv"
    path.unlink(missing_ok=True)
    kept = Judgements.load(path)
    for one, other in pairs:
        if {one, other} != set(pair):
            kept.add(judgement(one, other, Verdict.SAME))
    kept.save()
    before = path.read_bytes()
    kept = Judgements.load(path)
    kept.add(judgement(*pair, verdict, reason="so"))
    kept.save()
    kept = Judgements.load(path)
    kept.remove(*pair)
    kept.save()
    assert path.read_bytes() == before


def test_which_file_it_is(tmp_path: Path) -> None:
    assert locate("a.tsv", "b.tsv", tmp_path) == Path("a.tsv")
    assert locate(None, "b.tsv", tmp_path) == Path("b.tsv")
    assert locate(None, None, tmp_path) == tmp_path / "judgements.sssom.tsv"
    assert locate(None, None, None) == Path("judgements.sssom.tsv")


# ---- review


def open_outcome(*candidates: tuple[str, float]) -> Outcome:
    found = tuple(Candidate(key, key, score, ("name equal", "type unknown")) for key, score in candidates)
    return Outcome("Semarang", Decision.JUDGE, found, "may mean both")


def test_what_a_run_left_open_replaces_what_it_left_before(tmp_path: Path) -> None:
    review = Review.beside(tmp_path / "judgements.sssom.tsv")
    assert review.replace("a.csv", [(NAME, open_outcome(("place/33.22", 0.9), ("place/33.74", 0.9)))]) == 1
    other = name_id("place", "bogor")
    assert review.replace("b.csv", [(other, open_outcome(("place/32.01", 0.9)))]) == 1
    review.save()
    assert faults(sssom.read(review.path)) == []
    review = Review.load(review.path)
    none = Judgements.load(tmp_path / "none.tsv")
    assert [question.subject for question in review.open(none)] == [NAME, other]
    assert review.replace("a.csv", []) == 0
    assert [question.subject for question in review.open(none)] == [other]


def test_a_judged_candidate_is_no_question_any_more(tmp_path: Path) -> None:
    review = Review.beside(tmp_path / "judgements.sssom.tsv")
    review.replace("a.csv", [(NAME, open_outcome(("place/33.22", 0.9), ("place/33.74", 0.95)))])
    kept = Judgements.load(tmp_path / "judgements.sssom.tsv")
    assert [each.id for each in review.open(kept)[0].candidates] == [SEMARANG, KABUPATEN]
    kept.add(judgement(NAME, SEMARANG, Verdict.DIFFERENT))
    assert [each.id for each in review.open(kept)[0].candidates] == [KABUPATEN]
    assert review.open(kept)[0].candidates[0].reasons == ("name equal", "type unknown")
    kept.add(judgement(NAME, KABUPATEN, Verdict.SAME))
    assert review.open(kept) == []
