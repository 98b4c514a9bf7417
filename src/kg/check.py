"""The gate: claims are let in or refused by ``ontology/shapes.ttl``, and each refusal says by which shape and why.

Two engines give the same findings: shifty (prepared once, fast) and pyshacl (the reference). Both are hidden behind
``Gate.findings``, which takes N-Triples and gives typed findings; nothing else here knows how a validator is called.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import logging
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Store, parse
from pyoxigraph import Triple as EngineTriple

from kg import resources
from kg import vocabulary as v
from kg.errors import DataError
from kg.model import Acceptance, Article, Claim, Label
from kg.plain import Plain
from kg.rdf import Stated, Stating, Triple, as_written, date_of, evidence_of, facts_of, ntriples, spans

Node = NamedNode | BlankNode | Literal | EngineTriple
Graph = dict[Node, list[tuple[NamedNode, Node]]]  # the triples of a subject
Engine = Callable[[bytes, Collection[str] | None], bytes]
"""N-Triples and the node shapes that matter (None: all) in, a SHACL report as Turtle out, empty where all is well."""
Pattern = tuple[Node, NamedNode | None, Node | None]

# A claim that breaks one of these does so together with another: the better of the two may stay.
CONTRADICTIONS: Final = frozenset(
    {"MaxCount", "QualifiedMaxCount", "UniqueLang", "LessThan", "LessThanOrEquals", "Equals", "Disjoint", "SPARQL"}
)
LANGUAGES: Final = ("id", "en")
COMPARED_WITH: Final = tuple(
    v.term(name) for name in ("sh:lessThan", "sh:lessThanOrEquals", "sh:equals", "sh:disjoint")
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One result of a validation. ``path`` is None where the shape has none or a longer one."""

    focus: Node
    path: NamedNode | None
    value: Node | None
    shape: str  # IRI of the shape; of the constraint component where the shape has no name
    severity: str  # IRI
    component: str  # short name of the constraint component, as in "MaxCount"
    messages: tuple[Label, ...]  # in Indonesian and English
    words: tuple[str, ...] = ()  # the sentence that it concerns, or the words of its evidence

    @property
    def is_violation(self) -> bool:
        """Whether it refuses; warnings and hints don't."""
        return self.severity == v.VIOLATION.value


@dataclass(frozen=True, slots=True)
class Refusal:
    """A claim that isn't let in, and why."""

    claim: Claim
    shape: str
    messages: tuple[Label, ...]
    severity: str = v.VIOLATION.value
    path: str | None = None
    value: str | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """A refusal, and the word of the person that lets the claim in all the same."""

    refusal: Refusal
    acceptance: Acceptance


@dataclass(frozen=True, slots=True)
class Verdict:
    """Every claim is in exactly one of the two. A violation in ``warnings`` is one that no claim is the cause of.

    ``accepted`` are the refusals that a person's word overrules: their claims are among those let in.
    """

    admitted: tuple[Claim, ...]
    refused: tuple[Refusal, ...]
    warnings: tuple[Finding, ...]
    accepted: tuple[Accepted, ...] = ()


# ---------------------------------------------------------------- the engines


_OPTIONS: Final[Mapping[str, Any]] = {
    "data_format": "nt",
    "graph_mode": "union",  # the classes of the ontology count, as sh:class asks
    "run_infer": False,
    "on_unsupported": "error",  # a constraint that isn't understood must not pass for one that is met
}


def _shifty(shapes: bytes, ontology: bytes) -> Engine:
    # The native class: its public wrapper gives reports only as rdflib graphs, at several times the cost.
    from shifty._shifty import PreparedValidator

    validator = PreparedValidator(shapes=shapes + b"\n" + ontology, shapes_format="turtle")

    def report(data: bytes, names: Collection[str] | None) -> bytes:
        # The typed result takes a fifth of the report's time: the report is made only for the shapes that fail.
        chosen = None if names is None else sorted(names)
        failed = validator.validate_algebra(data=data, entry_shape_names=chosen, **_OPTIONS).violations
        if not failed:
            return b""
        broken = sorted({violation.shape_name for violation in failed if violation.shape_name})
        return validator.validate_w3c(data=data, entry_shape_names=broken, **_OPTIONS).report_turtle.encode()

    return report


