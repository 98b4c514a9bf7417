"""The graph as things and relations: who is linked with whom, how closely, and by which words.

``project`` folds the nodes that only hold a relation (tenures, memberships, delegations, quotations) into labelled
edges, and a government into its territory; each relation is one query in ``queries/graph/``. Everything else works on
that graph. Results are values with ``as_text`` and ``as_json``; the same graph gives the same result in every run.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from itertools import islice, pairwise
from typing import TYPE_CHECKING, Final, TypeAlias

from pyoxigraph import Literal, NamedNode, Quad, QuerySolution, QuerySolutions, Store

from kg import resources, vocabulary
from kg.errors import DataError, KgError, NothingFound
from kg.link.resolved import resolved

if TYPE_CHECKING:
    import networkx as nx

Graph: TypeAlias = "nx.MultiDiGraph[str]"
Simple: TypeAlias = "nx.Graph[str]"

MEASURES: Final = ("pagerank", "degree", "betweenness")
PAPERS: Final = frozenset({"NewsArticle", "Outlet"})
"""What reports on things: part of the graph, but no link between the things that it reports on."""
_EXACT: Final = 1000  # things up to which betweenness is computed from all of them; it takes n * m steps
_SAMPLE: Final = 200  # pivots beyond that, chosen with a fixed seed
_DAMPING: Final = 0.85  # the usual value of PageRank, Brin and Page 1998
_LANGUAGES: Final = ("id", "en")


# ---- quoted words


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A piece of an article: code points, ``end`` exclusive, and its words."""

    begin: int
    end: int
    words: str


def quoted(spans: Iterable[Span]) -> tuple[str, str]:
    """The words in the order of the text, and their places as ``66,78 79,84``.

    A span inside another one and words that were quoted before are left out.
    """
    kept: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.begin, -span.end)):
        inside = any(span.begin >= other.begin and span.end <= other.end for other in kept)
        if not inside and span.words not in {other.words for other in kept}:
            kept.append(span)
    return " … ".join(span.words for span in kept), " ".join(f"{span.begin},{span.end}" for span in kept)


# ---- from the store to the graph


def head(query: str) -> dict[str, str]:
    """The ``# key: value`` lines at the head of a query file."""
    found = re.match(r"(?:#.*\n)*", query)
    lines = found.group().splitlines() if found else []
    pairs = [line.lstrip("# ").partition(": ") for line in lines]
    return {key: value.strip() for key, colon, value in pairs if colon}


@dataclass(frozen=True, slots=True, order=True)
class _Edge:
    """One fact as one article states it."""

    source: str
    target: str
    relation: str
    fact: str
    article: str
    date: str
    detail: str
    status: str


def project(dataset: Store) -> Graph:
    """Things as nodes, relations as edges: one edge for each fact and article.

    A node has ``label``, ``kind``, ``id``, ``date`` and ``aliases``. An edge has ``relation``, ``label_id``,
    ``label_en``, ``detail`` (the post, the theme ...), ``status``, ``fact``, ``article``, ``date``, ``words`` and
    ``spans``. Reference data adds only what the things of the articles lie in and belong to.
    """
    import networkx as nx

    dataset = resolved(dataset)
    background = _background(dataset)
    union = merged(dataset)
    edges = _edges(union)
    names, things = names_of(union), _things(union)
    dates = _dates(union)
    apart = background | set(_territories(union))
    chosen = _near_articles(edges, bool(background))
    nodes = {node for edge in chosen for node in (edge.source, edge.target)}
    nodes |= things.keys() - apart
    graph: Graph = nx.MultiDiGraph()
    for node in sorted(nodes):
        graph.add_node(node, **_node(node, names, things, dates))
    for number, edge in enumerate(chosen):
        graph.add_edge(edge.source, edge.target, key=f"e{number}", **_attributes(edge, edges[edge], names))
    return graph


def merged(quads: Iterable[Quad]) -> Store:
    """All graphs as one, each triple once.

    A query over the union of named graphs meets a triple once for each graph that has it: a tenure of which a thousand
    articles tell would match a pattern of three triples a thousand million times.
    """
    store = Store()
    store.bulk_extend(Quad(quad.subject, quad.predicate, quad.object) for quad in quads)
    return store


