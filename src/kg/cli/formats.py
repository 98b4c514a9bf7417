"""The commands that write a graph anew: export, draw."""

from __future__ import annotations

from pathlib import Path

import click

from kg.cli.shared import dataset, from_graph, in_language, say
from kg.cli.traversals import projected
from kg.errors import KgError


@click.command()
@click.option("-f", "--format", "name", metavar="FORMAT", help="Format, where the ending of FILE doesn't say.")
@click.option("-o", "--output", metavar="FILE", default="-", show_default=True, help="A folder for -f csv, too.")
@click.option("--facts-only", is_flag=True, help="Without claims and evidence.")
@click.option("--with-reference", is_flag=True, help="With the reference data.")
@click.option("--with-links", is_flag=True, help="With the sets of links that the store keeps.")
@click.option("--with-datasets", is_flag=True, help="With the tables that were linked, each under its own licence.")
@click.option(
    "--resolved",
    is_flag=True,
    help="One id for each person and body, as kg link people tells; not as written.",
)
@from_graph
def export(
    name: str | None,
    output: str,
    facts_only: bool,
    with_reference: bool,
    with_links: bool,
    with_datasets: bool,
    resolved: bool,
    file: str | None,
    store: str | None,
) -> None:
    """Write the graph as turtle, trig, ntriples, nquads, jsonld, rdfxml, csv, graphml, gexf, annotations,
    ftm (FollowTheMoney), popolo, quickstatements (for Wikidata) or quickstatements-create (new items, too).

    \b
    Example: kg export -f jsonld -o graph.jsonld --graph graph.ttl
    """
    from kg import export as exports
    from kg.link import resolved as reading
    from kg.output import write_atomic
    from kg.store.published import published

    target = Path(output)
    folder = output != "-" and (target.is_dir() or output.endswith("/"))
    form = name or ("turtle" if output == "-" else "csv" if folder else exports.by_suffix(output))
    with dataset(file, store) as graph:
        quads = published(graph, reference=with_reference, links=with_links, datasets=with_datasets)
        if resolved:
            quads = list(reading.quads(quads, reading.aliases(graph)))
    if folder:
        target.mkdir(parents=True, exist_ok=True)
        for part, data in exports.files(quads, form, facts_only=facts_only, reference=with_reference).items():
            write_atomic(target / part, data)
        say(f"{output}: the tables of the graph", fg="green")
        return
    data = exports.write(quads, form, facts_only=facts_only, reference=with_reference)
    write_atomic("-" if output == "-" else target, data)
    if output != "-":
        say(f"{output}: {len(data):,} bytes of {form}", fg="green")


@click.command()
@click.argument("name", required=False)
@click.option("-o", "--output", metavar="FILE", required=True, help="FILE.svg or FILE.png.")
@click.option("--title", help="What to write above the picture.")
@from_graph
@in_language
def draw(name: str | None, output: str, title: str | None, file: str | None, store: str | None, lang: str) -> None:
    """Draw the graph, or what lies around the thing NAME, as SVG or PNG.

    \b
    Example: kg draw ASCN -o picture.svg --graph graph.ttl
    """
    from kg import draw as drawing
    from kg import traverse
    from kg.output import write_atomic

    if not output.endswith((".svg", ".png")):
        raise KgError(f"{output}: the ending must be .svg or .png")
    graph = projected(file, store)
    focus = None if name is None else traverse.find(graph, name)
    heading = title or (graph.nodes[focus]["label"] if focus is not None else "Jejaring")
    make = drawing.draw_svg if output.endswith(".svg") else drawing.draw_png
    write_atomic(Path(output), make(graph, title=heading, lang=lang, focus=focus))
    say(f"{output}: drawn", fg="green")
