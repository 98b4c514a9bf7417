"""Rules over typed sentences; the rules are data (``data/rules/*.toml``).

A pattern is an ordinary regular expression in lower case over the masked sentence, with macros: ``{role:type}`` a
mention, ``{role:type+}`` a list of them, ``{role:type++}`` a list of two or more, ``{role:type>}`` a chain of commas,
``{role:text}`` a stretch of words, ``{num}``, ``{year}``, and the word classes of ``data/lexicon/verbs.toml``.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from difflib import get_close_matches
from enum import StrEnum
from functools import cache, cached_property
from operator import itemgetter
from pathlib import Path
from typing import Any

import ahocorasick_rs

from kg import lexicon, resources
from kg.errors import DataError
from kg.lexicon import read_toml
from kg.mention import Mention
from kg.model import FundingKind, Relation, Status
from kg.patterns import needed_characters, needed_words, parse, runs_away
from kg.records import record
from kg.sentences import MARK, TYPES, Sentence

GROUPS: Mapping[str, tuple[str, ...]] = {
    "org": ("body", "network"),
    "party": ("body", "network", "place", "person", "unknown"),
    "actor": ("body", "network", "place", "person"),
    "site": ("place", "venue"),
    "member": ("place", "body"),
    "any": TYPES,
}
MACRO = re.compile(r"\{(?:(\w+):)?([a-z][\w|]*)(\+\+|\+|>)?\}")
WRITTEN = re.compile(rf"{MACRO.pattern}| \.\. |\.\.\.")
PLAIN = re.compile(
    "[^\\W_\ue000-\ue0ff](?:[^\ue000-\ue0ff]*[^\\W_\ue000-\ue0ff])?"
)  # from a letter or digit to another
LOOK_BACK = re.compile(r"\(\?<([!=])([^()]*)\)")
LOOKS_BACK = re.compile(  # what must or mustn't stand before a role's first mark
    r"((?:\(\?<[!=][^()]*\))+)(\(\?P<\w+>)(\[[\ue000-\ue0ff]+\]|[\ue000-\ue0ff])"
)
PUNCTUATION = "()/:;,.%\n"
SIGNS = frozenset(MARK.values()) | frozenset(PUNCTUATION)  # what a mask may lack, unlike spaces and letters
QUOTE, EVENT = MARK["quote"], MARK["event"]
WITHIN_CLAUSE = f"[^.;{QUOTE}{EVENT}]"
GAPS = {" .. ": f" (?:{WITHIN_CLAUSE}{{0,80}}? )?", "...": f"{WITHIN_CLAUSE}{{0,120}}?"}
TEXT = f"[^,.;:(){QUOTE}{MARK['money']}]"
NEAR = 40  # characters of the mask before a match in which a denial counts, unless a semicolon parts them
FIRST = itemgetter(0)
SCOPES = ("both", "text", "quotation")
STAGES = ("type", "phrase", "relation")
SPECIAL = ("none",)
FOLDER = "data/rules"
FIRST_LANGUAGE = lexicon.FIRST_LANGUAGE
MOST_WORDS = 3  # sets of words of a rule that the filter looks for
MOST_CHOICES = 10_000  # sets of rules that are remembered


@dataclass(frozen=True)
class Pattern:
    """A pattern with its macros written out, its roles with their types, and itself as written; compiled when tried."""

    source: str
    roles: Mapping[str, str]
    written: str = ""

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """The regular expression."""
        return re.compile(self.source)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule as written in its file; see docs/how-to/add-a-rule.md for every key."""

    id: str
    stage: str
    relation: Relation | None
    when: Pattern
    each: Pattern | None = None
    stop: Pattern | None = None  # where the search for ``each`` ends
    unless: Pattern | None = None
    before: Pattern | None = None
    scope: str = "both"
    collapse: str | None = None
    promote: str | None = None
    bare: str | None = None  # role whose mention must be a mere name, no phrase with a post before it
    set: Mapping[str, str] = field(default_factory=dict)
    default: Mapping[str, str] = field(default_factory=dict)
    also: Mapping[str, str] = field(default_factory=dict)
    confidence: Decimal = Decimal("0.9")
    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()
    file: str = ""
    language: str = FIRST_LANGUAGE
    needs: tuple[frozenset[str], ...] = ()  # signs of which every match needs one each
    words: tuple[frozenset[str], ...] = ()

    @property
    def trigger(self) -> frozenset[str] | None:
        """Words of which every match needs one."""
        return self.words[0] if self.words else None

    def excludes(self, mask: str, match: re.Match[str]) -> bool:
        """Whether what ``unless`` names stands in the match or shortly before, or what ``before`` demands doesn't."""
        if self.unless is not None:
            near = max(0, match.start() - NEAR, mask.rfind("; ", 0, match.start()))
            if self.unless.regex.search(mask, near, match.end() + 1):
                return True
        return self.before is not None and not self.before.regex.search(mask, 0, match.start())


