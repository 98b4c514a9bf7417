"""Paragraph -> mentions: names, posts, bodies, places, meetings, dates, money, quotations, with offsets.

Two levels: every token has a class letter, and the patterns of ``data/lexicon/grammar.toml`` run over the string of
letters. What is left of unknown capitalised words becomes an ``unknown`` mention, which the context may type later.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from operator import attrgetter

from kg.abbreviation import long_form
from kg.calendar import DateValue
from kg.known import Introduction, Known
from kg.lexicon import Grammar, Lexicon
from kg.model import Evidence
from kg.money import Money
from kg.neighbours import in_context, without_name, word_of
from kg.segment import Paragraph, Quotation, lower
from kg.tokens import Tokens, tokenise

BRACKET_TOKENS = 7  # an abbreviation in brackets has at most so many tokens
TYPE_OF_LETTER = {"q": "quote", "m": "money", "t": "date"}
DOUBTFUL = ("unknown", "event")  # types of mentions that what is around them may rule out
TRAILING = (frozenset("kfdn-,"), frozenset("kfd-,"))  # letters that end no mention; the second: a post, a network
FOREIGN = re.compile(r"[A-Z]{3,9}(?:-?\d{1,3})?")
LONGEST_MEETING = 14  # tokens of a meeting's name before its short name of another language
LONGEST_HEAD = 12  # tokens between the head of a body's name and a part of it with a short name of its own
START = attrgetter("start")
UNSPECIFIC = frozenset({"hari", "pekan", "pembukaan", "penutupan", "peringatan", "temu"})  # alone they open no meeting
LONGEST_BEFORE = 40  # code points before a word in which another decides what it means
AWARDS = ("Award", "Awards")  # names of prizes as well as of the evenings at which they are given
TOWN_LEVEL = 1.5  # of a place that only the word list knows: no regency, city or province
NUMERAL = re.compile(r"[IVXL]+")
OBSERVED = "EE"  # letters of a meeting that observes a day
EDITION_BEHIND = re.compile(r" ke-\d{1,3}\b")
POSSESSIVE = "nya"  # "kunjungan kerjanya"
EDITION_YEAR = re.compile(r"\d{4}")


@dataclass(slots=True, eq=False)
class Mention:
    """A stretch of the text that names something; ``head`` is what a longer phrase is about.

    ``parts`` are spans inside it by name: ``name`` (without titles, degrees, acting markers and brackets after it),
    ``region`` (the place at its end), ``marker`` (acting or former), ``alias`` (a short name in brackets).
    """

    start: int
    end: int
    type: str
    letters: str = ""
    value: DateValue | Money | Quotation | None = None
    level: float = 0.0
    parts: dict[str, tuple[int, int]] = field(default_factory=dict)
    head: Mention | None = None
    linked: dict[str, Mention | list[Mention]] = field(default_factory=dict)  # what the phrase adds, by role
    inside: list[Mention] = field(default_factory=list)  # what a phrase was collapsed from
    generic: bool = False  # "pertemuan itu", "ia": refers back to something
    common: bool = False  # a meeting with a name in lower case
    rule: str = ""  # id of the rule that gave it its type or made it of a phrase
    part: bool = False  # "upacara penutupan": refers to the meeting of which it is a part

    @property
    def core(self) -> Mention:
        """The mention at the bottom of nested phrases."""
        head = self.head
        if head is None:
            return self
        while head.head is not None:
            head = head.head
        return head

    @property
    def span(self) -> tuple[int, int]:
        """The whole of it."""
        return self.start, self.end

    @property
    def name(self) -> tuple[int, int]:
        """The span of the name itself."""
        core = self if self.head is None else self.core
        return core.parts.get("name", (core.start, core.end))


def evidence(mention: Mention) -> Evidence:
    """The span of the mention's name."""
    return Evidence(*mention.name)


def mentions(text: str, paragraph: Paragraph, lexicon: Lexicon, known: Known) -> list[Mention]:
    """The mentions of one paragraph of the normalised text, in order, without overlaps."""
    tokens = tokenise(text, paragraph.start, paragraph.end, paragraph.quotations, lexicon, known.short_names)
    if "(" in tokens.letters:
        tokens = _introduce(tokens, text, lexicon, known)
    letters = in_context(tokens, text, lexicon, known)
    found = _composites(tokens, letters, text, lexicon, known)
    if tokens.values:
        for start, end, letter in zip(tokens.starts, tokens.ends, letters, strict=True):
            if letter in TYPE_OF_LETTER:
                found.append(Mention(start, end, TYPE_OF_LETTER[letter], letter, tokens.values[start]))
    found.sort(key=START)
    if (tokens.heads or "meetings.heads" in lexicon.forms) and (
        meetings := _common_meetings(text, paragraph, tokens.heads, found, lexicon)
    ):
        found = sorted([*found, *meetings], key=START)
    if tokens.pronoun and (pronouns := _pronouns(text, paragraph, found, lexicon)):
        found = sorted([*found, *pronouns], key=START)
    return found


