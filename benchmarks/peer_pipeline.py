"""What a user would put together instead, end to end and article by article, beside this project on the same articles.

    python benchmarks/peer_pipeline.py --site-packages DIR [--articles 20] [--rounds 1]
    python benchmarks/peer_pipeline.py --site-packages DIR --as-released      pySHACL as anybody gets it
    python benchmarks/peer_pipeline.py --site-packages DIR --own              with what the peer's own matches give

The peer: ``spacy.blank("id")`` with an entity ruler of all the names that this project knows, and a Matcher with a
pattern for each of its rules that state a relation (`reading.py` makes them); facts, and claims with the places of
their words, as rdflib triples; pySHACL on them, with the same shapes; N-Quads by rdflib.

It is credited with our facts: patterns of tokens find few of them by themselves (``--own`` shows how many, and what
that costs), so its triples are those that we made of the article, handed to it as plain strings; it makes rdflib's
terms of them, validates and writes them. It is written kindly otherwise, too: nothing is resolved, looked up or merged;
pySHACL works on the graph itself, without a copy, finds its shapes parsed, and each of its SPARQL queries parsed once
for the whole run (``--as-released`` lets it parse them for each focus node, as it does); the ontology comes as its
classes only.

Ours: `kg.pipeline.read`, and N-Quads. The articles are those of `corpus_articles.py`; both read each in turn, in
processor time. spaCy is no dependency of the project: DIR is the site-packages folder of an environment that has it, of
the same Python; or spaCy is installed where this runs.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import importlib.util
import itertools
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import corpus_articles
import pyoxigraph as ox
import pyshacl
import rdflib
from rdflib.namespace import RDF, RDFS, XSD
from reading import OPEN_CLASSES, TYPE_OF_CLASS, token_pattern

from kg import check, lexicon, pipeline, rdf, resources, rules
from kg import vocabulary as v
from kg.article import read_sources
from kg.model import Article
from kg.rdf import as_written

WARM_UP: Final = 3
TYPES: Final = {
    "person": v.OFFICIAL, "post": v.POST, "body": v.BODY, "network": v.NETWORK, "place": v.PLACE, "event": v.MEETING,
    "venue": v.VENUE, "date": v.CONCEPT, "money": v.FUNDING, "unknown": v.CONCEPT,
}  # fmt: skip
PREDICATES: Final = {
    "holds_post": v.HAS_POST, "appointed": v.HAS_POST, "held_post": v.HAS_POST, "unit_of": v.UNIT_OF,
    "alias": v.ALT_LABEL, "member_of": v.ORGANIZATION, "held_on": v.START_DATE, "held_in": v.LOCATION,
    "organised_by": v.ORGANIZER, "attended_by": v.ATTENDEE, "located_in": v.CONTAINED_IN_PLACE,
}  # fmt: skip

ACTORS: Final = frozenset(("body", "network", "place"))
PERSONS: Final = frozenset(("person", "unknown"))
EVENTS: Final = frozenset(("event",))
ANY: Final = frozenset(TYPES)
FITS: Final = {
    "holds_post": (PERSONS, {"post"}), "appointed": (PERSONS, {"post"}), "held_post": (PERSONS, {"post"}),
    "unit_of": ({"body"}, ACTORS), "member_of": (ACTORS, {"network"}), "held_on": (EVENTS, {"date"}),
    "held_in": (EVENTS, {"place", "venue"}), "organised_by": (EVENTS, ACTORS), "funding": (frozenset(), {"money"}),
    "attended_by": (EVENTS, ACTORS | PERSONS), "located_in": ({"place", "venue"}, {"place"}),
    "leads_delegation": (PERSONS, ACTORS), "says": (frozenset(), PERSONS),
}  # fmt: skip
"""Of which types the subject and the object of a relation are; of any, where it isn't here."""


Row = tuple[str, str, tuple[str, str, str], str]
"""Subject, predicate, object (its kind, its text, its language or datatype), graph."""
Match = tuple[str, Any, Any, Any]
"""Rule, words, subject, object."""


def iri(node: Any) -> rdflib.URIRef:
    """A term of the ontology as rdflib has it."""
    return rdflib.URIRef(node.value)