def _solutions(union: Store, name: str) -> Iterator[QuerySolution]:
    """The rows of a query of ``queries/graph/``."""
    found = union.query(resources.path(f"queries/graph/{name}").read_text("utf-8"))
    if not isinstance(found, QuerySolutions):
        raise DataError(f"queries/graph/{name}: no SELECT query; a relation of the graph needs one")
    yield from found


def _value(solution: QuerySolution, name: str) -> str:
    value = solution[name]
    return value.value if isinstance(value, NamedNode | Literal) else ""


def names_of(union: Store) -> dict[str, str]:
    """The preferred name of each thing: the Indonesian one if there is one, else the English, else any."""
    names: dict[str, list[tuple[int, str]]] = {}
    for row in _solutions(union, "nodes/things.rq"):
        name = row["name"]
        if isinstance(name, Literal) and _value(row, "preferred") == "true":
            order = (*_LANGUAGES, name.language).index(name.language)
            names.setdefault(_value(row, "thing"), []).append((order, name.value))
    best = {thing: min(found)[1] for thing, found in names.items()}
    for row in _solutions(union, "nodes/articles.rq"):
        outlet = best.get(_value(row, "outlet"), _value(row, "outlet"))
        label = ", ".join(filter(None, (outlet, _value(row, "date"))))
        best.setdefault(_value(row, "thing"), label or short(_value(row, "thing")))
    return best


@dataclass(frozen=True, slots=True)
class _Known:
    """The class of a thing and all names that it goes by."""

    kind: str
    names: frozenset[str]


def _things(union: Store) -> dict[str, _Known]:
    """Class and names of articles and everything with a name, a government's names with its territory."""
    territory = _territories(union)
    kinds: dict[str, set[str]] = {}
    names: dict[str, set[str]] = {}
    for row in _solutions(union, "nodes/things.rq"):
        thing, kind = _value(row, "thing"), _local(_value(row, "class"))
        if kind in ("Post", "Delegation", "Concept"):
            continue
        kinds.setdefault(thing, set()).add(kind)
        names.setdefault(territory.get(thing, thing), set()).add(_value(row, "name"))
    for row in _solutions(union, "nodes/articles.rq"):  # which may have no headline
        kinds.setdefault(_value(row, "thing"), {"NewsArticle"})
    return {thing: _Known(min(kinds[thing]), frozenset(names.get(thing, set()))) for thing in kinds}


def _territories(union: Store) -> dict[str, str]:
    """The place of each government."""
    found: dict[str, str] = {}
    rows = _solutions(union, "nodes/governments.rq")
    for government, place in sorted((_value(row, "thing"), _value(row, "place")) for row in rows):
        found.setdefault(government, place)
    return found


def _dates(union: Store) -> dict[str, str]:
    """When a meeting is, as an interval of ISO 8601 where it takes several days, and when an article came out."""
    rows = _solutions(union, "nodes/dates.rq")
    found = sorted((_value(row, "thing"), _value(row, "start"), _value(row, "end")) for row in rows)
    return {thing: "/".join(filter(None, (start, end))) for thing, start, end in reversed(found)}


def _local(iri: str) -> str:
    return re.split(r"[#/]", iri)[-1]


def _edges(union: Store) -> dict[_Edge, set[Span]]:
    """Every relation with the words that state it, a government as its territory."""
    territory = _territories(union)
    found: dict[_Edge, set[Span]] = {}
    for path in resources.files("queries/graph", "*.rq"):
        for row in _solutions(union, path.name):
            source, target = (territory.get(iri, iri) for iri in (_value(row, "from"), _value(row, "to")))
            if source == target:
                continue
            fact, article, date, detail = (_value(row, key) for key in ("fact", "article", "date", "detail"))
            edge = _Edge(source, target, path.stem, fact, article, date, detail, _local(_value(row, "status")))
            spans = found.setdefault(edge, set())
            if words := _value(row, "words"):
                spans.add(Span(int(_value(row, "begin")), int(_value(row, "end")), words))
    return found


