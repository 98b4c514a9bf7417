"""A graph -> a folder of files that any static web server can serve: pages, dumps, descriptions, checksums.

The same graph, log and settings give the same bytes. The order is: dumps (counted while they are written), pages,
descriptions of what was written, checksums. ``folder`` puts all in place at once or not at all.
"""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import escape

import pyoxigraph as ox
from pyoxigraph import Literal, NamedNode

from kg import __version__, resources
from kg import vocabulary as v
from kg.export import jsonld
from kg.export.parts import Options
from kg.publish import corrections as corrected
from kg.publish import describe, dumps, sources
from kg.publish.folder import MARK, Folder, made_whole
from kg.publish.graph import PUBLISHED, Graph, Part
from kg.publish.holdings import link_sets, period
from kg.publish.ontology import terms
from kg.publish.pages import Pages, Value, grouped, kind_address
from kg.publish.part import Turtles
from kg.publish.said import Statements
from kg.publish.settings import Settings, words
from kg.publish.things import Things, things
from kg.publish.words import written

_FORMAT: Final = 1
_MAP: Final = 50_000  # addresses in one site map, by its protocol


@dataclass(frozen=True, slots=True)
class Published:
    """What was written: files, things with a page, statements in the dumps; ``notes`` are for the publisher to see."""

    files: int
    things: int
    statements: int
    notes: tuple[str, ...]


def base_of(dataset: ox.Store) -> str:
    """What the ids of a graph begin with, by its articles."""
    for quad in dataset.quads_for_pattern(None, v.TYPE, v.NEWS_ARTICLE, None):
        if isinstance(quad.subject, NamedNode) and "/id/" in quad.subject.value:
            return quad.subject.value.partition("/id/")[0] + "/"
    return v.DEFAULT_BASE


def publish(graph: Graph, target: Path, settings: Settings, *, log: Sequence[Mapping[str, object]] | None) -> Published:
    """Write the publication of a graph into a folder, in place of an earlier publication there.

    ``log`` is that of the store, None where there is none. Raises OutputError for a folder with other things in it.
    """
    base = graph.base
    with made_whole(target) as folder, tempfile.TemporaryDirectory(prefix="kg-publish-") as scratch:
        dumped = [found for part in PUBLISHED for found in dumps.dump(graph, part, folder, settings.split)]
        known = things(graph)
        with Statements(Path(scratch) / "said.sqlite", graph, settings.lang) as statements:
            pages = Pages(graph, known, statements, settings)
            _write_things(graph, known, pages, folder)
        _write_lists(known, pages, folder)
        _write_ontology(pages, folder, settings)
        own = [sources.of_dump(graph, each) for each in dumped if each.part in (Part.LINKS, Part.DATASETS)]
        described = [*own, *sources.write_reference(folder, base)]
        _write_corrections(known, pages, folder, base, log)
        contents = describe.Contents(
            dumped,
            described,
            link_sets(graph),
            settings.modified or (corrected.last_change(log) if log is not None else None),
            period(graph),
            len(known),
            next((node.value for node in known), None),
        )
        _describe(settings, contents, folder, graph, pages)
        _write_front(known, pages, folder, settings, contents)
        _write_for_robots(known, folder, settings)
        mark = {"kg-publication": _FORMAT, "version": __version__, "title": settings.title, "base": base}
        folder.write(MARK, (json.dumps(mark, ensure_ascii=False, indent=1) + "\n").encode())
        notes = [f"{each.titles['en']}: no licence is known" for each in described if not each.licences]
        return Published(len(folder.sums) + 1, len(known), sum(each.counts.triples for each in dumped), tuple(notes))


# ---------------------------------------------------------------- pages


def _write_things(graph: Graph, known: Things, pages: Pages, folder: Folder) -> None:
    turtles = Turtles(graph)
    for thing in known.values():
        is_article = thing.kind.slug == "articles"
        folder.write(thing.place.html, pages.article(thing) if is_article else pages.thing(thing))
        folder.write(thing.place.turtle, turtles.of(thing))


def _write_lists(known: Things, pages: Pages, folder: Folder) -> None:
    for kind, found in grouped(known):
        for path, content in pages.index(kind, found):
            folder.write(path, content)
    folder.write("assets/style.css", (Path(__file__).parent / "templates" / "style.css").read_bytes())


def _write_ontology(pages: Pages, folder: Folder, settings: Settings) -> None:
    folder.write("ontology.ttl", resources.path("ontology/kg.ttl").read_bytes())
    for name in ("shapes.ttl", "context.jsonld"):
        folder.write(f"ontology/{name}", resources.path(f"ontology/{name}").read_bytes())
    page = pages.render(
        "ontology.html",
        "ontology/index.html",
        title=words(settings.lang)["ontology"],
        space=v.ONTOLOGY_BASE,
        terms=list(terms()),
    )
    folder.write("ontology/index.html", page)


def _write_corrections(
    known: Things, pages: Pages, folder: Folder, base: str, log: Sequence[Mapping[str, object]] | None
) -> None:
    found = corrected.corrections(log or ())
    folder.write("corrections.json", corrected.as_json(found))
    folder.write("corrections.csv", corrected.as_csv(found))
    rows = []
    for each in found:
        thing = known.get(NamedNode(f"{base}id/article/{each.subject}"))
        title = thing.names[pages.lang] if thing else each.subject
        href = f"../{thing.place.address}" if thing else None
        rows.append(
            {
                "time": each.time,
                "outcome": each.outcome,
                "subject": each.subject,
                "replaces": each.replaces,
                "title": title,
                "href": href,
            }
        )
    page = pages.render(
        "corrections.html",
        "corrections/index.html",
        title=pages.words["corrections"],
        corrections=rows,
        logged=log is not None,
    )
    folder.write("corrections/index.html", page)