@dataclass
class Peer:
    """The pipeline, ready; what it takes by stage, in seconds, and how much it found."""

    nlp: Any
    matcher: Any
    relations: dict[str, str]  # rule -> relation
    shapes: rdflib.Graph
    classes: list[Any]
    spent: Counter[str]
    found: Counter[str]

    def read(self, article: Article, given: Sequence[Row] | None) -> bytes:
        """An article's N-Quads, made of its own matches where no triples are given."""
        start = time.process_time()
        doc = self.nlp(article.text)
        matches = list(self._facts(doc))
        read = time.process_time()
        store = rdflib.Dataset()
        if given is None:
            self._stated(article, matches, store)
        else:
            for subject, predicate, (kind, value, more), graph in given:
                term = _term(kind, value, more)
                store.graph(rdflib.URIRef(graph)).add((rdflib.URIRef(subject), rdflib.URIRef(predicate), term))
        stated = time.process_time()
        both = rdflib.Graph()
        for triple in itertools.chain(((s, p, o) for s, p, o, _ in store.quads()), self.classes):
            both.add(triple)
        conforms, _, _ = pyshacl.validate(both, shacl_graph=self.shapes, inplace=True)
        checked = time.process_time()
        written: bytes = store.serialize(format="nquads", encoding="utf-8")
        self.spent.update(
            {"read": read - start, "triples": stated - read, "gate": checked - stated, "write": _since(checked)}
        )
        self.found.update(
            {"triples": len(both) - len(self.classes), "matches": len(matches), "conform": bool(conforms)}
        )
        return written

    def _stated(self, article: Article, matches: Iterable[Match], store: rdflib.Dataset) -> None:
        """The triples of its own matches."""
        node = rdflib.URIRef(f"{v.DEFAULT_BASE}id/article/{article.key}")
        facts, apart = store.graph(node), store.graph(rdflib.URIRef(f"{node}/provenance"))
        self._article(article, node, facts)
        for one in matches:
            self._state(node, facts, apart, one)

    def _article(self, article: Article, node: rdflib.URIRef, facts: rdflib.Graph) -> None:
        facts.add((node, RDF.type, iri(v.NEWS_ARTICLE)))
        facts.add((node, iri(v.HEADLINE), rdflib.Literal(article.text.split("\n", 1)[0], lang="id")))
        if article.published:
            facts.add((node, iri(v.DATE_PUBLISHED), rdflib.Literal(article.published)))

    def _pair(self, relation: str, match: Any) -> tuple[Any, Any] | None:
        """What a match relates: the first name that fits as its subject, and the first other one as its object."""
        firsts, lasts = FITS.get(relation, (ANY, ANY))
        subject = next((each for each in match.ents if each.label_ in firsts), None)
        value = next((each for each in match.ents if each.label_ in lasts and each != subject), None)
        return (subject, value) if value is not None and (subject is not None or not firsts) else None

    def _facts(self, doc: Any) -> Iterator[Match]:
        """Rule, match, subject and object, each pair once for each relation."""
        seen = set()
        for match, begin, end in self.matcher(doc):
            rule, words = self.nlp.vocab.strings[match], doc[begin:end]
            pair = self._pair(self.relations[rule], words)
            if pair is None:
                continue
            key = self.relations[rule], *(each.text if each is not None else "" for each in pair)
            if key not in seen:
                seen.add(key)
                yield rule, words, *pair

    def _state(
        self, node: rdflib.URIRef, facts: rdflib.Graph, apart: rdflib.Graph, one: tuple[str, Any, Any, Any]
    ) -> None:
        """A fact and its claim; where nothing is the subject, the article is."""
        rule, match, first, last = one
        relation = self.relations[rule]
        subject = node if first is None else self._thing(first, facts)
        value = self._thing(last, facts)
        first = first if first is not None else match
        predicate = PREDICATES.get(relation)
        prop = iri(predicate) if predicate else rdflib.URIRef(f"{v.ONTOLOGY_BASE}{relation}")
        facts.add((subject, prop, value))
        claim = rdflib.URIRef(f"{v.DEFAULT_BASE}id/claim/{match.start_char}-{match.end_char}-{rule}")
        between = match.doc[first.end : last.start] if first.end < last.start else match
        for name, said in (
            (v.TYPE, iri(v.CLAIM)),
            (v.SUBJECT, subject),
            (v.PREDICATE, prop),
            (v.OBJECT, value),
            (v.RELATION, rdflib.Literal(relation)),
            (v.RULE, rdflib.Literal(rule)),
            (v.CONFIDENCE, rdflib.Literal("0.9", datatype=XSD.decimal)),
            (v.SUBJECT_EVIDENCE, self._span(node, first, apart)),
            (v.TRIGGER_EVIDENCE, self._span(node, between, apart)),
            (v.OBJECT_EVIDENCE, self._span(node, last, apart)),
        ):
            apart.add((claim, iri(name), said))

    def _thing(self, name: Any, facts: rdflib.Graph) -> rdflib.URIRef:
        key = name.ent_id_ or f"{name.label_}/{quote(name.text.casefold().replace(' ', '-'))}"
        thing = rdflib.URIRef(f"{v.DEFAULT_BASE}id/{key}")
        facts.add((thing, RDF.type, iri(TYPES[name.label_])))
        facts.add((thing, iri(v.PREF_LABEL), rdflib.Literal(name.text, lang="id")))
        return thing

    def _span(self, node: rdflib.URIRef, words: Any, apart: rdflib.Graph) -> rdflib.URIRef:
        span = rdflib.URIRef(f"{node}#char={words.start_char},{words.end_char}")
        for name, said in (
            (v.TYPE, iri(v.SPAN)),
            (v.REFERENCE_CONTEXT, node),
            (v.BEGIN_INDEX, rdflib.Literal(str(words.start_char), datatype=XSD.nonNegativeInteger)),
            (v.END_INDEX, rdflib.Literal(str(words.end_char), datatype=XSD.nonNegativeInteger)),
            (v.ANCHOR_OF, rdflib.Literal(words.text)),
        ):
            apart.add((span, iri(name), said))
        return span