def _pyshacl(shapes: bytes, ontology: bytes) -> Engine:
    import pyshacl
    import rdflib

    shape_graph = rdflib.Graph().parse(data=shapes, format="turtle")
    classes = [t for t in rdflib.Graph().parse(data=ontology, format="turtle") if t[1] == rdflib.RDFS.subClassOf]

    def report(data: bytes, _names: Collection[str] | None) -> bytes:
        with _patient_rdflib():
            graph = rdflib.Graph().parse(data=data, format="nt")
            for triple in classes:  # its own ont_graph copies every list of an ontology many times over
                graph.add(triple)
            _, found, _ = pyshacl.validate(graph, shacl_graph=shape_graph)
            return bytes(found.serialize(format="nt", encoding="utf-8"))

    return report


@contextlib.contextmanager
def _patient_rdflib() -> Iterator[None]:
    """Rdflib as a validator needs it: literals stay as written, queries are parsed once and not once a focus node."""
    import rdflib

    processor: Any = import_module("rdflib.plugins.sparql.processor")
    logger, before = logging.getLogger("rdflib.term"), rdflib.NORMALIZE_LITERALS
    level, parsing, translating = logger.level, processor.parseQuery, processor.translateQuery
    translated: dict[tuple[str, str], Any] = {}

    def translate(query: str, base: str | None, namespaces: Mapping[str, Any]) -> Any:
        key = (query, str(sorted(namespaces.items())))
        if key not in translated:
            translated[key] = translating(parsing(query), base, namespaces)
        return translated[key]

    logger.setLevel(logging.ERROR)  # ill-typed literals are findings, not warnings
    rdflib.NORMALIZE_LITERALS = False
    processor.parseQuery, processor.translateQuery = str, translate
    try:
        yield
    finally:
        logger.setLevel(level)
        rdflib.NORMALIZE_LITERALS = before
        processor.parseQuery, processor.translateQuery = parsing, translating


ENGINES: Final[Mapping[str, Callable[[bytes, bytes], Engine]]] = {"shifty": _shifty, "pyshacl": _pyshacl}
QUICK: Final = frozenset({"shifty"})
"""The engines that are asked only of what is doubtful; the reference is asked of everything."""


