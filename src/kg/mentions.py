"""Paragraph -> mentions: names, posts, bodies, places, meetings, dates, money, quotations, with offsets.

Two levels: every token has a class letter, and the patterns of ``data/lexicon/grammar.toml`` run over the string of
letters. What is left of unknown capitalised words becomes an ``unknown`` mention, which the context may type later.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from kg.abbreviation import long_form
from kg.calendar import DateValue
from kg.lexicon import Lexicon
from kg.model import Evidence
from kg.money import Money
from kg.segment import Paragraph, Quotation, lower
from kg.tokens import Token, tokenise

BRACKET_TOKENS = 7  # an abbreviation in brackets has at most so many tokens
TYPE_OF_LETTER = {"q": "quote", "m": "money", "t": "date"}
TRAILING = (frozenset("kfdn-,"), frozenset("kfd-,"))  # letters that end no mention; a post may end in a number
ROMAN = re.compile("[IVXL]+")
LONGEST_HEAD = 12  # tokens between the head of a body's name and a part of it with a short name of its own
LONGEST_BEFORE = 24  # code points before a word in which another decides what it means
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
        mention = self
        while mention.head is not None:
            mention = mention.head
        return mention

    @property
    def span(self) -> tuple[int, int]:
        """The whole of it."""
        return self.start, self.end

    @property
    def name(self) -> tuple[int, int]:
        """The span of the name itself."""
        core = self.core
        return core.parts.get("name", (core.start, core.end))


def evidence(mention: Mention) -> Evidence:
    """The span of the mention's name."""
    return Evidence(*mention.name)


@dataclass(frozen=True, slots=True)
class Introduction:
    """A short name that the text introduces: the spans of the long and the short form."""

    long: tuple[int, int]
    short: tuple[int, int]


@dataclass(slots=True)
class Known:
    """What earlier paragraphs have introduced: short names with their classes, parts of persons' names."""

    short_names: dict[str, str] = field(default_factory=dict)
    introductions: list[Introduction] = field(default_factory=list)
    person_words: set[str] = field(default_factory=set)
    common_words: frozenset[str] = frozenset()  # those that the article also writes in lower case


def mentions(text: str, paragraph: Paragraph, lexicon: Lexicon, known: Known) -> list[Mention]:
    """The mentions of one paragraph of the normalised text, in order, without overlaps."""
    tokens = tokenise(text, paragraph.start, paragraph.end, paragraph.quotations, lexicon, known.short_names)
    tokens = _introduce(tokens, text, lexicon, known)
    tokens = _in_context(tokens, text, lexicon, known)
    found = [
        Mention(token.start, token.end, TYPE_OF_LETTER[token.letter], token.letter, token.value)
        for token in tokens
        if token.letter in TYPE_OF_LETTER
    ]
    found += _composites(tokens, text, lexicon, known)
    found += _common_meetings(text, paragraph, found, lexicon)
    found += _pronouns(text, paragraph, found, lexicon)
    return sorted(found, key=lambda mention: mention.start)


def _introduce(tokens: list[Token], text: str, lexicon: Lexicon, known: Known) -> list[Token]:
    """Abbreviations in brackets become one transparent token, and known from here on."""
    passed = lexicon.members("function.passed")
    kept: list[Token] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        if token.letter in "CA" and (letter := known.short_names.get(text[token.start : token.end])) is not None:
            token = Token(token.start, token.end, letter)
        close = _closing(tokens, at) if token.letter == "(" and kept else None
        if close is not None:
            first = at + 2 if tokens[at + 1].letter == "n" and close > at + 2 else at + 1  # "(12th AMMDM)"
            short = text[tokens[first].start : tokens[close - 1].end]
            start = long_form([*kept, token], len(kept), text, short, passed) if _is_short(short) else None
            if start is None and _same_thing(kept, text, short, lexicon):
                start = len(kept) - 1
            if start is not None:
                known.introductions.append(
                    Introduction((kept[start].start, kept[-1].end), (tokens[first].start, tokens[close - 1].end))
                )
                _learn(kept, start, short, known)
                kept.append(Token(token.start, tokens[close].end, "z"))
                at = close + 1
                continue
        kept.append(token)
        at += 1
    return kept