@record(frozen=True, slots=True)
class Words:
    """A stretch of text that fills a role: offsets into the article's text."""

    start: int
    end: int


Filler = Mention | list[Mention] | Words | str


@record(frozen=True, slots=True)
class Finding:
    """What a rule found in a sentence, before it is known which things the mentions name."""

    rule: Rule
    sentence: Sentence
    fillers: Mapping[str, Filler]
    start: int
    end: int
    trigger: tuple[int, int]


@dataclass(frozen=True, slots=True)
class RuleBook:
    """All rules in their order, with the filter that names the ones worth trying on a sentence."""

    rules: Sequence[Rule]
    filter: Filter
    hash: str

    def worth_trying(self, stage: str, sentence: Sentence) -> Sequence[Rule]:
        """The rules of one stage that can match the sentence as it is now masked, in their order."""
        return self.filter(stage, sentence)

    def find_words(self, sentences: Iterable[Sentence]) -> None:
        """Note in each sentence which rules' words it has, while the tables are in the processor's cache."""
        for sentence in sentences:
            sentence.triggered = self.filter.triggered(sentence.lower)


class Filter:
    """The rules that can match a sentence: by trigger word (one automaton scan), then by its mentions and punctuation.

    Sets of rules are the bits of a number, by the rule's place; those of the rules for each of the sets of words that a
    match needs stand side by side in one number. Masking takes words away and adds none, so the words that a sentence
    had at first serve all stages.
    """

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = rules
        by_word: dict[str, int] = {}
        self._count = len(rules)
        self._unneeded = _bits(
            place * self._count + number
            for place in range(MOST_WORDS)
            for number, rule in enumerate(rules)
            if len(rule.words) <= place
        )
        self._stages = {
            stage: _bits(number for number, rule in enumerate(rules) if rule.stage == stage) for stage in STAGES
        }
        for number, rule in enumerate(rules):
            for place, words in enumerate(rule.words[:MOST_WORDS]):
                for word in sorted(words):
                    by_word[word] = by_word.get(word, 0) | 1 << place * self._count + number
        self._of_word = list(by_word.values())
        self._automaton = (
            ahocorasick_rs.AhoCorasick(list(by_word), matchkind=ahocorasick_rs.MatchKind.Standard) if by_word else None
        )
        self._needing: dict[frozenset[str], int] = {}  # signs of which every match needs one -> the rules
        for number, rule in enumerate(rules):
            for need in rule.needs:
                self._needing[need] = self._needing.get(need, 0) | 1 << number
        self._every = (1 << len(rules)) - 1
        self._of_signs: dict[frozenset[str], int] = {}
        self._chosen: dict[int, Sequence[Rule]] = {}

    def __call__(self, stage: str, sentence: Sentence) -> Sequence[Rule]:
        """The rules of the stage in their order."""
        triggered = sentence.triggered
        if triggered is None:
            triggered = sentence.triggered = self.triggered(sentence.lower)
        allowed = sentence.allowed
        if allowed is None:
            mask = sentence.lower
            signs = [sign for sign in PUNCTUATION if sign in mask]
            signs += [MARK[mention.type] for mention in sentence.mentions]
            allowed = sentence.allowed = self._allowed(frozenset(signs))
        bits = triggered & allowed & self._stages[stage]
        chosen = self._chosen.get(bits)
        return self._choose(bits) if chosen is None else chosen

    def triggered(self, mask: str) -> int:
        """The rules whose words stand in the mask."""
        found = self._unneeded
        if self._automaton is not None:
            of_word = self._of_word
            for word in set(map(FIRST, self._automaton.find_matches_as_indexes(mask, overlapping=True))):
                found |= of_word[word]
        triggered = found & self._every
        for place in range(1, MOST_WORDS):
            triggered &= found >> place * self._count
        return triggered

    def _allowed(self, signs: frozenset[str]) -> int:
        """The rules that need none but these signs."""
        allowed = self._of_signs.get(signs)
        if allowed is None:
            allowed = self._every
            for need, needing in self._needing.items():
                if need.isdisjoint(signs):
                    allowed &= ~needing
            if len(self._of_signs) >= MOST_CHOICES:
                self._of_signs.clear()
            self._of_signs[signs] = allowed
        return allowed

    def _choose(self, bits: int) -> Sequence[Rule]:
        chosen: list[Rule] = []
        left = bits
        while left:  # the lowest bit is the first rule; most rules are out, so going through them all costs more
            lowest = left & -left
            chosen.append(self._rules[lowest.bit_length() - 1])
            left ^= lowest
        if len(self._chosen) >= MOST_CHOICES:
            self._chosen.clear()
        self._chosen[bits] = chosen
        return chosen