class Gate:
    """Shapes and an engine, ready for many graphs. DataError where the shapes can't be read."""

    def __init__(self, engine: str = "shifty", shapes: Path | None = None, *, ask_all: bool = False) -> None:
        """``shapes`` are the project's own where none are given.

        ``ask_all``: the engine is asked of everything, also of what a graph plainly meets (``kg.plain``).
        """
        if engine not in ENGINES:
            raise DataError(f"engine {engine!r}: unknown; use one of {', '.join(ENGINES)}")
        path = shapes or resources.path("ontology/shapes.ttl")
        content, ontology = path.read_bytes(), resources.path("ontology/kg.ttl").read_bytes()
        triples, beside = _read(path), _read(resources.path("ontology/kg.ttl"))
        self.engine = engine
        self._shapes = _grouped(triples)
        self._but_spans = [name for name, span in self._node_shapes() if not span]
        self._plain = None if ask_all or engine not in QUICK else Plain(self._but_spans, {*triples, *beside})
        try:
            self._report = ENGINES[engine](content, ontology)
            if self._plain is not None:  # it may never be asked, and what it doesn't support it says only then
                self._report(b"", self._but_spans)
        except ValueError as error:
            raise DataError(f"{path}: no valid SHACL: {error}") from error

    def findings(self, data: bytes) -> list[Finding]:
        """What the shapes find in a graph given as N-Triples, in a stable order."""
        return self._read_report(self._report(data, None))

    def findings_as_stated(self, triples: Collection[Triple]) -> list[Finding]:
        """The same in what ``kg.rdf`` has just stated; a triple may come several times.

        The shapes of evidence are left out: it was just cut out of the text. So are those that it plainly meets.
        """
        names = self._but_spans if self._plain is None else self._plain.doubtful(triples)
        return self._read_report(self._report(ntriples(triples), names)) if names else []

    def _read_report(self, report: bytes) -> list[Finding]:
        results = _grouped(parse(report, format=RdfFormat.TURTLE)) if report else {}
        details = {o for pairs in results.values() for p, o in pairs if p == _DETAIL}  # why a result is one: no others
        found = [
            self._finding(pairs)
            for node, pairs in results.items()
            if (v.TYPE, _RESULT) in pairs and node not in details
        ]
        return sorted(set(found), key=_order)

    def _node_shapes(self) -> Iterator[tuple[str, bool]]:
        """The named node shapes with a target, and whether they are of evidence."""
        for node, pairs in self._shapes.items():
            targets = [o for p, o in pairs if p in _TARGETS]
            if targets and isinstance(node, NamedNode):
                yield node.value, targets == [v.SPAN]

    def compared_with(self, shape: str) -> list[NamedNode]:
        """The other properties that a shape looks at: those of its comparisons and of its queries."""
        pairs = self._shapes.get(NamedNode(shape), [])
        found = {o for p, o in pairs if p in COMPARED_WITH and isinstance(o, NamedNode)}
        for constraint in (o for p, o in pairs if p == _SPARQL):
            texts = (o.value for p, o in self._shapes.get(constraint, []) if p == _SELECT and isinstance(o, Literal))
            found |= {v.term(name) for text in texts for name in _PREFIXED.findall(text) if _known(name)}
        return sorted(found - {v.TYPE}, key=str)

    def _finding(self, result: list[tuple[NamedNode, Node]]) -> Finding:
        values = dict(result)
        component = values[_COMPONENT]
        source, path = values.get(v.SOURCE_SHAPE), values.get(_PATH)
        shape = _plain(source if isinstance(source, NamedNode) else component)
        own = [o for p, o in result if p == v.RESULT_MESSAGE and isinstance(o, Literal)]
        return Finding(
            focus=values[_FOCUS],
            path=path if isinstance(path, NamedNode) else None,
            value=values.get(_VALUE),
            shape=shape,
            severity=_plain(values[v.RESULT_SEVERITY]),
            component=_plain(component).rpartition("#")[2].removesuffix("ConstraintComponent"),
            messages=self.messages(shape, own),
        )

    def messages(self, shape: str, own: Iterable[Literal] = ()) -> tuple[Label, ...]:
        """The reason in each language: the result's own, else the shape's, else what the engine says."""
        said = {literal.language: literal.value for literal in own}
        for predicate, value in self._shapes.get(NamedNode(shape), []):
            if predicate == _MESSAGE and isinstance(value, Literal):
                said.setdefault(value.language, value.value)
        rest = next(iter(said.values()), f"does not conform to {shape}")
        return tuple(Label(said.get(language, rest), language) for language in LANGUAGES)


def _read(path: Path) -> list[EngineTriple]:
    try:
        return [quad.triple for quad in parse(path=str(path), format=RdfFormat.TURTLE)]
    except SyntaxError as error:
        raise DataError(f"{path}: {error.msg}") from error


def _grouped(triples: Iterable[EngineTriple | Quad]) -> Graph:
    found: Graph = defaultdict(list)
    for triple in triples:
        found[triple.subject].append((triple.predicate, triple.object))
    return dict(found)


def _order(finding: Finding) -> str:
    return " ".join(
        str(part) for part in (finding.focus, finding.shape, finding.component, finding.path, finding.value)
    )


def _known(name: str) -> bool:
    return name.partition(":")[0] in v.PREFIXES


_TARGETS: Final = tuple(
    v.term(f"sh:{name}") for name in ("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf", "target")
)
_SPARQL: Final = v.term("sh:sparql")
_SELECT: Final = v.term("sh:select")
_PREFIXED: Final = re.compile(r"\b[a-z]+:[A-Za-z][\w-]*")
_RESULT: Final = v.term("sh:ValidationResult")
_DETAIL: Final = v.term("sh:detail")
_FOCUS: Final = v.term("sh:focusNode")
_PATH: Final = v.term("sh:resultPath")
_VALUE: Final = v.term("sh:value")
_COMPONENT: Final = v.term("sh:sourceConstraintComponent")
_MESSAGE: Final = v.term("sh:message")


