"""The command that serves a graph."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from kg.cli.link.shared import day_of, load_judgements, publish_judgements, with_judgements
from kg.cli.shared import STORE, configured, from_graph, in_language, say
from kg.errors import KgError

if TYPE_CHECKING:
    from kg.serve.reviewing import Desk

LOCAL = ("127.0.0.1", "localhost", "::1")


@click.command()
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="Address to serve on; this one is not seen by others."
)
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="Port; 0 for a free one.")
@click.option("--write", is_flag=True, help="With a page /tinjau on which to judge what is open; on this machine only.")
@with_judgements
@from_graph
@in_language
def serve(
    host: str, port: int, write: bool, judgements: str | None, file: str | None, store: str | None, lang: str
) -> None:
    """Serve the graph to other programs until Ctrl-C: a reconciliation service for OpenRefine and others.

    \b
    Example: kg serve --store kg-store
    """
    try:
        import starlette  # noqa: F401 - only whether it is there
        import uvicorn  # noqa: F401
    except ModuleNotFoundError as error:
        raise KgError(f"kg serve needs {error.name}; install it with: pip install 'jejaring[serve]'") from None
    from kg.serve import app, run
    from kg.serve.current import Current

    if write and host not in LOCAL:
        raise KgError(f"--write: anybody who reaches {host} could judge; serve it on {LOCAL[0]}")
    current = Current(file=file, store=None if file else store or configured("store", STORE))

    def ready(address: str) -> None:
        say(f"{current.name} is served at {address}", fg="green")
        say(f"for OpenRefine: {address}reconcile; stop with Ctrl-C")
        if write:
            say(f"to judge what is open: {address}tinjau")

    run.serve(app.app(current, lang=lang, desk=_desk(judgements, store) if write else None), host, port, ready)


def _desk(judgements: str | None, store: str | None) -> Desk:
    """Where answers go; read anew for each page, as ``kg link`` may write meanwhile."""
    from kg.serve.reviewing import Desk

    return Desk(
        load=lambda: load_judgements(judgements, store),
        publish=lambda kept: publish_judgements(kept, store),
        today=lambda: day_of(None),
        author=configured("author", ""),
    )
