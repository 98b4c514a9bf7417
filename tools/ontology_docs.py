"""Write docs/ontology.html, the reference of the ontology, with pyLODE: ``python tools/ontology_docs.py [OUTPUT]``.

pyLODE shows one language, orders what it finds by Python's hashes and takes any scheme's name for the title. So it gets
a copy of the ontology whose texts hold English and Indonesian one after the other, without concept schemes as such, in
a process with a fixed hash seed: then the same file gives the same page, byte for byte.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rdflib import Graph
    from rdflib.term import Node

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "ontology" / "kg.ttl"
OUTPUT = ROOT / "docs" / "ontology.html"
SEED = "0"


def bilingual(graph: Graph) -> Graph:
    """A copy in which each text in English is followed by the Indonesian one, in one literal without language."""
    from rdflib import Graph, Literal

    copy = Graph()
    for prefix, namespace in graph.namespaces():
        copy.bind(prefix, namespace)
    for subject, predicate, value in sorted(graph):
        if not (isinstance(value, Literal) and value.language):
            copy.add((subject, predicate, value))
        elif value.language == "en":
            copy.add((subject, predicate, Literal(_joined(graph, subject, predicate, value))))
    return copy


def _joined(graph: Graph, subject: Node, predicate: Node, english: Node) -> str:
    from rdflib import RDFS, Literal

    others = [v for v in graph.objects(subject, predicate) if isinstance(v, Literal) and v.language == "id"]
    short = predicate == RDFS.label or len(str(english)) < 40
    separator = " / " if short else "\n\n"
    return separator.join([str(english), *sorted(map(str, others))])


def without_schemes(graph: Graph) -> Graph:
    """The schemes and concepts as plain individuals: pyLODE takes a concept scheme for the document itself."""
    from rdflib import RDF, SKOS

    for kind in (SKOS.ConceptScheme, SKOS.Concept):
        graph.remove((None, RDF.type, kind))
    graph.remove((None, SKOS.prefLabel, None))
    return graph


def schemes(graph: Graph) -> str:
    """The section of the concept schemes, which pyLODE leaves out of an ontology's page: one table per scheme."""
    from rdflib import RDF, SKOS

    tables = []
    for scheme in sorted(graph.subjects(RDF.type, SKOS.ConceptScheme), key=str):
        concepts = sorted(graph.subjects(SKOS.inScheme, scheme), key=str)
        rows = "\n".join(f"<tr>{_cells(graph, concept)}</tr>" for concept in concepts)
        tables.append(
            f'<div class="property entity" id="{_name(scheme)}">\n<h3>{_text(graph, scheme, "label")}</h3>\n'
            f"<p><code>{escape(str(scheme))}</code></p>\n<p>{_text(graph, scheme, 'definition')}</p>\n"
            f"<table>\n{rows}\n</table>\n</div>"
        )
    heading = "<h2>Concept schemes / Skema konsep</h2>"
    return f'<div class="section" id="schemes">\n{heading}\n' + "\n".join(tables) + "\n</div>\n"


def _name(node: Node) -> str:
    return str(node).split("#")[1]


def _cells(graph: Graph, concept: Node) -> str:
    name = _name(concept)
    texts = (_text(graph, concept, "label"), _text(graph, concept, "definition"), _text(graph, concept, "example"))
    return f'<th id="{name}"><code>kg:{name}</code></th>' + "".join(f"<td>{text}</td>" for text in texts)


def _text(graph: Graph, node: Node, term: str) -> str:
    """The texts of a property, English before Indonesian."""
    from rdflib import RDFS, SKOS, Literal

    predicate = RDFS.label if term == "label" else SKOS[term]
    texts = [text for text in graph.objects(node, predicate) if isinstance(text, Literal)]
    return " / ".join(escape(str(text)) for text in sorted(texts, key=lambda text: (text.language or "", str(text))))


def page() -> str:
    """The page as pyLODE makes it in this process, with the concept schemes before its list of namespaces."""
    import logging

    from pylode import OntPub
    from rdflib import Graph

    logging.disable(logging.INFO)
    source = Graph().parse(SOURCE)
    html = str(OntPub(ontology=without_schemes(bilingual(source))).make_html())
    place = html.index('<div id="namespaces">')
    html = html[:place] + schemes(source) + html[place:]
    return "\n".join(line.rstrip() for line in html.splitlines()) + "\n"


def external_resources(html: str) -> list[str]:
    """What a browser would load from elsewhere; plain links are not loaded."""
    loaded = r"""(?:src=|<link[^>]*href=|@import\s+|url\()\s*["']?(https?://[^"')\s>]+)"""
    return sorted(set(re.findall(loaded, html)))


def regenerate(output: Path) -> None:
    """Write the page to a file, in a process of its own with a fixed hash seed."""
    command = [sys.executable, str(Path(__file__).resolve()), "--here", str(output)]
    subprocess.run(command, check=True, env={**os.environ, "PYTHONHASHSEED": SEED})


def write(output: Path) -> None:
    """Write the page to a file, in this process; refuse one that needs other hosts."""
    html = page()
    if found := external_resources(html):
        raise SystemExit(f"{output}: the page would load {', '.join(found)}; take these out first")
    output.write_text(html, encoding="utf-8")


if __name__ == "__main__":
    arguments = sys.argv[1:]
    if arguments[:1] == ["--here"]:
        write(Path(arguments[1]))
    else:
        regenerate(Path(arguments[0]) if arguments else OUTPUT)
