"""Meetings without a proper name ("kunjungan kerja"), parts of meetings, and words that refer back to one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from kg.lexicon import Lexicon
from kg.mention import POSSESSIVE, Mention, Taken
from kg.segment import Paragraph

LONGEST_BEFORE = 40  # code points before a word in which another decides what it means
OBSERVED = "EE"  # letters of a meeting that observes a day
EDITION_BEHIND = re.compile(r" ke-\d{1,3}\b")


@dataclass(frozen=True, slots=True)
class _MeetingWords:
    """Patterns of meetings without a proper name, and of the words around them."""

    heads: re.Pattern[str]  # where one may begin
    inside: re.Pattern[str]  # before a head: "pusat" pelatihan is no meeting
    never: re.Pattern[str]  # a head and what makes it no meeting: konferensi "pers"
    points: re.Pattern[str]  # before a head that refers back: "seusai" rapat
    generic: re.Pattern[str]  # a word that refers back
    shown: re.Pattern[str]  # behind it: "itu", "yang", "serupa"
    other: re.Pattern[str]  # "pertemuan" berikutnya
    own: re.Pattern[str]  # "pertemuan resminya"
    held: re.Pattern[str]  # behind it: "berlangsung"
    bare: re.Pattern[str]  # behind it: no noun
    part: re.Pattern[str]
    ceremony: re.Pattern[str]
    shared: re.Pattern[str]  # "rapat" before those who take part
    fixed: re.Pattern[str]  # several words that make a name in lower case
    common: re.Pattern[str]  # a name in lower case
    observed: re.Pattern[str]  # "peringatan" and the name of a day
    single: re.Pattern[str]  # one word, enough behind "menggelar"
    making: re.Pattern[str]
    denied: re.Pattern[str]  # "tidak menggelar" syukuran


@cache
def _meeting_words(lexicon: Lexicon) -> _MeetingWords:
    def words(*names: str) -> str:
        members = {word for name in names for word in lexicon.members(f"meetings.{name}")}
        return "|".join(sorted(map(re.escape, members), key=lambda word: (-len(word), word)))

    several, parts = (
        "|".join(sorted((word for word in lexicon.members(f"meetings.{name}") if " " in word), key=len, reverse=True))
        for name in ("lower", "parts")
    )
    stops, held = words("stop"), rf" (?:(?:akan|telah|sudah|juga|turut) )*(?:{words('held')})\b"
    more = (
        rf"(?: (?:(?:{words('qualifying')})\b|(?!(?:me[nmlrw]|di|ber|ter)[a-z]{{3}}|(?:{stops})\b)[a-z][a-z-]+)){{0,2}}"
    )
    either = re.IGNORECASE
    opening, qualifying, ceremonies = words("lower"), words("qualifying"), words("ceremonies")
    counted = rf"(?:{words('counting')}) (?!(?:{words('measures')})\b)[a-z]+"
    frame = rf"(?i:(?:{words('frames')}) )"
    return _MeetingWords(
        heads=re.compile(rf"\b(?:{words('generic', 'lower', 'parts')})\b", either),
        inside=re.compile(rf"\b(?:{words('inside')}) $", either),
        never=re.compile(rf"(?i:{words('generic', 'lower')}) (?:{words('never')})\b"),
        points=re.compile(rf"\b(?:{words('before')}) $", either),
        generic=re.compile(rf"(?i:{words('generic')})(?: (?:{words('qualifying')}))*(?![a-z-])"),
        shown=re.compile(
            r" (?:(?:yang )?ke[a-z-]+\d* )?"
            r"(?:ini|tersebut|itu|serupa|yang (?:sama\b|ke|kini|di|ber|me|juga|turut|akan|telah|sudah))"
        ),
        other=re.compile(rf"(?!(?i:{words('any')})\b)(?i:{words('generic')})(?= (?:sebelum|berikut|selanjut)nya\b)"),
        own=re.compile(rf"(?i:{words('generic')}) (?:{words('main')})nya\b"),
        held=re.compile(held),
        bare=re.compile(rf"[.,;:)\"]|$| (?:{stops})\b| (?:me[nmlrw]|di|ber|ter)[a-z]{{3}}"),
        part=re.compile(rf"(?i:{parts})\b{more}|(?i:{words('parts')})\b"),
        ceremony=re.compile(rf"(?:{words('ceremonies')})(?={held})", either),
        observed=re.compile(rf"{frame}?(?i:peringatan)(?: [A-Z][\w/-]*)+(?: ke-\d+)?"),
        single=re.compile(rf"(?i:{opening})(?![\w-])"),
        making=re.compile(rf"\b(?:{words('making')}) $", either),
        denied=re.compile(rf"\b(?:{words('denied')}) (?:[a-z]+ )?(?:{words('making')}) $", either),
        shared=re.compile(rf"(?i:{opening})(?: (?:{qualifying}))*(?= (?:bersama|dengan|antara) (?:para )?[A-Z])"),
        fixed=re.compile(rf"(?i:{several})\b"),
        common=re.compile(
            rf"(?i:{opening}) {counted}|{frame}?(?:(?i:{several})\b|(?i:{opening})(?= [a-z])){more}"
            rf"|{frame}(?i:{ceremonies})\b"
        ),
    )


def lower_meetings(
    text: str, paragraph: Paragraph, opening: Sequence[int], found: list[Mention], lexicon: Lexicon
) -> list[Mention]:
    """Meetings without a proper name ("kunjungan kerja") and words that refer back to one ("pertemuan itu").

    ``opening`` are the places of all words that may open one.
    """
    if "meetings.heads" in lexicon.forms:
        return _meetings_by_form(text, paragraph, found, lexicon)
    patterns = _meeting_words(lexicon)
    taken = Taken(found)
    added: list[Mention] = []
    position = paragraph.start
    for opened in sorted(opening):
        head = patterns.heads.search(text, max(position, opened), paragraph.end)
        if head is None:
            break
        position = head.end()
        network = taken.at(head.end() + 1)
        if network is not None and (session := _numbered_session(text, head, network)) is not None:
            found.remove(network)
            taken = Taken(found)
            added.append(session)
            position = session.end
            continue
        lone = taken.at(head.start())
        longer = patterns.fixed.match(text, head.start(), paragraph.end)
        if longer and lone is not None and lone.letters == "E" and longer.end() > lone.end:
            found.remove(lone)  # "Forum bisnis", where a sentence begins
            taken = Taken(found)
        for mention in _common_meeting(text, head.start(), paragraph, patterns):
            own = POSSESSIVE if mention.common and text.endswith(POSSESSIVE, mention.start, mention.end) else ""
            mention.parts["name"] = mention.start, mention.end - len(own)
            _leave_agreement(mention, found)
            if _take_in(mention, found):
                taken = Taken(found)
            if taken.free(mention.start, mention.end):
                added.append(mention)
                position = mention.end
                break
    return added


def _numbered_session(text: str, head: re.Match[str], network: Mention) -> Mention | None:
    """A numbered meeting of a network, whose name begins with the network's: "sidang" MEPC ke-85."""
    number = EDITION_BEHIND.match(text, network.end) if network.type == "network" else None
    if number is None or not head.group().islower():
        return None
    session = Mention(head.start(), number.end(), "event", "EJ")
    session.parts.update(name=session.span, network=network.name)
    return session