def _closing(tokens: Sequence[Token], at: int) -> int | None:
    """The index of the bracket that closes ``tokens[at]``, if only a short name stands between."""
    for index in range(at + 1, min(at + BRACKET_TOKENS + 1, len(tokens))):
        letter = tokens[index].letter
        if letter == ")":
            return index if index > at + 1 else None
        if letter not in "CWLNGAKJYHEVOSPRBnk-./":
            return None
    return None


def _is_short(short: str) -> bool:
    return not EDITION_YEAR.search(short)


def _same_thing(kept: Sequence[Token], text: str, short: str, lexicon: Lexicon) -> bool:
    """Whether the reference data gives the short name to the thing whose name stands before the bracket."""
    names = lexicon.reference.names
    long = text[kept[-1].start : kept[-1].end]
    return bool(set(names.get(short, ())) & set(names.get(long, ())))


def _learn(tokens: list[Token], start: int, short: str, known: Known) -> None:
    """The class of the short name, from that of the long form; an unknown long form becomes a body."""
    letters = "".join(token.letter for token in tokens[start:])
    head = letters[0]
    if head in "PBp":
        known.short_names.setdefault(short, "P")
        return
    if head in "RL" and len(letters) <= 2:
        return
    if set(letters) & set("EV"):
        known.short_names.setdefault(short, "E")
        return
    network = head in "JN" or bool(set(letters) & set("JK"))
    if " " not in short:
        known.short_names.setdefault(short, "N" if network else "G")
    if network or head in "GNJ" or "w" in letters:
        return
    before = "".join(token.letter for token in tokens[max(0, start - LONGEST_HEAD) : start]).rstrip("Wz")
    inside = before[-1:] in ("O", "S") and head not in "OS"
    if inside and " " not in short:  # "Direktorat Jenderal (Ditjen) Bina Administrasi Kewilayahan (Adwil)"
        known.short_names[short] = "W"
    for index in range(start, len(tokens)):  # the bracket shows where the name ends: all of it is one name
        token = tokens[index]
        if token.letter not in "kfdLRz,":
            first = token.letter if token.letter in "SO" else "W" if inside else "O"
            tokens[index] = Token(token.start, token.end, first if index == start else "W")


def _in_context(tokens: list[Token], text: str, lexicon: Lexicon, known: Known) -> list[Token]:
    """Words whose class depends on their neighbours."""
    members = lexicon.members("posts.members")
    for index, token in enumerate(tokens):
        if token.letter in "CwW" and text[token.start : token.end] in members:
            if _is_seat(tokens[index + 1 : index + 2], text, lexicon):  # Anggota Komisi II
                tokens[index] = Token(token.start, token.end, "P" if text[token.start].isupper() else "p")
        elif index and token.letter in "SCALOTW":
            letter = _letter_in_context(tokens, index, text, lexicon, known)
            if letter != token.letter:
                tokens[index] = Token(token.start, token.end, letter, token.value)
    return tokens


def _is_seat(following: Sequence[Token], text: str, lexicon: Lexicon) -> bool:
    """Whether who is a member of what follows has a seat: a committee or an assembly, not a network."""
    if not following:
        return False
    word = text[following[0].start : following[0].end]
    return following[0].letter in "OG" and word in lexicon.members("bodies.seats")


