"""The rules' own examples: each must be found by its rule, each counter-example must not."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg import rules
from kg.errors import DataError
from kg.extract import extract
from kg.model import Article
from kg.rules import Rule

BOOKS = {language: rules.load(language=language) for language in ("id", "en")}
RULES = [(language, rule) for language, book in BOOKS.items() for rule in book.rules]


def fired(text: str, language: str) -> frozenset[str]:
    """The ids of the rules that found something, those that type or collapse included."""
    return extract(Article(text, language=language), traced=True).fired


@pytest.mark.parametrize(
    ("language", "rule", "text"),
    [
        pytest.param(language, rule.id, text, id=f"{rule.id}-{number}")
        for language, rule in RULES
        for number, text in enumerate(rule.yes)
    ],
)
def test_example_is_found(language: str, rule: str, text: str) -> None:
    assert rule in fired(text, language)


@pytest.mark.parametrize(
    ("language", "rule", "text"),
    [
        pytest.param(language, rule.id, text, id=f"{rule.id}-{number}")
        for language, rule in RULES
        for number, text in enumerate(rule.no)
    ],
)
def test_counter_example_is_not_found(language: str, rule: str, text: str) -> None:
    assert rule not in fired(text, language)


def test_every_rule_has_an_example() -> None:
    assert [rule.id for _, rule in RULES if not rule.yes] == []


def test_every_rule_is_skipped_without_its_trigger_or_types() -> None:
    """A rule without a trigger word and without a mention would be tried on every sentence."""
    assert [rule.id for _, rule in RULES if rule.trigger is None and not rule.needs] == []


def one_rule(tmp_path: Path, text: str) -> Rule:
    path = tmp_path / "own.toml"
    path.write_text(text, encoding="utf-8")
    return rules.build([path]).rules[0]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "[[rule]]\nid = 'a'\nrel = 'says'\nwhen = '{quote} ujar ({person'",
            "column 15: '{person' is no macro; write {type}",
        ),
        ("[[rule]]\nid = 'a'\nrel = 'says'\nwhen = '{quote}, {talk} .. (ujar {person}'", "column 20: missing )"),
        (
            "[[rule]]\nid = 'a'\nrel = 'says'\nwhen = '{quote} {talk} ujar) {person}'",
            "column 20: unbalanced parenthesis",
        ),
        ("[[rule]]\nid = 'a'\nrel = 'says'\nwhen = '{person}'\nunless = 'tidak|(belum'", "unless: column 7: missing )"),
        ("[[rule]]\nid = 'a'\nrel = 'says'\nwhen = '{person}'\nconfidence = 'high'", "must be a number from 0 to 1"),
        ("[[rule]]\nid = 'a'\nrel = 'says'\nwhen = 5", "when must be text"),
        ("[[rule]]\nid = 'a'\nrel = 'says'\nwhen = '{person}'\nyes = 'x'", "yes must be a list"),
        (
            "[[rule]]\nid = 'a'\nrel = 'member_of'\nwhen = '{member}'\nset = {status = 'formr'}",
            "set: status 'formr' is none of current, former, projected",
        ),
        ("[[rule]]\nid = 'a'\nrel = 'says'\nwhen = '{persn} berkata'", "column 1: unknown type 'persn'; known are"),
        ("[[rule]]\nid = 'a'\nrel = 'sayz'\nwhen = '{person} berkata'", "relation 'sayz' is none of"),
        ("[[rule]]\nid = 'a'\nrel = 'says'\nwen = 'x'\nwhen = '{person}'", "unknown key 'wen'; did you mean 'when'?"),
        ("[[rule]]\nid = 'a'\nrel = 'says'", "the key 'when' is missing"),
        ("[[rule]]\nid = 'a'\nrel = 'says'\nwhen = '({person} berkata'", "unterminated subpattern"),
        ("[[rule]]\nid = 'a'\nrel = 'says'\nwhen = '{person} Berkata'", "capital letter 'B'"),
        ("[[rule]]\nid = 'a'\nrel = 'says'\nwhen = '{person} dan {person}'", "role 'person' stands twice"),
        ("[[rule]]\nid = 'a'\nrel = 'says'\nstage = 'late'\nwhen = '{person}'", "stage 'late' is none of"),
        ("[[rule]]\nid = 'a'\nrel = 'none'\ncollapse = 'who'\nwhen = '{person}'", "collapse names the role 'who'"),
        (
            "[[rule]]\nid = 'a'\nrel = 'says'\nwhen = '{person} (?:[a-z]+ ?)*kata'",
            "column 10: an endless repeat inside",
        ),
        ("[[rule]\nid = 'a'", "line 1"),
    ],
)
def test_a_mistake_names_file_rule_and_reason(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(DataError) as caught:
        one_rule(tmp_path, text)
    assert "own.toml" in str(caught.value)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_two_rules_of_one_name_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text("[[rule]]\nid = 'a'\nrel = 'says'\nwhen = '{quote}'\n" * 2, encoding="utf-8")
    with pytest.raises(DataError, match="there is one of that name"):
        rules.build([path])