def _bits(numbers: Iterable[int]) -> int:
    return sum(1 << number for number in numbers)


# ------------------------------------------------------------------------------------------------------------ loading


def load(extra: tuple[Path, ...] = (), language: str = FIRST_LANGUAGE) -> RuleBook:
    """The packaged rules of a language, and those of the user's own folders after them.

    Raises DataError for a folder without rules, and for a role that no packaged rule of its relation has.
    """
    return _load(extra, language)


@cache
def hash_of(language: str = FIRST_LANGUAGE) -> str:
    """The hash of the packaged rules of a language, as their book has it; they needn't be read for it."""
    return _hash(_packaged(language))


def _packaged(language: str) -> list[Path]:
    return resources.files(FOLDER if language == FIRST_LANGUAGE else f"{FOLDER}/{language}", "*.toml")


def _hash(files: Sequence[Path]) -> str:
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


@cache
def _load(extra: tuple[Path, ...], language: str) -> RuleBook:
    packaged = _packaged(language)
    if not extra:
        return build(packaged, language)
    files: list[Path] = []
    for folder in extra:
        found = sorted(folder.glob("*.toml"))
        if not found:
            raise DataError(f"{folder}: no rules there; give a folder that holds .toml files")
        files += found
    book = build([*packaged, *files], language)
    known = load(language=language).rules
    for rule in book.rules[len(known) :]:
        _refuse_strange_roles(rule, known, next(path for path in files if path.name == rule.file))
    return book


def own_rules(book: RuleBook, language: str = FIRST_LANGUAGE) -> Sequence[Rule]:
    """The rules that aren't packaged ones."""
    return book.rules[len(load(language=language).rules) :]


def languages(folders: Sequence[Path]) -> frozenset[str]:
    """The languages of the rule files of these folders."""
    return frozenset(
        read_toml(path).get("language", FIRST_LANGUAGE) for folder in folders for path in folder.glob("*.toml")
    )


def _refuse_strange_roles(rule: Rule, packaged: Sequence[Rule], path: Path) -> None:
    """A misspelt role would leave the relation without its argument; roles that end in a digit are helpers."""
    known = {role for other in packaged if other.relation == rule.relation for role in _roles(other)}
    strange = [role for role in _roles(rule) if role not in known and not role[-1].isdigit() and role != rule.collapse]
    if rule.relation is not None and known and strange:
        listed = ", ".join(sorted(role for role in known if not role[-1].isdigit()))
        where = f"{path}: rule {rule.id!r}"
        column = re.search(rf"\{{{strange[0]}\b", rule.when.written)
        place = f": column {column.start() + 1}" if column else ""
        raise DataError(f"{where}{place}: {rule.relation} has no role {strange[0]!r}; its roles are {listed}")


def _roles(rule: Rule) -> list[str]:
    patterns = [rule.when, *([rule.each] if rule.each else [])]
    written = [role for pattern in patterns for role in pattern.roles]
    return list(dict.fromkeys([*written, *rule.set, *rule.default, *rule.also]))