def _term(kind: str, value: str, more: str) -> Any:
    """Rdflib's term of the parts of ours."""
    if kind == "iri":
        return rdflib.URIRef(value)
    return rdflib.Literal(value, lang=more) if kind == "lang" else rdflib.Literal(value, datatype=more or None)


def rows(article: Article) -> list[Row]:
    """Our triples of an article as plain strings; made outside the time of both."""
    return [_row(as_written(quad)) for quad in pipeline.read(article).quads]


def _row(quad: ox.Quad) -> Row:
    term = quad.object
    if isinstance(term, ox.Literal):
        plain = term.datatype == v.STRING
        said = ("lang", term.value, term.language) if term.language else (
            "literal", term.value, "" if plain else term.datatype.value)  # fmt: skip
    else:
        said = ("iri", term.value, "")
    return quad.subject.value, quad.predicate.value, said, quad.graph_name.value


def _since(moment: float) -> float:
    return time.process_time() - moment


def peer() -> Peer:
    """spaCy, the shapes and the classes, as a user would load them once."""
    import spacy
    from spacy.matcher import Matcher

    nlp = spacy.blank("id")
    nlp.add_pipe("sentencizer")
    ruler: Any = nlp.add_pipe("entity_ruler")
    words = lexicon.load()
    names = [
        {"label": TYPE_OF_CLASS[letter], "pattern": name, "id": next(iter(words.reference.names.get(name, ())), "")}
        for name, letter in words.classes.items()
        if letter in TYPE_OF_CLASS
    ]
    ruler.add_patterns([*names, *({"label": label, "pattern": steps} for label, steps in OPEN_CLASSES)])
    nlp.add_pipe("merge_entities")
    matcher = Matcher(nlp.vocab)
    relations = {}
    for rule in rules.load().rules:
        if rule.relation is not None and (pattern := token_pattern(rule.when.source)):
            matcher.add(rule.id, [pattern], greedy="LONGEST")
            relations[rule.id] = rule.relation.value
    shapes = rdflib.Graph().parse(data=resources.path("ontology/shapes.ttl").read_bytes(), format="turtle")
    ontology = rdflib.Graph().parse(data=resources.path("ontology/kg.ttl").read_bytes(), format="turtle")
    print(f"spaCy {spacy.__version__}: {len(names):,} names, {len(matcher)} rules; pySHACL {pyshacl.__version__}")
    classes = [triple for triple in ontology if triple[1] == RDFS.subClassOf]
    return Peer(nlp, matcher, relations, shapes, classes, Counter(), Counter())


def ours(article: Article, spent: Counter[str], found: Counter[str]) -> bytes:
    """An article's N-Quads as this project makes them."""
    reading = pipeline.read(article)
    start = time.process_time()
    written = rdf.nquads(reading.graphs.lines())
    spent.update({**reading.timings, "write": _since(start)})
    found.update({"triples": len(reading.graphs), "claims": len(reading.claims)})
    return written


