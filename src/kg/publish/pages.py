"""The pages: what the graph says of a thing -> HTML, through the templates beside this module.

Everything that comes from a graph is escaped by the templates; addresses become links only where they are of the web.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pyoxigraph import Literal, NamedNode, Quad

from kg import vocabulary as v
from kg.find import short
from kg.publish.graph import Graph, Part, Term, part_of
from kg.publish.numbers import Number, numbers
from kg.publish.said import Said, Statements
from kg.publish.settings import Settings, words
from kg.publish.things import LANGUAGES, Kind, Thing, Things, kinds
from kg.publish.words import name_of, prefixed, written

if TYPE_CHECKING:
    from jinja2 import Environment

LISTED: Final = 200
"""Things on one page of an index, values of one property, and statements of one thing, before the rest is counted."""
SOURCES: Final = 3
"""Articles named beside a fact; the rest is counted."""
_WEB: Final = re.compile(r"https?://[^\s<>\"]+")
_CONTROL: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")  # HTML allows none of them
_ELSEWHERE: Final = frozenset(
    v.term(name)
    for name in ("owl:sameAs", *(f"skos:{kind}Match" for kind in ("exact", "close", "broad", "narrow", "related")))
)
_NAMES: Final = {v.PREF_LABEL: "preferred", v.FOAF_NAME: "preferred", v.ALT_LABEL: "other_name"}
_OF_ARTICLES: Final = frozenset({v.PUBLISHER, v.DATE_PUBLISHED, v.URL, v.VOICE})
_NOT_SHOWN: Final = frozenset({v.TYPE, v.HEADLINE, *_ELSEWHERE, *_NAMES})


@dataclass(frozen=True, slots=True)
class Value:
    """A value as a page shows it: a link where ``href`` is given; ``lang`` and ``datetime`` for the markup."""

    text: str
    href: str | None = None
    lang: str | None = None
    datetime: str | None = None
    external: bool = False
    sources: tuple[Value, ...] = ()
    more: int = 0  # sources that aren't listed


@dataclass(frozen=True, slots=True)
class Row:
    """A property and its values; ``more``: how many there are beside those listed."""

    name: str
    title: str  # the prefixed name
    values: tuple[Value, ...]
    more: int = 0


class Pages:
    """Makes the pages of one publication."""

    def __init__(self, graph: Graph, things: Things, statements: Statements, settings: Settings) -> None:
        self._graph = graph
        self._things = things
        self._statements = statements
        self._settings = settings
        self.lang = settings.lang
        self.words = words(settings.lang)
        self._templates = _environment()

    def render(self, template: str, path: str, **values: Any) -> bytes:
        """A page from a template; ``path`` is its file below the folder of the publication."""
        root = _up(path) or "./"
        shared = {"root": root, "path": path, "lang": self.lang, "words": self.words, "settings": self._settings}
        text = self._templates.get_template(template).render(**shared, **values)
        return text.encode()

    # ---- things

    def thing(self, thing: Thing) -> bytes:
        """The page of a thing that is no article."""
        path = thing.place.html
        out, back = list(self._graph.outgoing(thing.node)), self._incoming(thing.node)
        said = list(self._statements.of_thing(thing.node.value, LISTED))
        return self.render(
            "thing.html",
            path,
            **self._head(thing, out),
            said=[self._said(each, path) for each in said],
            said_more=max(0, self._statements.count(thing.node.value) - len(said)),
            facts=self._rows(out, path),
            incoming=[self._back(predicate, nodes, path) for predicate, nodes in back],
            elsewhere=self._elsewhere(out),
            numbers=self._numbers(thing.node, path),
            **self._articles(out, said, path),
        )

    def article(self, thing: Thing) -> bytes:
        """The page of an article: what is known of it and what it states, never its text."""
        path, out = thing.place.html, list(self._graph.outgoing(thing.node))
        values = {predicate: self._values(found, path) for predicate, found in _by_predicate(out).items()}
        seen: set[str] = set()
        printings, more = self._printings(thing.node, path)
        stated = [self._stated(each, path, seen) for each in self._statements.of_article(thing.node.value)]
        return self.render(
            "article.html",
            path,
            **self._head(thing, out),
            outlets=values.get(v.PUBLISHER, ()),
            dates=values.get(v.DATE_PUBLISHED, ()),
            addresses=[value for value in values.get(v.URL, ()) if value.href],
            stated=stated,
            printings=printings,
            printings_more=more,
            facts=self._rows((q for q in out if q.predicate not in _OF_ARTICLES), path),
        )

    def _head(self, thing: Thing, out: Sequence[Quad]) -> dict[str, Any]:
        """What the pages of all things have on top."""
        headline = next((q.object for q in out if q.predicate == v.HEADLINE and isinstance(q.object, Literal)), None)
        title_lang = headline.language if headline else self._title_language(thing.names[self.lang], out)
        return {
            "thing": thing,
            "title": thing.names[self.lang],
            "title_lang": title_lang,
            "kind": {lang: ", ".join(name_of(each, lang) for each in thing.types) for lang in LANGUAGES},
            "names": self._names(out),
            "alternate": "../" + thing.place.turtle_address.rpartition("/")[2],
        }

    def _title_language(self, title: str, out: Iterable[Quad]) -> str | None:
        """The language of the label that is the title; None where it is no label, or of no known language."""
        labels = {
            q.object.language
            for q in out
            if q.predicate in _NAMES and isinstance(q.object, Literal) and q.object.value == title
        }
        found = sorted(language for language in labels if language)
        return self.lang if self.lang in found else next(iter(found), None)

    def _names(self, out: Iterable[Quad]) -> list[tuple[str, Value]]:
        """The names, the preferred ones first, each with its language once."""
        found = {
            (_NAMES[q.predicate] != "preferred", q.object.language or "", q.object.value): q.object
            for q in out
            if q.predicate in _NAMES and isinstance(q.object, Literal)
        }
        ranked = sorted(found, key=lambda key: (key[0], key[1] != self.lang, key))
        return [
            (self.words["other_name" if key[0] else "preferred"], Value(key[2], lang=key[1] or None)) for key in ranked
        ]

    # ---- facts

    def _rows(self, out: Iterable[Quad], path: str) -> list[Row]:
        """What is said of the thing, by property in the order of their names."""
        groups = _by_predicate(quad for quad in out if quad.predicate not in _NOT_SHOWN)
        rows = []
        for predicate, quads in groups.items():
            values = self._values(quads, path)
            shown, more = values[:LISTED], max(0, len(values) - LISTED)
            rows.append(Row(name_of(predicate, self.lang), prefixed(predicate), shown, more))
        return sorted(rows, key=lambda row: (row.name.casefold(), row.title))

    def _values(self, quads: Iterable[Quad], path: str) -> tuple[Value, ...]:
        """Each value once, with the articles that give it."""
        graphs: dict[Term, set[NamedNode]] = defaultdict(set)
        background: set[Term] = set()
        for quad in quads:
            value = quad.object
            if not isinstance(value, NamedNode | Literal):
                continue
            graphs[value] |= {quad.graph_name} if isinstance(quad.graph_name, NamedNode) else set()
            if part_of(quad.graph_name) is Part.REFERENCE:
                background.add(value)
        found = [self._value(value, path, graphs[value], value in background) for value in graphs]
        return tuple(sorted(found, key=lambda value: (value.text.casefold(), value.text, value.href or "")))

    def _value(self, value: Term, path: str, graphs: Iterable[NamedNode], background: bool) -> Value:
        known = (self._things[graph] for graph in graphs if graph in self._things)
        articles = sorted((each for each in known if each.place.html != path), key=_by_name(self.lang))
        own = [Value(each.names[self.lang], self._href(each, path)) for each in articles[:SOURCES]]
        if background:
            own.append(Value(self.words["from_reference"], _up(path) + "licences/"))
        more = max(0, len(articles) - SOURCES)
        if isinstance(value, Literal):
            day = value.value if value.datatype == v.DATE else None
            return Value(
                written(value, self.lang), lang=value.language or None, datetime=day, sources=tuple(own), more=more
            )
        text, href, external = self._link(value, path)
        return Value(text, href, external=external, sources=tuple(own), more=more)

    def _link(self, node: Term, path: str) -> tuple[str, str | None, bool]:
        """The text and the address of a node: of its page, of its term in the ontology, or elsewhere on the web."""
        if isinstance(node, NamedNode):
            if node in self._things:
                return self._things[node].names[self.lang], self._href(self._things[node], path), False
            if node.value.startswith(v.ONTOLOGY_BASE):
                local = node.value.removeprefix(v.ONTOLOGY_BASE)
                return name_of(node, self.lang), f"{_up(path)}ontology/#{local}", False
            if self._graph.is_id(node):
                return short(node.value), None, False
            if _WEB.fullmatch(node.value):
                return node.value, node.value, True
        return str(getattr(node, "value", node)), None, False

    def _href(self, thing: Thing, path: str) -> str:
        return _up(path) + thing.place.address

    # ---- the other way round

    def _incoming(self, node: NamedNode) -> list[tuple[NamedNode, list[NamedNode]]]:
        """What has the thing as object, by property."""
        found: dict[NamedNode, set[NamedNode]] = defaultdict(set)
        for quad in self._graph.incoming(node):
            if (
                isinstance(quad.subject, NamedNode)
                and quad.subject in self._things
                and quad.predicate not in _ELSEWHERE
            ):
                found[quad.predicate].add(quad.subject)
        ordered = sorted(found, key=lambda predicate: (name_of(predicate, self.lang).casefold(), predicate.value))
        return [(predicate, sorted(found[predicate], key=lambda n: n.value)) for predicate in ordered]

    def _back(self, predicate: NamedNode, nodes: Sequence[NamedNode], path: str) -> Row:
        listed = sorted((self._things[node] for node in nodes), key=_by_name(self.lang))
        values = tuple(Value(each.names[self.lang], self._href(each, path)) for each in listed[:LISTED])
        name = self.words["as"].format(label=name_of(predicate, self.lang))
        return Row(name, prefixed(predicate), values, max(0, len(listed) - LISTED))

    def _elsewhere(self, out: Iterable[Quad]) -> list[Row]:
        """The same thing in other data."""
        groups = _by_predicate(quad for quad in out if quad.predicate in _ELSEWHERE)
        rows = []
        for predicate, quads in sorted(groups.items(), key=lambda pair: pair[0].value):
            iris = sorted({quad.object.value for quad in quads if isinstance(quad.object, NamedNode)})
            values = tuple(self._other(iri) for iri in iris)
            rows.append(Row(name_of(predicate, self.lang), prefixed(predicate), values))
        return rows

    def _other(self, iri: str) -> Value:
        """An id elsewhere; one below our own base that has no page leads nowhere."""
        own = self._graph.is_id(NamedNode(iri)) and NamedNode(iri) not in self._things
        return Value(short(iri) if own else iri, None if own or not _WEB.fullmatch(iri) else iri, external=True)

    def _numbers(self, node: NamedNode, path: str) -> list[dict[str, Any]]:
        """What linked tables say of the thing in numbers, by table."""
        tables: dict[str, list[Number]] = defaultdict(list)
        for each in numbers(self._graph, self._things, node, self.lang):
            tables[each.dataset].append(each)
        shown = []
        for dataset, found in tables.items():
            text, href, _ = self._link(NamedNode(dataset), path)
            more = max(0, len(found) - LISTED)
            shown.append({"table": Value(text, href), "numbers": found[:LISTED], "more": more})
        return shown

    # ---- what articles say

    def _said(self, said: Said, path: str) -> dict[str, Any]:
        """A statement on the page of a thing, with the place in the article that says so."""
        article = self._things.get(NamedNode(said.article))
        anchor = _anchor(said)
        return {
            "sentence": said.sentence,
            "words": said.words,
            "article": article.names[self.lang] if article else short(said.article),
            "href": f"{self._href(article, path)}#{anchor}" if article else None,
            "characters": self._characters(said),
        }

    def _stated(self, said: Said, path: str, seen: set[str]) -> dict[str, Any]:
        """A statement on the page of its article; its evidence can be pointed at by the fragments of RFC 5147."""
        anchors = [f"char={begin},{end}" for begin, end in said.spans]
        new = [anchor for anchor in (_anchor(said), *anchors) if anchor not in seen]
        seen.update(new)
        known = [self._things[node] for node in map(NamedNode, said.things) if node in self._things]
        return {
            "sentence": said.sentence,
            "words": said.words,
            "anchors": new,
            "characters": self._characters(said),
            "rule": said.rule,
            "things": [
                Value(each.names[self.lang], self._href(each, path))
                for each in known
                if each.node.value != said.article
            ],
        }

    def _characters(self, said: Said) -> str:
        if not said.spans:
            return ""
        begin, end = min(begin for begin, _ in said.spans), max(end for _, end in said.spans)
        return self.words["characters"].format(begin=begin, end=end)

    def _articles(self, out: Iterable[Quad], said: Iterable[Said], path: str) -> dict[str, Any]:
        """The articles that speak of the thing, and how many voices and articles they are."""
        nodes = {q.graph_name for q in out if isinstance(q.graph_name, NamedNode)}
        nodes |= {NamedNode(each.article) for each in said}
        found = sorted((self._things[node] for node in nodes if node in self._things), key=_by_name(self.lang))
        return {
            "articles": [Value(each.names[self.lang], self._href(each, path)) for each in found[:LISTED]],
            "count": len(found),
            "voices": len({self._voice_of(each.node) for each in found}),
        }

    def _voice_of(self, article: NamedNode) -> NamedNode:
        """The first article with its text."""
        rows = self._graph.quads(article, v.VOICE, None)
        return next((row.object for row in rows if isinstance(row.object, NamedNode)), article)

    def _printings(self, article: NamedNode, path: str) -> tuple[list[Value], int]:
        """The other articles with the same text, and how many more there are; the first comes first."""
        first = self._voice_of(article)
        nodes = {row.subject for row in self._graph.quads(None, v.VOICE, first)} - {article}
        found = [self._things[node] for node in nodes if isinstance(node, NamedNode) and node in self._things]
        found.sort(key=lambda each: (each.node != first, _by_name(self.lang)(each)))
        shown = [Value(each.names[self.lang], self._href(each, path)) for each in found[:SOURCES]]
        return shown, len(found) - len(shown)

    # ---- lists

    def index(self, kind: Kind, things: Sequence[Thing]) -> Iterator[tuple[str, bytes]]:
        """The pages that list the things of a kind: file and content."""
        ordered = sorted(things, key=_by_name(self.lang))
        chunks = [ordered[start : start + LISTED] for start in range(0, len(ordered), LISTED)]
        for number, chunk in enumerate(chunks, start=1):
            path = _list_file(kind, number)
            entries = [Value(each.names[self.lang], self._href(each, path)) for each in chunk]
            others = {n: _list_address(kind, n) for n in range(1, len(chunks) + 1)}
            yield (
                path,
                self.render(
                    "list.html",
                    path,
                    title=kind.names[self.lang],
                    entries=entries,
                    count=len(ordered),
                    number=number,
                    others=others,
                ),
            )


def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("kg.publish"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        finalize=_allowed,
    )


def _allowed(value: object) -> object:
    """Text without the characters that HTML forbids even as references."""
    return _CONTROL.sub("\ufffd", value) if type(value) is str else value


def _by_predicate(quads: Iterable[Quad]) -> dict[NamedNode, list[Quad]]:
    found: dict[NamedNode, list[Quad]] = defaultdict(list)
    for quad in quads:
        found[quad.predicate].append(quad)
    return found


def _by_name(lang: str) -> Any:
    return lambda thing: (thing.names[lang].casefold(), thing.names[lang], thing.node.value)


def _anchor(said: Said) -> str:
    return "claim-" + said.claim.rpartition("/")[2]


def _up(path: str) -> str:
    return "../" * path.count("/")


def _list_address(kind: Kind, number: int) -> str:
    return f"browse/{kind.slug}/" + (f"{number}/" if number > 1 else "")


def _list_file(kind: Kind, number: int) -> str:
    return _list_address(kind, number) + "index.html"


def kind_address(kind: Kind) -> str:
    """What leads to the list of a kind, from the folder of the publication."""
    return _list_address(kind, 1)


def grouped(things: Things) -> list[tuple[Kind, list[Thing]]]:
    """The kinds that have any things, in their order, with them."""
    found: dict[str, list[Thing]] = defaultdict(list)
    for thing in things.values():
        found[thing.kind.slug].append(thing)
    return [(kind, found[kind.slug]) for kind in kinds() if kind.slug in found]
