"""A page for each thing: names, what articles say of it and with which words, changes, disagreements, links."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from pyoxigraph import DefaultGraph, Literal, NamedNode

from kg import vocabulary as v
from kg.find import companions, short
from kg.publish.words import name_of, written
from kg.records import record
from kg.serve.current import Loaded
from kg.serve.explorer import claims, disagreeing, listing, refusing, tenures
from kg.serve.explorer.claims import Fact, Group
from kg.serve.explorer.evidence import Evidence, Shown, roles
from kg.serve.explorer.listing import Window
from kg.serve.explorer.names import Names, address, is_thing
from kg.serve.explorer.sentences import days

if TYPE_CHECKING:
    from pyoxigraph import Store

FEW: Final = 6
"""Facts of each part that are shown at first."""
PAGE: Final = 25
"""Facts on a page of one part."""
DIFFER: Final = "differ"
"""The part of a page that has disagreements alone."""
REFUSED: Final = 3
"""Claims in quarantine that are named on the page of a thing."""
NEIGHBOURS: Final = 200
"""Things of the reference data that are listed for one property."""
_MATCHES: Final = (v.SAME_AS, v.EXACT_MATCH, v.CLOSE_MATCH)
_LABELS: Final = frozenset({v.TYPE, v.PREF_LABEL, v.ALT_LABEL, v.HIDDEN_LABEL, v.FOAF_NAME, v.LABEL, *_MATCHES})
_NOTES: Final = re.compile(r"[Nn]ote$")


@record(frozen=True, slots=True)
class Link:
    """A way to the same thing elsewhere: the site's name, the id there, the address, how sure the match is."""

    site: str
    id: str
    href: str
    match: str


@record(frozen=True, slots=True)
class Asked:
    """Which part of a thing's page: ``group`` a part of it, page by page; ``before`` a place in what was said of it."""

    group: str = ""
    page: int = 1
    before: str = ""


OVERVIEW: Final = Asked()
"""The first facts of each part, of what was said last."""


def context(now: Loaded, node: NamedNode, lang: str, asked: Asked = OVERVIEW) -> dict[str, Any] | None:
    """What the template shows; None where the graph has no such thing."""
    view, names = now.view, Names(now.view, lang)
    if next(iter(view.quads_for_pattern(node, None, None, DefaultGraph())), None) is None:
        return None
    about = {node} | companions_of(view, node)
    listed = listing.of_thing(view, about)
    window = listing.window(view, listed, asked.before)
    is_whole = listed.is_whole and not window.older and not asked.before
    evidence = Evidence(now, names, lang)

    def shown(fact: Fact) -> Shown:
        return evidence.shown(fact if is_whole else listing.completed(view, fact, listed), about)

    parts = [_part(each, facts, shown, lang, asked) for each, facts in claims.grouped(window.facts)]
    group, refused = asked.group, [] if asked != OVERVIEW else refusing.of_things(now, about)
    return {
        "key": short(node.value),
        "iri": node.value,
        "name": names.name(node),
        "kind": names.kind_name(node),
        "others": names.others(node),
        "companions": [
            (names.name(each), names.kind_name(each), address(each)) for each in sorted(about - {node}, key=str)
        ],
        "parts": [part for part in parts if not group or part["slug"] == group],
        "all_parts": [(part["slug"], part["title"], part["count"]) for part in parts],
        "group": group,
        "count": len(window.facts),
        "statements": len(listed.claims),
        "is_listed": listed.is_whole,
        "articles": listed.articles,
        "voices": listed.voices,
        "window": None if is_whole else _window(window, asked.before, lang),
        "differ": _differ(view, about, evidence, lang, group) if group == DIFFER or (is_whole and not group) else None,
        "refused": len(refused),
        "refused_shown": refusing.shown(now, refused[:REFUSED]),
        "tenures": None if group else tenures.of_facts(window.facts, about, names, lang),
        "known": [] if group or asked.before else _known(view, node, names, lang),
        "links": [] if group or asked.before else _links(view, node, lang),
        "roles": roles,
    }


def _differ(view: Store, about: set[NamedNode], evidence: Evidence, lang: str, group: str) -> disagreeing.Shown:
    """Disagreements: they cost what all claims of the thing cost, so of very many only on a page of their own."""
    return disagreeing.about(view, about, evidence, lang, disagreeing.MOST if group else disagreeing.FEW)


