"""The description of a publication: DCAT (after DCAT-AP 3.0.1) of what can be had, VoID of what is in it.

Everything has an address of its own below the publication (``#dataset``, ``dcat.ttl#contact``): no blank nodes.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode, Triple

from kg import resources
from kg import vocabulary as v
from kg.export import turtle
from kg.export.parts import used_prefixes
from kg.publish.dumps import Counts, Dump
from kg.publish.folder import Folder
from kg.publish.graph import Part
from kg.publish.settings import Settings, words
from kg.publish.sources import Source
from kg.publish.words import PREFIXES, term

_SHA256: Final = term("spdx:checksumAlgorithm_sha256")
_IANA: Final = "https://www.iana.org/assignments/media-types/"
_HEX: Final = v.term("xsd:hexBinary")
_GZIP: Final = "application/gzip"


@dataclass(frozen=True, slots=True)
class LinkSet:
    """Links by one predicate to one place elsewhere."""

    name: str
    predicate: str
    target: str
    triples: int


@dataclass(frozen=True, slots=True)
class Contents:
    """What is described. ``period``: first and last day of the articles; ``entities``: how many things have a page."""

    dumps: Sequence[Dump]
    sources: Sequence[Source]
    links: Sequence[LinkSet]
    modified: str | None
    period: tuple[str, str] | None
    entities: int
    example: str | None


@dataclass(frozen=True, slots=True)
class Served:
    """What is described of a graph that a server answers from: ``services`` are those that it has, by their path."""

    links: Sequence[LinkSet]
    modified: str | None
    period: tuple[str, str] | None
    example: str | None
    services: Sequence[str]


@cache
def _constants() -> Mapping[str, Any]:
    return tomllib.loads(resources.path("data/publish/dcat.toml").read_text("utf-8"))


def media_type(ending: str) -> str:
    """The media type of what a file of that ending holds."""
    return str(_constants()["formats"][ending]["media"])


class _Writer:
    """Collects triples; ``root`` is the address of the publication."""

    def __init__(self, root: str) -> None:
        self.root = root
        self.triples: list[Triple] = []

    def node(self, path: str) -> NamedNode:
        return NamedNode(self.root + quote(path, safe="/#"))

    def add(self, subject: NamedNode, **values: object) -> None:
        """Values by prefixed name with ``_`` for the colon; a list has several, None none."""
        for name, value in values.items():
            for each in value if isinstance(value, list | tuple) else [value]:
                if each is not None:
                    self.triples.append(Triple(subject, term(name.replace("_", ":", 1)), _term(each)))

    def typed(self, iri: str, kind: str) -> NamedNode:
        """A node elsewhere, with the class that DCAT-AP wants to see."""
        node = NamedNode(iri)
        self.add(node, rdf_type=term(kind))
        return node


def _term(value: object) -> NamedNode | Literal:
    if isinstance(value, NamedNode | Literal):
        return value
    if isinstance(value, bool) or not isinstance(value, int):
        return Literal(str(value))
    return Literal(str(value), datatype=v.INTEGER)


def _whole(number: int) -> Literal:
    return Literal(str(number), datatype=v.NON_NEGATIVE_INTEGER)


def _date(text: str | None) -> Literal | None:
    return None if text is None else Literal(text, datatype=v.DATE)


# ---------------------------------------------------------------- DCAT


def dcat(settings: Settings, contents: Contents, folder: Folder) -> list[Triple]:
    """The catalogue with the graph and each part of the reference data as datasets."""
    w = _Writer(settings.root)
    publisher, contact, licence = _agents(w, settings)
    graph, lang = w.node("#dataset"), settings.lang
    parts = [NamedNode(source.iri) for source in contents.sources]
    shared = {"dct_publisher": publisher, "dct_language": _languages(w), "dct_spatial": _place(w)}
    _catalogue(w, settings, contents.modified, {**shared, "dct_license": licence, "dcat_dataset": [graph, *parts]})
    files = [
        _distribution(w, folder, file.name, file.ending, f"{_title(dump.part, lang)}: {file.name}", licence, lang)
        for dump in contents.dumps
        if dump.part in (Part.FACTS, Part.PROVENANCE)
        for file in dump.files
    ]
    about = {**shared, "dct_license": licence, "dcat_contactPoint": contact, "dct_relation": parts}
    _dataset(w, settings, graph, contents.modified, contents.period, files, about)
    for source in contents.sources:
        _source(w, folder, source, shared)
    return w.triples


def _catalogue(w: _Writer, settings: Settings, modified: str | None, more: Mapping[str, object]) -> None:
    w.add(
        w.node("#catalogue"),
        rdf_type=term("dcat:Catalog"),
        dct_title=Literal(settings.title, language=settings.lang),
        dct_description=Literal(settings.description, language=settings.lang),
        dct_modified=_date(modified),
        foaf_homepage=w.typed(settings.root, "foaf:Document"),
        **more,
    )


def _dataset(
    w: _Writer,
    settings: Settings,
    graph: NamedNode,
    modified: str | None,
    period: tuple[str, str] | None,
    distributions: Sequence[NamedNode],
    more: Mapping[str, object],
) -> None:
    w.add(
        graph,
        rdf_type=term("dcat:Dataset"),
        dct_title=Literal(settings.title, language=settings.lang),
        dct_description=Literal(settings.description, language=settings.lang),
        dct_modified=_date(modified),
        dct_identifier=Literal(graph.value),
        dcat_landingPage=w.typed(settings.root, "foaf:Document"),
        dct_accessRights=w.typed(_constants()["access_rights"], "dct:RightsStatement"),
        dct_accrualPeriodicity=w.typed(_constants()["frequency"], "dct:Frequency"),
        dct_conformsTo=w.typed(v.ONTOLOGY_BASE.rstrip("#"), "dct:Standard"),
        dcat_theme=_themes(w),
        dcat_keyword=_keywords(),
        dct_temporal=_period(w, period),
        dcat_distribution=distributions,
        **more,
    )


def dcat_of_server(settings: Settings, served: Served) -> list[Triple]:
    """The catalogue of a server: the graph as one dataset, had by its services."""
    w = _Writer(settings.root)
    publisher, contact, licence = _agents(w, settings)
    graph = w.node("void.ttl#dataset")
    shared = {
        "dct_publisher": publisher, "dct_language": _languages(w), "dct_license": licence, "dcat_contactPoint": contact,
    }  # fmt: skip
    place = {"dct_spatial": _place(w)}
    services = [_service(w, path, graph, shared) for path in served.services]
    ways = [_way(w, service, licence, settings.lang) for service in services if service.value.endswith("/sparql")]
    catalogue = {name: value for name, value in shared.items() if name != "dcat_contactPoint"}
    listed = {"dcat_dataset": graph, "dcat_service": services}
    _catalogue(w, settings, served.modified, {**catalogue, **place, **listed})
    _dataset(w, settings, graph, served.modified, served.period, ways, {**shared, **place})
    return w.triples


def _service(w: _Writer, path: str, graph: NamedNode, shared: Mapping[str, object]) -> NamedNode:
    node, known = w.node(path), _constants()["services"][path]
    w.add(
        node,
        rdf_type=term("dcat:DataService"),
        dct_title=[Literal(known[lang], language=lang) for lang in ("id", "en")],
        dcat_endpointURL=node,
        dcat_endpointDescription=node,
        dct_conformsTo=w.typed(known["standard"], "dct:Standard"),
        dcat_servesDataset=graph,
        **{name: value for name, value in shared.items() if name != "dct_language"},
    )
    return node


def _way(w: _Writer, service: NamedNode, licence: NamedNode, lang: str) -> NamedNode:
    """A distribution that is had by asking a service."""
    node = w.node("dcat.ttl#by-sparql")
    w.add(
        node,
        rdf_type=term("dcat:Distribution"),
        dct_title=Literal(_constants()["services"]["sparql"][lang], language=lang),
        dcat_accessURL=service,
        dcat_accessService=service,
        dct_license=licence,
    )
    return node


def _agents(w: _Writer, settings: Settings) -> tuple[NamedNode, NamedNode | None, NamedNode]:
    """Publisher, contact and licence."""
    publisher = NamedNode(settings.publisher_url) if settings.publisher_url else w.node("dcat.ttl#publisher")
    w.add(publisher, rdf_type=term("foaf:Agent"), foaf_name=Literal(settings.publisher, language=settings.lang))
    contact = None
    if settings.contact:
        contact = w.node("dcat.ttl#contact")
        is_mail = settings.contact.startswith("mailto:")
        how = {"vcard_hasEmail" if is_mail else "vcard_hasURL": NamedNode(settings.contact)}
        w.add(contact, rdf_type=term("vcard:Organization"), vcard_fn=Literal(settings.publisher), **how)
    licence = w.typed(settings.licence.iri, "dct:LicenseDocument")
    return publisher, contact, licence


def _languages(w: _Writer) -> list[NamedNode]:
    return [w.typed(iri, "dct:LinguisticSystem") for iri in _constants()["languages"]]


def _place(w: _Writer) -> NamedNode:
    return w.typed(_constants()["spatial"], "dct:Location")


def _themes(w: _Writer) -> list[NamedNode]:
    found = []
    for theme in _constants()["themes"]:
        found.append(w.typed(theme["iri"], "skos:Concept"))
        w.add(found[-1], skos_prefLabel=Literal(theme["en"], language="en"))
    return found


def _keywords() -> list[Literal]:
    return [Literal(word, language=lang) for lang, found in _constants()["keywords"].items() for word in found]


def _period(w: _Writer, period: tuple[str, str] | None) -> NamedNode | None:
    if period is None:
        return None
    node = w.node("dcat.ttl#period")
    w.add(node, rdf_type=term("dct:PeriodOfTime"), dcat_startDate=_date(period[0]), dcat_endDate=_date(period[1]))
    return node


def _title(part: Part, lang: str) -> str:
    return words(lang)[f"part_{part.value}"]


def _distribution(
    w: _Writer, folder: Folder, name: str, ending: str, title: str, licence: NamedNode | None, lang: str
) -> NamedNode:
    """One file."""
    node, address = w.node(f"dcat.ttl#{name}"), w.node(name)
    known = _constants()["formats"][ending]
    checksum = w.node(f"dcat.ttl#sha256-{name}")
    w.add(checksum, rdf_type=term("spdx:Checksum"), spdx_algorithm=w.typed(_SHA256.value, "spdx:ChecksumAlgorithm"))
    w.add(checksum, spdx_checksumValue=Literal(folder.sums[name], datatype=_HEX))
    w.add(
        node,
        rdf_type=term("dcat:Distribution"),
        dct_title=Literal(title, language=lang),
        dcat_accessURL=address,
        dcat_downloadURL=address,
        dct_license=licence,
        dct_format=w.typed(known["file"], "dct:MediaTypeOrExtent"),
        dcat_mediaType=w.typed(_IANA + known["media"], "dct:MediaType"),
        dcat_compressFormat=w.typed(_IANA + _GZIP, "dct:MediaType") if name.endswith(".gz") else None,
        dcat_byteSize=_whole(folder.sizes[name]),
        spdx_checksum=checksum,
    )
    return node


def _source(w: _Writer, folder: Folder, source: Source, shared: Mapping[str, object]) -> None:
    """What has licences of its own; where there are two, they stand on the dataset."""
    found = [w.typed(licence.iri, "dct:LicenseDocument") for licence in source.licences]
    one = found[0] if len(found) == 1 else None
    titles = [Literal(text, language=lang) for lang, text in source.titles.items()]
    w.add(
        NamedNode(source.iri),
        rdf_type=[term("dcat:Dataset"), term("void:Dataset")],
        dct_title=titles,
        dct_description=Literal(source.note or source.titles["en"], language="en"),
        dct_license=found,
        dct_modified=_date(source.modified),
        dct_source=[NamedNode(iri) for iri in source.sources],
        dcat_distribution=[
            _distribution(w, folder, file, _ending(file), f"{source.titles['en']}: {file}", one, "en")
            for file in source.files
        ],
        **shared,
    )


def _ending(file: str) -> str:
    return "." + file.removesuffix(".gz").rpartition(".")[2]


# ---------------------------------------------------------------- VoID


def void(settings: Settings, contents: Contents, base: str) -> list[Triple]:
    """Statistics: of the whole, of each part, of each set of links."""
    w = _Writer(settings.root)
    graph = w.node("#dataset")
    w.add(
        graph,
        rdf_type=term("void:Dataset"),
        dct_title=Literal(settings.title, language=settings.lang),
        dct_license=NamedNode(settings.licence.iri),
        foaf_homepage=NamedNode(settings.root),
        void_uriSpace=Literal(f"{base}id/"),
        void_entities=contents.entities,
        void_triples=sum(dump.counts.triples for dump in contents.dumps),
        void_exampleResource=NamedNode(contents.example) if contents.example else None,
        void_vocabulary=_vocabularies(contents.dumps),
        void_feature=[NamedNode(f"http://www.w3.org/ns/formats/{name}") for name in ("N-Quads", "Turtle")],
        void_subset=[_part(w, dump, base) for dump in contents.dumps],
        void_dataDump=[w.node(file.name) for dump in contents.dumps for file in dump.files],
    )
    for dump in contents.dumps:
        _subset(w, dump, base, settings.lang)
    for number, links in enumerate(contents.links, start=1):
        _link_set(w, links, w.node(f"void.ttl#links-{number}"), graph)
    return w.triples


def void_of_server(
    root: str, base: str, title: Literal, licence: str | None, served: Served, formats: Sequence[str]
) -> list[Triple]:
    """What can be told of a graph without reading it whole: how its ids begin, where it is asked, what it links to."""
    w = _Writer(root)
    graph = w.node("void.ttl#dataset")
    w.add(
        graph,
        rdf_type=term("void:Dataset"),
        dct_title=title,
        dct_license=NamedNode(licence) if licence else None,
        dct_modified=_date(served.modified),
        foaf_homepage=NamedNode(root),
        void_uriSpace=Literal(f"{base}id/"),
        void_sparqlEndpoint=w.node("sparql") if "sparql" in served.services else None,
        void_exampleResource=NamedNode(served.example) if served.example else None,
        void_vocabulary=NamedNode(v.ONTOLOGY_BASE),
        void_feature=[NamedNode(f"http://www.w3.org/ns/formats/{name}") for name in formats],
    )
    for number, links in enumerate(served.links, start=1):
        _link_set(w, links, w.node(f"void.ttl#links-{number}"), graph)
    return w.triples


def _part(w: _Writer, dump: Dump, base: str) -> NamedNode:
    """Facts and claims are parts of this publication; a set of links or a table has an id of its own."""
    own = dump.part in (Part.FACTS, Part.PROVENANCE)
    return w.node(f"#{dump.part.value}") if own else NamedNode(f"{base}id/{dump.name}")


def _subset(w: _Writer, dump: Dump, base: str, lang: str) -> None:
    node, counts = _part(w, dump, base), dump.counts
    w.add(
        node,
        rdf_type=term("void:Dataset"),
        dct_title=Literal(_title(dump.part, lang), language=lang),
        void_triples=counts.triples,
        void_distinctSubjects=counts.subjects,
        void_classes=len(counts.classes),
        void_properties=len(counts.properties),
        void_dataDump=[w.node(file.name) for file in dump.files],
    )
    _partitions(w, dump.name.replace("/", "-"), node, counts)


def _partitions(w: _Writer, part: str, node: NamedNode, counts: Counts) -> None:
    for number, (name, entities) in enumerate(sorted(counts.classes.items()), start=1):
        partition = w.node(f"void.ttl#{part}-class-{number}")
        w.add(node, void_classPartition=partition)
        w.add(partition, rdf_type=term("void:Dataset"), void_class=NamedNode(name), void_entities=entities)
    for number, (name, triples) in enumerate(sorted(counts.properties.items()), start=1):
        partition = w.node(f"void.ttl#{part}-property-{number}")
        w.add(node, void_propertyPartition=partition)
        w.add(partition, rdf_type=term("void:Dataset"), void_property=NamedNode(name), void_triples=triples)


def _link_set(w: _Writer, links: LinkSet, node: NamedNode, graph: NamedNode) -> None:
    target = NamedNode(links.target)
    w.add(graph, void_subset=node)
    w.add(
        node,
        rdf_type=term("void:Linkset"),
        dct_title=Literal(links.name),
        void_linkPredicate=NamedNode(links.predicate),
        void_subjectsTarget=graph,
        void_objectsTarget=target,
        void_triples=links.triples,
    )
    w.add(target, rdf_type=term("void:Dataset"), void_uriSpace=Literal(links.target))


def _vocabularies(dumps: Iterable[Dump]) -> list[NamedNode]:
    used = {name for dump in dumps for name in (*dump.counts.classes, *dump.counts.properties)}
    return [NamedNode(space) for _, space in sorted(PREFIXES.items()) if any(name.startswith(space) for name in used)]


# ---------------------------------------------------------------- writing


def as_turtle(triples: Iterable[Triple], base: str) -> bytes:
    """A description as Turtle, with full addresses, so that a copy of it elsewhere says the same."""
    found = list(dict.fromkeys(triples))
    spelling = turtle.Spelling(base, _used(found), {})
    return "\n".join([*turtle.header(spelling), *turtle.body(found, spelling), ""]).encode()


def _used(triples: Sequence[Triple]) -> dict[str, str]:
    return used_prefixes(triples, PREFIXES)
