"""Why an article gives the facts that it gives: typed sentences, what names mean, rules that fired, what became of it.

For whoever writes rules: the left side of a rule is written against the typed sentence that is shown here.
"""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from kg import extract as extraction
from kg import pipeline
from kg.errors import NothingFound
from kg.extract import Extraction
from kg.links import Link, links
from kg.mention import Mention
from kg.merging import identity
from kg.model import Article, Claim, Entity, Label, Value
from kg.names import plain
from kg.pipeline import Reading
from kg.rules import Filler, Finding, Words
from kg.sentences import MARK, MARKS, TYPES, Sentence

if TYPE_CHECKING:
    from kg.own import Own

WIDTH = 110
FIRST = ord(MARK[TYPES[0]])
LONG = 60  # characters of a quotation or phrase that are shown


@dataclass(frozen=True, slots=True)
class Named:
    """A mention: its name as printed, its type and what it names; no id means unknown, ``why`` says the reason."""

    name: str
    type: str
    start: int
    end: int
    id: str | None
    why: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """A mention that a rule typed, or that it made of several."""

    rule: str
    type: str
    words: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """A claim and what became of it: ``let in``, ``merged`` or ``quarantine``, with the reason of the last two."""

    relation: str
    arguments: Mapping[str, str]
    fate: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Fired:
    """A rule that found something: the words that triggered it, what fills its roles, the claims that came of it."""

    rule: str
    file: str
    trigger: str
    roles: Mapping[str, str]
    claims: tuple[Outcome, ...]


@dataclass(frozen=True, slots=True)
class Explained:
    """One sentence as the rules see it, and what they found. Numbers begin at 1; 0 is what stands before the text."""

    number: int
    start: int
    end: int
    in_quotation: bool
    typed: str  # for people
    mask: str  # as patterns are written
    mentions: tuple[Named, ...]
    phrases: tuple[Phrase, ...]
    rules: tuple[Fired, ...]


def explain(article: Article, own: Own | None = None) -> list[Explained]:
    """All sentences of an article, in reading order, those inside quotations behind their sentence."""
    words, book = own.of(article.language) if own is not None else (None, None)
    found = extraction.extract(article, words, book, traced=True)
    outcomes = _outcomes(found, pipeline.read(article, own=own))
    named = links(found.sentences, found.entities, found.meetings)
    views = [_sentence(sentence, found, named, outcomes) for sentence in found.sentences]
    if outcomes:  # what no sentence holds: the dateline
        rules = tuple(_implied(article.text, claim, outcome) for claim, outcome in outcomes)
        views.insert(0, Explained(0, 0, 0, False, "", "", (), (), rules))
    return views


def only(views: Sequence[Explained], number: int | None) -> list[Explained]:
    """All, or the sentence of that number. Raises NothingFound where there is none."""
    chosen = [view for view in views if number is None or view.number == number]
    if not chosen:
        raise NothingFound(f"no sentence {number}: the article has 1 to {max(view.number for view in views)}")
    return chosen


# ------------------------------------------------------------------------------------------------- from the stages


Outcomes = list[tuple[Claim, Outcome]]


def _outcomes(found: Extraction, reading: Reading) -> Outcomes:
    """Every claim that was stated, with what became of it."""
    refused = {id(refusal.claim): refusal for refusal in reading.refused}
    by_value = {(claim.rule, claim.trigger, identity(claim)): claim for claim in reading.claims}
    outcomes: Outcomes = []
    for claim in found.stated:
        kept = by_value.get((claim.rule, claim.trigger, identity(claim)))
        if kept is None or kept.arguments != claim.arguments:
            outcomes.append((claim, _outcome(claim, "merged", _merged_into(claim, reading.claims))))
        elif refusal := refused.get(id(kept)):
            message = next((m.text for m in refusal.messages if m.language == "en"), refusal.shape)
            outcomes.append((claim, _outcome(claim, "quarantine", message)))
        else:
            outcomes.append((claim, _outcome(claim, "let in", "")))
    return outcomes


def _merged_into(claim: Claim, kept: Iterable[Claim]) -> str:
    same = next((other for other in kept if identity(other) == identity(claim)), None)
    if same is None:
        return "another claim of the same person says more"
    return f"as {same.rule} at {same.trigger.start}"


def _outcome(claim: Claim, fate: str, why: str) -> Outcome:
    return Outcome(str(claim.relation), {role: _value(argument.value) for role, argument in claim.arguments}, fate, why)


def _value(value: Value) -> str:
    if isinstance(value, Entity):
        return value.label.text
    if isinstance(value, Label):
        return _short(value.text)
    return "this article" if isinstance(value, Article) else str(value)


def _sentence(sentence: Sentence, found: Extraction, named: Sequence[Link], outcomes: Outcomes) -> Explained:
    """One sentence; takes the claims that belong to it out of ``outcomes``."""
    text = sentence.text
    inner = [s for s in found.sentences if s.in_quotation and sentence.start <= s.start and s.end <= sentence.end]
    inside = [
        link
        for link in named
        if sentence.start <= link.start < sentence.end
        and (sentence.in_quotation or not any(s.start <= link.start < s.end for s in inner))
    ]
    groups: dict[tuple[tuple[int, int], str], list[Finding]] = {}
    for finding in found.findings:
        if finding.sentence is sentence:
            groups.setdefault((finding.trigger, finding.rule.id), []).append(finding)
    fired = [_fired(groups[key], outcomes) for key in sorted(groups)]
    implied = [pair for pair in outcomes if sentence.start <= pair[0].trigger.start < sentence.end]
    for pair in implied:
        outcomes.remove(pair)
    return Explained(
        sentence.number + 1,
        sentence.start,
        sentence.end,
        sentence.in_quotation,
        typed(sentence),
        written(sentence),
        tuple(Named(link.name, link.type, link.start, link.end, link.id, link.why) for link in inside),
        tuple(
            Phrase(mention.rule, mention.type, _short(text[mention.start : mention.end]))
            for mention in found.entities.nested(sentence)
            if mention.rule
        ),
        (*fired, *(_implied(text, claim, outcome) for claim, outcome in implied)),
    )