def _take_in(meeting: Mention, found: list[Mention]) -> bool:
    """The names that are part of a meeting's: of a day that is observed, of the meeting that another prepares."""
    inside = [m for m in found if meeting.letters == OBSERVED and meeting.start <= m.start and m.end <= meeting.end]
    if meeting.common:
        inside += [m for m in found if m.type == "event" and m.start == meeting.end + 1]
    for mention in inside:
        meeting.end = max(meeting.end, mention.end)
        meeting.parts["name"] = meeting.span
        found.remove(mention)
    return bool(inside)


def _leave_agreement(meeting: Mention, found: Sequence[Mention]) -> None:
    """The agreement that is signed at a meeting is a mention of its own, and part of the meeting's name."""
    for agreement in found:
        if agreement.type == "agreement" and meeting.start < agreement.start < meeting.end:
            meeting.parts["name"] = (meeting.start, max(meeting.end, agreement.end))
            meeting.end = agreement.start - 1


def _common_meeting(text: str, start: int, paragraph: Paragraph, patterns: _MeetingWords) -> Iterator[Mention]:
    """What may begin there, the likeliest first: a meeting's name in lower case, or a word that refers back to one."""
    before = text[max(paragraph.start, start - LONGEST_BEFORE) : start]
    end = paragraph.end
    if patterns.inside.search(before) or patterns.denied.search(before) or patterns.never.match(text, start, end):
        return
    if (match := patterns.other.match(text, start, end) or patterns.own.match(text, start, end)) is not None:
        yield Mention(start, match.end(), "event", "e", generic=True)
        return
    yield from _parts_and_ceremonies(text, start, end, patterns)
    if (generic := patterns.generic.match(text, start, end)) is not None:
        behind = generic.end()
        shown = patterns.shown.match(text, behind, end) or patterns.held.match(text, behind, end)
        bare = " " not in generic.group() and patterns.bare.match(text, behind, end)
        if shown or (bare and patterns.points.search(before)):
            yield Mention(start, behind, "event", "e", generic=True)
    common = patterns.common.match(text, start, end)
    if common is not None and " " in common.group():
        yield Mention(start, common.end(), "event", "e", common=True)
    single = patterns.single.match(text, start, end)
    if single is not None and patterns.making.search(before):
        yield Mention(start, single.end(), "event", "e", common=True)


def _parts_and_ceremonies(text: str, start: int, end: int, patterns: _MeetingWords) -> Iterator[Mention]:
    """A day that is observed, a part of a meeting, a meeting before those who take part, or a ceremony that is held."""
    if (observed := patterns.observed.match(text, start, end)) is not None:
        yield Mention(start, observed.end(), "event", OBSERVED)
    part = patterns.part.match(text, start, end)
    if part is not None and (patterns.bare.match(text, part.end(), end) or patterns.held.match(text, part.end(), end)):
        yield Mention(start, part.end(), "event", "e", generic=True, part=True)
    if (shared := patterns.shared.match(text, start, end)) is not None:
        yield Mention(start, shared.end(), "event", "e", common=True)
    if (ceremony := patterns.ceremony.match(text, start, end)) is not None:
        yield Mention(start, ceremony.end(), "event", "e", common=True)


def _meetings_by_form(text: str, paragraph: Paragraph, found: Sequence[Mention], lexicon: Lexicon) -> list[Mention]:
    """The same in a language whose lexicon gives the patterns themselves ("the two-day workshop")."""
    taken = Taken(found)
    added: list[Mention] = []
    for head in lexicon.forms["meetings.heads"].finditer(text, paragraph.start, paragraph.end):
        for name in ("generic", "common"):
            match = lexicon.forms[f"meetings.{name}"].match(text, head.start(), paragraph.end)
            if match and taken.free(*match.span()):
                refers = name == "generic"
                mention = Mention(match.start(), match.end(), "event", "e", generic=refers, common=not refers)
                mention.parts["name"] = match.span("name") if refers else mention.span
                added.append(mention)
                break
    return added