@cache
def prepare(engine: str = "shifty") -> Gate:
    """The gate of the project's shapes, prepared once a process."""
    return Gate(engine)


# ---------------------------------------------------------------- letting in and refusing


@dataclass(frozen=True, slots=True)
class Trial:
    """The claims of an article that aren't refused yet, as triples, by their place among all of them."""

    stating: Stating
    gate: Gate
    live: dict[int, Stated]
    withheld: set[Triple]  # what refused claims state: no name may state it either

    def findings(self) -> list[Finding]:
        """What the shapes find in all of them together."""
        return self._findings(list(self.live.values()))

    def is_wrong_alone(self, place: int, finding: Finding) -> bool:
        """Whether the claim would break the shape without the others too."""
        if finding.component not in CONTRADICTIONS:
            return True
        found = self._findings([self.live[place]])
        return any(one.shape == finding.shape and one.focus == finding.focus for one in found)

    def _findings(self, stated: Sequence[Stated]) -> list[Finding]:
        facts = facts_of(self.stating, stated, self.withheld)
        claims = (triple for one in stated for triple in one.own)
        evidence = (triple for span in evidence_of(stated) for triple in span.triples)
        return self.gate.findings_as_stated([*facts, *claims, *evidence])


def admit(
    article: Article,
    claims: Sequence[Claim],
    base: str,
    gate: Gate,
    accepted: Mapping[str, Acceptance] | None = None,
    stating: Stating | None = None,
) -> Verdict:
    """Every claim let in or refused, in the order given.

    All are stated and validated together; what a violation concerns is refused, and so on until none is left that a
    claim is the cause of. Each round refuses at least one claim, so it ends.

    ``accepted`` are the words of persons by the claim's IRI. They are heard when the gate has spoken: what it says of
    other claims is the same with and without them, so that a word can be taken back and leaves no trace. ``stating``
    keeps what the claims were stated as, for who writes them down afterwards.
    """
    stating = stating or Stating(article, base)
    refused = _unsound(stating, claims, gate)
    unsound = frozenset(refused)
    while True:
        trial = _trial(stating, claims, refused, gate)
        findings = trial.findings()
        blamed = _blame(trial, [finding for finding in findings if finding.is_violation])
        if not blamed:
            break
        refused |= {place: _refusal(claims[place], finding) for place, finding in blamed.items()}
    let_in = _overruled(stating, claims, gate, accepted or {}, refused, unsound)
    for place in let_in:
        del refused[place]
    admitted = tuple(claim for place, claim in enumerate(claims) if place not in refused)
    said = tuple(let_in[place] for place in sorted(let_in))
    return Verdict(admitted, tuple(refused[place] for place in sorted(refused)), tuple(findings), said)


def admit_beside(
    article: Article,
    claims: Sequence[Claim],
    others: Sequence[Claim],
    base: str,
    gate: Gate,
    accepted: Mapping[str, Acceptance] | None = None,
    stating: Stating | None = None,
) -> Verdict:
    """The same for claims of a weaker source beside the claims: what becomes of the claims is as without the others.

    Where all together would keep a claim out that is let in without them, or let one in, the others are tried one after
    another, and one that does it is refused for the shape that the claim would break.
    """
    stating = stating or Stating(article, base)
    alone = admit(article, claims, base, gate, accepted, stating)
    if not others:
        return alone
    found = admit(article, [*claims, *others], base, gate, accepted, stating)
    if _ids(found.admitted) - _ids(others) == _ids(alone.admitted):
        return found
    kept: list[Claim] = []
    left: list[Refusal] = []
    for other in others:
        found = admit(article, [*claims, *kept, other], base, gate, accepted, stating)
        if _ids(found.admitted) == _ids([*alone.admitted, *kept, other]):
            kept.append(other)
        else:
            left.append(_refusal_of(other, found, alone))
    found = admit(article, [*claims, *kept], base, gate, accepted, stating)
    return replace(found, refused=(*found.refused, *left))


def _ids(claims: Iterable[Claim]) -> set[int]:
    return {id(claim) for claim in claims}