def timed(read: Callable[[], bytes]) -> float:
    start = time.process_time()
    read()
    return _since(start)


def articles(count: int, start: int) -> Iterator[Article]:
    """Generated articles, read as the command reads them."""
    import tempfile

    plan = corpus_articles.Plan(shares=())
    with tempfile.TemporaryDirectory() as folder:
        corpus_articles.write(corpus_articles.items(count, plan, start), Path(folder))
        for item in read_sources([f"{folder}/articles"]):
            assert isinstance(item, Article)
            yield item


Pair = tuple[Article, list[Row] | None]


def in_turn(texts: Sequence[Pair], other: Peer) -> tuple[list[tuple[float, float]], Counter[str]]:
    """Seconds of ours and of the peer for each article, and ours by stage."""
    spent: Counter[str] = Counter()
    found: Counter[str] = Counter()
    seconds = []
    for number, (article, given) in enumerate(texts):

        def one(article: Article = article) -> bytes:
            return ours(article, spent, found)

        def two(article: Article = article, given: Sequence[Row] | None = given) -> bytes:
            return other.read(article, given)

        if number % 2:  # neither is always the one that finds the caches full of the other's data
            theirs, mine = timed(two), timed(one)
        else:
            mine, theirs = timed(one), timed(two)
        seconds.append((mine, theirs))
    print(f"ours: {found['triples'] / len(texts):.0f} triples an article, {found['claims'] / len(texts):.0f} claims")
    return seconds, spent


def report(seconds: Sequence[tuple[float, float]], spent: Counter[str], other: Peer) -> None:
    """Articles a second, ratios, shares."""
    count = len(seconds)
    mine, theirs = sum(one for one, _ in seconds), sum(two for _, two in seconds)
    ratios = sorted(two / one for one, two in seconds)
    triples, matches = other.found["triples"] / count, other.found["matches"] / count
    print(f"peer: {triples:.0f} triples an article, {matches:.1f} own matches")
    print(f"      {other.found['conform']} of {count} graphs conform")
    for name, total, stages in (("ours", mine, spent), ("peer", theirs, other.spent)):
        every = sum(stages.values())
        shares = ", ".join(f"{stage} {100 * part / every:.0f} %" for stage, part in stages.most_common(6))
        print(f"{name}: {count / total:8.2f} articles/s, {1000 * total / count:8.1f} ms each: {shares}")
    print(f"ours makes {theirs / mine:.0f} times as many; by article {ratios[0]:.0f} at least, ", end="")
    print(f"{statistics.median(ratios):.0f} in the middle, {ratios[-1]:.0f} at most")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--articles", type=int, default=20)
    options.add_argument("--start", type=int, default=0, help="the number of the first generated article")
    options.add_argument("--rounds", type=int, default=1)
    options.add_argument("--as-released", action="store_true", help="pySHACL parses its queries for each focus node")
    options.add_argument("--own", action="store_true", help="the peer's triples are of its own matches")
    options.add_argument("--site-packages", type=Path, help="of an environment that has spaCy")
    args = options.parse_args()
    if args.site_packages:
        sys.path.append(str(args.site_packages))  # at last, so that the project's own packages come first
    if importlib.util.find_spec("spacy") is None:
        sys.exit("spaCy isn't found; give --site-packages DIR, or: python3 dev.py pip install spacy")
    other = peer()
    for rule in rules.load().rules:
        for pattern in (rule.when, rule.each, rule.stop, rule.unless, rule.before):
            assert pattern is None or pattern.regex  # compiled when first tried, as the peer's are when it is made
    made = articles(args.articles + WARM_UP, args.start)
    texts: list[Pair] = [(article, None if args.own else rows(article)) for article in made]
    with contextlib.nullcontext() if args.as_released else check._patient_rdflib():  # noqa: SLF001 - parsed once
        for article, given in texts[:WARM_UP]:
            ours(article, Counter(), Counter())
            other.read(article, given)
        gc.collect()
        gc.freeze()  # the names of one shall not slow the other's garbage collection
        size = statistics.mean(len(article.text) for article, _ in texts[WARM_UP:])
        print(f"{args.articles} articles, {size:.0f} characters each")
        for _ in range(args.rounds):
            other.spent.clear()
            other.found.clear()
            seconds, spent = in_turn(texts[WARM_UP:], other)
            report(seconds, spent, other)


if __name__ == "__main__":
    main()
