"""The commands that walk through a graph: path, near, rank, groups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from kg.cli.shared import Command, dataset, from_graph, in_language, put

if TYPE_CHECKING:
    from kg.traverse import Graph


def projected(file: str | None, store: str | None) -> Graph:
    """The graph of things and relations."""
    from kg import traverse

    with dataset(file, store) as graph:
        return traverse.project(graph)


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
@click.option("--limit", default=3, show_default=True, help="The most ways to print.")
@as_result
@from_graph
@in_language
def path(a: str, b: str, limit: int, form: str, file: str | None, store: str | None, lang: str) -> None:
    """Print the shortest ways from one thing to another, with the words of each step.

    \b
    Example: kg path Arman Pontianak --graph graph.ttl
    """
    from kg import traverse

    graph = projected(file, store)
    answer(traverse.paths(graph, a, b, limit=limit), form, lang)


@click.command()
@click.argument("a")
@click.option("--hops", default=1, show_default=True, help="How far to go.")
@click.option(
    "-f", "--format", "form", type=click.Choice(["text", "json", "graphml"]), default="text", show_default=True
)
@from_graph
@in_language
def near(a: str, hops: int, form: str, file: str | None, store: str | None, lang: str) -> None:
    """Print what is linked with a thing.

    \b
    Example: kg near ASCN --graph graph.ttl
    """
    from kg import traverse

    graph = projected(file, store)
    if form == "graphml":
        import networkx as nx

        part = traverse.plain(traverse.ego(graph, traverse.find(graph, a), hops))
        put("\n".join(nx.generate_graphml(part)))
        return
    answer(traverse.near(graph, a, hops), form, lang)


@click.command()
@click.option("--by", type=click.Choice(["pagerank", "degree", "betweenness"]), default="pagerank", show_default=True)
@click.option("--top", default=20, show_default=True, help="How many to print.")
@as_result
@from_graph
@in_language
def rank(by: str, top: int, form: str, file: str | None, store: str | None, lang: str) -> None:
    """Print the things that matter most in the graph.

    \b
    Example: kg rank --top 5 --graph graph.ttl
    """
    from kg import traverse

    answer(traverse.rank(projected(file, store), by)[:top], form, lang)


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

    answer(traverse.groups(projected(file, store)), form, lang)
