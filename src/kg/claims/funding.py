"""Amounts of money."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from kg.claims.context import Context, evidence
from kg.mention import Mention
from kg.model import Argument, Claim, Evidence, FundingKind, Relation
from kg.money import Money
from kg.names import words
from kg.positions import Placed
from kg.rules import Filler, Finding, Words


def note(context: Context, findings: Sequence[Finding]) -> None:
    """The surest finding of what each amount of money is for."""
    for finding in findings:
        purpose = finding.fillers.get("purpose")
        if finding.rule.relation is Relation.FUNDING and (isinstance(purpose, Words) or purpose == "@topic"):
            for money in context.mentions(finding.fillers.get("money")):
                best = context.purposes.get(money.core.start)
                if best is None or finding.rule.confidence > best.rule.confidence:
                    context.purposes[money.core.start] = finding


def funding(context: Context, finding: Finding) -> Iterator[Claim]:
    """An amount of money that is needed, invested, granted, budgeted or lent."""
    for money in _amounts(context, finding):
        value = money.core.value
        if not isinstance(value, Money):
            continue
        until = finding.fillers.get("until") or finding.fillers.get("until2")
        kind = finding.fillers.get("kind")
        spot = evidence(money.core)
        yield context.claim(
            finding,
            article=Argument(context.article, Evidence(finding.start, finding.end)),
            amount=Argument(value.amount, spot),
            currency=Argument(value.currency, spot),
            kind=Argument(FundingKind(kind), Evidence(*finding.trigger)) if isinstance(kind, str) else None,
            purpose=context.words_of(_purpose(context, finding)),
            until=_until(context, until),
        )


def _amounts(context: Context, finding: Finding) -> list[Mention]:
    """The amounts that a finding names; "uang itu" is the last one before."""
    if finding.fillers.get("purpose") == "@same" and _told_before(context, finding) is None:
        return []
    if finding.fillers.get("money") != "@before":
        return context.mentions(finding.fillers.get("money") or finding.fillers.get("money2"))
    before = _amount_before(context, finding)
    return [] if before is None else [before]


def _told_before(context: Context, finding: Finding) -> Filler | None:
    """What the last amount named before is for, if it is funding."""
    before = _amount_before(context, finding)
    told = context.purposes.get(before.core.start) if before is not None else None
    if told is not None and told.fillers.get("purpose") == "@topic":
        return _topic(context, told)
    return told.fillers.get("purpose") if told is not None else None


def _amount_before(context: Context, finding: Finding) -> Mention | None:
    """The last amount named before, if what is said follows it up."""
    before = context.once("amounts", _amounts_named).last_before(finding.start)
    return before if before is not None and context.follows(before.start, finding) else None


def _amounts_named(context: Context) -> Placed[Mention]:
    """All amounts of money outside quotations."""
    return Placed(
        (mention.core.start, mention)
        for sentence in context.entities.sentences
        if not sentence.in_quotation
        for mention in sentence.mentions
        if mention.core.type == "money"
    )


def _purpose(context: Context, finding: Finding) -> Filler | None:
    """What money is for: as said, or for "@same" that of the amount before, for "@topic" the work spoken of."""
    filler = finding.fillers.get("purpose")
    if filler == "@same":
        filler = _told_before(context, finding)
    elif filler == "@topic":
        return _topic(context, finding)
    if not isinstance(filler, Words):
        return filler
    if context.form("money.occasion").fullmatch(context.text[filler.start : filler.end]) is not None:
        return _occasion(context, finding)
    found = _noun_phrase(context, filler)
    said = words(context.text[found.start : found.end].lower()) if found is not None else ()
    if not said or said[0] in context.lexicon.members("money.speech"):
        return None
    vague = context.lexicon.members("money.vague")
    return None if all(word in vague or word.isdigit() for word in said) else found


def _occasion(context: Context, finding: Finding) -> Words | None:
    """The name of the meeting that "kegiatan ini" means."""
    meeting = context.meetings.at(finding.start, finding.sentence, near=True)
    named = context.meetings.last_mention(meeting, finding.start) if meeting is not None and meeting.mentions else None
    return None if named is None or named.core.generic else Words(*named.name)


def _topic(context: Context, finding: Finding) -> Words | None:
    """The work that "biayanya" is said of: in the sentence before, the first noun phrase with the head of a work."""
    begin = context.text.rfind("\n", 0, finding.start) + 1
    sentences = context.text[begin : finding.start].rstrip(" .").rsplit(". ", 1)
    before = begin + len(sentences[0]) + len(". ") if len(sentences) > 1 else begin
    heads = "|".join(sorted(context.lexicon.members("money.projects")))
    match = re.search(rf"\b(?:{heads})\b", context.text[before : finding.start], re.IGNORECASE)
    return None if match is None else _antecedent(context, match.group(), finding.start, before)


def _noun_phrase(context: Context, filler: Words) -> Words | None:
    """The noun phrase alone, without "-nya"; "program itu" says nothing by itself."""
    said = context.text[filler.start : filler.end]
    if (match := context.form("money.refers_back").search(said)) is not None:
        said = said[: match.end()]
        if " " not in said[: match.start()].strip():
            return _antecedent(context, said[: match.start()].strip(), filler.start)
    if (match := context.form("money.possessive").fullmatch(said)) is not None:
        said = match[1]
    return Words(filler.start, filler.start + len(said))


def _antecedent(context: Context, noun: str, before: int, since: int = 0) -> Words | None:
    """What "layanan ini" means: the last noun phrase before that begins with the word and says more."""
    stops = context.lexicon.members("meetings.stop") | context.lexicon.members("money.ends")
    found: Words | None = None
    phrase = re.compile(rf"\b{re.escape(noun)}((?: [a-z][a-z-]+){{1,5}})", re.IGNORECASE)
    for match in phrase.finditer(context.text, since, before):
        end = match.start(1)
        for word in match[1].split():
            if word in stops or word.endswith("nya") or context.form("money.verb").match(word):
                break
            end += 1 + len(word)
        if end > match.start(1):
            found = Words(match.start(), end)
    return found


def _until(context: Context, filler: Filler | None) -> Argument | None:
    if not isinstance(filler, Words):
        return None
    return Argument(int(context.text[filler.start : filler.end]), evidence(filler))