def _introduce(tokens: Tokens, text: str, lexicon: Lexicon, known: Known) -> Tokens:
    """Abbreviations in brackets become one transparent token, and known from here on."""
    kept = tokens.like()
    done = 0
    size = len(tokens.letters)
    learned = False
    for at in [index for index, letter in enumerate(tokens.letters) if letter == "("]:
        if at < done:
            continue
        if learned:
            _relabel(tokens, done, at, text, known)
        kept.take(tokens, done, at)
        done = at
        close = _closing(tokens.letters, at) if kept.letters else None
        if close is None:
            continue
        first = at + 2 if tokens.letters[at + 1] == "n" and close > at + 2 else at + 1  # "(12th AMMDM)"
        short = (tokens.starts[first], tokens.ends[close - 1])
        start = _long_form(kept, text, text[slice(*short)], lexicon)
        if start is not None:
            known.introductions.append(Introduction((kept.starts[start], kept.ends[-1]), short))
            _learn(kept, start, text[slice(*short)], known)
            kept.add(tokens.starts[at], tokens.ends[close], "z")
            done = close + 1
            learned = True
    if learned:
        _relabel(tokens, done, size, text, known)
    kept.take(tokens, done, size)
    return kept


def _relabel(tokens: Tokens, first: int, last: int, text: str, known: Known) -> None:
    """Unknown words that the same paragraph has introduced as short names."""
    for index in range(first, last):
        if tokens.letters[index] in "CA":
            letter = known.short_names.get(text[tokens.starts[index] : tokens.ends[index]])
            tokens.letters[index] = letter or tokens.letters[index]


def _closing(letters: Sequence[str], at: int) -> int | None:
    """The index of the bracket that closes that one, if only a short name stands between."""
    for index in range(at + 1, min(at + BRACKET_TOKENS + 1, len(letters))):
        letter = letters[index]
        if letter == ")":
            return index if index > at + 1 else None
        if letter not in "CWLNGAKJYHEVOSPRBDnk-./":  # D: MPA is a degree as well
            return None
    return None


def _long_form(kept: Tokens, text: str, short: str, lexicon: Lexicon) -> int | None:
    """The index of the token that opens the long form of a short name behind these tokens."""
    if not EDITION_YEAR.search(short):
        start = long_form(kept, len(kept.letters), text, short, lexicon.members("function.passed"))
        if start is not None:
            return start if short in lexicon.reference.names else _whole(kept.letters, start)
    if _same_thing(kept, text, short, lexicon):
        return len(kept.letters) - 1
    return _translated(kept, text, short, lexicon)


def _translated(kept: Tokens, text: str, short: str, lexicon: Lexicon) -> int | None:
    """The index of the head of a meeting whose short name is of another language: Pertemuan ... tentang Air (AWMM).

    No letters tell where it begins, so only a network's meeting or one that is about something is taken.
    """
    if not FOREIGN.fullmatch(short) or short in lexicon.classes:
        return None
    topics = lexicon.members("meetings.topics")
    at, sure = len(kept.letters) - 1, False
    while at >= 0 and len(kept.letters) - at <= LONGEST_MEETING:
        letter = kept.letters[at]
        about = letter in "wk" and word_of(kept, at, text) in topics
        if letter == "E":
            if sure:
                for index in range(at, len(kept.letters)):
                    kept.letters[index] = "k" if kept.letters[index] == "w" else kept.letters[index]
            return at if sure else None
        if not about and letter not in "CWLNGAJKYHOPRSVndk":
            return None
        sure = sure or about or letter == "N"
        at -= 1
    return None


def _whole(letters: Sequence[str], start: int) -> int:
    """Where a body's name begins if only the place at its end seems to be the long form: Otoritas Mindanao (MinDA)."""
    first = start
    while letters[start] in "LC" and first and letters[first - 1] in "Wkd":
        first -= 1
    if letters[start] in "LC" and first and letters[first - 1] in "OJ":
        return first - 1
    if letters[start] == "W" and letters[start - 1 : start] == ["P"]:  # Deputi Pembangunan X Kementerian PPN (PPN)
        return next((index for index in range(start, len(letters)) if letters[index] in "SG"), start)
    return start