def _refusal_of(other: Claim, found: Verdict, alone: Verdict) -> Refusal:
    """Why a claim stays out: for itself, or because of one that would stay out with it, or would come in."""
    before = _ids(refusal.claim for refusal in alone.refused)
    ranked = sorted(found.refused, key=lambda refusal: (refusal.claim is not other, id(refusal.claim) in before))
    return replace((*ranked, *alone.refused)[0], claim=other)


def _overruled(
    stating: Stating,
    claims: Sequence[Claim],
    gate: Gate,
    accepted: Mapping[str, Acceptance],
    refused: dict[int, Refusal],
    unsound: Collection[int],
) -> dict[int, Accepted]:
    """The refused claims that a person's word lets in, by place.

    A word holds for the shapes that it names. One that breaks another one as well, once it is in, stays out, now with
    that reason in ``refused``: it has to be asked again. What can't be written down at all is never let in.
    """
    found: dict[int, Accepted] = {}
    for place, refusal in refused.items() if accepted else ():
        word = accepted.get(stating.ids.claim(stating.article, claims[place]).value)
        if word is not None and refusal.shape in word.shapes and place not in unsound:
            found[place] = Accepted(refusal, word)
    while found:
        others = [place for place in refused if place not in found]
        trial = _trial(stating, claims, others, gate)
        broken = [each for each in trial.findings() if each.is_violation]
        wrong = {
            place: finding
            for finding in broken
            for group in _implicated(finding, {place: trial.live[place] for place in found}, gate)
            for place in group
            if finding.shape not in found[place].acceptance.shapes
        }
        if not wrong:
            break
        for place, finding in wrong.items():
            refused[place] = _refusal(claims[place], finding)
            del found[place]
    return found


def _trial(stating: Stating, claims: Sequence[Claim], refused: Collection[int], gate: Gate) -> Trial:
    live = {place: claim for place, claim in enumerate(claims) if place not in refused}
    as_of = date_of(stating.article, live.values())
    stated = {place: stating(claim, as_of) for place, claim in live.items()}
    withheld = {triple for place in refused for triple in stating.own_triples(claims[place])}
    return Trial(stating, gate, stated, withheld)


def _refusal(claim: Claim, finding: Finding) -> Refusal:
    path = finding.path.value if finding.path else None
    value = None if finding.value is None else _plain(finding.value)
    return Refusal(claim, finding.shape, finding.messages, finding.severity, path, value)


def _plain(node: Node) -> str:
    return str(node) if isinstance(node, EngineTriple) else node.value


# ---- before the shapes: what can't be written down at all


def _unsound(stating: Stating, claims: Sequence[Claim], gate: Gate) -> dict[int, Refusal]:
    refused, as_of = {}, date_of(stating.article, claims)
    for place, claim in enumerate(claims):
        broken = _unwritable(claim, stating, as_of)
        if broken:
            shape, value = broken
            refused[place] = Refusal(claim, shape, gate.messages(shape), value=value)
    return refused


def _unwritable(claim: Claim, stating: Stating, as_of: dt.date | None) -> tuple[str, str] | None:
    """The shape that a claim breaks before it is a graph, and the value that breaks it."""
    beyond = [span for _, span in spans(claim) if span.end > len(stating.article.text)]
    if beyond:
        return v.SHAPES_BASE + "SpanVerbatim", f"#char={beyond[0].start},{beyond[0].end}"
    if not (claim.confidence.is_finite() and 0 <= claim.confidence <= 1):
        return v.SHAPES_BASE + "ClaimConfidence", str(claim.confidence)
    try:
        stating(claim, as_of)
    except KeyError as error:
        return v.SHAPES_BASE + "ClaimObject", str(error)
    except ValueError as error:
        return v.SHAPES_BASE + "ClaimSubject", str(error)
    return None


# ---- whose fault a violation is


