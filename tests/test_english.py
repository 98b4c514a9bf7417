"""English press releases: read with words and rules of their own, which no Indonesian text ever sees."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from kg import lexicon, own, rules
from kg.calendar import find_dates
from kg.errors import DataError
from kg.extract import extract
from kg.model import Article, Claim, Entity, Label, Relation, Status
from kg.money import find_money

WORDS = lexicon.load(language="en")


def stated(text: str, relation: Relation) -> list[Claim]:
    return [claim for claim in extract(Article(text, language="en")).claims if claim.relation is relation]


def name(claim: Claim, role: str) -> str:
    value = claim[role].value
    assert isinstance(value, Entity | Label)
    return value.label.text if isinstance(value, Entity) else value.text


# ---------------------------------------------------------------------------------------------------- one language each


def test_words_of_one_language_are_unknown_in_the_other() -> None:
    indonesian = lexicon.load()
    assert indonesian.classes["Direktorat Jenderal"] == "O"
    assert "Direktorat Jenderal" not in WORDS.classes
    assert WORDS.classes["Deputy Secretary-General"] == "P"
    assert "Deputy Secretary-General" not in indonesian.classes


def test_names_of_the_reference_data_are_known_in_both() -> None:
    assert {lexicon.load().classes[place] for place in ("Makassar", "Viet Nam")} == {"L"}
    assert {WORDS.classes[place] for place in ("Makassar", "Viet Nam")} == {"L"}


def test_a_book_holds_the_rules_of_one_language() -> None:
    for language in ("id", "en"):
        assert {rule.language for rule in rules.load(language=language).rules} == {language}


def test_own_rules_say_their_language(tmp_path: Path) -> None:
    rule = '[[rule]]\nid = "own.greets"\nrel = "attended_by"\nwhen = \'{who:person} greeted all at (?:the )?{event}\'\n'
    example = 'yes = ["Dr Helena Reyes greeted all at the Forum on Clean Rivers."]\n'
    (tmp_path / "own.toml").write_text(f'language = "en"\n{rule}{example}', "utf-8")
    knowledge = own.load((tmp_path,))
    assert "own.greets" in {rule.id for rule in knowledge.of("en")[1].rules}
    assert "own.greets" not in {rule.id for rule in knowledge.of("id")[1].rules}


def test_an_own_english_rule_keeps_its_example(tmp_path: Path) -> None:
    rule = '[[rule]]\nid = "own.sings"\nrel = "attended_by"\nwhen = \'{who:person} sang at (?:the )?{event}\'\n'
    (tmp_path / "own.toml").write_text(f'language = "en"\n{rule}yes = ["Nobody sang."]\n', "utf-8")
    with pytest.raises(DataError, match="its example isn't found"):
        own.load((tmp_path,))


# -------------------------------------------------------------------------------------------------------- dates, money


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("on 10 November 2025", ("2025-11-10", "2025-11-10")),
        ("on 10-12 November 2025", ("2025-11-10", "2025-11-12")),
        ("from 1 to 3 May 2025", ("2025-05-01", "2025-05-03")),
        ("on 15 and 16 October 2024", ("2024-10-15", "2024-10-16")),
        ("from 30 October to 2 November 2025", ("2025-10-30", "2025-11-02")),
        ("on November 10, 2025", ("2025-11-10", "2025-11-10")),
        ("on November 17-18, 2025", ("2025-11-17", "2025-11-18")),
        ("from October 30 to November 2, 2025", ("2025-10-30", "2025-11-02")),
        ("on Monday, August 18, 2025", ("2025-08-18", "2025-08-18")),
        ("on the 3rd May 2025", ("2025-05-03", "2025-05-03")),
        ("on Monday (10/11)", ("2025-11-10", "2025-11-10")),
        ("in May 2025", ("2025-05", "2025-05")),
    ],
)
def test_dates(text: str, days: tuple[str, str]) -> None:
    [date] = find_dates(text, 0, len(text), WORDS)
    assert date.resolve(2025) == days


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("USD 18.4 billion", "18400000000", "USD"),
        ("US$3 million", "3000000", "USD"),
        ("IDR 2.5 trillion", "2500000000000", "IDR"),
        ("Rp 2.4 billion", "2400000000", "IDR"),
        ("12.5 million euros", "12500000", "EUR"),
        ("JPY 1,250,000", "1250000", "JPY"),
        ("S$1.5m", "1500000", "SGD"),
    ],
)
def test_money(text: str, amount: str, currency: str) -> None:
    [money] = find_money(text, 0, len(text), WORDS)
    assert (money.amount, money.currency) == (Decimal(amount), currency)


# ---------------------------------------------------------------------------------------------------------- statements


@pytest.mark.parametrize(
    ("text", "post", "organisation"),
    [
        (
            "The forum was opened by Dr Helena Reyes, Mayor of Makassar.",
            "Mayor of Makassar",
            "Pemerintah Kota Makassar",
        ),
        (
            "The forum was opened by Helena Reyes, Secretary-General of ASEAN.",
            "Sekretaris Jenderal ASEAN",
            "Perhimpunan Bangsa-Bangsa Asia Tenggara",
        ),
        (
            "It was opened by the Director of Transport at the Ministry of Roads, Bridges and Ports, Helena Reyes.",
            "Director of Transport",
            "Ministry of Roads, Bridges and Ports",
        ),
        (
            "The forum was opened by Cebu City Mayor Helena Reyes.",
            "Mayor of Cebu City",
            "Pemerintah Cebu",
        ),
    ],
)
def test_posts_with_their_bodies(text: str, post: str, organisation: str) -> None:
    [claim] = stated(text, Relation.HOLDS_POST)
    assert (name(claim, "person"), name(claim, "post")) == ("Helena Reyes", post)
    assert name(claim, "organisation") == organisation


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Makassar is a member of CityNet.", Status.CURRENT),
        ("Makassar will join CityNet next year.", Status.PROJECTED),
        ("Makassar left CityNet in 2021.", Status.FORMER),
        ("Makassar is not a member of CityNet.", None),
        ("Makassar may join CityNet.", None),
        ("Makassar hopes to become a member of CityNet.", None),
    ],
)
def test_memberships(text: str, status: Status | None) -> None:
    assert [claim["status"].value for claim in stated(text, Relation.MEMBER_OF)] == ([status] if status else [])


def test_a_meeting_and_what_refers_back_to_it() -> None:
    text = (
        "The Seventh ASEAN Clean Rivers Forum opened in Makassar, Indonesia. It took place from 3 to 5 March 2025. "
        "The two-day forum was hosted by the World Bank."
    )
    found = {claim.relation: claim for claim in extract(Article(text, language="en")).claims}
    assert found[Relation.EDITION]["number"].value == 7
    assert name(found[Relation.HELD_IN], "place") == "Kota Makassar"
    assert str(found[Relation.HELD_ON]["date"].value) == "2025-03-03"
    assert name(found[Relation.ORGANISED_BY], "organiser") == "Bank Dunia"
    assert len({claim["meeting"].value for claim in found.values() if claim.get("meeting")}) == 1


@pytest.mark.parametrize(
    "text",
    [
        "The Forum on Clean Rivers began. Helena Reyes, Mayor of Makassar, came. “Rivers make cities,” she said.",
        "The Forum on Clean Rivers opened. “Rivers make cities,” said Helena Reyes, Mayor of Makassar.",
        "The Forum on Clean Rivers began. Helena Reyes, Mayor of Makassar, came. “Rivers make cities,” Reyes added.",
        "The Forum on Clean Rivers began. Helena Reyes, Mayor of Makassar, came. “Rivers make cities,” the mayor said.",
        "The Forum on Clean Rivers opened. According to Helena Reyes, Mayor of Makassar, “rivers make cities”.",
    ],
)
def test_a_quotation_and_its_speaker(text: str) -> None:
    [claim] = stated(text, Relation.SAYS)
    assert name(claim, "person") == "Helena Reyes"


def test_another_country_has_its_own_ministry() -> None:
    text = (
        "The plan was drafted by the Ministry of Home Affairs of Malaysia. "
        "Dr Helena Reyes, Director of Planning at the Ministry of Home Affairs, welcomed it."
    )
    [claim] = stated(text, Relation.HOLDS_POST)
    assert name(claim, "organisation") == "Ministry of Home Affairs of Malaysia"


def test_names_of_an_english_article_are_english() -> None:
    [claim] = stated("Makassar is a member of the Riverside Towns Alliance.", Relation.MEMBER_OF)
    network = claim["network"].value
    assert isinstance(network, Entity)
    assert network.label == Label("Riverside Towns Alliance", "en")