def _same_thing(kept: Tokens, text: str, short: str, lexicon: Lexicon) -> bool:
    """Whether the reference data gives the short name to the thing whose name stands before the bracket."""
    names = lexicon.reference.names
    long = text[kept.starts[-1] : kept.ends[-1]]
    return bool(set(names.get(short, ())) & set(names.get(long, ())))


def _learn(tokens: Tokens, start: int, short: str, known: Known) -> None:
    """The class of the short name, from that of the long form; an unknown long form becomes a body."""
    letters = "".join(tokens.letters[start:])
    head = letters[0]
    if head in "PBp":
        known.short_names.setdefault(short, "P")
        return
    if head in "RL" and len(letters) <= 2:
        return
    if head in "HU" or letters[-1] == "Y":  # Bali International Convention Center (BICC)
        known.short_names.setdefault(short, "L")
        return
    if set(letters) & set("EV"):
        known.short_names.setdefault(short, "E")
        return
    network = head in "JN" or bool(set(letters) & set("JK"))
    if " " not in short:
        known.short_names.setdefault(short, "N" if network else "G")
    if network or head in "GNJ" or "w" in letters:
        return
    before = "".join(tokens.letters[max(0, start - LONGEST_HEAD) : start]).rstrip("Wz")
    inside = before[-1:] in ("O", "S") and head not in "OS"
    if inside and " " not in short:  # "Direktorat Jenderal (Ditjen) Bina Administrasi Kewilayahan (Adwil)"
        known.short_names[short] = "W"
    for index in range(start, len(tokens.letters)):  # the bracket shows where the name ends: all of it is one name
        letter = tokens.letters[index]
        if letter not in "kfdLRz,":
            first = letter if letter in "SO" else "W" if inside else "O"
            tokens.letters[index] = first if index == start else "W"


@lru_cache(maxsize=10_000)
def _worth_trying(lexicon: Lexicon, present: frozenset[str]) -> Sequence[Grammar]:
    """The patterns that can match a string of these letters, in their order."""
    return [g for g in lexicon.grammar if not any(present.isdisjoint(need) for need in g.needs)]


def _composites(tokens: Tokens, letters: str, text: str, lexicon: Lexicon, known: Known) -> list[Mention]:
    free = letters
    found: list[Mention] = []
    for grammar in _worth_trying(lexicon, frozenset(letters)):
        kind = grammar.type
        for match in grammar.pattern.finditer(free):
            first, last = match.span()
            while last > first + 1 and free[last - 1] in TRAILING[kind in ("post", "network")] and kind != "event":
                last -= 1
            if kind == "body":
                last = without_name(tokens, first, last, text, lexicon)
            start, end = tokens.starts[first], tokens.ends[last - 1]
            if kind in DOUBTFUL and not _wanted(kind, letters[first:last], start, end, text, lexicon, known):
                continue
            found.append(_mention(tokens, first, letters[first:last], kind, text, lexicon))
            free = free[:first] + "_" * (last - first) + free[last:]
    return found


def _wanted(kind: str, letters: str, start: int, end: int, text: str, lexicon: Lexicon, known: Known) -> bool:
    if kind == "unknown" and letters == "A" and NUMERAL.fullmatch(text[start:end]):
        return False  # "pejabat eselon II"
    if kind == "unknown" and letters == "C" and text[start:end] not in known.person_words:
        before = text[max(0, start - 3) : start].rstrip()
        return bool(before) and (before[-1] not in '.!?"\n' or before[-2:] == ',"')
    if kind == "event":
        word = text[start:end]
        if word.rstrip(" 0123456789").endswith(AWARDS):
            front, behind = text[max(0, start - LONGEST_BEFORE) : start], text[end : end + LONGEST_BEFORE].lstrip(", ")
            if front.rstrip().endswith(tuple(lexicon.members("meetings.taking"))):
                return False
            return not behind.startswith(tuple(lexicon.members("meetings.taken")))
        if letters == "E":
            return lower(word) not in lexicon.members("meetings.lower") and lower(word) not in UNSPECIFIC
    return True


