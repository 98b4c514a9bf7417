"""Meetings as things of their own: a name, its short forms, an edition, dates; several in one article.

A mention is a meeting's proper name, a name in lower case ("kunjungan kerja"), or a word that refers back ("pertemuan
itu"). "AMF sebelumnya" is another meeting than "AMF".
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from operator import itemgetter

from kg.entities import Entities
from kg.mention import Mention
from kg.model import Article, Entity, Kind, Label
from kg.names import plain, roman, slug, words
from kg.positions import Placed
from kg.segment import lower
from kg.sentences import Sentence

ORDINAL = re.compile(r"\b(?:[Kk]e-?(\d{1,3})|(\d{1,3})(?:st|nd|rd|th))\b")
NUMERAL = re.compile(r"\b([IVXL]{1,6})\b")
NUMERAL_IN_UNIT = re.compile(r"(?:Wilayah|Komisi|Komwil|Asisten|Kodam|Regional|Zona|Tahap|Jilid) [IVXL]+")
YEAR = re.compile(r"\b20\d\d\b")
LONGEST_VERB = 40  # code points behind a meeting in which its verb stands
OWNERS = ("body", "network", "person", "place", "post")  # types of those who hold or pay an unnamed meeting
INSIDE = ("dalam ", "pada ")
LONGEST_INSIDE = 6  # code points
SHORT = 4  # words; behind a longer name "berikutnya" belongs to the clause
LOOK_BACK = 30  # code points before a meeting's name in which its edition is looked for
LATE = 3  # lines behind a meeting without a proper name at which one with a name is no longer the main one
FURTHEST = 300  # mentions before a word among which the meeting is looked for that it refers back to
MOST_MEETINGS = 300  # no news names more; others are not told apart
MOST_NAMES = 100  # of one meeting
MOST_EDITIONS = 150  # a higher number in a name is no edition
NO_ORDINALS: Mapping[str, int] = {}


@dataclass(slots=True, eq=False)
class Meeting:
    """One meeting of the article; ``mentions`` in reading order."""

    names: list[str]
    words: frozenset[str]
    mentions: list[Mention] = field(default_factory=list)
    synonyms: list[frozenset[str]] = field(default_factory=list)  # the words of its other names
    common: bool = False
    other: bool = False
    date: str | None = None  # the first day, ISO
    last: str | None = None  # the last day, where it is another
    rivals: frozenset[str] = frozenset()  # days that the text gives just as surely; the gate refuses them all
    number: int | None = None
    known_of: bool = False  # a clause says when, where or by whom it is held
    network: bool = False  # a "Forum" that has members is a network, no meeting
    fuller: str = ""  # its name in lower case with whose or whither it is: "kunjungan delegasi Kota Toyama"
    ceremony: bool = False  # one of its names says so
    heads: set[str] = field(default_factory=set)  # the words of its names, short ones spelled out


class Meetings:
    """The meetings of an article and which mention means which."""

    def __init__(self, article: Article, entities: Entities) -> None:
        self.article = article
        self.entities = entities
        self.lexicon = entities.lexicon
        self.known: list[Meeting] = []
        self._of: dict[int, Meeting] = {}
        self.back_references: list[Mention] = []
        self._things: dict[int, Entity] = {}
        self._placed: dict[int, Placed[Mention]] = {}
        self._first_verbs: dict[str, int] = {}
        self._said: list[
            tuple[int, int, Meeting]
        ] = []  # position, paragraph and meeting of each mention outside speech
        self._said_in: dict[int, list[tuple[int, int, Meeting]]] = {}  # by paragraph, when all are known
        self._paragraph: dict[int, int] = {}  # of the mentions that refer back
        pending: list[Mention] = []
        for sentence in entities.sentences:
            for mention in sentence.mentions:
                if mention.type == "event":
                    self._place(mention, sentence, pending)
                    if mention.core.common and not mention.core.generic:
                        self._lengthen(mention, sentence)
                    self._paragraph[id(mention)] = sentence.paragraph
                    if (meeting := self._of.get(id(mention))) is not None and not sentence.in_quotation:
                        self._said.append((mention.start, sentence.paragraph, meeting))
            self._join_synonyms(sentence)
        for mention in pending:
            if (meeting := self._by_head(mention) or self._told_by_verb(mention) or self._met(mention)) is not None:
                self._of[id(mention)] = self._of[id(mention.core)] = meeting
                self._said.append((mention.start, self._paragraph[id(mention)], meeting))
                if mention.core.generic or not meeting.common:
                    self.back_references.append(mention)
        self.known.sort(key=lambda meeting: meeting.mentions[0].start if meeting.mentions else 0)
        self._said.sort(key=lambda said: said[0])
        for said in self._said:
            self._said_in.setdefault(said[1], []).append(said)

    # ------------------------------------------------------------------------------------------ grouping

    def _place(self, mention: Mention, sentence: Sentence, pending: list[Mention]) -> None:
        name = self.entities.words(mention)
        core = mention.core
        alike = self._behind(mention, "alike")
        other = self._behind(mention, "other_edition")
        if core.generic and alike is None and (other is None or other.group().count(" ") > 1):
            pending.append(mention)
            return
        bare, core.generic = core.generic, False
        edition = alike or other
        if edition is not None and (alike or len(words(name)) < SHORT):
            self._keep(Meeting([name + edition.group()], frozenset(), other=True), mention)
            if bare:  # nothing else tells it from the others
                core.parts["name"] = core.name[0], edition.end()
            return
        before = self._before(core)
        if before is not None and before["other"]:  # "the next Dialogue"
            self._keep(Meeting([f"{before['other']} {name}"], frozenset(), other=True), mention)
            return
        if core.common:
            if not sentence.in_quotation:
                self._place_common(name, mention)
            return
        if len(self._significant(name)) == 1 and self._behind(mention, "refers_back") and not name.isupper():
            pending.append(mention)  # "Pertemuan ke-4 ini"
            return
        self._named(mention, sentence, pending, before)

    def _named(
        self, mention: Mention, sentence: Sentence, pending: list[Mention], before: re.Match[str] | None
    ) -> None:
        """A meeting's name: one that is known, another edition of it, or a new one."""
        name, core = self.entities.words(mention), mention.core
        proper = len(words(name)) > 1 or name.isupper()
        found = self._same(name)
        number = self._number_after(core)
        ordinal_after = self.entities.text[core.end : self._ordinal_end(core)].strip()
        said = f"{name} {ordinal_after}"
        if before is not None and number is None:  # "their fifth Dialogue on Rivers"
            number, said = ordinal(before["number"], self.lexicon.ordinals), f"{before['number']} {name}"
        if found is not None and number is not None and self._edition(found) not in (None, number):
            self._keep(Meeting([said], frozenset(), other=True, number=number), mention)
            return
        if found is not None:
            found.number = number or found.number
            self._add(found, mention)
        elif proper and not sentence.in_quotation:
            numbered = number if before is not None else None
            self._keep(Meeting([], self._significant(name), number=numbered), mention)
        else:
            pending.append(mention)

    def _place_common(self, name: str, mention: Mention) -> None:
        same = self._same_common(name)
        if same is not None:
            self._add(same, mention)
        else:
            self._new(name, mention, common=True)

    def _lengthen(self, mention: Mention, sentence: Sentence) -> None:
        """What follows a name in lower case and tells the meeting from others: whose it is, whither, with whom."""
        meeting = self._of.get(id(mention))
        if meeting is None or meeting.fuller:
            return
        place = sentence.mentions.index(mention) + 1
        if place == len(sentence.mentions):
            return
        other = sentence.mentions[place]
        between = self.entities.lexicon.form("meetings.owner").fullmatch(self.entities.text, mention.end, other.start)
        if between is not None and other.type in OWNERS and (between[1].strip() or other.type != "place"):
            whose = self.entities.text[other.start : other.end]
            whose = self.entities.full(other.core) if "(" in whose or "," in whose else plain(whose)
            meeting.fuller = f"{self.entities.words(mention)}{between[1]}{whose}"

    def _before(self, mention: Mention) -> re.Match[str] | None:
        """What stands before a meeting's name and tells its edition, where a language does so: "the sixth Dialogue"."""
        form = self.lexicon.forms.get("meetings.before")
        return form.search(self.entities.text, max(0, mention.start - LOOK_BACK), mention.start) if form else None

    def _number_after(self, mention: Mention) -> int | None:
        """The edition that follows a meeting's name: "Rakornas keenam"."""
        match = self._behind(mention, "edition")
        return ordinal(match[1], self.entities.lexicon.ordinals) if match else None

    def _edition(self, meeting: Meeting) -> int | None:
        """How-manieth a meeting is, as far as was read: in a clause or in one of its names."""
        return meeting.number or next((number for name in meeting.names if (number := self._numbers(name))), None)

    def _ordinal_end(self, mention: Mention) -> int:
        match = self._behind(mention, "edition")
        return match.end() if match else mention.end

    def _join_synonyms(self, sentence: Sentence) -> None:
        """Two names joined by "atau" are one meeting: Forum Wali Kota ASEAN atau ASEAN Mayors Forum."""
        events = [mention for mention in sentence.mentions if mention.type == "event"]
        for first, second in pairwise(events):
            one, other = self.of(first), self.of(second)
            between = self.entities.text[first.end : second.start]
            if one is None or other is None or one is other:
                continue
            if between.strip(" ,") == "atau":
                for name in other.names:
                    self._name(one, name)
                one.synonyms.append(other.words)
                self._join(one, other)
            elif one.other and not other.common and between == ", " and self._closes(second):
                self._join(other, one)

    def _closes(self, mention: Mention) -> bool:
        """Whether a comma, an edition before it, follows a name: "Forum sebelumnya, FKS ke-21, dihelat"."""
        return self.entities.text.startswith(",", self._ordinal_end(mention.core))

    def _join(self, one: Meeting, other: Meeting) -> None:
        """Two names of the same meeting: what was said of the other one is said of this one."""
        one.mentions = sorted([*one.mentions, *other.mentions], key=lambda mention: mention.start)
        self.known.remove(other)
        for key, meeting in list(self._of.items()):
            if meeting is other:
                self._of[key] = one

    def _new(self, name: str, mention: Mention, *, common: bool = False) -> Meeting | None:
        return self._keep(Meeting([], self._significant(name), common=common), mention)

    def _keep(self, meeting: Meeting, mention: Mention) -> Meeting | None:
        """Take up one more meeting, unless there are too many."""
        if len(self.known) >= MOST_MEETINGS:
            return None
        self.known.append(meeting)
        self._add(meeting, mention)
        return meeting

    def _add(self, meeting: Meeting, mention: Mention) -> None:
        self._of[id(mention)] = self._of[id(mention.core)] = meeting
        if mention.core.generic:
            return
        meeting.mentions.append(mention)
        name = self.entities.words(mention)
        if not meeting.other and len(meeting.names) < MOST_NAMES and self._name(meeting, name):
            significant = self._significant(name)
            if len(significant) > len(meeting.words):
                meeting.words = significant

    def _name(self, meeting: Meeting, name: str) -> bool:
        """Take up a name of a meeting; whether it is a new one."""
        if name in meeting.names:
            return False
        meeting.names.append(name)
        meeting.ceremony = meeting.ceremony or self._is_ceremony(name)
        meeting.heads.update(words(self._long(name)))
        return True

    def _significant(self, name: str) -> frozenset[str]:
        long = self._long(name)
        passed = self.lexicon.named_ordinals
        return frozenset(
            word for word in words(long) if not (ORDINAL.fullmatch(word) or YEAR.fullmatch(word) or word in passed)
        )

    def _long(self, name: str) -> str:
        """The name with its short words spelled out: as the article introduces them, else as the lexicon has them."""
        long = self.entities.short.long(name)
        first, gap, rest = long.partition(" ")
        return self.entities.lexicon.long_meetings.get(first, first) + gap + rest

    def _same(self, name: str) -> Meeting | None:
        """The meeting whose name holds all the words of this one, or the other way round."""
        wanted = self._significant(name)
        if not wanted:
            return None
        ceremony = self._is_ceremony(name)
        for meeting in self.known:
            if meeting.other or meeting.ceremony is not ceremony:
                continue  # "Peluncuran Festival Sungai" is not the festival
            if any(own and (wanted <= own or own <= wanted) for own in [meeting.words, *meeting.synonyms]):
                number = self._numbers(name)
                if number is not None and self._edition(meeting) not in (None, number):
                    continue
                return meeting
        return None

    def _is_ceremony(self, name: str) -> bool:
        first = words(name)[:1]
        return bool(first) and first[0] in self.entities.lexicon.members("meetings.ceremonies")

    def _numbers(self, name: str) -> int | None:
        return edition_in(name, self.lexicon.named_ordinals)

    def _same_common(self, name: str) -> Meeting | None:
        """The meeting that a name in lower case means: one that has all its words or, without a proper name, fewer.

        A single word is enough for ceremonies only: "rapat" is not "rapat paripurna", "pelantikan" the "upacara
        pelantikan".
        """
        wanted = words(name)
        ceremonies = self.entities.lexicon.members("meetings.ceremonies")

        def within(few: tuple[str, ...], many: tuple[str, ...]) -> bool:
            return set(few) <= set(many) and (len(few) > 1 or few[0] in ceremonies)

        for meeting in reversed(self.known):
            for own in (words(self._long(name)) for name in meeting.names):
                if not meeting.other and (own == wanted or within(wanted, own)):
                    return meeting
                if meeting.common and within(own, wanted):
                    return meeting
        return None

    def _by_head(self, mention: Mention) -> Meeting | None:
        """The meeting that a word refers back to: the last one before whose name has that word, else the main one.

        "Acara" and parts of meetings ("sidang pleno") mean the meeting that the paragraph spoke of last.
        """
        head = words(self.entities.words(mention))[:1]
        paragraph = self._paragraph[id(mention)]
        any_kind = mention.core.part or bool(head and head[0] in self.entities.lexicon.members("meetings.any"))
        near = self._said if len(self._said) <= FURTHEST else [self._said[0], *self._said[-FURTHEST:]]
        before = [said for said in near if said[0] < mention.start and not said[2].other]
        before.sort(key=lambda said: said[0])
        here = [said for said in before if said[1] == paragraph]
        if any_kind:
            return here[-1][2] if here else self._main_at(mention.start)
        main = self.main()
        lead = main if any(said[2] is main for said in before) else before[0][2] if before else None
        for found in (here[::-1], [said for said in before if said[2] is lead], before[::-1]):
            for _, _, meeting in found:
                if head and head[0] in meeting.heads:
                    return meeting
        if head and head[0] in self.entities.lexicon.members("meetings.ceremonies"):
            return None
        return self._main_at(mention.start)

    def _told_by_verb(self, mention: Mention) -> Meeting | None:
        """A ceremony of which the text told by its verb: "dilantik ... Pelantikan itu"."""
        name = self.entities.words(mention)
        if not (self._behind(mention, "refers_back") or self._is_held(mention)):
            return None
        heads = {name.lower(), *words(name)[:1]}  # "pelantikan" of "pelantikan dan pengambilan sumpah"
        verbs = [verb for verb, noun in self.entities.lexicon.ceremonies.items() if noun in heads]
        if not any(0 <= self._first(verb) <= mention.start - len(verb) for verb in verbs):
            return None
        mention.core.generic, mention.core.common = False, True
        return self._new(name, mention, common=True)

    def _met(self, mention: Mention) -> Meeting | None:
        """A meeting of which the text hasn't spoken yet, named by a word and where it is: "dalam upacara di Batu"."""
        name = self.entities.words(mention)
        any_kind = words(name)[0] in self.entities.lexicon.members("meetings.any")
        if mention.core.part or any_kind or not self._behind(mention, "placed"):
            return None
        mention.core.generic, mention.core.common = False, True
        return self._new(name, mention, common=True)

    def _behind(self, mention: Mention, form: str) -> re.Match[str] | None:
        """What a pattern of the lexicon finds right behind a mention."""
        return self.entities.lexicon.form(f"meetings.{form}").match(self.entities.text, mention.end)

    def _is_held(self, mention: Mention) -> bool:
        """Whether a verb of holding follows: "Pengukuhan dihadiri"."""
        behind = self.entities.text[mention.end :][:LONGEST_VERB].split()
        held = self.entities.lexicon.members("meetings.held")
        passed = self.entities.lexicon.members("meetings.passed")
        return next((word for word in behind if word not in passed), "") in held

    def _first(self, verb: str) -> int:
        """Where a verb stands first, -1 where it doesn't."""
        if verb not in self._first_verbs:
            self._first_verbs[verb] = lower(self.entities.text).find(verb)
        return self._first_verbs[verb]

    # -------------------------------------------------------------------------------------------- asking

    def main(self) -> Meeting | None:
        """The meeting that the article is about: the first with a proper name, else the first of all."""
        first = proper = None
        for meeting in self.known:
            if not meeting.network and not meeting.other:
                first = first or meeting
                if not meeting.common:
                    proper = meeting
                    break
        if proper is None or first is None or proper is first:
            return proper or first
        late = self.entities.text.count("\n", first.mentions[0].start, proper.mentions[0].start)
        return first if late >= LATE else proper

    def of(self, mention: Mention) -> Meeting | None:
        """The meeting that a mention means."""
        return self._of.get(id(mention)) or self._of.get(id(mention.core))

    def last_mention(self, meeting: Meeting, position: int) -> Mention:
        """How a meeting was named last at a position, or first of all where it comes later."""
        if id(meeting) not in self._placed:
            self._placed[id(meeting)] = Placed((mention.start, mention) for mention in meeting.mentions)
        return self._placed[id(meeting)].last_before(position + 1) or meeting.mentions[0]

    def at(self, position: int, sentence: Sentence, *, near: bool = True) -> Meeting | None:
        """The meeting that is spoken of there: of the sentence or, if ``near``, of the paragraph, else the main one."""
        here = [m for m in sentence.mentions if m.type == "event"] if not sentence.in_quotation else []
        before = [mention for mention in here if mention.start <= position]
        for mention in [*reversed(before), *here]:
            if (meeting := self.of(mention)) is not None:
                return meeting
        for start, _, meeting in reversed(self._said_in.get(sentence.paragraph, ()) if near else ()):
            named = not meeting.common or meeting.known_of
            if start < position and named and not (meeting.other or meeting.network):
                return meeting
        return self._main_at(position)

    def _main_at(self, position: int) -> Meeting | None:
        """The main meeting; before it is named, the one that was named last, or the one that the paragraph names."""
        main = self.main()
        if main is None or not main.mentions or main.mentions[0].start <= position:
            return main
        end = bisect_right(self._said, position, key=itemgetter(0)) if self._said_in else len(self._said)
        earlier = (self._said[at] for at in range(end - 1, -1, -1))
        before = next((meeting for start, _, meeting in earlier if start <= position and not meeting.other), None)
        if before is not None:
            return before
        return None if "\n" in self.entities.text[position : main.mentions[0].start] else main

    def ceremony(self, start: int, end: int) -> Meeting | None:
        """The ceremony of which a clause tells by its verb, if the text names it there or later."""
        said = self.entities.text[start:end].lower()
        for verb, noun in self.entities.lexicon.ceremonies.items():
            if verb not in said:
                continue
            for meeting in self.known:
                named = any(noun in name.casefold() for name in meeting.names)
                if named and meeting.common and start < meeting.mentions[0].end:
                    return meeting
        return None

    def scene(self, position: int, sentence: Sentence) -> Meeting | None:
        """The meeting inside which a clause says that something happens: "Dalam upacara itu, menteri melantik"."""
        for mention in sentence.mentions:
            if mention.type == "event" and mention.end <= position:
                before = lower(self.entities.text[max(sentence.start, mention.start - LONGEST_INSIDE) : mention.start])
                if before.endswith(INSIDE):
                    return self.of(mention)
        return None

    def swearing(self, position: int) -> Meeting | None:
        """The meeting that is spoken of at a position, if oaths are sworn at its kind: a plenary, a ceremony."""
        main = self._main_at(position)
        heads = self.entities.lexicon.members("meetings.swearing")
        sworn = main is not None and any(not heads.isdisjoint(words(name.casefold())) for name in main.names)
        return main if sworn else None

    def entity(self, meeting: Meeting) -> Entity:
        """The meeting as a thing; call it when dates and editions are known, for they are part of its id."""
        if id(meeting) not in self._things:
            self._things[id(meeting)] = self._thing(meeting)
        return self._things[id(meeting)]

    def called(self, name: str) -> Entity:
        """The meeting of that name: one that the article names so, or nearly so; else one of its own."""
        known = self._same(name)
        return self.entity(known) if known is not None else self._thing(Meeting([name], self._significant(name)))

    def _thing(self, meeting: Meeting) -> Entity:
        names = [plain(name) for name in meeting.names]
        names += [plain(meeting.fuller)] if meeting.fuller else []
        label = max(names, key=lambda name: (len(words(name)), -names.index(name)))
        variants = {form for name in names for form in [name, *self.entities.short.short(name)]}
        variants |= {self.entities.short.long(name) for name in names}
        tongue = self.lexicon.tongue(label)
        return Entity(
            Kind.MEETING,
            f"meeting/{slug(label)}-{meeting.date or meeting.number or self.article.key}",
            Label(label, tongue),
            tuple(Label(form, self.lexicon.tongue(form)) for form in sorted(variants - {label})),
            (("series", self.series(label)),) if meeting.number is not None else (),
            why="the text names it" if not meeting.common else "a meeting without a proper name",
        )

    def series(self, label: str) -> Entity:
        """The series of meetings that an edition belongs to."""
        name = plain(YEAR.sub("", ORDINAL.sub("", label)))
        first, _, rest = name.partition(" ")
        name = rest if rest and first.casefold() in self.lexicon.named_ordinals else name
        return Entity(
            Kind.SERIES, f"series/{slug(name)}", Label(name, self.lexicon.tongue(name)), why="without its edition"
        )