def _blame(trial: Trial, violations: Sequence[Finding]) -> dict[int, Finding]:
    """The claims to refuse in this round, each with the finding that says why.

    What is wrong by itself goes first: what it seemed to contradict may then be right. Of what contradicts each other
    the least confident goes, all that are equally so; the next round sees whether that was enough.
    """
    sides: list[tuple[float, list[int], Finding]] = []
    alone: dict[int, Finding] = {}
    for finding in violations:
        for group in _implicated(finding, trial.live, trial.gate):
            sides.append((max(float(trial.live[place].claim.confidence) for place in group), group, finding))
            wrong = [place for place in group if trial.is_wrong_alone(place, finding)]
            alone |= {place: finding for place in wrong if place not in alone}
    if alone or not sides:
        return alone
    least = min(confidence for confidence, _, _ in sides)
    losers = [(group, finding) for confidence, group, finding in sides if confidence == least]
    return {place: finding for group, finding in reversed(losers) for place in group}


def _implicated(finding: Finding, live: Mapping[int, Stated], gate: Gate) -> list[list[int]]:
    """The claims that a finding concerns, grouped by what they say: those of a group agree with each other.

    First the claims that state what it is about, then the claims and evidence themselves, then those that mention it.
    """
    layers = [
        {place: one.triples for place, one in live.items()},
        {place: one.provenance for place, one in live.items()},
        {place: one.naming for place, one in live.items()},
    ]
    nodes = {one.node for one in live.values() if one.node}
    for patterns in (_patterns(finding, nodes, gate), [(finding.focus, None, None)]):
        for triples in layers:
            groups = _grouped_matches(patterns, triples)
            if groups:
                return groups
    return []


def _patterns(finding: Finding, nodes: Collection[Node], gate: Gate) -> list[Pattern]:
    """What the triples at fault look like; None stands for any term."""
    focus, path, value = finding.focus, finding.path, finding.value
    if path is not None:
        others = [other for other in gate.compared_with(finding.shape) if other != path]
        return [(focus, path, value), *((focus, other, None) for other in others)]
    if value is None or value == focus:
        return []
    if focus in nodes and value in nodes:  # two tenures, say: the claims that make them
        return [(focus, v.TYPE, None), (value, v.TYPE, None)]
    return [(focus, None, value), (value, None, focus)]


def _grouped_matches(patterns: Sequence[Pattern], layer: Mapping[int, tuple[Triple, ...]]) -> list[list[int]]:
    groups: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for place, triples in layer.items():
        for pattern in patterns:
            matches = sorted({str(triple) for triple in triples if _matches(triple, pattern)})
            if matches:
                groups[tuple(matches)].append(place)  # the same triples: they say the same
                break
    return list(groups.values())


def _matches(triple: Triple, pattern: Pattern) -> bool:
    subject, predicate, value = pattern
    return (
        triple.subject == subject
        and (predicate is None or triple.predicate == predicate)
        and (value is None or triple.object == value)
    )


# ---------------------------------------------------------------- a whole graph

_PARTS: Final = ("/provenance", "/quarantine")  # they belong to the article whose graph they stand beside
_NOT_PUBLISHED: Final = ("/id/reference", "/id/ontology", "/id/identities", "/id/store")
_BESIDE: Final = ("/id/links/", "/id/voices/")


def validate(dataset: Store, gate: Gate | None = None) -> list[Finding]:
    """What the shapes find in a graph, each finding with the sentence or words that it concerns.

    Each article is validated with its claims, by itself: that two articles disagree is news, no mistake.
    """
    ready = gate or prepare()
    found = []
    for graphs in _articles(dataset):
        quads = [quad for graph in graphs for quad in dataset.quads_for_pattern(None, None, None, graph)]
        findings = ready.findings(ntriples(as_written(quad).triple for quad in quads))
        graph = _grouped(quads)
        found += [_as_accepted(replace(finding, words=_words(finding, graph)), graph) for finding in findings]
    return found


def _articles(dataset: Store) -> Iterator[list[NamedNode | BlankNode | DefaultGraph]]:
    yield [DefaultGraph()]
    parts: dict[str, list[NamedNode | BlankNode | DefaultGraph]] = defaultdict(list)
    for graph in dataset.named_graphs():
        if not graph.value.endswith(_NOT_PUBLISHED) and not any(each in graph.value for each in _BESIDE):
            parts[_without_part(graph.value)].append(graph)
    for name in sorted(parts):
        yield parts[name]