def _fired(findings: Sequence[Finding], outcomes: Outcomes) -> Fired:
    """What one rule found at one place, several items of a list as one; takes its claims out of ``outcomes``."""
    first = findings[0]
    text = first.sentence.text
    mine = [pair for pair in outcomes if pair[0].rule == first.rule.id and _span(pair[0]) == first.trigger]
    for pair in mine:
        outcomes.remove(pair)
    roles: dict[str, dict[str, None]] = {}
    for finding in findings:
        for role, filler in finding.fillers.items():
            roles.setdefault(role, {})[_filler(filler, text)] = None
    return Fired(
        first.rule.id,
        first.rule.file,
        text[slice(*first.trigger)],
        {role: ", ".join(fillers) for role, fillers in roles.items()},
        tuple(outcome for _, outcome in mine),
    )


def _span(claim: Claim) -> tuple[int, int]:
    return claim.trigger.start, claim.trigger.end


def _implied(text: str, claim: Claim, outcome: Outcome) -> Fired:
    """A claim that no rule of a file makes: the dateline, short names in brackets, editions in names."""
    return Fired(claim.rule, "", claim.trigger.of(text), {}, (outcome,))


def _filler(filler: Filler, text: str) -> str:
    if isinstance(filler, Mention):
        return _short(plain(text[slice(*filler.name)]))
    if isinstance(filler, Words):
        return f'"{_short(text[filler.start : filler.end])}"'
    return filler if isinstance(filler, str) else ", ".join(_filler(item, text) for item in filler)


def _short(words: str) -> str:
    return textwrap.shorten(words, LONG, placeholder=" …")


def typed(sentence: Sentence) -> str:
    """The masked sentence made readable: each mention in square brackets behind its type."""
    pieces: list[str] = []
    position = sentence.start
    for mention in sentence.mentions:
        pieces.append(sentence.text[position : mention.start])
        pieces.append(f"[{mention.type} {_short(sentence.text[mention.start : mention.end])}]")
        position = mention.end
    pieces.append(sentence.text[position : sentence.end])
    return " ".join("".join(pieces).split())


def written(sentence: Sentence) -> str:
    """The sentence as a pattern would be written for it: lower case, each mention its type in braces."""
    return " ".join(readable(sentence.lower).split())


def readable(mask: str) -> str:
    """A stretch of a mask with the types in braces."""
    return MARKS.sub(lambda mark: f"{{{TYPES[ord(mark.group()) - FIRST]}}}", mask)


# ------------------------------------------------------------------------------------------------------- writing


def as_json(views: Iterable[Explained]) -> str:
    """One object a sentence, in one list."""
    return json.dumps([asdict(view) for view in views], indent=1, ensure_ascii=False) + "\n"


def as_text(views: Iterable[Explained]) -> str:
    """For reading in a terminal."""
    return "\n".join("\n".join(_lines(view)) + "\n" for view in views)


SIGNS = {"let in": "=>", "merged": "~>", "quarantine": "!>"}
INDENT = " " * 4


def _lines(view: Explained) -> Iterator[str]:
    if view.number:
        number = f"{view.number:<3} "
        yield from _wrapped(f"{number}{view.typed}", "", INDENT)
        quoted = "inside a quotation; " if view.in_quotation else ""
        yield from _wrapped(f"{quoted}for rules: {view.mask}", INDENT, INDENT * 2)
    else:
        yield "    before the text"
    yield from _mention_lines(view)
    if not view.rules:
        yield ""
        yield f"{INDENT}no rule found anything here"
    for rule in view.rules:
        yield ""
        yield from _rule_lines(rule)


def _mention_lines(view: Explained) -> Iterator[str]:
    if view.mentions:
        yield ""
    width = min(max((len(each.name) for each in view.mentions), default=0), 50)
    for each in view.mentions:
        yield f"{INDENT}{each.type:<8} {each.name:<{width}}  {each.id or 'unknown'}: {each.why}"
    for phrase in view.phrases:
        yield f"{INDENT}{phrase.rule} made {{{phrase.type}}} of: {phrase.words}"


def _rule_lines(rule: Fired) -> Iterator[str]:
    where = f" ({rule.file})" if rule.file else ""
    yield f'{INDENT}{rule.rule}{where} at "{_short(rule.trigger)}"'
    if rule.roles:
        roles = "; ".join(f"{role} = {words}" for role, words in rule.roles.items())
        yield from _wrapped(roles, INDENT * 2, INDENT * 3)
    for claim in rule.claims:
        first, second, *others = claim.arguments.items()
        facts = " | ".join([first[1], second[1], *(f"{name} {value}" for name, value in others)])
        fate = f" ({claim.fate}: {claim.why})" if claim.why else ""
        yield from _wrapped(f"{SIGNS[claim.fate]} {claim.relation}: {facts}{fate}", INDENT * 2, INDENT * 3)
    if not rule.claims:
        yield f"{INDENT * 2}no claim: a surer rule spoke, or what fills its roles isn't what the relation needs"


def _wrapped(line: str, first: str, rest: str) -> list[str]:
    return textwrap.wrap(line, WIDTH, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False)
