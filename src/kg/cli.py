"""The command ``kg``: arguments in, one call, text out. Data to standard output, messages to standard error.

Everything beyond click is imported by the command that needs it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from kg import __version__
from kg.errors import KgError

if TYPE_CHECKING:
    import pyoxigraph

    from kg.build import Account
    from kg.pipeline import Reading
    from kg.traverse import Graph

STORE = "kg-store"  # the store in the working folder, where neither --store nor KG_STORE names one
CONFIGURATION = "kg.toml"  # base = "https://…", store = "folder"
SHELLS = ("bash", "zsh", "fish")
Command = TypeVar("Command", bound=Callable[..., Any])

CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 110}


# ------------------------------------------------------------------------------------------------------ shared options


def from_graph(command: Command) -> Command:
    """``--graph FILE`` and ``--store DIR`` of the commands that read a graph."""
    command = click.option("--graph", "file", metavar="FILE", help="A graph file instead of a store.")(command)
    return click.option("--store", metavar="DIR", envvar="KG_STORE", help="The store to read.  [default: ./kg-store]")(
        command
    )


def in_language(command: Command) -> Command:
    """``--lang`` of the commands that write sentences."""
    choice = click.Choice(["id", "en"])
    return click.option("--lang", type=choice, default="id", show_default=True, help="Language of the words.")(command)


@contextmanager
def dataset(file: str | None, store: str | None) -> Iterator[pyoxigraph.Store]:
    """The graph that a command reads: of a file, or of a store that others may write meanwhile."""
    from kg import store as stores

    if file is not None:
        yield stores.load_dataset(file)
        return
    with stores.open_store(store or configured("store", STORE), read_only=True) as kept:
        yield kept.dataset


def configured(name: str, default: str) -> str:
    """A setting of ``kg.toml`` in the working folder."""
    path = Path(CONFIGURATION)
    if not path.is_file():
        return default
    import tomllib

    try:
        value = tomllib.loads(path.read_text("utf-8")).get(name, default)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise KgError(f"{path}: {error}") from None
    if not isinstance(value, str):
        raise KgError(f"{path}: {name} must be text in quotation marks")
    return value


def say(text: str, **style: Any) -> None:
    """A message to standard error, coloured on a terminal only; nothing with --quiet."""
    context = click.get_current_context(silent=True)
    if context is None or not context.find_root().params.get("quiet"):
        click.secho(text, err=True, **style)


def put(text: str) -> None:
    """Data to standard output."""
    from kg.output import write_atomic

    write_atomic("-", text.encode() if text.endswith("\n") or not text else f"{text}\n".encode())


# --------------------------------------------------------------------------------------------------------------- group


@click.group(context_settings=CONTEXT)
@click.version_option(__version__, "--version", prog_name="kg", message="%(prog)s %(version)s")
@click.option("-q", "--quiet", is_flag=True, help="No messages but errors.")
@click.option("-v", "--verbose", is_flag=True, help="Tell the time of each stage.")
def cli(**_: bool) -> None:
    """Read Indonesian government news into a knowledge graph in which every fact points at its words.

    \b
    Example: kg build data/articles/kota-cerdas.txt -o graph.ttl
    """


# --------------------------------------------------------------------------------------------------------------- build


@cli.command()
@click.argument("sources", nargs=-1, required=True)
@click.option("-o", "--output", metavar="FILE", help="Write the graph to FILE; '-' is standard output.")
@click.option("-f", "--format", "name", metavar="FORMAT", help="Format of FILE, where its ending doesn't say.")
@click.option("--store", metavar="DIR", envvar="KG_STORE", help="Keep it in a store.  [default without -o: ./kg-store]")
@click.option("--facts-only", is_flag=True, help="Write FILE without claims and evidence.")
@click.option("--base", metavar="IRI", help="What ids begin with.")
@click.option("--encoding", metavar="NAME", help="Encoding of the sources, where it isn't told or guessed right.")
def build(
    sources: tuple[str, ...],
    output: str | None,
    name: str | None,
    store: str | None,
    facts_only: bool,
    base: str | None,
    encoding: str | None,
) -> None:
    """Read SOURCES (texts, pages, folders, '-') into a graph: a file, a store, or both.

    \b
    Example: kg build data/articles/kota-cerdas.txt -o graph.ttl
    """
    from kg import build as building
    from kg import export
    from kg.output import expect_target
    from kg.vocabulary import DEFAULT_BASE

    base = base or configured("base", DEFAULT_BASE)
    if output is not None:
        expect_target("-" if output == "-" else Path(output))
    form = name or (None if output is None else "turtle" if output == "-" else export.by_suffix(output))
    account = building.Account()
    found: list[Reading] = []
    place = store if output is not None else store or configured("store", STORE)
    with kept_in(place, base) as keep:
        for reading in watched(building.readings(list(sources), account, base=base, encoding=encoding), sources):
            if keep is not None:
                keep(reading, account)
            if form is not None:
                found.append(reading)
    tell(account)
    if account.articles and output is not None and form is not None:
        write(output, building.graph(found), form, base=base, facts_only=facts_only)
    if account.articles and place is not None:
        outcomes = ", ".join(f"{count} {outcome}" for outcome, count in sorted(account.outcomes.items()))
        say(f"store {place}: {outcomes}")
    if account.unread:
        raise SystemExit(KgError.exit_code if account.articles else account.unread[0].error.exit_code)


@contextmanager
def kept_in(place: str | None, base: str) -> Iterator[Callable[[Reading, Account], None] | None]:
    """What keeps an article in the store; None without a store. The store is made with the first article."""
    if place is None:
        yield None
        return
    from kg import build as building
    from kg.store import Store, open_store

    opened: list[Store] = []

    def keep(reading: Reading, account: Account) -> None:
        if not opened:
            opened.append(open_store(place, create=True, base=base))
        building.keep(reading, opened[0], account)

    try:
        yield keep
    finally:
        for one in opened:
            one.close()


def watched(found: Iterator[Reading], sources: tuple[str, ...]) -> Iterator[Reading]:
    """The same with a progress bar, on a terminal and for several sources."""
    quiet = click.get_current_context().find_root().params.get("quiet")
    if quiet or not sys.stderr.isatty():
        yield from found
        return
    from kg.source import files

    count = sum(1 for source in sources for _ in files(source))
    if count < 2:
        yield from found
        return
    with click.progressbar(found, length=count, label="articles", file=sys.stderr) as bar:
        yield from bar


def tell(account: Account) -> None:
    """What became of everything, on standard error; sources that can't be read even with --quiet."""
    for unread in account.unread:
        click.secho(f"kg: {unread.error}", err=True, fg="red")
    if not account.articles:
        return
    skipped = f", {len(account.unread)} skipped" if account.unread else ""
    say(f"{account.articles} article{'s' if account.articles > 1 else ''} read{skipped}")
    say(
        f"{account.read} claims read = {account.admitted} let in + {account.quarantined} quarantined"
        f" + {account.merged} merged"
    )
    if account.quarantined:
        say("why some are in quarantine: kg query quarantine")
    if click.get_current_context().find_root().params.get("verbose"):
        for stage, seconds in account.timings.most_common():
            say(f"  {stage:<9} {1000 * seconds:>8.1f} ms")


