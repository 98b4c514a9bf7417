"""The command that makes the dataset ready for a web server: publish."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kg.cli.shared import CONFIGURATION, STORE, configured, from_graph, say

if TYPE_CHECKING:
    from kg.publish.graph import Graph


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--title", metavar="TEXT", help="Title of the dataset.")
@click.option("--description", metavar="TEXT", help="What the dataset holds.")
@click.option("--publisher", metavar="NAME", help="Who publishes it.")
@click.option("--publisher-url", metavar="URL", help="The publisher's address on the web.")
@click.option("--licence", metavar="NAME|URL", help="Licence, such as CC-BY-4.0, CC0-1.0 or an address.")
@click.option("--contact", metavar="MAIL|URL", help="Where to ask.")
@click.option("--base-url", metavar="URL", help="Where DIR will be on the web; with it, sitemap.xml is written.")
@click.option("--modified", metavar="DATE", help="Date of the last change.  [default: of the store's log]")
@click.option(
    "--split", metavar="MB", type=float, help="Size of a dump, uncompressed, before another begins.  [default: 50]"
)
@click.option("--lang", type=click.Choice(["id", "en"]), help="Language of the pages.  [default: id]")
@click.option("--as-written", is_flag=True, help="Ids as each article writes them, without what kg link people tells.")
@from_graph
def publish(folder: Path, file: str | None, store: str | None, as_written: bool, **options: Any) -> None:
    """Write the graph into DIR as a web site: pages, dumps, link sets, DCAT, VoID, licences, checksums.

    Settings that are always the same can stand under [publish] in kg.toml. An earlier publication in DIR is replaced.

    \b
    Example: kg publish site --publisher Kominfo --licence CC-BY-4.0
    """
    from kg import publish as publication
    from kg.publish.folder import expect_free
    from kg.publish.settings import read, settings

    given = {**read(Path(CONFIGURATION)), **{name: value for name, value in options.items() if value is not None}}
    expect_free(folder)
    with _graph(file, store, as_written=as_written) as (graph, log):
        done = publication.publish(graph, folder, settings(given, graph.base), log=log)
    say(f"{folder}: {done.things:,} things, {done.statements:,} statements, {done.files:,} files", fg="green")
    for note in done.notes:
        say(f"note: {note}", fg="yellow")
    say(f"look at it: python3 -m http.server -d {folder}, then http://127.0.0.1:8000/")


@contextmanager
def _graph(
    file: str | None, store: str | None, *, as_written: bool
) -> Iterator[tuple[Graph, list[dict[str, object]] | None]]:
    """The graph that is published, and the log of its store; that of a store is read where it lies."""
    from kg import journal
    from kg import store as stores
    from kg.publish import base_of
    from kg.publish.graph import ByGraph, Graph
    from kg.store.folder import base_of_folder
    from kg.view import keeping

    folder = Path(store or configured("store", STORE))
    if file is not None:
        dataset = stores.load_dataset(file)
        yield Graph(dataset, base_of(dataset)), None
    elif as_written:
        with stores.open_store(folder, read_only=True) as kept:
            yield Graph(kept.dataset, kept.base), kept.log()
    else:
        view = keeping.opened(folder)
        yield ByGraph(view, base_of_folder(folder)), journal.entries(folder)