def edition_in(name: str, ordinals: Mapping[str, int] = NO_ORDINALS) -> int | None:
    """The edition that a meeting's name itself gives: "ke-8", "7th", "VII"; and the words of ``ordinals``."""
    if (number := ordinals.get(name.partition(" ")[0].casefold())) is not None:
        return number
    if (match := ORDINAL.search(name)) is not None:
        value = int(match[1] or match[2])
        return value if 0 < value <= MOST_EDITIONS else None
    match = NUMERAL.search(NUMERAL_IN_UNIT.sub("", name))
    return roman(match[1]) if match is not None else None


def span_of_edition(text: str, mention: Mention, ordinals: Mapping[str, int] = NO_ORDINALS) -> tuple[int, int] | None:
    """Where a mention gives the edition."""
    name = text[mention.start : mention.end]
    first = name.partition(" ")[0]
    if first.casefold() in ordinals:
        return mention.start, mention.start + len(first)
    match = ORDINAL.search(name) or next(
        (m for m in NUMERAL.finditer(name) if not NUMERAL_IN_UNIT.search(name[: m.end()])), None
    )
    return (mention.start + match.start(), mention.start + match.end()) if match else None


def ordinal(word: str, ordinals: Mapping[str, int]) -> int | None:
    """The number that an ordinal word, numeral or digits give."""
    lowered = word.lower().removesuffix("nya")
    if (numbered := ORDINAL.fullmatch(lowered)) is not None:
        return int(numbered[1] or numbered[2])
    if lowered.isdigit():
        return int(lowered)
    digits = lowered.removeprefix("ke").removeprefix("-")
    if digits.isdigit():
        return int(digits)
    return ordinals.get(lowered) or ordinals.get("ke" + lowered) or roman(digits)