def write(output: str, quads: list[pyoxigraph.Quad], form: str, *, base: str, facts_only: bool) -> None:
    """A graph to a file, or to standard output."""
    from kg import export
    from kg.output import write_atomic

    data = export.write(quads, form, base=base, facts_only=facts_only)
    write_atomic("-" if output == "-" else Path(output), data)
    if output != "-":
        say(f"{output}: {len(data):,} bytes of {form}", fg="green")


@cli.command()
@click.argument("sources", nargs=-1, required=True)
@click.option(
    "-f", "--format", "name", type=click.Choice(["jsonl", "table", "csv"]), default="jsonl", show_default=True
)
@click.option("--encoding", metavar="NAME", help="Encoding of the sources.")
def facts(sources: tuple[str, ...], name: str, encoding: str | None) -> None:
    """Print the fact table of SOURCES: one fact a line, each with the places of its words.

    \b
    Example: kg facts data/articles/kota-cerdas.txt -f table
    """
    from pyoxigraph import Store

    from kg import build as building
    from kg import facts as tables
    from kg.rdf import Ids
    from kg.vocabulary import DEFAULT_BASE

    account = building.Account()
    graph, names = Store(), {}
    for reading in watched(building.readings(list(sources), account, encoding=encoding), sources):
        graph.extend(reading.quads)
        names[Ids(DEFAULT_BASE).article(reading.article).value] = Path(reading.article.source).stem
    tell(account)
    if account.articles:
        put(tables.format_facts(tables.facts(graph, names), name))
    if account.unread:
        raise SystemExit(KgError.exit_code if account.articles else account.unread[0].error.exit_code)


# ----------------------------------------------------------------------------------------------------------- questions


@cli.command()
@click.argument("graph_file", metavar="[GRAPH]", required=False)
@from_graph
@in_language
def check(graph_file: str | None, file: str | None, store: str | None, lang: str) -> None:
    """Check a graph file or the store against the shapes; each finding with the words that it is about.

    \b
    Example: kg check graph.ttl
    """
    from kg import check as gate
    from kg import store as stores

    with dataset(graph_file or file, store) as graph:
        wrong = stores.wrong_evidence(graph)
        findings = gate.validate(graph)
        lines = [*wrong, *(gate.as_line(finding, lang) for finding in findings)]
    violations = len(wrong) + sum(finding.is_violation for finding in findings)
    for line in lines:
        put(line)
    say(f"{violations} violations, {len(lines) - violations} warnings", fg="red" if violations else "green")
    if violations:
        raise SystemExit(1)


