"""Reading takes work that grows with the text only, whatever the text is made of.

Work is counted in calls, which are the same in every run; ``benchmarks/reading.py --hostile`` measures the time.
"""

from __future__ import annotations

import cProfile
import subprocess
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hostile import TEXTS, adversary, of_size
from kg import lexicon, rules
from kg.extract import extract
from kg.model import Article
from kg.patterns import needed_characters, needed_words, runs_away

SMALL, LARGE = 10_000, 40_000  # characters
GROWTH = 8.0  # times the calls for four times the text: what grows with its square makes sixteen times as many
GUARD = 600  # seconds after which a reading is taken for endless
PIECES = sorted({piece for piece in TEXTS.values() if "{" not in piece})
RULES = [rule for language in ("id", "en") for rule in rules.load(language=language).rules]


def calls(text: str) -> int:
    """How many functions are called, of Python and of C, while a text is read."""
    profile = cProfile.Profile()
    profile.runcall(extract, Article(text))
    return sum(entry.callcount for entry in profile.getstats())


@pytest.mark.parametrize("name", TEXTS)
def test_work_grows_with_the_text_only(name: str) -> None:
    extract(Article(of_size(TEXTS[name], 100)))  # what is loaded once
    small, large = (calls(of_size(TEXTS[name], size)) for size in (SMALL, LARGE))
    assert large < GROWTH * small


def test_growing_work_is_seen() -> None:
    """The count itself: a reader that looks at every pair makes sixteen times the calls for four times the text."""

    def pairs(text: str) -> int:
        profile = cProfile.Profile()
        profile.runcall(lambda: [abs(0) for _ in text for _ in text])
        return sum(entry.callcount for entry in profile.getstats())

    assert pairs("a" * 400) > GROWTH * pairs("a" * 100)


@pytest.mark.parametrize("language", ["id", "en"])
def test_no_rule_is_slow_on_its_own_words(language: str) -> None:
    """Every rule's words and mentions again and again, up to the last one: in a process that can be ended."""
    code = (
        "import sys; sys.path.insert(0, 'tests')\n"
        "from hostile import adversary, of_size\n"
        "from kg import rules\n"
        "from kg.extract import extract\n"
        "from kg.model import Article\n"
        f"for rule in rules.load(language={language!r}).rules:\n"
        f"    extract(Article(of_size(adversary(rule.when.source), 3000), language={language!r}))\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=GUARD)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.sampled_from(PIECES), st.integers(1, 12)), max_size=25))
def test_any_mixture_is_read_and_every_span_lies_in_the_text(pieces: list[tuple[str, int]]) -> None:
    text = "".join(piece * count for piece, count in pieces)
    for claim in extract(Article(text)).claims:
        assert 0 <= claim.trigger.start < claim.trigger.end <= len(text)


def test_characters_that_stand_for_mentions_are_no_mentions() -> None:
    assert extract(Article("\ue000 mengatakan, \ue008. Rapat \ue005 digelar di \ue004 pada \ue006.")).claims == []


@pytest.mark.parametrize("marks", ['""', "“”"])
def test_marks_with_nothing_between_them_quote_nothing(marks: str) -> None:
    text = f'{marks} "Kami siap membantu warga," kata Wali Kota Surabaya Sekar Wiradana. {marks} Rapat {marks} selesai.'
    found = [
        each for sentence in extract(Article(text)).sentences for each in sentence.mentions if each.type == "quote"
    ]
    assert [text[each.start : each.end] for each in found] == ['"Kami siap membantu warga,"']


@pytest.mark.parametrize(
    ("pattern", "place"),
    [
        ("(?:[a-z]+ ?)*x", 0),
        ("ab(?:c*)*", 2),
        ("(?:a|b?c*)+", 0),
        ("x(?:a{1,30}b?)*", 1),
        ("(?:(?: [a-z]+)*,? ?)*", 0),
        ("(?: [a-z]+)*", None),  # each round begins with what the inner repeat can't take
        (r"(?: ke-?\d+| penuh)*", None),
        ("(?:[a-z]+ )+", None),  # … or ends with it
        ("(?:[a-z]+){0,3}", None),
        ("[^.;]{0,120}? (?:di|ke)", None),
    ],
)
def test_a_pattern_that_runs_away_is_told_by_its_place(pattern: str, place: int | None) -> None:
    assert runs_away(pattern) == place


def test_needed_words_and_characters() -> None:
    assert needed_words("(?:hadir|datang) di (?:kota|desa)") == (
        frozenset({"hadir", "datang"}),
        frozenset({"kota", "desa"}),
    )
    assert needed_words("(?:hadir)? di") == ()
    assert needed_characters("x(?:a|[bc])?(?:d|[ef])+") == (frozenset("x"), frozenset("def"))


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_word_for_a_day_is_seen(language: str) -> None:
    """Dates are looked for only where a word of theirs stands; none may be missing from those words."""
    words = lexicon.load(language=language)
    for word in [*words.relative_days, *words.anchored_days]:
        found = extract(Article(f"Rapat itu, {word}, dibuka.", language=language)).sentences
        assert any(mention.type == "date" for sentence in found for mention in sentence.mentions), word


def test_every_rule_gives_a_hostile_text() -> None:
    assert all(adversary(rule.when.source).strip() for rule in RULES)