def _without_part(name: str) -> str:
    for part in _PARTS:
        name = name.removesuffix(part)
    return name


SHOWN: Final = 3
"""Of so many claims that a finding concerns, the words are shown."""


def _as_accepted(finding: Finding, graph: Graph) -> Finding:
    """A finding that a person has accepted is told, and refuses nothing."""
    mark = (v.SOURCE_SHAPE, NamedNode(finding.shape))
    claims = _claims_on(finding, graph) if finding.is_violation else []
    is_accepted = any(mark in graph[claim] and any(p == v.ACCEPTED_BY for p, _ in graph[claim]) for claim in claims)
    return replace(finding, severity=v.INFO.value) if is_accepted else finding


def _words(finding: Finding, graph: Graph) -> tuple[str, ...]:
    """Where it is said, claim by claim: the sentence where the text is known, else the words of the evidence."""
    text = next((_text(o) for pairs in graph.values() for p, o in pairs if p == v.IS_STRING), None)
    places = []
    for claim in _claims_on(finding, graph):
        found = sorted(filter(None, (_located(node, graph) for node in _evidence_of(claim, graph))))
        if found:
            begin, end = found[0][0], max(end for _, end, _ in found)
            said = dict.fromkeys(words for _, _, words in found)
            places.append((begin, _sentence(text, begin, end) if text else " … ".join(said)))
    return tuple(dict.fromkeys(words for _, words in sorted(places)))[:SHOWN]


def _claims_on(finding: Finding, graph: Graph) -> list[Node]:
    """The claims that state what the finding is about: exactly that value, else that property, else the thing."""
    focus = finding.focus
    claims = [node for node, pairs in graph.items() if (v.TYPE, v.CLAIM) in pairs]
    if (v.TYPE, v.SPAN) in graph.get(focus, []):
        return [claim for claim in claims if focus in _evidence_of(claim, graph)]
    property_of = {(v.SUBJECT, focus), (v.PREDICATE, finding.path)}
    for said in (property_of | {(v.OBJECT, finding.value)}, property_of, {(v.ABOUT, focus)}):
        if found := [claim for claim in claims if said <= set(graph[claim])]:
            return found
    if focus in claims:
        return [focus]
    if (v.TYPE, v.NEWS_ARTICLE) in graph.get(focus, []):
        return []  # all claims are of it
    return [claim for claim in claims if {(v.SUBJECT, focus), (v.OBJECT, focus)} & set(graph[claim])]


def _evidence_of(node: Node, graph: Graph) -> list[Node]:
    kinds = (v.SUBJECT_EVIDENCE, v.TRIGGER_EVIDENCE, v.OBJECT_EVIDENCE, v.EVIDENCE)
    return [o for p, o in graph.get(node, []) if p in kinds]


def _located(node: Node, graph: Graph) -> tuple[int, int, str] | None:
    values = {predicate: _text(value) for predicate, value in graph.get(node, [])}
    start, end, words = (values.get(p) for p in (v.BEGIN_INDEX, v.END_INDEX, v.ANCHOR_OF))
    if start is None or end is None or words is None or not (start.isdecimal() and end.isdecimal()):
        return None
    return int(start), int(end), words


def _text(node: Node) -> str | None:
    return node.value if isinstance(node, Literal) else None


_STOP: Final = re.compile(r"(?<=[.!?])[\"”’)]*\s+|\n+")


def _sentence(text: str, start: int, end: int) -> str:
    """The stretch between the stops around a span; a quotation may make it several sentences."""
    first = max((stop.end() for stop in _STOP.finditer(text, 0, start)), default=0)
    after = _STOP.search(text, end)
    return text[first : after.start() if after else len(text)].strip()


def as_line(finding: Finding, lang: str = "id") -> str:
    """A finding in one line: how bad, which shape, why, at what, with the words."""
    message = next((label.text for label in finding.messages if label.language == lang), "")
    severity = finding.severity.rpartition("#")[2]
    shape = finding.shape.rpartition("#")[2]
    words = f' — "{" … ".join(finding.words)}"' if finding.words else ""
    return f"{severity} {shape}: {message} {_plain(finding.focus)}{words}"