def build(files: Sequence[Path], language: str = FIRST_LANGUAGE) -> RuleBook:
    """The rules of a language in these files in order; DataError names file, rule, column and mistake.

    A file is of the language that its key ``language`` names, Indonesian without one.
    """
    rules: list[Rule] = []
    seen: dict[str, str] = {}
    for path in files:
        for rule in _read(path, language):
            if rule.id in seen:
                raise DataError(f"{path}: rule {rule.id!r}: there is one of that name in {seen[rule.id]}")
            seen[rule.id] = path.name
            rules.append(rule)
    return RuleBook(rules, Filter(rules), _hash(files))


def _read(path: Path, language: str) -> Iterator[Rule]:
    content = read_toml(path)
    if content.get("language", FIRST_LANGUAGE) != language:
        return
    for entry in content.get("rule", ()):
        yield _rule(entry, path, content.get("stage", "relation"), language)


FIXED: Mapping[str, type[StrEnum]] = {"status": Status, "kind": FundingKind}
"""Roles whose fixed values come from a closed set."""
KEYS = frozenset(
    "id stage rel when each stop unless before bare scope collapse promote set default also confidence"
    " yes no note".split()
)


def _rule(entry: Mapping[str, Any], path: Path, stage: str, language: str) -> Rule:
    name = entry.get("id", "?")
    where = f"{path}: rule {name!r}"
    if unknown := sorted(set(entry) - KEYS):
        near = get_close_matches(unknown[0], KEYS, 1)
        hint = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(sorted(KEYS))}"
        raise DataError(f"{where}: unknown key {unknown[0]!r}; {hint}")
    if missing := [key for key in ("id", "rel", "when") if key not in entry]:
        raise DataError(f"{where}: the key {missing[0]!r} is missing")
    stage = entry.get("stage", stage)
    for key, value, allowed in (("stage", stage, STAGES), ("scope", entry.get("scope", "both"), SCOPES)):
        if value not in allowed:
            raise DataError(f"{where}: {key} {value!r} is none of {', '.join(allowed)}")
    _refuse_values(entry, where)
    when = compile_pattern(entry["when"], where, language)
    for key in ("unless", "before", "each"):
        if key in entry:
            compile_pattern(entry[key], f"{where}: {key}", language)  # alone, so that the column is that of the file
    collapse, promote = entry.get("collapse"), entry.get("promote")
    if collapse is not None and collapse not in when.roles:
        raise DataError(f"{where}: collapse names the role {collapse!r}, which the pattern has not")
    if (bare := entry.get("bare")) is not None and bare not in when.roles:
        raise DataError(f"{where}: bare names the role {bare!r}, which the pattern has not")
    if promote is not None and promote not in TYPES:
        raise DataError(f"{where}: promote {promote!r} is none of {', '.join(TYPES)}")
    return Rule(
        id=entry["id"],
        stage=stage,
        relation=_relation(entry["rel"], where),
        when=when,
        each=compile_pattern(entry["each"], where, language) if "each" in entry else None,
        stop=compile_pattern(entry["stop"], where, language) if "stop" in entry else None,
        unless=compile_pattern(rf"\b(?:{entry['unless']})", where, language) if "unless" in entry else None,
        before=compile_pattern(f"(?:{entry['before']})$", where, language) if "before" in entry else None,
        scope=entry.get("scope", "both"),
        collapse=collapse,
        promote=promote,
        bare=entry.get("bare"),
        set=entry.get("set", {}),
        default=entry.get("default", {}),
        also=entry.get("also", {}),
        confidence=Decimal(str(entry.get("confidence", 0.9))),
        yes=tuple(entry.get("yes", ())),
        no=tuple(entry.get("no", ())),
        file=path.name,
        language=language,
        needs=needed_characters(when.source, SIGNS),
        words=needed_words(when.source),
    )