def _letter_in_context(tokens: Sequence[Token], index: int, text: str, lexicon: Lexicon, known: Known) -> str:
    """The class of a word between its neighbours; a comment on each case gives an example."""
    token, before = tokens[index], tokens[index - 1]
    letter, word, front = token.letter, text[token.start : token.end], text[before.start : before.end]
    follows = tokens[index + 1].letter if index + 1 < len(tokens) else "."
    if letter == "S":  # Direktorat Jenderal Bina Pemerintah Desa
        return "W" if word == "Pemerintah" and before.letter == "W" else letter
    if letter == "O":  # Wakil Ketua Bidang Pemerintahan
        return "W" if word == "Bidang" and before.letter in "PG" else letter
    if letter == "T":  # RSUP Dr. M. Djamil
        return "Y" if before.letter == "O" and front in lexicon.members("bodies.named") else letter
    if letter == "W":  # Delegasi RI
        return "L" if word == "RI" and before.letter in "wk(," else letter
    if letter == "L":
        if word in lexicon.areas and (
            before.letter in "PW" or (before.letter == "d" and tokens[index - 2].letter == "W")
        ):
            return "W"  # Direktur Jenderal Asia Pasifik dan Afrika
        given = word in lexicon.members("titles.given") and follows in "CA" and before.letter in "WGNAzOP"
        return (
            "C" if given and front not in lexicon.members("posts.territorial") else letter
        )  # Menteri Pertanian Bima Ardana
    if before.letter in "WPOpJ" and ROMAN.fullmatch(word):  # Komisi II
        return "W" if len(word) > 1 or front.rpartition(" ")[2] in lexicon.members("domain.numbered") else letter
    if letter == "A":  # Ketua Umum INSA
        return "G" if follows not in "W/" and before.letter in "PpW" and _head(tokens, index) in "Pp" else letter
    if before.letter in "PWO" and (word.lower() in known.common_words or _ends_a_name(tokens, index)):
        return "W"  # Direktur Pakan, where the article also writes "pakan"
    return "L" if follows in "CT" and front in lexicon.members("posts.local") else letter  # Camat Sukajaya


def _head(tokens: Sequence[Token], index: int) -> str:
    """The class of the word behind which only words of names stand before a token."""
    first = index - 1
    while first and tokens[first].letter == "W":
        first -= 1
    return tokens[first].letter


def _without_name(tokens: Sequence[Token], first: int, last: int, text: str, lexicon: Lexicon) -> int:
    """Where a body's name ends: behind a head that bears no proper name comes a person's (Anggota Banggar Puryono)."""
    heads = lexicon.members("bodies.open")
    for index in range(first, last - 1):
        token = tokens[index]
        if token.letter == "O" and tokens[index + 1].letter == "C" and text[token.start : token.end] not in heads:
            return index + 1
    return last


def _ends_a_name(tokens: Sequence[Token], index: int) -> bool:
    """Whether a lone unknown word ends the name of a post or unit: "Dirjen Kesehatan Lanjutan, Melati Rinaldi"."""
    behind = [token.letter for token in tokens[index + 1 : index + 4]]
    if (
        tokens[index - 1].letter != "W"
        or behind[:1] != [","]
        or behind[1:2] not in (["C"], ["T"])
        or behind[2:3] in ([","], ["d"])
    ):
        return False
    first = index
    while first and tokens[first].letter in "CWd,":
        first -= 1
    return tokens[first].letter in "PpOS"


def _composites(tokens: Sequence[Token], text: str, lexicon: Lexicon, known: Known) -> list[Mention]:
    letters = "".join(token.letter for token in tokens)
    free = letters
    found: list[Mention] = []
    for grammar in lexicon.grammar:
        for match in grammar.pattern.finditer(free):
            first, last = match.span()
            while last > first + 1 and free[last - 1] in TRAILING[grammar.type == "post"] and grammar.type != "event":
                last -= 1
            if grammar.type == "body":
                last = _without_name(tokens, first, last, text, lexicon)
            mention = _mention(tokens[first:last], letters[first:last], grammar.type, text, lexicon)
            if _wanted(mention, text, lexicon, known):
                found.append(mention)
                free = free[:first] + "_" * (last - first) + free[last:]
    return found


def _wanted(mention: Mention, text: str, lexicon: Lexicon, known: Known) -> bool:
    word = text[mention.start : mention.end]
    if mention.type == "unknown" and mention.letters == "C" and word not in known.person_words:
        before = text[max(0, mention.start - 3) : mention.start].rstrip()
        return bool(before) and (before[-1] not in '.!?"\n' or before[-2:] == ',"')
    if mention.type == "event" and mention.letters == "E":
        return lower(word) not in lexicon.members("meetings.lower") | {"hari", "pekan", "peringatan", "temu"}
    return True