# ---------------------------------------------------------------- what it is about


def _describe(settings: Settings, contents: describe.Contents, folder: Folder, graph: Graph, pages: Pages) -> None:
    found = [triple for source in contents.sources for triple in source.description]
    folder.write("sources.ttl", describe.as_turtle(found, graph.base))
    folder.write("sources.csv", sources.table(list(contents.sources), folder.sums))
    triples = describe.dcat(settings, contents, folder)
    folder.write("dcat.ttl", describe.as_turtle(triples, settings.root))
    quads = [ox.Quad(triple.subject, triple.predicate, triple.object) for triple in dict.fromkeys(triples)]
    folder.write("dcat.jsonld", jsonld.write(quads, Options(settings.root)))
    folder.write("void.ttl", describe.as_turtle(describe.void(settings, contents, graph.base), settings.root))
    shown = [
        {
            "name": each.name,
            "titles": each.titles,
            "modified": each.modified,
            "entities": each.entities,
            "files": each.files,
            "note": each.note,
            "licences": [Value(licence.title, licence.iri, external=True) for licence in each.licences],
            "sources": [Value(iri, iri, external=True) for iri in each.sources],
        }
        for each in contents.sources
    ]
    title = pages.words["licences"]
    folder.write(
        "licences/index.html", pages.render("licences.html", "licences/index.html", title=title, sources=shown)
    )


# ---------------------------------------------------------------- the front


def _write_front(known: Things, pages: Pages, folder: Folder, settings: Settings, contents: describe.Contents) -> None:
    lang, texts = settings.lang, words(settings.lang)

    def day(text: str) -> Value:
        return Value(written(Literal(text, datatype=v.DATE), lang), datetime=text)

    def number(count: int) -> str:
        return written(Literal(str(count), datatype=v.INTEGER), lang)

    statements = [
        (number(count), f"{texts['statements']} – {_part(part, lang)}")
        for part, count in _totals(contents.dumps).items()
    ]
    page = pages.render(
        "index.html",
        "index.html",
        title=settings.title,
        modified=day(contents.modified) if contents.modified else None,
        period=[day(each) for each in contents.period] if contents.period else None,
        statistics=[*statements],
        kinds=[(kind, number(len(found)), kind_address(kind)) for kind, found in grouped(known)],
        downloads=_downloads(folder, contents, texts, number),
    )
    folder.write("index.html", page)


def _totals(dumped: Sequence[dumps.Dump]) -> dict[Part, int]:
    """The statements of each part, in the order of the parts."""
    found: Counter[Part] = Counter()
    for each in dumped:
        found[each.part] += each.counts.triples
    return dict(found)


def _part(part: Part, lang: str) -> str:
    return words(lang)[f"part_{part.value}"]


def _downloads(
    folder: Folder, contents: describe.Contents, texts: Mapping[str, str], number: Any
) -> list[dict[str, Any]]:
    """The files by group, with type and size."""
    groups = [
        (part.value, [file.name for each in contents.dumps if each.part is part for file in each.files])
        for part in _totals(contents.dumps)
    ]
    groups += [
        ("reference", [file for each in contents.sources for file in each.files if file.startswith("reference/")]),
        ("ontology", ["ontology.ttl", "ontology/shapes.ttl", "ontology/context.jsonld"]),
        (
            "other",
            [
                "dcat.ttl",
                "dcat.jsonld",
                "void.ttl",
                "sources.ttl",
                "sources.csv",
                "corrections.json",
                "corrections.csv",
            ],
        ),
    ]
    return [
        {
            "title": texts[f"part_{name}"],
            "note": texts[f"note_{name}"],
            "files": [
                {
                    "name": file,
                    "media": describe.media_type("." + file.removesuffix(".gz").rpartition(".")[2]),
                    "compressed": file.endswith(".gz"),
                    "size": texts["bytes"].format(count=number(folder.sizes[file])),
                }
                for file in files
            ],
        }
        for name, files in groups
    ]


def _write_for_robots(known: Things, folder: Folder, settings: Settings) -> None:
    """robots.txt, and a map of all pages where the address is known."""
    lines = ["User-agent: *", "Allow: /"]
    if settings.sitemap:
        pages = [name.removesuffix("index.html") for name in folder.sums if name.endswith("index.html")]
        places = {thing.place.folder + "/": thing.place.address for thing in known.values()}
        addresses = [settings.root + places.get(page, page) for page in sorted(pages)]
        chunks = [addresses[start : start + _MAP] for start in range(0, len(addresses), _MAP)]
        names = ["sitemap.xml"] if len(chunks) == 1 else [f"sitemap-{n}.xml" for n in range(1, len(chunks) + 1)]
        for name, chunk in zip(names, chunks, strict=True):
            folder.write(name, _site_map("urlset", "url", chunk))
        if len(chunks) > 1:
            folder.write("sitemap.xml", _site_map("sitemapindex", "sitemap", [settings.root + name for name in names]))
        lines.append(f"Sitemap: {settings.root}sitemap.xml")
    folder.write("robots.txt", ("\n".join(lines) + "\n").encode())


def _site_map(outer: str, inner: str, addresses: Sequence[str]) -> bytes:
    rows = "".join(f"<{inner}><loc>{escape(address)}</loc></{inner}>\n" for address in addresses)
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{outer} xmlns="{space}">\n{rows}</{outer}>\n'.encode()