def _refuse_values(entry: Mapping[str, Any], where: str) -> None:
    """A value of ``set`` or ``default`` that the relation couldn't take, a confidence that is none."""
    for key in ("set", "default"):
        for role, value in entry.get(key, {}).items():
            allowed = [member.value for member in FIXED[role]] if role in FIXED else []
            if allowed and value not in allowed:
                raise DataError(f"{where}: {key}: {role} {value!r} is none of {', '.join(allowed)}")
    confidence = entry.get("confidence", 0.9)
    if isinstance(confidence, bool) or not isinstance(confidence, int | float) or not 0 <= confidence <= 1:
        raise DataError(f"{where}: confidence {confidence!r} must be a number from 0 to 1")
    for key in ("id", "rel", "when", "each", "unless", "before"):
        if not isinstance(entry.get(key, ""), str):
            raise DataError(f"{where}: {key} must be text in quotation marks")
    for key in ("yes", "no"):
        if not isinstance(entry.get(key, []), list):
            raise DataError(f'{where}: {key} must be a list of sentences: {key} = ["…"]')


def _relation(name: str, where: str) -> Relation | None:
    if name in SPECIAL:
        return None
    try:
        return Relation(name)
    except ValueError:
        raise DataError(f"{where}: relation {name!r} is none of {', '.join(Relation)}") from None


def compile_pattern(pattern: str, where: str, language: str = FIRST_LANGUAGE) -> Pattern:
    """The regular expression of a rule's pattern; DataError gives the column in the pattern as written.

    Its word classes are those of the language.
    """
    macros = lexicon.load(language=language).macros
    roles: dict[str, str] = {}
    _refuse_characters(pattern, where)
    pieces: list[str] = []
    places: list[tuple[int, int]] = []  # where a piece begins in the expression, and in the pattern as written
    length = at = 0
    for match in WRITTEN.finditer(pattern):
        for piece, start in (
            (pattern[at : match.start()], at),
            (_expanded(match, roles, where, macros), match.start()),
        ):
            places.append((length, start))
            pieces.append(piece)
            length += len(piece)
        at = match.end()
    places.append((length, at))
    expanded = "".join([*pieces, pattern[at:]])
    try:
        parse(expanded)
    except re.error as error:
        raise DataError(f"{where}: column {_column(error.pos or 0, places)}: {error.msg} in {pattern!r}") from None
    if (place := runs_away(expanded)) is not None:
        column = f"{where}: column {_column(place, places)}"
        raise DataError(
            f"{column}: an endless repeat inside an endless repeat; give one of them a limit, as in {{0,5}}"
        )
    return Pattern(_marks_first(expanded), roles, pattern)


def _marks_first(expression: str) -> str:
    """What must stand before the first mark is asked for behind it, so that a search leaps from mark to mark."""
    match = LOOKS_BACK.match(expression)
    if match is None:
        return expression
    looks = "".join(f"(?<{kind}(?:{words}).)" for kind, words in LOOK_BACK.findall(match[1]))
    return f"{match[2]}{match[3]}{looks}{expression[match.end() :]}"


def _refuse_characters(pattern: str, where: str) -> None:
    """A capital letter, which never matches, or braces that are no macro."""
    blank = MACRO.sub(lambda match: " " * len(match.group()), pattern)
    without = re.sub(r"\(\?P?[<:=!]?|\\[A-Za-z]|\\u[0-9a-f]{4}", lambda match: " " * len(match.group()), blank)
    if capital := re.search("[A-Z]", without):
        letter = f"column {capital.start() + 1}: capital letter {capital.group()!r}"
        raise DataError(f"{where}: {letter}: sentences are matched in lower case")
    if brace := re.search(r"(?<!\\)\{(?!\d*,?\d*\})[^}]*\}?", without):
        place = f"column {brace.start() + 1}: {pattern[brace.start() : brace.end()]!r}"
        raise DataError(f"{where}: {place} is no macro; write {{type}}, {{role:type}} or {{role:type+}}")


def _expanded(match: re.Match[str], roles: dict[str, str], where: str, macros: Mapping[str, str]) -> str:
    """What a macro or gap stands for; notes the role that it fills."""
    if match.group() in GAPS:
        return GAPS[match.group()]
    role, kind, repeat = match[1], match[2], match[3]
    here = f"{where}: column {match.start() + 1}"
    if kind in macros and role is None:
        return "".join(GAPS.get(part, part) for part in re.split(r"( \.\. |\.\.\.)", macros[kind]))
    name = role or kind.split("|")[0]
    if name in roles:
        raise DataError(f"{here}: role {name!r} stands twice; write {{name:{kind}}}")
    roles[name] = kind + (repeat or "")
    if kind in macros:
        roles[name] = "text"  # words of a class
        return f"(?P<{name}>{macros[kind]})"
    if kind in VALUES:
        return f"(?P<{name}>{VALUES[kind] or macros['ordinal']})"
    marks = _marks(kind, here, macros)
    if repeat == ">":
        return f"(?P<{name}>{marks}(?:{macros['chain']}{marks})+)(?!,? {macros['and']} {MARK['place']})"
    if repeat:
        return f"(?P<{name}>{marks}(?:{macros['separator']}{marks}){'+' if repeat == '++' else '*'})"
    return f"(?P<{name}>{marks})"