def _background(dataset: Store) -> set[str]:
    """What reference data knows."""
    graphs = [graph for graph in dataset.named_graphs() if graph.value.endswith("id/reference")]
    quads = (quad for graph in graphs for quad in dataset.quads_for_pattern(None, None, None, graph))
    return {quad.subject.value for quad in quads if isinstance(quad.subject, NamedNode)}


def _near_articles(edges: Iterable[_Edge], with_reference: bool) -> list[_Edge]:
    """The edges of articles, and of reference data those that start at one of their things, and so on upwards."""
    ordered = sorted(edges)
    if not with_reference:
        return ordered
    chosen = {edge for edge in ordered if edge.article}
    known = {node for edge in chosen for node in (edge.source, edge.target)}
    while more := {edge for edge in ordered if edge.source in known and edge not in chosen}:
        chosen |= more
        known |= {edge.target for edge in more}
    return sorted(chosen)


def _node(
    node: str, names: Mapping[str, str], things: Mapping[str, _Known], dates: Mapping[str, str]
) -> dict[str, object]:
    known = things.get(node, _Known("Post" if "/post/" in node else "Thing", frozenset()))
    label, aliases = names.get(node, short(node)), tuple(sorted(known.names - {names.get(node)}))
    return {"label": label, "kind": known.kind, "id": short(node), "date": dates.get(node, ""), "aliases": aliases}


def _attributes(edge: _Edge, spans: set[Span], names: Mapping[str, str]) -> dict[str, str]:
    labels = head(resources.path(f"queries/graph/{edge.relation}.rq").read_text("utf-8"))
    words, places = quoted(spans)
    return {
        "relation": edge.relation,
        "label_id": labels["label"],
        "label_en": labels["label-en"],
        "detail": names.get(edge.detail, edge.detail),
        "status": edge.status,
        "fact": edge.fact,
        "article": edge.article,
        "date": edge.date,
        "words": words,
        "spans": places,
    }


def short(iri: str) -> str:
    """An id without the base, as in ``person/safrizal-za``."""
    return iri.partition("/id/")[2] or iri


def plain(graph: Graph) -> Graph:
    """A copy whose attributes are all text that XML can hold, for formats of network tools."""
    import networkx as nx

    copy: Graph = nx.MultiDiGraph()
    for node, data in graph.nodes(data=True):
        copy.add_node(node, **{key: _xml(value) for key, value in data.items()})
    for source, target, key, data in graph.edges(keys=True, data=True):
        copy.add_edge(source, target, key=key, label=data["label_id"], **{n: _xml(value) for n, value in data.items()})
    return copy


def _xml(value: object) -> str:
    text = " | ".join(value) if isinstance(value, tuple) else str(value)
    return re.sub("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", " ", text)


# ---- the ontology's words


@cache
def _words_of_ontology() -> dict[tuple[str, str], str]:
    """The labels of classes and concepts by local name and language."""
    from pyoxigraph import RdfFormat, parse

    path = resources.path("ontology/kg.ttl")
    found: dict[tuple[str, str], str] = {}
    for quad in parse(path=path, format=RdfFormat.TURTLE):
        subject, label = quad.subject, quad.object
        if quad.predicate == vocabulary.LABEL and isinstance(label, Literal) and isinstance(subject, NamedNode):
            found[_local(subject.value), label.language or ""] = label.value
    return found


def word(name: str, lang: str = "id") -> str:
    """What people call a class or a concept, as ``Regency`` or ``projected``; itself where nothing is known."""
    return _words_of_ontology().get((name, lang), _OTHER_WORDS.get((name, lang), name))


_OTHER_WORDS: Final = {
    ("Post", "id"): "jabatan",
    ("Post", "en"): "post",
    ("NewsArticle", "id"): "artikel",
    ("NewsArticle", "en"): "article",
}
"""Classes of other vocabularies, which the ontology uses without a label of its own."""


# ---- names to nodes


@dataclass(frozen=True, slots=True, order=True)
class Thing:
    """A node: its name, its class and its id without the base."""

    label: str
    kind: str
    id: str


def thing(graph: Graph, node: str) -> Thing:
    """What a node stands for."""
    data = graph.nodes[node]
    return Thing(data["label"], data["kind"], data["id"])


