"""The commands that walk through a graph: path, near, rank, groups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from kg.cli.shared import Command, from_graph, in_language, put, say, viewed

if TYPE_CHECKING:
    from kg.traverse import Graph


def projected(file: str | None, store: str | None) -> Graph:
    """The graph of things and relations, all of it in memory."""
    from kg import traverse

    with viewed(file, store) as view:
        return traverse.project(view)


def as_result(command: Command) -> Command:
    """``-f`` of the traversals."""
    choice = click.Choice(["text", "json"])
    return click.option("-f", "--format", "form", type=choice, default="text", show_default=True)(command)


def answer(result: Any, form: str, lang: str) -> None:
    """The result of a traversal in the format asked for."""
    from kg import traverse

    put(traverse.as_json(result) if form == "json" else traverse.as_text(result, lang))


@click.command()
@click.argument("a")
@click.argument("b")
@click.option("--limit", type=click.IntRange(1), default=3, show_default=True, help="The most ways to print.")
@as_result
@from_graph
@in_language
def path(a: str, b: str, limit: int, form: str, file: str | None, store: str | None, lang: str) -> None:
    """Print the shortest ways from one thing to another, with the words of each step.

    \b
    Example: kg path Arman Pontianak --graph graph.ttl
    """
    from kg import traverse

    with viewed(file, store) as view:
        found = traverse.paths(view, a, b, limit=limit)
    answer(found.paths, form, lang)
    if not found.is_all:
        say("note: too many links to look at all of them: there may be other ways that are as short", fg="yellow")


@click.command()
@click.argument("a")
@click.option("--hops", type=click.IntRange(0), default=1, show_default=True, help="How far to go.")
@click.option("--limit", type=click.IntRange(1), default=500, show_default=True, help="The most things to print.")
@click.option(
    "-f", "--format", "form", type=click.Choice(["text", "json", "graphml"]), default="text", show_default=True
)
@from_graph
@in_language
def near(a: str, hops: int, limit: int, form: str, file: str | None, store: str | None, lang: str) -> None:
    """Print what is linked with a thing.

    \b
    Example: kg near ASCN --graph graph.ttl
    """
    from kg import traverse

    with viewed(file, store) as view:
        graph, *left_out = traverse.ego(view, node := traverse.named(view, a), hops, limit=limit)
    if form == "graphml":
        import networkx as nx

        put("\n".join(nx.generate_graphml(traverse.plain(graph))))
    else:
        answer(traverse.around(graph, node, *left_out), form, lang)
    things, claims = left_out
    if things:
        say(f"note: {things} more things were left out; --limit shows more of them", fg="yellow")
    if claims:
        say(f"note: {claims} more statements aren't shown", fg="yellow")


@click.command()
@click.option("--by", type=click.Choice(["pagerank", "degree", "betweenness"]), default="pagerank", show_default=True)
@click.option("--top", type=click.IntRange(1), default=20, show_default=True, help="How many to print.")
@as_result
@from_graph
@in_language
def rank(by: str, top: int, form: str, file: str | None, store: str | None, lang: str) -> None:
    """Print the things that matter most in the graph.

    \b
    Example: kg rank --top 5 --graph graph.ttl
    """
    from kg import traverse

    with viewed(file, store) as view:
        answer(traverse.rank(view, by, top), form, lang)


@click.command()
@as_result
@from_graph
@in_language
def groups(form: str, file: str | None, store: str | None, lang: str) -> None:
    """Print groups of things that are linked with each other more than with the rest.

    \b
    Example: kg groups --graph graph.ttl
    """
    from kg import traverse

    with viewed(file, store) as view:
        answer(traverse.groups(view), form, lang)
