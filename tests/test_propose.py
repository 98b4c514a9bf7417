"""Proposals of a language model: what counts as evidence, what becomes of them, and that the rules' claims stay."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from kg import pipeline
from kg import vocabulary as v
from kg.article import read_sources
from kg.errors import DataError
from kg.extract import extract
from kg.merging import identity
from kg.model import ROLES, Article, Claim, Entity, Evidence, Kind, Relation
from kg.pipeline import Reading
from kg.propose import answer, claims, declared, prompt, schema, verbatim
from kg.propose.claims import Answer, Answers
from kg.rdf import spans

ROOT = Path(__file__).resolve().parents[1]
RULE = "model/small"
TEXT = (
    "NusaWarta.id (Bitung) - Forum Air Nusantara berlangsung di Kota Bitung pada 3 Maret 2025. "
    "Wali Kota Bitung Ratna Dewi memukul gong bersama para tamu. "
    "Balai Sungai Timur diketuai Bagus Pranoto, yang dahulu bekerja di Manado.\n"
    'Ratna Dewi ada di sana. "Sungai adalah jalan kami semua," demikian Ratna Dewi.\n'
)
ARTICLE = Article(TEXT)


def answers(*items: Any, text: str = TEXT) -> Answers:
    return Answers(RULE, (Answer(0, len(text), json.dumps({"claims": list(items)}), "stop"),))


def read(*items: Any, article: Article = ARTICLE) -> Reading:
    return pipeline.read(article, proposer=answers(*items, text=article.text))


def own(reading: Reading) -> list[Claim]:
    """The claims of the model that were let in."""
    return [claim for claim in reading.admitted if claim.rule == RULE]


def refused(reading: Reading) -> dict[str, str]:
    """The claims of the model in quarantine: relation -> shape."""
    found = [refusal for refusal in reading.refused if refusal.claim.rule == RULE]
    return {refusal.claim.relation.value: refusal.shape.removeprefix(v.SHAPES_BASE) for refusal in found}


LED = {
    "relation": "holds_post",
    "trigger": "diketuai",
    "person": "Bagus Pranoto",
    "post": "diketuai",
    "organisation": {"words": "Balai Sungai Timur", "kind": "Body"},
    "for": None,
    "appointment": "definitive",
    "status": "current",
}
ATTENDED = {
    "relation": "attended_by",
    "trigger": "memukul gong",
    "meeting": "Forum Air Nusantara",
    "participant": {"words": "Ratna Dewi", "kind": "Official"},
}


# ---------------------------------------------------------------- evidence


def test_a_claim_with_its_words_in_the_text_is_let_in_with_them_as_evidence() -> None:
    reading = read(ATTENDED)
    (claim,) = own(reading)
    assert {role: argument.evidence.of(TEXT) for role, argument in claim.arguments if argument.evidence} == {
        "meeting": "Forum Air Nusantara",
        "participant": "Ratna Dewi",
    }
    assert claim.trigger.of(TEXT) == "memukul gong"
    assert claim.rule == RULE
    assert claim.confidence == declared.load().confidence


def test_its_things_are_those_that_the_rules_name() -> None:
    reading = read(ATTENDED)
    (claim,) = own(reading)
    of_rules = [other for other in reading.admitted if other.rule != RULE]
    assert claim["meeting"].value in [other["meeting"].value for other in of_rules if other.get("meeting")]
    assert claim["participant"].value.key == "person/ratna-dewi"


@pytest.mark.parametrize(
    "changed",
    [
        {"trigger": "dipukul"},
        {"trigger": "memuk"},
        {"meeting": "forum air nusantara"},
        {"meeting": "Forum  Air Nusantara"},
        {"participant": {"words": "Ratna", "kind": "Official"}, "meeting": "Forum Laut"},
        {"participant": {"words": "Dr. Ratna Dewi", "kind": "Official"}},
    ],
    ids=["no such word", "part of a word", "other case", "other spaces", "invented", "title added"],
)
def test_words_that_the_text_does_not_have_are_held_in_quarantine(changed: Mapping[str, Any]) -> None:
    reading = read({**ATTENDED, **changed})
    assert own(reading) == []
    assert refused(reading) == {"attended_by": "SpanVerbatim"}
    quoted = [quad.object.value for quad in reading.quads if quad.predicate == v.STATEMENT]
    assert any(str(changed.get("meeting", "Forum Air Nusantara")) in words for words in quoted)


def test_a_person_is_found_in_words_that_give_the_post_too() -> None:
    (claim,) = own(read({**ATTENDED, "participant": {"words": "Wali Kota Bitung Ratna Dewi", "kind": "Official"}}))
    assert claim["participant"].value.key == "person/ratna-dewi"


def test_words_that_stand_several_times_are_those_nearest_to_the_trigger() -> None:
    said = {**ATTENDED, "trigger": "ada di sana"}
    (claim,) = own(read(said))
    assert claim["participant"].evidence == Evidence(TEXT.index("Ratna Dewi ada"), TEXT.index(" ada di sana"))


def test_places_are_chosen_in_the_sentence_first() -> None:
    text = "A pergi ke B. C lalu D. A."
    at = {word: verbatim.found(text, word) for word in "ABCD"}
    starts = [0, text.index("C lalu"), len(text) - 2]
    assert [len(places) for places in at.values()] == [2, 1, 1, 1]
    assert verbatim.chosen(at["B"], {"who": at["A"]}, starts) == [at["B"][0], at["A"][0]]
    assert verbatim.chosen(at["D"], {"who": at["A"]}, starts) == [at["D"][0], at["A"][1]]
    assert verbatim.found("Aniaya Ani", "Ani") == [Evidence(7, 10)]
    assert verbatim.found("a.a.a", "a.a") == [Evidence(0, 3), Evidence(2, 5)]
    assert verbatim.found("abc", " ") == []


def test_what_names_no_thing_of_the_kind_is_refused_by_the_gate() -> None:
    reading = read({**ATTENDED, "participant": {"words": "para tamu", "kind": "Body"}})
    assert own(reading) == []
    assert list(refused(reading)) == ["attended_by"]


def test_what_is_no_date_is_refused_by_the_gate() -> None:
    said = {"relation": "held_on", "trigger": "berlangsung", "meeting": "Forum Air Nusantara", "date": "para tamu"}
    assert list(refused(read(said))) == ["held_on"]


def test_a_quotation_must_stand_in_quotation_marks() -> None:
    said = {"relation": "says", "trigger": "demikian", "person": "Ratna Dewi", "text": "memukul gong bersama para tamu"}
    reading = read(said)
    assert own(reading) == []
    assert reading.proposed.unstated == Counter([claims.NO_QUOTATION])
    good = {**said, "text": "Sungai adalah jalan kami semua,"}
    (claim,) = [*own(read(good)), *(c for c in read(good).claims if c.relation is Relation.SAYS)][:1]
    assert claim["text"].evidence.of(TEXT) == "Sungai adalah jalan kami semua"


# ---------------------------------------------------------------- beside the rules


@cache
def samples() -> list[Article]:
    found = read_sources([str(ROOT / "data" / "articles")])
    return [article for article in found if isinstance(article, Article)]


def as_items(article: Article) -> Iterator[tuple[Claim, dict[str, Any]]]:
    """The claims of the rules as a model would give them, as far as the words of the text do."""
    known = {each.relation: each for each in declared.load().relations}
    for claim in extract(article).claims:
        if claim.relation not in known:
            continue
        item: dict[str, Any] = {"relation": claim.relation.value, "trigger": claim.trigger.of(article.text)}
        for role in known[claim.relation].roles:
            argument = claim.get(role.name)
            if not role.asked:
                continue
            if argument is None or (argument.evidence is None and not role.concepts):
                item[role.name] = None
            elif role.concepts:
                item[role.name] = str(argument.value)
            elif len(role.kinds) > 1:
                item[role.name] = {"words": argument.evidence.of(article.text), "kind": str(argument.value.kind)}
            else:
                item[role.name] = argument.evidence.of(article.text)
        if Draft202012Validator(schema.of_claim(known[claim.relation])).is_valid(item):
            yield claim, item


def test_what_the_rules_found_too_stays_theirs() -> None:
    same = total = 0
    for article in samples():
        pairs = list(as_items(article))
        without = pipeline.read(article)
        reading = read(*(item for _, item in pairs), article=article)
        added = {identity(claim) for claim in own(reading)}
        total += len(pairs)
        same += len(pairs) - len(added) - len(refused(reading))
        assert [claim for claim in reading.claims if claim.rule != RULE] == without.claims
    assert same >= 0.9 * total > 0


def test_what_is_proposed_is_counted() -> None:
    reading = read(ATTENDED, ATTENDED, {**ATTENDED, "trigger": "dipukul"}, {"relation": "loves"})
    assert reading.read == len(reading.admitted) + len(reading.refused) + reading.merged
    assert len(reading.proposed.claims) == 3
    assert reading.merged == pipeline.read(ARTICLE).merged + 1
    assert reading.proposed.unstated == Counter([answer.UNKNOWN])


def test_without_a_proposer_nothing_is_different() -> None:
    for article in samples()[:3]:
        assert pipeline.read(article, proposer=answers(text=article.text)).quads == pipeline.read(article).quads


def test_of_two_that_contradict_each_other_the_rules_claim_stays() -> None:
    rules = pipeline.read(ARTICLE)
    held = next(claim for claim in rules.admitted if claim.relation is Relation.HELD_ON)
    text = TEXT + "Acara lain jatuh pada 9 Maret 2025.\n"
    other = {
        "relation": "held_on",
        "trigger": "jatuh",
        "meeting": held.subject.evidence.of(TEXT),
        "date": "9 Maret 2025",
    }
    reading = read(other, article=Article(text))
    assert list(refused(reading)) == ["held_on"]
    assert any(claim.relation is Relation.HELD_ON for claim in reading.admitted)


def test_confidence_is_below_that_of_every_rule() -> None:
    from kg import rules

    lowest = min(rule.confidence for language in ("id", "en") for rule in rules.load(language=language).rules)
    assert Decimal(0) < declared.load().confidence < lowest


# ---------------------------------------------------------------- wrong answers


@pytest.mark.parametrize(
    ("content", "finish", "why"),
    [
        ("{'claims': []}", "stop", answer.NO_JSON),
        ('```json\n{"claims": []}\n```', "stop", answer.NO_JSON),
        ("", "stop", answer.NO_JSON),
        ("[" * 100_000, "stop", answer.NO_JSON),
        ('{"claims": [' + "9" * 5000 + "]}", "stop", answer.NO_JSON),
        ('{"claims": [', "length", answer.CUT_OFF),
        ('{"claims": []}', "length", answer.CUT_OFF),
        ("[]", "stop", answer.NO_ANSWER),
        ('{"claims": {}}', "stop", answer.NO_ANSWER),
        ('{"claims": [], "note": "done"}', "stop", answer.NO_ANSWER),
        ('{"claims": [null]}', "stop", answer.NO_CLAIM),
        ('{"claims": [{"relation": "loves"}]}', "stop", answer.UNKNOWN),
        ('{"claims": [{"relation": "published"}]}', "stop", answer.UNKNOWN),
        ('{"claims": [{"relation": "held_in"}]}', "stop", answer.NO_CLAIM),
        (json.dumps({"claims": [{**ATTENDED, "sure": True}]}), "stop", answer.NO_CLAIM),
        (json.dumps({"claims": [{**ATTENDED, "meeting": None}]}), "stop", answer.NO_CLAIM),
        (json.dumps({"claims": [{**ATTENDED, "trigger": "\ud800"}]}), "stop", answer.NO_TEXT),
        (json.dumps({"claims": [{**ATTENDED, "trigger": "a\0b"}]}), "stop", answer.NO_TEXT),
        (json.dumps({"claims": [{**ATTENDED, "trigger": " "}]}), "stop", answer.NO_TEXT),
        (json.dumps({"claims": [{**ATTENDED, "trigger": "a" * 5000}]}), "stop", answer.NO_TEXT),
    ],
)
def test_an_answer_that_is_none_is_refused_with_its_reason(content: str, finish: str, why: str) -> None:
    reading = pipeline.read(ARTICLE, proposer=Answers(RULE, (Answer(0, len(TEXT), content, finish),)))
    assert reading.proposed.unstated == Counter([why])
    assert reading.quads == pipeline.read(ARTICLE).quads


def test_more_claims_than_anyone_reads_are_refused() -> None:
    reading = read(*[{"relation": "loves"}] * (answer.MOST + 5))
    assert reading.proposed.unstated == Counter({answer.UNKNOWN: answer.MOST, answer.TOO_MANY: 5})


# ---------------------------------------------------------------- whatever is answered

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
ANYTHING = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4), max_leaves=12
)
WORDS = st.sampled_from(sorted({*TEXT.split(), "Ratna Dewi", "Forum Air Nusantara", "Kota Bitung", "3 Maret 2025"}))


@st.composite
def stretches(draw: st.DrawFn) -> str:
    """Words of the text, a stretch of it that begins and ends anywhere, or something else."""
    start = draw(st.integers(0, len(TEXT) - 1))
    stretch = TEXT[start : start + draw(st.integers(1, 40))]
    return draw(WORDS | st.just(stretch) | st.text(max_size=10))


@st.composite
def items(draw: st.DrawFn) -> dict[str, Any]:
    """A claim that follows the schema, of any words."""
    relation = draw(st.sampled_from(declared.load().relations))
    item: dict[str, Any] = {"relation": relation.relation.value, "trigger": draw(stretches())}
    for role in relation.roles:
        if not role.asked:
            continue
        if role.optional and draw(st.booleans()):
            item[role.name] = None
        elif role.concepts:
            item[role.name] = draw(st.sampled_from(sorted(role.concepts)))
        elif len(role.kinds) > 1:
            item[role.name] = {"words": draw(stretches()), "kind": draw(st.sampled_from(role.kinds)).value}
        else:
            item[role.name] = draw(stretches())
    return item


@cache
def without() -> Reading:
    return pipeline.read(ARTICLE)


def expect_sound(reading: Reading) -> None:
    """Every claim let in has its words in the text, and what the rules state is as without proposals."""
    for claim in own(reading):
        assert all(0 <= span.start < span.end <= len(TEXT) for _, span in spans(claim))
        assert claim.subject.evidence is not None
        assert claim.object.evidence is not None
    said = {
        quad.subject: quad.object.value
        for quad in reading.quads
        if quad.predicate == v.ANCHOR_OF and not quad.graph_name.value.endswith("/quarantine")
    }
    for node, words in said.items():
        start, end = node.value.partition("#char=")[2].split(",")
        assert TEXT[int(start) : int(end)] == words
    alone = without()
    assert [claim for claim in reading.admitted if claim.rule != RULE] == list(alone.admitted)
    assert [each.claim for each in reading.refused if each.claim.rule != RULE] == [each.claim for each in alone.refused]
    counts = {v.CLAIMS_READ, v.CLAIMS_ADMITTED, v.CLAIMS_QUARANTINED, v.CLAIMS_MERGED}
    kept = {quad for quad in alone.quads if quad.predicate not in counts}
    assert kept <= set(reading.quads)


@settings(max_examples=60, deadline=None)
@given(st.lists(items(), max_size=4))
def test_no_claim_without_its_words_whatever_is_proposed(proposed: list[dict[str, Any]]) -> None:
    reading = read(*proposed)
    assert len(reading.proposed.claims) + reading.proposed.unstated.total() == len(proposed)
    expect_sound(reading)


@settings(max_examples=100, deadline=None)
@given(ANYTHING | st.builds(lambda claims: {"claims": claims}, st.lists(ANYTHING | items(), max_size=4)))
def test_no_answer_makes_a_traceback(content: Any) -> None:
    given_ = Answers(RULE, (Answer(0, len(TEXT), json.dumps(content), "stop"),))
    proposed = given_(ARTICLE, extract(ARTICLE))
    for claim in proposed.claims:
        for _, span in spans(claim):
            assert span.start > len(TEXT) or span.end <= len(TEXT)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60), st.sampled_from(["stop", "length", ""]))
def test_no_text_for_an_answer_makes_a_claim(content: str, finish: str) -> None:
    assert not Answers(RULE, (Answer(0, len(TEXT), content, finish),))(ARTICLE, extract(ARTICLE)).claims


WRONG = ["Ratna Dewi", "Kota Bitung", "Forum Air Nusantara", "gong bersama para"]
GOOD = {
    Kind.OFFICIAL: "Ratna Dewi",
    Kind.POST: "Wali Kota Bitung",
    Kind.MEETING: "Forum Air Nusantara",
    Kind.CITY: "Kota Bitung",
    Kind.COUNTRY: "Kota Bitung",
    Kind.NETWORK: "Balai Sungai Timur",
    Kind.UNIT: "Balai Sungai Timur",
    Kind.MINISTRY: "Balai Sungai Timur",
    Kind.AGREEMENT: "Manado",
    Kind.AWARD: "Balai Sungai Timur",
    Kind.PROGRAMME: "Balai Sungai Timur",
}
VALUES = {"day": "3 Maret 2025", "last-day": "3 Maret 2025", "year": "2025", "year-or-day": "2025", "number": "3"}


@pytest.mark.parametrize(
    ("relation", "role"),
    [(each, role) for each in declared.load().relations for role in each.roles if role.kinds],
    ids=lambda part: part.name if isinstance(part, declared.Role) else part.relation.value,
)
def test_a_thing_of_another_kind_is_never_let_in(relation: declared.Declared, role: declared.Role) -> None:
    for claim in own(read(*(wrong_item(relation, role, words) for words in WRONG))):
        thing = claim[role.name].value
        assert isinstance(thing, Entity)
        assert thing.kind in role.kinds


def wrong_item(relation: declared.Declared, role: declared.Role, wrong: str) -> dict[str, Any]:
    """A claim whose words for one role are these, of whatever kind, and else of the right kind."""
    item: dict[str, Any] = {"relation": relation.relation.value, "trigger": "memukul gong"}
    for each in (each for each in relation.roles if each.asked):
        if each.optional and each is not role:
            item[each.name] = None
        elif each.concepts:
            item[each.name] = next(iter(each.concepts))
        elif each.kinds:
            words = wrong if each is role else GOOD[each.kinds[0]]
            item[each.name] = {"words": words, "kind": each.kinds[0].value} if len(each.kinds) > 1 else words
        else:
            item[each.name] = VALUES.get(each.value, "Balai Sungai Timur")
    return item


# ---------------------------------------------------------------- schema and prompt


def test_every_relation_is_asked_for_or_told_why_not() -> None:
    import tomllib

    left_out = tomllib.loads((ROOT / declared.FILE).read_text("utf-8"))["not_proposed"]
    asked = {each.relation.value for each in declared.load().relations}
    assert asked | set(left_out) == {relation.value for relation in Relation}
    assert asked.isdisjoint(left_out)


def test_the_schema_has_every_argument_and_is_one() -> None:
    whole = schema.of_answer(declared.load())
    Draft202012Validator.check_schema(whole)
    for each in declared.load().relations:
        one = schema.of_claim(each)
        assert one in whole["properties"]["claims"]["items"]["anyOf"]
        asked = {role.name for role in each.roles if role.asked}
        assert set(one["required"]) == set(one["properties"]) == {"relation", "trigger", *asked}
        assert {role.name for role in each.roles} == {role.rstrip("?") for role in ROLES[each.relation]}
    for example in [ATTENDED, LED]:
        Draft202012Validator(whole).validate({"claims": [example]})


def test_the_grammars_of_local_servers_can_be_made_of_the_schema() -> None:
    """By llguidance, which llama.cpp and vLLM hold models to a schema with."""
    guidance = pytest.importorskip("llguidance", reason="llguidance isn't installed")
    grammar = guidance.LLMatcher.grammar_from_json_schema(json.dumps(schema.of_answer(declared.load())))
    tokens = guidance.LLTokenizer("byte")

    def is_taken(content: Any) -> bool:
        matcher = guidance.LLMatcher(tokens, grammar)
        assert not matcher.get_error()
        written = tokens.tokenize_bytes(json.dumps(content, ensure_ascii=False).encode())
        return matcher.try_consume_tokens(written) == len(written) and bool(matcher.is_accepting())

    assert is_taken({"claims": []})
    assert is_taken({"claims": [ATTENDED, LED]})
    assert not is_taken({"claims": [{**ATTENDED, "relation": "loves"}]})
    assert not is_taken({"claims": [{**ATTENDED, "sure": True}]})
    assert not is_taken({"claims": [{**ATTENDED, "meeting": None}]})


def test_the_schema_takes_its_kinds_and_concepts_from_the_ontology() -> None:
    (led,) = [each for each in declared.load().relations if each.relation is Relation.HELD_IN]
    assert set(led.roles[1].kinds) == {
        Kind.COUNTRY, Kind.PROVINCE, Kind.PREFECTURE, Kind.CITY, Kind.REGENCY, Kind.DISTRICT, Kind.VENUE, Kind.PLACE
    }  # fmt: skip
    (role,) = [each for each in declared.load().relations if each.relation is Relation.NETWORK_ROLE]
    assert "vice-chair" in schema.of_claim(role)["properties"]["role"]["enum"]


def test_a_relation_that_is_added_to_the_data_is_asked_for(tmp_path: Path) -> None:
    table = (
        'confidence = "0.2"\n[relation.held_in]\nid = "di mana"\nen = "where"\n'
        'meeting = { class = ["kg:Meeting"] }\nplace = { class = ["kg:Place"] }\n'
    )
    path = tmp_path / "relations.toml"
    path.write_text(table, "utf-8")
    before = declared.read(path)
    assert [each.relation for each in before.relations] == [Relation.HELD_IN]
    path.write_text(table + '[relation.edition]\nmeeting = { class = ["kg:Meeting"] }\nnumber = { value = "number" }\n')
    after = declared.read(path)
    forms = schema.of_answer(after)["properties"]["claims"]["items"]["anyOf"]
    names = [form["properties"]["relation"]["enum"] for form in forms]
    assert names == [["held_in"], ["edition"]]
    assert "- edition:" in prompt.of("en", after).system
    assert "- edition:" not in prompt.of("en", before).system


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("[relation.loves]\n", "unknown"),
        ('[relation.held_in]\nmeeting = { class = ["kg:Meeting"] }\n', "'place' is missing"),
        ('[relation.held_in]\nvenue = { class = ["kg:Place"] }\n', "no argument 'venue'"),
        ('[relation.held_in]\nplace = { class = ["kg:Nowhere"] }\nmeeting = { value = "day" }\n', "nothing is a"),
        ('[relation.held_in]\nplace = { class = ["zz:Place"] }\nmeeting = { value = "day" }\n', "no term"),
        ('[relation.held_in]\nplace = { value = "colour" }\nmeeting = { value = "day" }\n', "none of"),
        ('[relation.held_in]\nplace = { scheme = "kg:moods" }\nmeeting = { value = "day" }\n', "isn't in the ontology"),
        ("[relation.held_in]\nplace = {}\nmeeting = {}\n", "expected one of"),
    ],
)
def test_a_mistake_in_the_data_is_told(table: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "relations.toml"
    path.write_text(f'confidence = "0.3"\n{table}', "utf-8")
    with pytest.raises(DataError, match=said):
        declared.read(path)
    path.write_text("confidence = true\n", "utf-8")
    with pytest.raises(DataError, match="confidence"):
        declared.read(path)


def test_the_prompt_speaks_the_language_of_the_article() -> None:
    indonesian, english = (prompt.of(language, declared.load()) for language in ("id", "en"))
    assert "Aturan:" in indonesian.system
    assert "Rules:" in english.system
    assert prompt.of("fr", declared.load()) == indonesian
    for each in declared.load().relations:
        for said in (indonesian, english):
            assert f"- {each.relation}: " in said.system
            assert "{relations}" not in said.system
    assert english.messages("A {text} of braces {}")[1]["content"].endswith("A {text} of braces {}")
    for name in ("id", "en"):
        example = prompt.load(name)["prompt"]["system"].strip().splitlines()[-1]
        Draft202012Validator(schema.of_answer(declared.load())).validate(json.loads(example))
