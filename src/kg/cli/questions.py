"""The commands that ask a graph: check, query, show."""

from __future__ import annotations

import os
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import click

from kg.cli.shared import configured_list, dataset, from_graph, in_language, put, say, viewed
from kg.errors import KgError


@click.command()
@click.argument("graph_file", metavar="[GRAPH]", required=False)
@from_graph
@in_language
def check(graph_file: str | None, file: str | None, store: str | None, lang: str) -> None:
    """Check a graph file or the store against the shapes; each finding with the words that it is about.

    \b
    Example: kg check graph.ttl
    """
    from kg import check as gate
    from kg.store.evidence import wrong_evidence

    with dataset(graph_file or file, store) as graph:
        wrong = wrong_evidence(graph)
        findings = gate.validate(graph)
        lines = [*wrong, *(gate.as_line(finding, lang) for finding in findings)]
    violations = len(wrong) + sum(finding.is_violation for finding in findings)
    for line in lines:
        put(line)
    say(f"{violations} violations, {len(lines) - violations} warnings", fg="red" if violations else "green")
    if violations:
        raise SystemExit(1)


@click.command()
@click.argument("query", metavar="NAME|FILE|-", required=False)
@click.option("--set", "given", metavar="KEY=VALUE", multiple=True, help="A parameter of the query; may be repeated.")
@click.option("-f", "--format", "form", metavar="FORMAT", help="table, csv, tsv, json, xml; turtle for a graph.")
@click.option("--list", "listed", is_flag=True, help="List the named queries with their parameters.")
@click.option("--endpoint", metavar="URL", help="Ask a SPARQL endpoint that holds the graph, as kg store send does.")
@click.option("--allow-service", "allowed", metavar="URL", multiple=True, help="SERVICE may ask this endpoint.")
@click.option(
    "--service-timeout",
    "seconds",
    metavar="SECONDS",
    type=click.FloatRange(min=0, min_open=True),
    default=60,
    show_default=True,
    help="How long other machines may take, for SERVICE and --endpoint.",
)
@from_graph
@in_language
def query(
    query: str | None,
    given: tuple[str, ...],
    form: str | None,
    listed: bool,
    endpoint: str | None,
    allowed: tuple[str, ...],
    seconds: float,
    file: str | None,
    store: str | None,
    lang: str,
) -> None:
    """Ask a named query, a SPARQL file or '-'.

    \b
    Example: kg query members --graph graph.ttl
    """
    from kg import query as queries

    if listed:
        put(queries.listing(lang))
        return
    if query is None:
        raise KgError("name a query, a file or '-'; kg query --list shows the named ones")
    if endpoint is not None and file is not None:
        raise KgError("--endpoint and --graph: one of them; an endpoint has its own graph")
    chosen = _query(query)
    services = {*allowed, *configured_list("allow-service")}
    if endpoint is not None:
        from kg.view.asking import Endpoint
        from kg.view.protocol import told

        with Endpoint(endpoint, told(), seconds=seconds) as asked:
            answer = asked.ask(chosen, _settings(given), allowed=services)
    else:
        with viewed(file, store) as graph:
            answer = queries.run(graph, chosen, _settings(given), allowed=services, seconds=seconds)
    put(queries.format_answer(answer, form))


def _query(name: str) -> Any:
    from kg import query as queries

    if name == "-":
        return queries.own(sys.stdin.read(), "standard input")
    if name.endswith((".rq", ".sparql")) or os.sep in name:
        try:
            return queries.own(Path(name).read_text("utf-8"), name)
        except (OSError, UnicodeDecodeError) as error:
            raise KgError(
                f"{name}: {getattr(error, 'strerror', None) or error}; give a SPARQL file or a name"
            ) from None
    return queries.pick(name)


def _settings(given: tuple[str, ...]) -> dict[str, str]:
    settings = {}
    for pair in given:
        key, sign, value = pair.partition("=")
        if not sign:
            raise KgError(f"--set {pair}: expected KEY=VALUE, as in --set network=ASCN")
        settings[key] = value
    return settings


@click.command()
@click.argument("name")
@from_graph
@in_language
def show(name: str, file: str | None, store: str | None, lang: str) -> None:
    """Print all that the graph knows about one thing, with the words that say so.

    \b
    Example: kg show Arman --graph graph.ttl
    """
    from kg import show as showing

    with viewed(file, store) as graph, dataset(file, store) if file is None else nullcontext() as written:
        put(showing.show(graph, name, lang, written))