def _mention(tokens: Sequence[Token], letters: str, kind: str, text: str, lexicon: Lexicon) -> Mention:
    mention = Mention(tokens[0].start, tokens[-1].end, kind, letters)
    first, last = 0, len(letters)
    while first < last - 1 and letters[first] in ("TPbB" if kind == "person" else "TbB"):  # "Minister Zulkifli"
        first += 1
    if first:
        mention.parts["marker"] = (tokens[0].start, tokens[first - 1].end)
        if letters[first] == "z":  # Penjabat (Pj.) Wali Kota
            first += 1
    while last > first + 1 and letters[last - 1] in "D,":
        last -= 1
    if letters[last - 1] == "z" and last > first + 1:
        mention.parts["alias"] = (tokens[last - 1].start + 1, tokens[last - 1].end - 1)
        last -= 1
    elif kind in ("post", "body") and (region := _region(letters, first, last)) is not None:
        mention.parts["region"] = (tokens[region].start, tokens[last - 1].end)
        if letters[region - 1] == "z":
            mention.parts["alias"] = (tokens[region - 1].start + 1, tokens[region - 1].end - 1)
    mention.parts["name"] = (tokens[first].start, tokens[last - 1].end)
    if kind == "event" and (network := _network_inside(letters[:last])) is not None:
        mention.parts["network"] = (tokens[network].start, tokens[last - 1].end)
    mention.level = _level(tokens, letters, kind, text, lexicon)
    return mention


def _region(letters: str, first: int, last: int) -> int | None:
    """Where the place at the end of a post's or body's name begins: Wali Kota | Batu, Mayor of | Cebu City."""
    two = letters[last - 2 : last] if last > first + 2 else ""
    if two in ("RL", "RC", "LR", "CR"):
        return last - 2
    return last - 1 if letters[last - 1] == "L" and last > first + 1 else None


def _network_inside(letters: str) -> int | None:
    """Where the name of a network begins inside a meeting's: Rakernas XI | JKPI."""
    at = letters.rfind("N")
    if at > 0 and at == len(letters) - 1:
        return at
    at = letters.find("J", 1)
    return at if at > 0 else None


def _level(tokens: Sequence[Token], letters: str, kind: str, text: str, lexicon: Lexicon) -> float:
    if kind != "place":
        return 0.0
    if letters[0] == "R":
        return lexicon.region_types[text[tokens[0].start : tokens[0].end]][0]
    if "R" in letters:
        tail = tokens[letters.rindex("R")]
        return lexicon.region_tails.get(text[tail.start : tail.end], (2.0,))[0]
    name = text[tokens[0].start : tokens[0].end]
    levels = lexicon.levels.get(lexicon.synonyms.get(name, name), frozenset())
    return min(levels, default=2.0)


@dataclass(frozen=True, slots=True)
class _MeetingWords:
    """Patterns of meetings without a proper name, and of the words around them."""

    heads: re.Pattern[str]  # where one may begin
    inside: re.Pattern[str]  # before a head: "pusat" pelatihan is no meeting
    points: re.Pattern[str]  # before a head that refers back: "seusai" rapat
    generic: re.Pattern[str]  # a word that refers back
    shown: re.Pattern[str]  # behind it: "itu", "yang", "serupa"
    held: re.Pattern[str]  # behind it: "berlangsung"
    bare: re.Pattern[str]  # behind it: no noun
    part: re.Pattern[str]
    ceremony: re.Pattern[str]
    common: re.Pattern[str]  # a name in lower case


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
    more = rf"(?: (?!(?:me[nmlrw]|di|ber|ter)[a-z]{{3}}|(?:{stops})\b)[a-z][a-z-]+){{0,2}}"
    either = re.IGNORECASE
    opening = words("lower")
    return _MeetingWords(
        heads=re.compile(rf"\b(?:{words('generic', 'lower', 'parts')})\b", either),
        inside=re.compile(rf"\b(?:{words('inside')}) $", either),
        points=re.compile(rf"\b(?:{words('before')}) $", either),
        generic=re.compile(rf"(?i:{words('generic')})(?: (?:{words('qualifying')}))*(?![a-z-])"),
        shown=re.compile(
            r" (?:(?:yang )?ke[a-z-]+\d* )?"
            r"(?:ini|tersebut|itu|serupa|yang (?:ke|kini|di|ber|me|juga|turut|akan|telah|sudah))"
        ),
        held=re.compile(held),
        bare=re.compile(rf"[.,;:)\"]|$| (?:{stops})\b"),
        part=re.compile(rf"(?i:{parts})\b{more}|(?i:{words('parts')})\b"),
        ceremony=re.compile(rf"(?:{words('ceremonies')})(?={held})", either),
        common=re.compile(rf"(?:(?i:{several})\b|(?i:{opening})(?= [a-z])){more}"),
    )


