"""A grammar (corpus_grammar.toml) and the things that it names -> text, and what it states, each with its place."""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

HERE: Final = Path(__file__).resolve().parent
FACTS: Final = HERE.parent / "data" / "evaluation" / "facts.toml"


class Thing:
    """Something that articles name: its forms by name, and the labels that gold accepts for it."""

    __slots__ = ("forms", "labels")

    def __init__(self, text: str, labels: Sequence[Any] = (), **forms: Any) -> None:
        self.forms: dict[str, Any] = {"": text, **forms}
        self.labels: list[Any] = list(dict.fromkeys(labels or [text]))


Op = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Stated:
    """A fact as a way has it; an argument is a word, one of a list, or a thing and the way to a form of it."""

    relation: str
    arguments: tuple[tuple[str, str, Any], ...]  # argument; "word", "list" or "thing"; what
    many: str  # the list
    needed: int
    loose: bool  # only where all that it needs is in the article


@dataclass(frozen=True, slots=True, eq=False)  # known by itself
class Way:
    ops: tuple[Op, ...]
    facts: tuple[Stated, ...]
    words: str | None  # where it is nothing but words


@dataclass(slots=True)
class Fact:
    """A fact of a text: its arguments as gold has them, and the place of the words of each."""

    key: tuple[Any, ...]  # what makes it this fact and no other
    relation: str
    said: dict[str, Any]
    evidence: list[tuple[str, int, int]]


@cache
def grammar() -> dict[str, Any]:
    """The file as it stands."""
    return tomllib.loads((HERE / "corpus_grammar.toml").read_text("utf-8"))


@cache
def relations() -> dict[str, tuple[list[str], int]]:
    """Relation -> its arguments, and how many of them are needed."""
    tables = tomllib.loads(FACTS.read_text("utf-8"))["table"]
    both = {name: arguments for table in tables for name, arguments in table["relations"].items()}
    return {
        name: ([each.rstrip("?") for each in arguments], sum(not each.endswith("?") for each in arguments))
        for name, arguments in both.items()
    }


@cache
def first_relations() -> frozenset[str]:
    """Those of the first table, which the shared scorer knows."""
    return frozenset(tomllib.loads(FACTS.read_text("utf-8"))["table"][0]["relations"])


@cache
def groups() -> dict[str, tuple[Way, ...]]:
    """Group -> its ways."""
    found = {}
    for name, group in grammar()["groups"].items():
        common = group.get("facts", "")
        found[name] = tuple(way(text, common, group.get("with", "")) for text in group["ways"])
    return found


@cache
def way(text: str, common: str = "", parameter: str = "") -> Way:
    """One way to say something, taken apart."""
    said, _, own = text.partition("=>")
    facts = [fact for part in f"{own};{common}".split(";") if part.strip() for fact in stated(part.strip())]
    ops = [op for piece in re.split(r"(\{[^{}]*\})", said if own else text) if piece for op in _op(piece)]
    if own and ops and ops[-1][0] == "text":
        ops[-1] = ("text", ops[-1][1].rstrip())
    ops = [("plain", *op[1:]) if op[0] == "text" and _meets_nothing(ops, at) else op for at, op in enumerate(ops)]
    return Way(tuple(ops), tuple(facts), ops[0][1] if len(ops) == 1 and ops[0][0] in ("plain", "text") else None)


_CALL: Final = re.compile(r"(\??)(\w+)\((\w*)\)")


def _meets_nothing(ops: list[Op], at: int) -> bool:
    """Whether a text can stand as it is: no mark at its start, or a space behind a name."""
    text = ops[at][1]
    return bool(text) and (text[0] not in " ,.;" or (text[0] == " " and at > 0 and ops[at - 1][0] == "slot"))


def _op(piece: str) -> Iterator[Op]:
    if not piece.startswith("{"):
        yield ("text", piece)  # it may have to give way to what it meets
        return
    inner = piece[1:-1]
    if call := _CALL.fullmatch(inner):
        yield ("group", call[2], call[3], bool(call[1]))
    elif inner.endswith("!"):
        yield ("open", inner[:-1])
    elif inner.startswith("/"):
        yield ("close", inner[1:])
    elif inner.startswith("*"):
        name, _, group = inner[1:].partition(":")
        yield ("list", *_path(name), group)
    else:
        yield ("slot", *_path(inner.lstrip("^")), inner.startswith("^"))


def _path(text: str) -> tuple[str, str]:
    name, _, form = text.partition(".")
    return name, form


def stated(text: str) -> Iterator[Stated]:
    """A fact as the grammar writes it, and what is stated with it."""
    relation, *values = text.split()
    loose, relation = relation.startswith("?"), relation.lstrip("?")
    arguments, needed = relations()[relation]
    told = ((name, *_argument(value)) for name, value in zip(arguments, values, strict=False) if value != "-")
    many = next((value[1:] for value in values if value.startswith("*")), "")
    yield Stated(relation, tuple(told), many, needed, loose)
    if more := grammar()["also"].get(relation):
        yield from stated(more.format(*values))


def _argument(value: str) -> tuple[str, Any]:
    if value.startswith("'"):
        return "word", value[1:]
    return ("list", (value[1:],)) if value.startswith("*") else ("thing", tuple(value.split(".")))