def _mention(tokens: Tokens, at: int, letters: str, kind: str, text: str, lexicon: Lexicon) -> Mention:
    """The mention of the tokens from ``at`` on, one for each letter."""
    start, end = tokens.starts[at], tokens.ends[at]
    mention = Mention(start, tokens.ends[at + len(letters) - 1], kind, letters)
    if len(letters) > 1:
        _divide(mention.parts, tokens, at, letters, kind)
    else:
        mention.parts["name"] = (start, end)
    if kind == "place":
        mention.level = _level(tokens, at, letters, text, lexicon)
    return mention


def _divide(parts: dict[str, tuple[int, int]], tokens: Tokens, at: int, letters: str, kind: str) -> None:
    """The parts of a mention of several tokens: its markers, the name itself, the region and the short name in it."""
    starts, ends = tokens.starts, tokens.ends
    first, last = 0, len(letters)
    while first < last - 1 and letters[first] in ("TPbB" if kind == "person" else "TbB"):  # "Minister Zulkifli"
        first += 1
    if first:
        parts["marker"] = (starts[at], ends[at + first - 1])
        if letters[first] == "z":  # Penjabat (Pj.) Wali Kota
            first += 1
    while last > first + 1 and letters[last - 1] in "D,":
        last -= 1
    if letters[last - 1] == "z" and last > first + 1:
        parts["alias"] = (starts[at + last - 1] + 1, ends[at + last - 1] - 1)
        last -= 1
    if (kind == "post" or (kind == "body" and "alias" not in parts)) and (
        region := _region(letters, first, last)
    ) is not None:
        parts["region"] = (starts[at + region], ends[at + last - 1])
        if letters[region - 1] == "z":
            parts["alias"] = (starts[at + region - 1] + 1, ends[at + region - 1] - 1)
    parts["name"] = (starts[at + first], ends[at + last - 1])
    if kind == "event" and (network := _network_inside(letters[:last])) is not None:
        parts["network"] = (starts[at + network], ends[at + last - 1])


def _region(letters: str, first: int, last: int) -> int | None:
    """Where the place at the end of a post's or body's name begins: Wali Kota | Batu, Mayor of | Cebu City."""
    two = letters[last - 2 : last] if last > first + 2 else ""
    if two in ("RL", "RC", "LR", "CR"):
        return last - 2
    return last - 1 if letters[last - 1] == "L" and last > first + 1 else None


def _network_inside(letters: str) -> int | None:
    """Where the name of a network begins inside a meeting's: Rakernas XI | JKPI."""
    at = letters.find("J", 1)  # Pertemuan Jejaring Kota Cerdas ASEAN
    if at > 0:
        return at
    at = letters.rfind("N")
    return at if at > 0 and at == len(letters) - 1 else None


def _level(tokens: Tokens, at: int, letters: str, text: str, lexicon: Lexicon) -> float:
    """The level of a place, from its type word or its name."""
    name = word_of(tokens, at, text)
    if letters[0] == "R":
        return lexicon.region_types[name][0]
    if "R" in letters:
        return lexicon.region_tails.get(word_of(tokens, at + letters.rindex("R"), text), (2.0,))[0]
    return min(lexicon.levels.get(lexicon.synonyms.get(name, name), frozenset()), default=TOWN_LEVEL)


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


def _common_meetings(
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


class Taken:
    """Which parts of a text mentions already have; they are in order and don't overlap."""

    def __init__(self, mentions: Sequence[Mention]) -> None:
        self._starts = [mention.start for mention in mentions]
        self._mentions = mentions

    def at(self, start: int) -> Mention | None:
        """The mention that begins there."""
        place = bisect_left(self._starts, start)
        found = self._mentions[place] if place < len(self._starts) else None
        return found if found is not None and found.start == start else None

    def free(self, start: int, end: int) -> bool:
        """Whether no mention has a part of ``[start, end)``."""
        before = bisect_left(self._starts, end) - 1
        return before < 0 or self._mentions[before].end <= start


@cache
def _pronoun_pattern(pronouns: frozenset[str]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(sorted(pronouns))})\b", re.IGNORECASE)


def _pronouns(text: str, paragraph: Paragraph, found: Sequence[Mention], lexicon: Lexicon) -> list[Mention]:
    pattern = _pronoun_pattern(lexicon.members("function.pronouns"))
    taken = Taken(found)
    return [
        Mention(match.start(), match.end(), "person", "w", generic=True)
        for match in pattern.finditer(text, paragraph.start, paragraph.end)
        if taken.free(*match.span())
    ]