def _common_meetings(text: str, paragraph: Paragraph, found: list[Mention], lexicon: Lexicon) -> list[Mention]:
    """Meetings without a proper name ("kunjungan kerja") and words that refer back to one ("pertemuan itu")."""
    if "meetings.heads" in lexicon.forms:
        return _meetings_by_form(text, paragraph, found, lexicon)
    patterns = _meeting_words(lexicon)
    added: list[Mention] = []
    position = paragraph.start
    while (head := patterns.heads.search(text, position, paragraph.end)) is not None:
        position = head.end()
        mention = _common_meeting(text, head.start(), paragraph, patterns)
        lone = next((m for m in found if m.start == head.start() and m.letters == "E"), None)
        if mention is not None and mention.common and lone is not None and mention.end > lone.end:
            found.remove(lone)  # "Forum bisnis", where a sentence begins
        if mention is not None and all(mention.end <= m.start or m.end <= mention.start for m in found):
            mention.parts["name"] = mention.span
            added.append(mention)
            position = mention.end
    return added


def _common_meeting(text: str, start: int, paragraph: Paragraph, patterns: _MeetingWords) -> Mention | None:
    """The meeting whose name in lower case begins there, or the word that refers back to one."""
    before = text[max(paragraph.start, start - LONGEST_BEFORE) : start]
    if patterns.inside.search(before):
        return None
    end = paragraph.end
    part = patterns.part.match(text, start, end)
    if part is not None and (patterns.bare.match(text, part.end(), end) or patterns.held.match(text, part.end(), end)):
        return Mention(start, part.end(), "event", "e", generic=True, part=True)
    if (ceremony := patterns.ceremony.match(text, start, end)) is not None:
        return Mention(start, ceremony.end(), "event", "e", common=True)
    if (generic := patterns.generic.match(text, start, end)) is not None:
        behind = generic.end()
        shown = patterns.shown.match(text, behind, end) or patterns.held.match(text, behind, end)
        if shown or (patterns.points.search(before) and patterns.bare.match(text, behind, end)):
            return Mention(start, behind, "event", "e", generic=True)
    common = patterns.common.match(text, start, end)
    if common is not None and " " in common.group():
        return Mention(start, common.end(), "event", "e", common=True)
    return None


def _meetings_by_form(text: str, paragraph: Paragraph, found: Sequence[Mention], lexicon: Lexicon) -> list[Mention]:
    """The same in a language whose lexicon gives the patterns themselves ("the two-day workshop")."""
    added: list[Mention] = []
    for head in lexicon.forms["meetings.heads"].finditer(text, paragraph.start, paragraph.end):
        for name in ("generic", "common"):
            match = lexicon.forms[f"meetings.{name}"].match(text, head.start(), paragraph.end)
            if match and all(match.end() <= mention.start or mention.end <= match.start() for mention in found):
                refers = name == "generic"
                mention = Mention(match.start(), match.end(), "event", "e", generic=refers, common=not refers)
                mention.parts["name"] = match.span("name") if refers else mention.span
                added.append(mention)
                break
    return added


@cache
def _pronoun_pattern(pronouns: frozenset[str]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(sorted(pronouns))})\b", re.IGNORECASE)


def _pronouns(text: str, paragraph: Paragraph, found: Sequence[Mention], lexicon: Lexicon) -> list[Mention]:
    pattern = _pronoun_pattern(lexicon.members("function.pronouns"))
    return [
        Mention(match.start(), match.end(), "person", "w", generic=True)
        for match in pattern.finditer(text, paragraph.start, paragraph.end)
        if all(match.end() <= m.start or m.end <= match.start() for m in found)
    ]
