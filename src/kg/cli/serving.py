"""The command that serves a graph."""

from __future__ import annotations

import click

from kg.cli.shared import STORE, configured, from_graph, in_language, say
from kg.errors import KgError


@click.command()
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="Address to serve on; this one is not seen by others."
)
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="Port; 0 for a free one.")
@from_graph
@in_language
def serve(host: str, port: int, file: str | None, store: str | None, lang: str) -> None:
    """Serve the graph to other programs until Ctrl-C: a reconciliation service for OpenRefine and others.

    \b
    Example: kg serve --store kg-store
    """
    try:
        from kg.serve import app, run
    except ImportError as error:
        raise KgError(f"kg serve needs {error.name}; install it with: pip install 'jejaring[serve]'") from None
    from kg.serve.current import Current

    current = Current(file=file, store=None if file else store or configured("store", STORE))

    def ready(address: str) -> None:
        say(f"{current.name} is served at {address}", fg="green")
        say(f"for OpenRefine: {address}reconcile; stop with Ctrl-C")

    run.serve(app.app(current, lang=lang), host, port, ready)
