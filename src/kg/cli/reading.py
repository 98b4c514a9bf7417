"""The commands that read articles: build, facts."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.cli.corpus import How, Job, read_many, with_workers
from kg.cli.proposing import Proposals, Proposing, with_proposer
from kg.cli.shared import STORE, as_typed, configured, of_sources, own_knowledge, put, say, say_claims, to_ask, with_own
from kg.errors import KgError

if TYPE_CHECKING:
    import pyoxigraph

    from kg.build import Account
    from kg.model import Acceptance
    from kg.pipeline import Reading
    from kg.store import Store


@click.command()
@click.argument("sources", nargs=-1, required=True)
@click.option("-o", "--output", metavar="FILE", help="Write the graph to FILE; '-' is standard output.")
@click.option("-f", "--format", "name", metavar="FORMAT", help="Format of FILE, where its ending doesn't say.")
@click.option("--store", metavar="DIR", envvar="KG_STORE", help="Keep it in a store.  [default without -o: ./kg-store]")
@click.option("--facts-only", is_flag=True, help="Write FILE without claims and evidence.")
@click.option("--base", metavar="IRI", help="What ids begin with.")
@with_workers
@with_proposer
@with_own
@of_sources
def build(
    sources: tuple[str, ...],
    output: str | None,
    name: str | None,
    store: str | None,
    facts_only: bool,
    base: str | None,
    how: How,
    proposing: Proposing,
    rules: tuple[Path, ...],
    names: tuple[Path, ...],
    encoding: str | None,
    text_field: str | None,
) -> None:
    """Read SOURCES into a graph: a file, a store, or both.

    SOURCES are folders, files or '-': plain text, HTML pages, sites saved with their sitemaps, feeds (RSS, Atom), JSON
    and JSON lines, tables (SQLite, Parquet, Arrow), PDF, e-mail (.eml, mbox), web archives (WARC, WACZ), and ZIP, tar
    and gzip archives of them. What a file holds is told by its content. More than fifty articles are read by all cores,
    in batches; stopped, the same command goes on.

    \b
    Example: kg build data/articles/kota-cerdas.txt -o graph.ttl
    """
    from kg import build as building
    from kg import export
    from kg.article import Progress
    from kg.corpus.reading import QUICK, SMALL, Limits, Settings
    from kg.output import expect_target
    from kg.vocabulary import DEFAULT_BASE

    base = base or configured("base", DEFAULT_BASE)
    if output is not None and how.parts:
        raise KgError("give -o FILE for one file, or --parts DIR for many, not both")
    if output is not None:
        expect_target("-" if output == "-" else Path(output))
    form = name or (None if output is None else "turtle" if output == "-" else export.by_suffix(output))
    own = own_knowledge(rules, names)
    place = store if output is not None else store or configured("store", STORE)
    job = Job(sources, encoding, text_field)
    progress = Progress()
    articles = job.articles(progress)
    if output is None:
        is_many, articles = how.are_many(articles)
        if is_many:
            limits = Limits(how.time_limit, how.memory_limit)
            level = SMALL if how.parts else QUICK
            settings = Settings(base, rules, names, accepted_in(how.parts or place), limits, level)
            with proposing.opened() as asked:
                read_many(articles, how, job, settings, place, asked, progress)
            return
    account = building.Account()
    found: list[Reading] = []
    with proposing.opened() as asked, kept_in(place, base) as keep:
        every = building.readings(
            asked.ahead(articles), account, base=base, own=own, accepted=accepted_in(place), proposer=asked.asker
        )
        for reading in watched(asked.counted(every), sources):
            if keep is not None:
                keep(reading, account)
            if form is not None:
                found.append(reading)
    asked_by = None
    if form in export.GRAPHS and not facts_only:
        asked_by = to_ask(output, export.EXPORTS[form].media_type)
    tell(account, as_typed("--store", place) if place else asked_by)
    if found and output is not None and form is not None:
        write(output, building.graph(found), form, base=base, facts_only=facts_only)
    _end(account, place, asked)


def _end(account: Account, place: str | None, asked: Proposals) -> None:
    """Tell what became of the store; end with an exit code where something could not be read."""
    if account.articles and place is not None:
        outcomes = ", ".join(f"{count} {outcome}" for outcome, count in sorted(account.outcomes.items()))
        say(f"store {place}: {outcomes}")
    asked.tell()
    if account.unread:
        raise SystemExit(KgError.exit_code if account.articles else account.unread[0].error.exit_code)
    asked.end()


def accepted_in(place: str | None) -> Mapping[str, Acceptance]:
    """What persons let into this store although it breaks a shape; of a file alone nothing."""
    from kg.link.judgements import locate
    from kg.quarantine import Words, beside

    if place is None:
        return {}
    return Words.load(beside(locate(None, configured("judgements", "") or None, place))).accepted()


@contextmanager
def kept_in(place: str | None, base: str) -> Iterator[Callable[[Reading, Account], None] | None]:
    """What keeps an article in the store; None without a store. The store is made with the first article."""
    if place is None:
        yield None
        return
    from kg import build as building
    from kg.cli.voices import tell_voices
    from kg.store import open_store
    from kg.view.keeping import keep_up

    opened: list[Store] = []

    def keep(reading: Reading, account: Account) -> None:
        if not opened:
            opened.append(open_store(place, create=True, base=base))
        building.keep(reading, opened[0], account)

    try:
        yield keep
        for one in opened:
            tell_who_is_who(one)
            tell_voices(one)
            keep_up(one)
    finally:
        for one in opened:
            one.close()


def tell_who_is_who(store: Store) -> None:
    """Bring who is who in a store up to date after a change, and say what became of those of the articles read."""
    from kg.link.identities import update
    from kg.link.judgements import Judgements, locate

    found = update(store, Judgements.load(locate(None, configured("judgements", "") or None, store.path), store.base))
    if (bodies := found.bodies) is not None and bodies.merged + bodies.open:
        left = f", {bodies.open} pair{_s(bodies.open)} to be judged" if bodies.open else ""
        merged = "1 body" if bodies.merged == 1 else f"{bodies.merged} bodies"
        say(f"{merged} merged of several names{left}: kg link bodies")
    if not found.persons:
        return
    merged = f", {found.merged} merged of several spellings or posts" if found.merged else ""
    left = f", {found.open} pair{_s(found.open)} to be judged" if found.open else ""
    more = ": kg link people" if merged or left else ""
    say(f"{found.persons} person{_s(found.persons)}, {found.several} of them in several articles{merged}{left}{more}")


def _s(count: int) -> str:
    return "" if count == 1 else "s"


def watched(found: Iterator[Reading], sources: tuple[str, ...]) -> Iterator[Reading]:
    """The same with a progress bar, on a terminal and for several sources."""
    quiet = click.get_current_context().find_root().params.get("quiet")
    if quiet or not sys.stderr.isatty():
        yield from found
        return
    from kg.sources import count

    length = count(sources)  # None where a file may hold any number
    if length == 1:
        yield from found
        return
    with click.progressbar(found, length=length, label="articles", show_pos=True, file=sys.stderr) as bar:
        yield from bar


def tell(account: Account, kept: str | None = None) -> None:
    """What became of everything, on standard error; sources that can't be read even with --quiet.

    ``kept`` is the option that names where the claims are now.
    """
    for note in account.notes:
        say(f"note: {note.error}", fg="yellow")
    for unread in account.unread:
        click.secho(f"kg: {unread.error}", err=True, fg="red")
    if not account.articles:
        return
    skipped = f", {len(account.unread)} skipped" if account.unread else ""
    say(f"{account.articles} article{'s' if account.articles > 1 else ''} read{skipped}")
    say_claims(account, kept)
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


@click.command()
@click.argument("sources", nargs=-1, required=True)
@click.option(
    "-f", "--format", "name", type=click.Choice(["jsonl", "table", "csv"]), default="jsonl", show_default=True
)
@with_own
@of_sources
def facts(
    sources: tuple[str, ...],
    name: str,
    rules: tuple[Path, ...],
    names: tuple[Path, ...],
    encoding: str | None,
    text_field: str | None,
) -> None:
    """Print the fact table of SOURCES: one fact a line, each with the places of its words.

    \b
    Example: kg facts data/articles/kota-cerdas.txt -f table
    """
    from pyoxigraph import Store

    from kg import build as building
    from kg import facts as tables
    from kg.article import read_sources, short_name
    from kg.rdf import Ids
    from kg.vocabulary import DEFAULT_BASE

    own = own_knowledge(rules, names)
    account = building.Account()
    graph, stems = Store(), {}
    every = building.readings(read_sources(sources, encoding=encoding, text_field=text_field), account, own=own)
    for reading in watched(every, sources):
        graph.extend(reading.quads)
        stems[Ids(DEFAULT_BASE).article(reading.article).value] = short_name(reading.article)
    tell(account)
    if account.articles:
        put(tables.format_facts(tables.facts(graph, stems), name))
    if account.unread:
        raise SystemExit(KgError.exit_code if account.articles else account.unread[0].error.exit_code)