def _window(window: Window, before: str, lang: str) -> dict[str, str]:
    """Which stretch of what was said is shown, and where the next one begins."""
    return {
        "before": before,
        "older": window.older,
        "days": days("/".join(dict.fromkeys((window.first, window.last))), lang) if window.first else "",
        "kind": "mixed" if window.first and window.has_undated else "dated" if window.first else "undated",
    }


def companions_of(view: Store, node: NamedNode) -> set[NamedNode]:
    """The government of a place, the place of a government: news use one name for both."""
    return companions(view, [node])


def _part(
    group: Group, found: Sequence[Fact], shown: Callable[[Fact], Shown], lang: str, asked: Asked
) -> dict[str, Any]:
    """A part of the page; only the first facts of each, or one page of the chosen one."""
    pages = -(-len(found) // PAGE)
    page = min(asked.page, pages)
    skipped, most = ((page - 1) * PAGE, PAGE) if asked.group == group.slug else (0, 0 if asked.group else FEW)
    return {
        "slug": group.slug,
        "title": group.names[lang],
        "count": len(found),
        "facts": [shown(fact) for fact in found[skipped : skipped + most]],
        "page": page,
        "pages": pages,
    }


# ---------------------------------------------------------------- reference data and links


def _reference(node: NamedNode) -> NamedNode:
    return NamedNode(f"{node.value.partition('/id/')[0]}/id/reference")


def _known(view: Store, node: NamedNode, names: Names, lang: str) -> list[tuple[str, list[tuple[str, str]], int]]:
    """What the reference data says: property, values with their pages, how many there are; then what points at it."""
    graph = _reference(node)
    found: dict[tuple[bool, str], list[tuple[str, str]]] = {}
    for quad in view.quads_for_pattern(node, None, None, graph):
        if quad.predicate not in _LABELS and not _NOTES.search(quad.predicate.value):
            found.setdefault((False, name_of(quad.predicate, lang)), []).append(_value(quad.object, names, lang))
    for quad in islice(view.quads_for_pattern(None, None, node, graph), 10 * NEIGHBOURS):
        if is_thing(quad.subject):
            found.setdefault((True, name_of(quad.predicate, lang)), []).append(_value(quad.subject, names, lang))
    return [
        (f"↤ {title}" if incoming else title, sorted(values)[:NEIGHBOURS], len(values))
        for (incoming, title), values in sorted(found.items())
    ]


def _value(term: object, names: Names, lang: str) -> tuple[str, str]:
    if isinstance(term, NamedNode):
        return names.name(term), address(term) if is_thing(term) else ""
    return (written(term, lang) if isinstance(term, Literal) else str(term)), ""


def _links(view: Store, node: NamedNode, lang: str) -> list[Link]:
    """The same thing elsewhere, the surest match first."""
    found = [
        Link(_site(quad.object.value), _last(quad.object.value), _readable(quad.object.value), name_of(predicate, lang))
        for predicate in _MATCHES
        for quad in view.quads_for_pattern(node, predicate, None, DefaultGraph())
        if isinstance(quad.object, NamedNode) and not is_own(quad.object, node)
    ]
    return list({link.href: link for link in reversed(found)}.values())[::-1]


def is_own(other: NamedNode, node: NamedNode) -> bool:
    """Whether an id is one of the same graph."""
    return other.value.startswith(node.value.partition("/id/")[0] + "/id/")


def _site(iri: str) -> str:
    host = iri.partition("://")[2].partition("/")[0].removeprefix("www.")
    return _SITES.get(host, host)


def _last(iri: str) -> str:
    return iri.rstrip("/").rpartition("/")[2]


def _readable(iri: str) -> str:
    """The page for people of an id for programs, where the site has one."""
    if "wikidata.org/entity/" in iri:
        return iri.replace("http://", "https://").replace("/entity/", "/wiki/")
    if "sws.geonames.org/" in iri:
        return iri.replace("sws.geonames.org", "www.geonames.org")
    return iri if iri.startswith(("http://", "https://")) else ""


_SITES: Final = {"wikidata.org": "Wikidata", "sws.geonames.org": "GeoNames", "ror.org": "ROR"}


def node_of(base: str, key: str) -> NamedNode | None:
    """The id of a key in an address; None for what can be no id."""
    if not key or re.search(r"[\x00-\x20<>\"{}|\\^`#?]", key):
        return None
    return NamedNode(f"{base}id/{key}")