@cli.command()
@click.argument("query", metavar="NAME|FILE|-", required=False)
@click.option("--set", "given", metavar="KEY=VALUE", multiple=True, help="A parameter of the query; may be repeated.")
@click.option("-f", "--format", "form", metavar="FORMAT", help="table, csv, tsv, json, xml; turtle for a graph.")
@click.option("--list", "listed", is_flag=True, help="List the named queries with their parameters.")
@from_graph
@in_language
def query(
    query: str | None,
    given: tuple[str, ...],
    form: str | None,
    listed: bool,
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
    chosen = _query(query)
    with dataset(file, store) as graph:
        answer = queries.run(graph, chosen, _settings(given))
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


@cli.command()
@click.argument("name")
@from_graph
@in_language
def show(name: str, file: str | None, store: str | None, lang: str) -> None:
    """Print all that the graph knows about one thing, with the words that say so.

    \b
    Example: kg show Arman --graph graph.ttl
    """
    from kg import show as showing

    with dataset(file, store) as graph:
        put(showing.show(graph, name, lang))


# ---------------------------------------------------------------------------------------------------------- traversals


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


@cli.command()
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


@cli.command()
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


@cli.command()
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


@cli.command()
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


# ------------------------------------------------------------------------------------------------------ other formats


@cli.command()
@click.option("-f", "--format", "name", metavar="FORMAT", help="Format, where the ending of FILE doesn't say.")
@click.option("-o", "--output", metavar="FILE", default="-", show_default=True, help="A folder for -f csv, too.")
@click.option("--facts-only", is_flag=True, help="Without claims and evidence.")
@click.option("--with-reference", is_flag=True, help="With the reference data.")
@from_graph
def export(
    name: str | None, output: str, facts_only: bool, with_reference: bool, file: str | None, store: str | None
) -> None:
    """Write the graph as turtle, trig, ntriples, nquads, jsonld, rdfxml, csv, graphml, gexf or annotations.

    \b
    Example: kg export -f jsonld -o graph.jsonld --graph graph.ttl
    """
    from kg import export as exports
    from kg import store as stores
    from kg.output import write_atomic

    target = Path(output)
    folder = output != "-" and (target.is_dir() or output.endswith("/"))
    form = name or ("turtle" if output == "-" else "csv" if folder else exports.by_suffix(output))
    with dataset(file, store) as graph:
        quads = stores.published(graph, reference=with_reference)
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


@cli.command()
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


# --------------------------------------------------------------------------------------------------------------- store


@cli.command()
@click.argument("article")
@click.option("--store", metavar="DIR", envvar="KG_STORE", help="The store.  [default: ./kg-store]")
def remove(article: str, store: str | None) -> None:
    """Take an article back: by its file, address, title, key or id. What other articles state as well stays.

    \b
    Example: kg remove kota-cerdas.txt
    """
    from kg.store import open_store

    with open_store(store or configured("store", STORE)) as kept:
        key = kept.remove(article)
    say(f"{article}: taken back ({key})", fg="green")


@cli.command()
@click.option("--store", metavar="DIR", envvar="KG_STORE", help="The store.  [default: ./kg-store]")
def log(store: str | None) -> None:
    """Print what was done to the store and when, one JSON object a line.

    \b
    Example: kg log
    """
    import json

    from kg.store import open_store

    with open_store(store or configured("store", STORE), read_only=True) as kept:
        put("\n".join(json.dumps(entry, ensure_ascii=False) for entry in kept.log()))


@cli.command()
@click.argument("shell", type=click.Choice(SHELLS))
def completion(shell: str) -> None:
    """Print the script that completes kg's commands and options in a shell.

    \b
    Example: kg completion bash
    """
    from click.shell_completion import get_completion_class

    found = get_completion_class(shell)
    if found is None:
        raise KgError(f"{shell}: no completion for this shell; choose one of {', '.join(SHELLS)}")
    put(found(cli, {}, "kg", "_KG_COMPLETE").source())


def main() -> None:
    """Run the command; every mistake of input or use is one line on standard error, with its exit code."""
    try:
        code = cli.main(prog_name="kg", standalone_mode=False)
    except KgError as error:
        click.secho(f"kg: {error}", err=True, fg="red")
        code = error.exit_code
    except click.exceptions.Exit as error:
        code = error.exit_code
    except click.UsageError as error:
        click.secho(f"kg: {' '.join(error.format_message().split())}", err=True, fg="red")
        code = 2
    except (click.Abort, KeyboardInterrupt):
        click.secho("kg: interrupted", err=True, fg="red")
        code = 130
    sys.exit(code)


if __name__ == "__main__":
    main()