def find(graph: Graph, name: str) -> str:
    """The node that a name, an alias, an id or a part of a name means.

    What fits best wins: the same text, the same but for capitals, whole words of a name, any part of it; preferred
    names before others, a meeting before its series, things before articles. Raises KgError where several fit equally
    well and NothingFound, with names that look alike, where none do.
    """
    for papers in (False, True):
        nodes = [n for n in graph if (graph.nodes[n]["kind"] == "NewsArticle") is papers]
        for fits in _FITS:
            found = sorted(n for n in nodes if any(fits(name, text) for text in _texts(graph, n)))
            found = [n for n in found if fits(name, graph.nodes[n]["label"])] or found
            found = [n for n in found if graph.nodes[n]["kind"] != "MeetingSeries"] or found
            if len(found) == 1:
                return found[0]
            if found:
                raise KgError(f'"{name}" may mean {_listed(graph, found)}; give more of the name, or the id')
    raise NothingFound(f'no "{name}" in this graph{_alike(graph, name)}')


def _texts(graph: Graph, node: str) -> list[str]:
    data = graph.nodes[node]
    return [node, data["id"], data["label"], *data["aliases"]]


def _is(name: str, text: str) -> bool:
    return name == text


def _same(name: str, text: str) -> bool:
    return name.casefold() == text.casefold()


def _words(name: str, text: str) -> bool:
    return f" {_spaced(name)} " in f" {_spaced(text)} "


