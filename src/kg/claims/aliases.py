"""Other names that the text gives."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from kg.claims.context import Context, evidence
from kg.mention import Mention
from kg.model import Argument, Claim, Entity, Evidence, Kind, Label, Relation
from kg.names import plain, slug, words
from kg.rules import Finding, Words

SHORT = re.compile(r"(?=(?:[^A-Z]*[A-Z]){2})[A-Za-z][A-Za-z0-9-]{1,9}")  # a short name has two capitals, and no space
IN_BRACKETS = re.compile(r" \(([A-Za-z]{2,20})\)")
IN_BRACKETS_AT_END = re.compile(r" \(([A-Za-z]{2,10})\)$")
TRANSLATED = re.compile(r" \(([A-Za-z][a-z]+(?: [A-Za-z]+){1,4})[/;] ?([A-Z][A-Za-z]{1,9})\)")
LONGEST_SHORT = 15  # code points of a short name with its brackets
EDITION = re.compile(r"\s*(?:ke-?\w+|[IVXL]+|\d{4})")  # what is left of a meeting's name without its own words


def note(context: Context, findings: Iterable[Finding]) -> None:
    """Who is called by a nickname from there on."""
    for finding in findings:
        if finding.rule.relation is Relation.ALIAS:
            name, other = _named(context, finding), finding.fillers.get("alias")
            if name is not None and isinstance(other, Mention) and name.core.type == "person":
                context.entities.note_nickname(other, name)


def _named(context: Context, finding: Finding) -> Mention | None:
    """What a clause names otherwise."""
    name = finding.fillers.get("name")
    if name == "@subject":
        return context.entities.subject_before(finding.start)
    return name if isinstance(name, Mention) else None


def alias(context: Context, finding: Finding) -> Iterator[Claim]:
    """Another name that a clause gives: "X atau Y", "yang akrab disapa Y"."""
    name: Mention | Words | None = _named(context, finding)
    other = finding.fillers.get("alias")
    if not isinstance(name, Mention) or not isinstance(other, Mention | Words):
        return
    if context.form("relations.choice").match(context.text, name.end) and not _is_same(context, name, other):
        return  # "Bank Dunia atau ADB" are two
    in_brackets = finding.rule.stage == "phrase" and context.text.startswith(" (", name.end)
    if in_brackets and not _is_foreign(context, name, other):
        return
    person = name.core.type == "person"  # a nickname keeps its honorific: Kang Dedie
    spot = Evidence(other.start, other.end) if person else evidence(other)
    label = plain(spot.of(context.text))
    name, entity = _thing(context, name, other)
    if entity is not None and label == entity.label.text and entity.kind is not Kind.OFFICIAL:
        name, spot = other, evidence(name)  # "Kemenkes atau Kementerian Kesehatan"
        label = plain(spot.of(context.text))
    if entity is not None and label and label != entity.label.text:
        tongue = context.lexicon.tongue(label) if " " in label else entity.label.language
        called = Argument(entity, evidence(name))
        yield context.claim(finding, name=called, alias=Argument(Label(label, tongue), spot))


def _is_same(context: Context, name: Mention, other: Mention | Words) -> bool:
    """Whether "X atau Y" gives one thing two names: the same known one, one in two languages, or a short name."""
    if not isinstance(other, Mention) or "event" in (name.core.type, other.core.type):
        return True
    one, two = context.entities.actor(name), context.entities.actor(other)
    if one is None or two is None or one.key == two.key:
        return True
    if one.known and two.known:
        return False
    first, second = (context.entities.full(mention) for mention in (name, other))
    if any(SHORT.fullmatch(form) for form in (first, second)):
        return True
    return context.lexicon.tongue(first) != context.lexicon.tongue(second)


def _is_foreign(context: Context, name: Mention, other: Mention | Words) -> bool:
    """Whether brackets behind a body hold its short name of another language: Bank Pembangunan Jerman (KfW)."""
    if not isinstance(other, Mention) or not SHORT.fullmatch(context.text[slice(*other.span)]):
        return False
    entity = context.entities.actor(name)
    if entity is None or entity.kind not in (Kind.BODY, Kind.NETWORK, Kind.MINISTRY):
        return False
    known = context.entities.actor(other)
    return known is None or not known.known or not entity.known or known.key == entity.key


def _thing(context: Context, name: Mention, other: Mention | Words) -> tuple[Mention, Entity | None]:
    """What bears the names; of a meeting and a network the network inside: Sidang Umum AIPA atau ASEAN ... Assembly."""
    if name.core.type != "event":
        return name, context.entities.actor(name)
    inner = context.entities.network_inside(name.core)
    if inner is not None and isinstance(other, Mention) and other.core.type == "network" and inner.end == name.end:
        return inner, context.entities.body(inner)
    meeting = context.meetings.of(name)
    return name, context.meetings.entity(meeting) if meeting is not None else None


def from_names(context: Context) -> Iterator[Claim]:
    """The short names that the text introduces for things that are mentioned."""
    yield from _in_lower_case(context)
    seen: set[tuple[int, int]] = set()
    named = _Named(context.entities.every) if context.entities.introductions else None
    for item in context.entities.introductions:
        if item.long in seen:
            continue
        seen.add(item.long)
        short = context.text[slice(*item.short)]
        around = named.around(item.long[0], item.short[1] - 1) if named is not None else ()
        things = ((mention, entity) for mention in around if (entity := context.thing(mention)) is not None)
        found = next(things, None)
        if found is None:
            continue
        mention, entity = found
        core = mention.core
        inner = context.entities.network_inside(core)
        if inner is not None and core.type == "event" and item.long[0] == inner.start:
            mention, entity = inner, context.entities.body(inner)
        label = _label_with(context, mention, item.long, short)
        yield Claim(
            Relation.ALIAS,
            (
                ("name", Argument(entity, Evidence(*item.long))),
                ("alias", Argument(Label(label, entity.label.language), Evidence(*item.short))),
            ),
            Evidence(item.short[0] - 1, item.short[1] + 1),
            "alias.brackets",
            Decimal("0.95"),
        )


def _in_lower_case(context: Context) -> Iterator[Claim]:
    """Short names behind those that have no capitals: nota kesepahaman (MoU), rapat dengar pendapat (RDP)."""
    seen: set[str] = set()
    for mention in context.entities.every:
        core = mention.core
        if core.type not in ("agreement", "event") or mention is not core:
            continue
        both = TRANSLATED.search(context.text, core.start, core.end + LONGEST_SHORT)
        if both is not None and core.type == "agreement":
            yield from _translated(context, core, both)
            continue
        found = IN_BRACKETS.match(context.text, core.end)
        if core.type == "agreement":
            found = IN_BRACKETS_AT_END.search(context.text, core.start, core.end) or found
        if found is None or found[1] in seen:
            continue
        long = plain(context.text[core.start : found.start()])
        entity = _agreement(context, long) if core.type == "agreement" else _lower_meeting(context, mention, found[1])
        if entity is None or long == found[1]:
            continue
        seen.add(found[1])
        arguments = (
            ("name", Argument(entity, Evidence(core.start, found.start()))),
            ("alias", Argument(Label(found[1], entity.label.language), Evidence(*found.span(1)))),
        )
        yield Claim(Relation.ALIAS, arguments, Evidence(*found.span()), "alias.brackets", Decimal("0.95"))


def _translated(context: Context, core: Mention, found: re.Match[str]) -> Iterator[Claim]:
    """The name in another language and its short form: nota kesepahaman (memorandum of understanding/MoU)."""
    long = plain(context.text[core.start : found.start()])
    entity = _agreement(context, long)
    if entity is None:
        return
    named = Argument(entity, Evidence(core.start, found.start()))
    for group in (1, 2):
        label = Label(found[group], context.lexicon.tongue(found[group]))
        other = Argument(label, Evidence(*found.span(group)))
        arguments = (("name", named), ("alias", other))
        yield Claim(Relation.ALIAS, arguments, Evidence(*found.span()), "alias.brackets", Decimal("0.9"))


def _agreement(context: Context, name: str) -> Entity | None:
    """The agreement of that kind, as that which the article tells of first; None where nobody is said to be a party."""
    kind = context.lexicon.agreements.get(name.lower(), name.lower())
    if kind not in context.once("agreed", _agreed):
        return None
    label = Label(name, context.lexicon.tongue(name))
    return Entity(Kind.AGREEMENT, f"agreement/{context.article.key}-{slug(kind)}", label)


def _agreed(context: Context) -> frozenset[str]:
    """The kinds of the agreements, each the first of its kind, that somebody is said to be party to."""
    return frozenset(s.kind for s in context.agreements.values() if s.stated and not s.number)


def _lower_meeting(context: Context, mention: Mention, short: str) -> Entity | None:
    """A meeting with a name in lower case, if the short name in brackets stands for it."""
    if not mention.core.common or (meeting := context.meetings.of(mention)) is None:
        return None
    named = words(context.entities.words(mention).lower())
    long = context.lexicon.long_meetings.get(short) or context.lexicon.long_meetings.get(short.capitalize(), "")
    initials = "".join(word[0] for word in named)
    translated = short in context.lexicon.members("meetings.lower")  # peletakan batu pertama (groundbreaking)
    fits = translated or words(long.lower()) == named or short.lower() == initials
    return context.meetings.entity(meeting) if fits else None


class _Named:
    """Mentions, found by what they span."""

    def __init__(self, mentions: Sequence[Mention]) -> None:
        self._mentions = mentions
        spans = [mention.core.span for mention in mentions]
        self._order = sorted(range(len(spans)), key=lambda number: spans[number][0])
        self._starts = [spans[number][0] for number in self._order]
        self._ends = [spans[number][1] for number in self._order]
        self._longest = max((end - start for start, end in spans), default=0)

    def around(self, start: int, end: int) -> list[Mention]:
        """The mentions that span ``[start, end)``, in reading order."""
        low, high = bisect_left(self._starts, end - self._longest), bisect_right(self._starts, start)
        fitting = sorted(self._order[at] for at in range(low, high) if self._ends[at] >= end)
        return [self._mentions[number] for number in fitting]


def _label_with(context: Context, mention: Mention, long: tuple[int, int], short: str) -> str:
    """The short name in the place of the long one, with what belongs to the name around it."""
    name = context.entities.full(mention)
    inner = plain(context.text[slice(*long)])
    if name == inner or inner not in name or EDITION.fullmatch(name.replace(inner, "", 1)):
        return short
    return plain(name.replace(inner, short, 1))