class Writer:
    """Writes one stretch of text and keeps where each thing was named last."""

    __slots__ = ("at", "facts", "pieces", "roll", "spans", "things")

    def __init__(self, things: dict[str, Any], dice: random.Random) -> None:
        self.things = things
        self.roll = dice.random
        self.pieces: list[str] = []
        self.at = 0
        self.spans: dict[tuple[int, str], tuple[int, int]] = {}
        self.facts: list[Fact] = []

    def pick(self, options: Sequence[Any]) -> Any:
        return options[int(self.roll() * len(options))]

    def text(self, text: str) -> None:
        """Append; of two marks that meet, the one that print would keep."""
        if text[:1] in " ,.;":  # or empty
            text = self._met(text)
        if text:
            self.pieces.append(text)
            self.at += len(text)

    def _met(self, text: str) -> str:
        last = self.pieces[-1][-1] if self.pieces else ""
        if last == "," and text[:1] in (",", ".", ";"):
            self.pieces[-1] = self.pieces[-1][:-1]
            self.at -= 1
            if not self.pieces[-1]:
                self.pieces.pop()
            last = self.pieces[-1][-1]
        if last == "." and text[:1] == ".":
            text = text[1:]
        return text.lstrip(" ") if last in ("", " ", "\n") else text

    def name(self, thing: Thing, form: str, capital: bool = False) -> None:
        """Append a form of a thing, and keep its place."""
        value = thing.forms[form]
        if isinstance(value, Thing):
            self.name(value, "", capital)
            return
        begin = self.at
        self.text(value[:1].upper() + value[1:] if capital else value)
        self.spans[id(thing), ""] = self.spans[id(thing), form] = begin, self.at

    def say(self, one: Way) -> None:
        """One way: its words, then its facts."""
        for op in one.ops:
            kind = op[0]
            if kind == "plain":
                self.pieces.append(op[1])
                self.at += len(op[1])
            elif kind == "slot":
                self.name(self.things[op[1]], op[2], op[3])
            elif kind == "text":
                self.text(op[1])
            elif kind == "group":
                self.group(op[1], op[2], op[3])
            else:
                getattr(self, f"_{kind}")(*op[1:])
        for fact in one.facts:
            self.state(fact)

    def group(self, name: str, argument: str, maybe: bool = False) -> None:
        """One of the ways of a group; none says the same twice in an article where it needn't."""
        roll = self.roll
        if maybe and roll() < 0.5:
            return
        ways = groups()[name]
        chosen = ways[int(roll() * len(ways))]
        said = self.things["said"]
        if chosen in said:
            chosen = ways[int(roll() * len(ways))]
        said.add(chosen)
        if chosen.words is not None and not chosen.facts:
            self.text(chosen.words)
        elif argument:
            before, self.things["x"] = self.things["x"], self.things[argument]
            self.say(chosen)
            self.things["x"] = before
        else:
            self.say(chosen)

    def _open(self, name: str) -> None:
        self.spans[0, name] = len(self.pieces), self.at

    def _close(self, name: str) -> None:
        first, begin = self.spans[0, name]
        text = "".join(self.pieces[first:])
        said = self.things[name] = Thing(text, [" ".join(text.split()[:5]).rstrip(",.")])
        self.spans[id(said), ""] = begin, self.at

    def _list(self, name: str, form: str, group: str) -> None:
        things = self.things[name]
        link = self.pick((" dan ", ", dan ", " serta ", ", serta "))
        for number, thing in enumerate(things):
            if number:
                self.text(link.replace(",", "") if len(things) == 2 else link if number == len(things) - 1 else ", ")
            if group:
                self.things["each"] = thing
                self.group(group, "each")
            else:
                self.name(thing, form)

    def state(self, fact: Stated) -> None:
        """A fact, or one for each of a list."""
        for one in self.things[fact.many] if fact.many else (None,):
            found = self._fact(fact, one)
            if found is not None:
                self.facts.append(found)

    def _fact(self, fact: Stated, one: Thing | None) -> Fact | None:
        said: dict[str, Any] = {}
        evidence: list[tuple[str, int, int]] = []
        key: list[Any] = [fact.relation]
        for argument, kind, what in fact.arguments:
            if kind == "word":
                said[argument] = what
                key.append(what)
                continue
            if fact.loose and kind == "thing" and what[0] not in self.things:
                return None
            labels, span = self._value(self.things[what[0]] if kind == "thing" else one, what[1:])
            if fact.loose and not labels:
                return None
            if labels:
                said[argument] = labels if len(labels) > 1 else labels[0]
                key.append(labels[0])
                if span is not None:
                    evidence.append((argument, *span))
            elif len(key) <= fact.needed:
                raise KeyError(f"{fact.relation}: no {'.'.join(what)}")
        return Fact(tuple(key[: fact.needed + 1]), fact.relation, said, evidence)

    def _value(self, thing: Thing | None, way_to: Sequence[str]) -> tuple[list[Any], tuple[int, int] | None]:
        """The labels of an argument and where it stands; a part of something, where that stands."""
        if thing is None:
            return [], None
        spans = self.spans
        span = spans.get((id(thing), ""))
        for form in way_to:
            value = thing.forms.get(form)
            if value is None:
                return [], None
            if not isinstance(value, Thing):
                return [value], spans.get((id(thing), form), span)
            thing = value
            span = spans.get((id(thing), ""), span if form != "post" else None)  # no name of a person holds the post
        return thing.labels, span