def _column(position: int, places: Sequence[tuple[int, int]]) -> int:
    """The column in the pattern as written of a position in the expression; inside a macro that of the macro."""
    start, written = max(place for place in places if place[0] <= position)
    is_macro = places.index((start, written)) % 2 == 1
    return written + 1 + (0 if is_macro else position - start)


VALUES = {
    "text": f"{TEXT}+?",
    "num": "",  # the macro "ordinal" of the language
    "year": r"20\d\d",
}


def _marks(kind: str, where: str, macros: Mapping[str, str]) -> str:
    names = [name for part in kind.split("|") for name in GROUPS.get(part, (part,))]
    if unknown := [name for name in names if name not in MARK]:
        known = sorted({*MARK, *GROUPS, *VALUES, *macros})
        raise DataError(f"{where}: unknown type {unknown[0]!r}; known are {', '.join(known)}")
    marks = "".join(MARK[name] for name in dict.fromkeys(names))
    return f"[{marks}]" if len(marks) > 1 else marks


# ----------------------------------------------------------------------------------------------------------- matching


def matches(rule: Rule, sentence: Sentence, start: int = 0) -> Iterator[Finding]:
    """What the rule finds in the sentence; ``start`` is where the first match begins, if that is known."""
    if rule.scope == ("text" if sentence.in_quotation else "quotation"):
        return
    mask = sentence.lower
    for match in rule.when.regex.finditer(mask, start):
        if rule.excludes(mask, match):
            continue
        base = fillers(match, rule.when, sentence)
        if rule.each is None:
            yield _finding(rule, sentence, base, match, match)
            continue
        end = rule.stop.regex.search(mask, match.end()) if rule.stop is not None else None
        for item in rule.each.regex.finditer(mask, match.end(), end.start() if end else len(mask)):
            yield _finding(rule, sentence, {**base, **fillers(item, rule.each, sentence)}, match, item)


def _finding(
    rule: Rule, sentence: Sentence, found: Mapping[str, Filler], first: re.Match[str], last: re.Match[str]
) -> Finding:
    start, end = sentence.offset(first.start()), sentence.stop(last.end())
    return Finding(
        rule,
        sentence,
        {**rule.default, **found, **rule.set},
        start,
        end,
        trigger_span(sentence, first.start(), first.end()),
    )


def fillers(match: re.Match[str], pattern: Pattern, sentence: Sentence) -> dict[str, Filler]:
    """The role fillers of a match."""
    found: dict[str, Filler] = {}
    for role, kind in pattern.roles.items():
        start, end = match.span(role)
        if start < 0:
            continue
        if kind in VALUES:
            words = _words(sentence, start, end)
            if words is not None:
                found[role] = words
            continue
        if end - start == 1:  # a lone mark
            found[role] = sentence.at(start)
            continue
        inside = sentence.between(start, end)
        found[role] = inside if len(inside) > 1 else inside[0]
    return found


def _words(sentence: Sentence, start: int, end: int) -> Words | None:
    while start < end and sentence.lower[start].isspace():
        start += 1
    while end > start and sentence.lower[end - 1].isspace():
        end -= 1
    return Words(sentence.offset(start), sentence.stop(end)) if start < end else None


def trigger_span(sentence: Sentence, start: int, end: int) -> tuple[int, int]:
    """The longest run of plain words in a match, or all of the match where it has none."""
    first, last = start, end
    longest = 1
    for words in PLAIN.finditer(sentence.lower, start, end):
        low, high = words.span()
        if high - low > longest:
            first, last, longest = low, high, high - low
    return sentence.offset(first), sentence.stop(last)
