"""All that a graph knows about one thing, as sentences with the words that say so.

The sentences are made of the phrases in the heads of ``queries/facts/*.rq``: one for each role that the thing can have.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode

from kg import resources
from kg import vocabulary as v
from kg.errors import KgError, NothingFound
from kg.facts import Labels, Statement, argument, labels, relation_query, scope_of, statements
from kg.find import Found, Thing, best, companions, missing, search, short
from kg.link.who import also
from kg.query import parse_query_file
from kg.traverse import word
from kg.voices.asking import printings, voice_of

if TYPE_CHECKING:
    from pyoxigraph import Store

FEW: Final = 12  # of several things with the name, so many are listed
QUARANTINED: Final = {"id": "dalam karantina", "en": "in quarantine"}
PRINTED: Final = {
    "id": "dengan teks yang sama juga dalam artikel lain: {count}",
    "en": "with the same text in other articles: {count}",
}
PRINTINGS: Final = {"id": "teks yang sama juga dimuat", "en": "the same text was also printed by"}
SEVERAL: Final = {
    "id": "nama ini dipunyai beberapa hal; sebutkan dengan lebih tepat",
    "en": "several things have this name; be more precise",
}


def show(view: Store, name: str, lang: str = "id", written: Store | None = None) -> str:
    """The text for the thing that a name means in a view (``kg.view``).

    ``written`` is the store's own dataset, which knows who is who and the files of articles. Raises NothingFound where
    nothing has the name, or where several things have it and none is clearly meant.
    """
    thing = _meant(view, name, lang)
    nodes = {thing.node} | companions(view, [thing.node])
    who = also(written, thing.node.value, lang) if written is not None else ()
    same = list(_printings(view, written if written is not None else view, thing.node, lang))
    lines = [f"{thing.name} ({word(thing.kind, lang)})", *_names(thing), f"  <{thing.key}>", *same, *who, ""]
    facts = list(_facts(view, written if written is not None else view, nodes, lang))
    refused = list(_refused(view, thing, lang))
    return "\n".join([*lines, *facts, *refused]).rstrip() + "\n"


def _meant(view: Store, name: str, lang: str) -> Thing:
    found, known = search(view, name)
    if not found:
        raise NothingFound(missing(known, name))
    chosen = best(found) or _without_territories(found)
    if chosen is None:
        listed = "; ".join(_listed(each.thing, found, lang) for each in found[:FEW])
        more = f"; +{len(found) - FEW}" if len(found) > FEW else ""
        raise NothingFound(f"{name}: {SEVERAL[lang]}: {listed}{more}")
    return chosen.thing


def _listed(thing: Thing, found: list[Found], lang: str) -> str:
    """A thing with its kind; with its id where another one has the same name."""
    alike = sum((each.thing.name, each.thing.kind) == (thing.name, thing.kind) for each in found) > 1
    return f"{thing.name} ({word(thing.kind, lang)}" + (f", {thing.key})" if alike else ")")


def _without_territories(found: list[Found]) -> Found | None:
    """One of a place and its government, which news call by one name: the place."""
    left = [each for each in found if each.thing.kind != "Government"]
    return left[0] if len(left) == 1 else None


def _names(thing: Thing) -> Iterator[str]:
    others = [name for name in thing.names if name != thing.name]
    if others:
        yield "  " + ", ".join(others)


def _printings(view: Store, written: Store, node: NamedNode, lang: str) -> Iterator[str]:
    """Of an article, the others with its text."""
    others = printings(view, node)
    if others:
        more = f"; +{len(others) - FEW}" if len(others) > FEW else ""
        named = (f"{_title(written, each)} <{short(each.value)}>" for each in others[:FEW])
        yield f"  {PRINTINGS[lang]}: {'; '.join(named)}{more}"


# ---------------------------------------------------------------- facts


def _facts(view: Store, written: Store, nodes: set[NamedNode], lang: str) -> Iterator[str]:
    about: dict[NamedNode, dict[NamedNode, str]] = defaultdict(dict)  # article -> its claims with their relations
    for node in sorted(nodes, key=lambda node: node.value):
        for article, claim, relation in _claims_about(view, node):
            about[article][claim] = relation
    voices: dict[NamedNode, list[NamedNode]] = defaultdict(list)
    for article in sorted(about, key=str):
        voices[voice_of(view, article)].append(article)
    for voice, articles in voices.items():
        told: list[_Told] = []
        first: dict[str, _Told] = {}
        for article in sorted(articles, key=lambda each: (each != voice, each.value)):
            for text, words in _of_article(view, written, article, about[article], nodes, lang):
                known = first.get(text)
                if known is not None and known.article != article:
                    known.printings.add(article)
                else:
                    told.append(_Told(text, words, article))
                    first.setdefault(text, told[-1])
        for one in told:
            yield f"  {one.text}"
            yield f"      {one.words}"
            if one.printings:
                yield f"      {PRINTED[lang].format(count=len(one.printings))}"


@dataclass(slots=True)
class _Told:
    """A sentence with the words of the first article of a voice that says it, and the others that do."""

    text: str
    words: str
    article: NamedNode
    printings: set[NamedNode] = field(default_factory=set)


def _of_article(
    view: Store,
    written: Store,
    article: NamedNode,
    claims: Mapping[NamedNode, str],
    nodes: set[NamedNode],
    lang: str,
) -> Iterator[tuple[str, str]]:
    """What an article says of the nodes: the sentence, and its words."""
    scope, title = scope_of(view, article), _title(written, article)
    names = labels(view, scope)
    for statement in sorted(statements(view, scope, claims), key=lambda each: each.spans):
        yield sentence(statement, nodes, names, lang), quotation(statement, title)


def _claims_about(view: Store, node: NamedNode) -> Iterator[tuple[NamedNode, NamedNode, str]]:
    """Article, claim and relation."""
    from pyoxigraph import QuerySolutions, Variable

    query = parse_query_file(resources.path("queries/facts/claims-about.rq"))
    found = view.query(query.text, substitutions={Variable("thing"): node})
    assert isinstance(found, QuerySolutions)
    for row in found:
        article, claim, relation = row["article"], row["claim"], row["relation"]
        if isinstance(article, NamedNode) and isinstance(claim, NamedNode) and isinstance(relation, Literal):
            yield article, claim, relation.value


def sentence(statement: Statement, nodes: set[NamedNode], names: Labels, lang: str) -> str:
    """What a statement says of one of the nodes, in the phrase of its role."""
    values = {role: _value(statement, role, names, lang) for role in statement.arguments}
    roles = [role for role, terms in statement.arguments.items() if not nodes.isdisjoint(terms)]
    phrases = _phrases(statement.relation, lang)
    role = next((role for role in phrases if role in roles), next(iter(phrases), None))
    if role is None:
        return f"{relation_query(statement.relation).titles[lang]}: {', '.join(values.values())}"
    text = fill(phrases[role], values)
    return text if role in roles else f"{values.get(role, '')} {text}".strip()


@cache
def _phrases(relation: str, lang: str) -> Mapping[str, str]:
    wanted = "en" if lang == "en" else "id"
    found = {}
    for key, language, value in relation_query(relation).fields:
        if key == "phrase" and language == wanted:
            role, _, template = value.partition(" ")
            found[role] = template
    return found


@cache
def _words(relation: str, lang: str) -> Mapping[tuple[str, str], str]:
    """Words for the values of closed lists: role and value -> word; a space in a value is written as ``_``."""
    wanted = "en" if lang == "en" else "id"
    found = {}
    for key, language, value in relation_query(relation).fields:
        if key == "word" and language == wanted:
            role, _, rest = value.partition(" ")
            name, _, text = rest.partition(" ")
            found[role, name.replace("_", " ")] = text
    return found


def _value(statement: Statement, role: str, names: Labels, lang: str) -> str:
    value = argument(statement.arguments[role], names)
    first = value[0] if isinstance(value, list) else value
    text = f"{first:,}".replace(",", ".") if isinstance(first, int) and abs(first) > 9999 else str(first)
    return _words(statement.relation, lang).get((role, text), text)


def fill(template: str, values: Mapping[str, str]) -> str:
    """A phrase with its values; a part in square brackets is left out where one of its values is missing."""

    def optional(match: re.Match[str]) -> str:
        inside = match[1]
        return inside if all(values.get(name) for name in re.findall(r"\{(\w+)\}", inside)) else ""

    text = re.sub(r"\[([^\]]*)\]", optional, template)
    text = re.sub(r"\{(\w+)\}", lambda match: values.get(match[1], ""), text)
    return re.sub(r"  +", " ", text).strip()


def quotation(statement: Statement, title: str) -> str:
    """The words of a statement in the order of the text, and where they stand."""
    parts: list[str] = []
    start, end = -1, -1
    for span in statement.spans:
        if span.end <= end or not span.words:
            continue
        if span.start == start:  # the longer one holds the words of the shorter
            parts.pop()
        parts.append(" ".join(span.words.split()))
        start, end = span.start, span.end
    places = f"{statement.spans[0].start}-{max(span.end for span in statement.spans)}" if statement.spans else ""
    return f'— "{" … ".join(parts)}" ({title}, {places})'


def _title(written: Store, article: NamedNode) -> str:
    """What an article is called: by its headline, else by the last part of the file that the store read it from."""
    headlines = written.quads_for_pattern(article, v.HEADLINE, None, None)
    files = (quad.object for quad in written.quads_for_pattern(article, v.SOURCE, None, None))
    names = [quad.object.value for quad in headlines if isinstance(quad.object, Literal)]
    names += sorted(file.value.rstrip("/").rpartition("/")[2] for file in files if isinstance(file, Literal))
    return names[0] if names else short(article.value)


# ---------------------------------------------------------------- quarantine


def _refused(dataset: Store, thing: Thing, lang: str) -> Iterator[str]:
    """What was said of the thing and refused, with the reason."""
    for quad in sorted(dataset.quads_for_pattern(None, v.term("kg:refusedTriples"), None, None), key=str):
        if not isinstance(quad.object, Literal) or f"<{thing.node.value}>" not in quad.object.value:
            continue
        statement = _literal(dataset, quad.subject, v.term("kg:statement"), None)
        reason = _literal(dataset, quad.subject, v.term("sh:resultMessage"), lang)
        yield f"  [{QUARANTINED[lang]}] {statement}"
        yield f"      {reason}"


def _literal(dataset: Store, subject: object, predicate: NamedNode, lang: str | None) -> str:
    if not isinstance(subject, NamedNode):
        raise KgError(f"{subject}: a claim without an id")
    for quad in dataset.quads_for_pattern(subject, predicate, None, None):
        if isinstance(quad.object, Literal) and lang in (None, quad.object.language):
            return quad.object.value
    return ""