def _spaced(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def _part(name: str, text: str) -> bool:
    return bool(name.strip()) and name.casefold() in text.casefold()


_FITS: Final[tuple[Callable[[str, str], bool], ...]] = (_is, _same, _words, _part)


def _listed(graph: Graph, nodes: Sequence[str]) -> str:
    shown = [f"{graph.nodes[node]['label']} ({graph.nodes[node]['id']})" for node in nodes[:5]]
    return ", ".join(shown) + (f" and {len(nodes) - 5} more" if len(nodes) > 5 else "")


def _alike(graph: Graph, name: str) -> str:
    from difflib import get_close_matches

    names = sorted({text for node in graph for text in _texts(graph, node)[2:]})
    folded = {text.casefold(): text for text in reversed(names)}
    close = get_close_matches(name.casefold(), sorted(folded), n=3, cutoff=0.5)
    return f"; did you mean {' or '.join(folded[text] for text in close)}?" if close else ""


# ---- links and paths


@dataclass(frozen=True, slots=True)
class Link:
    """One edge: its two ends as ids, the relation's name in two languages, and where the text says so."""

    source: Thing
    target: Thing
    relation: str
    label_id: str
    label_en: str
    detail: str
    status: str
    article: str
    date: str
    words: str

    def label(self, lang: str) -> str:
        """The relation, its detail and a status that isn't the usual one."""
        name = self.label_en if lang == "en" else self.label_id
        extra = [self.detail, "" if self.status in ("", "current") else word(self.status, lang)]
        return f"{name} ({'; '.join(filter(None, extra))})" if any(extra) else name


@dataclass(frozen=True, slots=True)
class Path:
    """A way between two things: ``links[n]`` joins ``things[n]`` and ``things[n + 1]``, in either direction."""

    things: tuple[Thing, ...]
    links: tuple[Link, ...]

    def as_text(self, lang: str = "id") -> str:
        """A line for the start and one for each step, with the words below it."""
        lines = [self.things[0].label]
        for (here, there), link in zip(pairwise(self.things), self.links, strict=True):
            name = link.label(lang)
            arrow = f"—{name}→" if link.source == here else f"←{name}—"
            lines += [f"  {arrow} {there.label}", *_quote(link, "      ")]
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """A thing, those within some steps of it, and every link among them."""

    centre: Thing
    things: tuple[Thing, ...]
    links: tuple[Link, ...]

    def as_text(self, lang: str = "id") -> str:
        """A line for each link, with the words below it."""
        lines = [f"{self.centre.label} ({word(self.centre.kind, lang)})"]
        for link in self.links:
            lines += [f"  {link.source.label} —{link.label(lang)}→ {link.target.label}", *_quote(link, "      ")]
        return "\n".join(lines)


def _quote(link: Link, indent: str) -> list[str]:
    """The quoted words on one line, and which article has them."""
    if not link.words:
        return []
    source = ", ".join(filter(None, (short(link.article), link.date)))
    return [f"{indent}“{' '.join(link.words.split())}” [{source}]"]


def _link(graph: Graph, source: str, target: str, data: Mapping[str, str]) -> Link:
    fields = ("relation", "label_id", "label_en", "detail", "status", "article", "date", "words")
    return Link(thing(graph, source), thing(graph, target), *(data[field] for field in fields))


def simple(graph: Graph, *, papers: bool = False) -> Simple:
    """Who is linked with whom, whatever the direction: ``weight`` is the number of different facts.

    Articles and outlets are left out unless ``papers`` asks for them. Nodes and edges are sorted.
    """
    import networkx as nx

    undirected: Simple = nx.Graph()
    undirected.add_nodes_from(n for n in sorted(graph) if papers or graph.nodes[n]["kind"] not in PAPERS)
    facts: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for source, target, data in graph.edges(data=True):
        if source in undirected and target in undirected:
            ends = (min(source, target), max(source, target))
            facts.setdefault(ends, set()).add((data["relation"], data["fact"]))
    for (source, target), found in sorted(facts.items()):
        undirected.add_edge(source, target, weight=len(found))
    return undirected


def paths(graph: Graph, a: str, b: str, *, limit: int = 3) -> list[Path]:
    """The shortest ways from one thing to another, at most ``limit``, whatever the direction of the relations.

    Articles link things only where nothing else does. Raises NothingFound where there is no way.
    """
    import networkx as nx

    start, goal = find(graph, a), find(graph, b)
    if start == goal:
        raise KgError(f'"{a}" and "{b}" are the same: {graph.nodes[start]["label"]}')
    for papers in (False, True):
        ways = simple(graph, papers=papers)
        if start in ways and goal in ways and nx.has_path(ways, start, goal):
            found = islice(nx.shortest_simple_paths(ways, start, goal), limit)
            return [_path(graph, nodes) for nodes in found]
    raise NothingFound(f"no path between {graph.nodes[start]['label']} and {graph.nodes[goal]['label']}")


def _path(graph: Graph, nodes: Sequence[str]) -> Path:
    links = tuple(_first_link(graph, here, there) for here, there in pairwise(nodes))
    return Path(tuple(thing(graph, node) for node in nodes), links)


def _first_link(graph: Graph, here: str, there: str) -> Link:
    """The link between two neighbours: one with words before one without, forwards before backwards."""
    found = [_link(graph, s, t, data) for s, t in ((here, there), (there, here)) for data in _between(graph, s, t)]
    return min(found, key=lambda link: not link.words)


def _between(graph: Graph, source: str, target: str) -> list[Mapping[str, str]]:
    return list(graph.get_edge_data(source, target, default={}).values())


def ego(graph: Graph, node: str, hops: int = 1) -> Graph:
    """The part of the graph within some steps of a node, whatever the direction."""
    import networkx as nx

    within = nx.single_source_shortest_path_length(simple(graph, papers=True), node, cutoff=hops)
    part: Graph = nx.MultiDiGraph()
    part.add_nodes_from((n, graph.nodes[n]) for n in sorted(within))
    for source, target, key, data in graph.edges(keys=True, data=True):
        if source in within and target in within:
            part.add_edge(source, target, key=key, **data)
    return part


def near(graph: Graph, a: str, hops: int = 1) -> Neighbourhood:
    """A thing with all that lies within some steps of it; its own links come first."""
    centre = find(graph, a)
    part = ego(graph, centre, hops)
    edges = sorted(part.edges(data=True), key=lambda edge: (centre not in edge[:2], edge[2]["relation"], *edge[:2]))
    things = tuple(sorted(thing(graph, node) for node in part if node != centre))
    return Neighbourhood(thing(graph, centre), things, tuple(_link(graph, s, t, data) for s, t, data in edges))


# ---- measures


@dataclass(frozen=True, slots=True)
class Ranked:
    """A thing with its place, counted from 1, and its score, rounded so that it is the same on every machine."""

    place: int
    thing: Thing
    score: float


@dataclass(frozen=True, slots=True)
class Group:
    """Things that are linked more with each other than with the rest; the one with most links comes first."""

    number: int
    things: tuple[Thing, ...]


def rank(graph: Graph, measure: str = "pagerank") -> list[Ranked]:
    """The things in order of their weight in the graph, by one of ``MEASURES``; KgError for another name.

    PageRank is computed here: that of networkx needs scipy, and projected graphs are small (about 25 edges a
    thousand quads). Links count in both directions, since "is a member of" says as much of both ends.
    """
    import networkx as nx

    if measure not in MEASURES:
        raise KgError(f'no measure "{measure}"; choose one of: {", ".join(MEASURES)}')
    ways = simple(graph)
    if measure == "pagerank":
        scores = pagerank(ways)
    elif measure == "degree":
        scores = {node: float(ways.degree(node)) for node in ways}
    else:
        scores = nx.betweenness_centrality(ways, k=None if len(ways) <= _EXACT else _SAMPLE, seed=1)
    rounded = sorted(((-round(score, 6), thing(graph, node)) for node, score in scores.items()))
    return [Ranked(place, found, -score + 0.0) for place, (score, found) in enumerate(rounded, 1)]


def pagerank(ways: Simple, *, rounds: int = 200, tolerance: float = 1e-12) -> dict[str, float]:
    """PageRank by power iteration, weights counted; the scores sum up to 1."""
    total = len(ways)
    weight = {node: ways.degree(node, weight="weight") for node in ways}
    scores = dict.fromkeys(ways, 1 / total) if total else {}
    for _ in range(rounds):
        lone = sum(score for node, score in scores.items() if not weight[node])
        base = (1 - _DAMPING + _DAMPING * lone) / total if total else 0.0
        new = {
            node: base + _DAMPING * sum(scores[other] * data["weight"] / weight[other] for other, data in near.items())
            for node, near in ways.adjacency()
        }
        change = sum(abs(new[node] - scores[node]) for node in new)
        scores = new
        if change < tolerance:
            break
    return scores


def groups(graph: Graph) -> list[Group]:
    """Communities by Louvain's method with a fixed seed, the largest first; things without links are left out.

    The nodes are numbered first: the method goes through sets, whose order for text changes from run to run.
    """
    import networkx as nx

    ways = simple(graph)
    nodes = [node for node in ways if ways.degree(node)]
    number = {node: n for n, node in enumerate(nodes)}
    numbered: nx.Graph[int] = nx.Graph()
    numbered.add_nodes_from(range(len(nodes)))
    numbered.add_weighted_edges_from((number[s], number[t], data["weight"]) for s, t, data in ways.edges(data=True))
    found = nx.community.louvain_communities(numbered, seed=1) if nodes else []
    inside = [_by_links(graph, ways, [nodes[n] for n in community]) for community in found]
    return [Group(n, things) for n, things in enumerate(sorted(inside, key=lambda t: (-len(t), t)), 1)]


def _by_links(graph: Graph, ways: Simple, nodes: Iterable[str]) -> tuple[Thing, ...]:
    return tuple(thing(graph, node) for node in sorted(nodes, key=lambda n: (-ways.degree(n), thing(graph, n))))


# ---- answers as text and JSON

Result = Path | Neighbourhood | Ranked | Group


def as_text(result: Result | Sequence[Result], lang: str = "id") -> str:
    """A result or several, for people."""
    if isinstance(result, Path | Neighbourhood):
        return result.as_text(lang)
    if isinstance(result, Ranked):
        return f"{result.place:>4}  {result.score:>10.6f}  {result.thing.label} ({word(result.thing.kind, lang)})"
    if isinstance(result, Group):
        names = [f"  {found.label} ({word(found.kind, lang)})" for found in result.things]
        return "\n".join([f"{'Kelompok' if lang == 'id' else 'Group'} {result.number}: {len(names)}", *names])
    between = "\n" if all(isinstance(one, Ranked) for one in result) else "\n\n"
    return between.join(as_text(one, lang) for one in result)


def as_json(result: Result | Sequence[Result]) -> str:
    """A result or several as JSON, with the names of their fields."""
    several = isinstance(result, Sequence)
    value = [asdict(one) for one in result] if isinstance(result, Sequence) else asdict(result)
    return json.dumps(value, ensure_ascii=False, indent=1 if several or value else None)
