"""The command that serves a graph."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from kg.cli.link.shared import day_of, load_judgements, publish_judgements, with_judgements
from kg.cli.shared import CONFIGURATION, STORE, configured, configured_list, from_graph, in_language, say
from kg.errors import KgError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.publish.settings import Settings as Publication
    from kg.serve.app import Writing
    from kg.serve.current import Current
    from kg.serve.quarantining import Bench
    from kg.serve.reviewing import Desk
    from kg.serve.settings import Settings
    from kg.serve.sparql.limits import Limits
    from kg.serve.sparql.pool import Pool
    from kg.serve.sparql.token import Token

NO_SPARQL = "no SPARQL endpoint: it needs a file or store to read again, and Linux or macOS"
TOKEN = "KG_UPDATE_TOKEN"
WITHOUT = "not sent to an endpoint, so not shown: texts of articles (their quoted words are), articles taken back"


@click.command()
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="Address to serve on; this one is not seen by others."
)
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="Port; 0 for a free one.")
@click.option("--endpoint", metavar="URL", help="Serve what a SPARQL endpoint holds, as kg store send fills it.")
@click.option("--base-url", metavar="URL", help="Its address on the web, where it stands behind a proxy.")
@click.option("--allow-host", "hosts", metavar="NAME", multiple=True, help="Another name that it may be asked under.")
@click.option("--log-format", "log", type=click.Choice(["text", "json"]), help="Tell each request on standard error.")
@click.option("--write", is_flag=True, help="With pages on which to judge: /tinjau and /review/quarantine.")
@click.option(
    "--token-file", metavar="FILE", help="The token of who may judge.  [default: KG_WRITE_TOKEN, else one is made]"
)
@click.option(
    "--timeout",
    type=click.FloatRange(0.05, 86400),
    default=30,
    show_default=True,
    metavar="SECONDS",
    help="A SPARQL query that runs longer is ended.",
)
@click.option(
    "--rows",
    type=click.IntRange(1),
    default=100_000,
    show_default=True,
    metavar="N",
    help="Most rows, or triples, of a SPARQL answer.",
)
@click.option(
    "--bytes",
    "size",
    type=click.IntRange(1),
    default=50_000_000,
    show_default=True,
    metavar="N",
    help="Most bytes of a SPARQL answer.",
)
@click.option(
    "--workers",
    type=click.IntRange(1, 256),
    default=2,
    show_default=True,
    help="SPARQL queries of one client answered at once.",
)
@click.option("--allow-service", "allowed", metavar="URL", multiple=True, help="SERVICE may ask this endpoint.")
@click.option(
    "--update-token-file",
    "update_token",
    metavar="FILE",
    help="Take SPARQL updates of graphs of one's own from clients that send the word in this file; or KG_UPDATE_TOKEN.",
)
@click.option("--texts", is_flag=True, help="Show whole articles on any host, and not on this machine alone.")
@with_judgements
@from_graph
@in_language
def serve(
    host: str,
    port: int,
    endpoint: str | None,
    base_url: str | None,
    hosts: tuple[str, ...],
    log: str | None,
    write: bool,
    token_file: str | None,
    timeout: float,
    rows: int,
    size: int,
    workers: int,
    allowed: tuple[str, ...],
    update_token: str | None,
    texts: bool,
    judgements: str | None,
    file: str | None,
    store: str | None,
    lang: str,
) -> None:
    """Serve the graph to other programs until Ctrl-C: SPARQL, and reconciliation for OpenRefine and others.

    \b
    Example: kg serve --store kg-store
    """
    try:
        import mimeparse  # noqa: F401
        import prometheus_client  # noqa: F401
        import starlette  # noqa: F401 - only whether it is there
        import uvicorn  # noqa: F401
    except ModuleNotFoundError as error:
        raise KgError(f"kg serve needs {error.name}; install it with: pip install 'jejaring[serve]'") from None
    from kg.serve import app, run, watch
    from kg.serve.patience import Patience
    from kg.serve.settings import LOOPBACK, settings
    from kg.serve.sparql.limits import Limits

    if endpoint is not None:
        _expect_reading(file, write=write, is_updated=bool(update_token or os.environ.get(TOKEN)), allowed=allowed)
    if write and host not in LOOPBACK:
        raise KgError(f"--write: anybody who reaches {host} could judge; serve it on {LOOPBACK[0]}")
    own = settings(host, base_url, (*hosts, *configured_list("allow-host")), _publication(lang))
    watch.listen(log)
    folder = None if file or endpoint else store or configured("store", STORE)
    own_token = _token(update_token, file)
    current = _current(file, folder, endpoint)
    limits = Limits(seconds=timeout, rows=rows, size=size, workers=workers)
    pool = (
        _pool_of(endpoint, limits)
        if endpoint is not None
        else _pool(file, folder, limits, (*allowed, *configured_list("allow-service")), own_token)
    )

    def ready(address: str) -> None:
        say(f"{current.name} is served at {address}", fg="green")
        say(f"for SPARQL: {address}sparql" if pool else NO_SPARQL)
        if endpoint is not None:
            say(WITHOUT)
        say(f"for OpenRefine: {address}reconcile; stop with Ctrl-C")
        if host not in LOOPBACK:
            say(f"note: everybody who reaches {host} can read it; put a proxy with TLS before it", fg="yellow")
        if write:
            place = f"in {token}" if token else "that of KG_WRITE_TOKEN"
            say(f"to judge what is open: {address}tinjau; the token is {place}")

    own = replace(own, texts=texts or host in LOOPBACK)
    writing, token = _writing(judgements, store, folder, own, token_file) if write else (None, None)
    served = app.app(current, lang=lang, writing=writing, pool=pool, settings=own)
    waits = Patience(each=None) if base_url else Patience()
    run.serve(served, host, port, ready, patience=waits, proxied=base_url is not None)


def _expect_reading(file: str | None, *, write: bool, is_updated: bool, allowed: Sequence[str]) -> None:
    """Raises KgError for what doesn't go with --endpoint."""
    if file is not None:
        raise KgError("--endpoint and --graph: one of them; an endpoint has its own graph")
    if click.get_current_context().get_parameter_source("store") is ParameterSource.COMMANDLINE:
        raise KgError("--endpoint and --store: one of them; kg store send brings what a store holds to an endpoint")
    if write:
        raise KgError("--write and --endpoint: an endpoint is only asked; judge where its store is, and send it again")
    if is_updated:
        raise KgError(f"--update-token-file, {TOKEN} and --endpoint: an endpoint is only asked; update it itself")
    if allowed:
        raise KgError("--allow-service and --endpoint: an endpoint isn't told to ask others")


def _current(file: str | None, folder: str | None, endpoint: str | None) -> Current:
    from kg.serve.current import Local, There
    from kg.view.protocol import told

    return Local(file=file, store=folder) if endpoint is None else There(endpoint, told())


def _pool_of(endpoint: str, limits: Limits) -> Pool | None:
    """Who asks the endpoint; its own time is over before a worker's is, so that the answer says which it was."""
    from kg.serve.sparql.making import Source
    from kg.serve.sparql.pool import Pool, can_fork

    source = Source(None, None, endpoint, limits.seconds)
    return Pool(source, lambda: endpoint, replace(limits, seconds=limits.seconds + 1)) if can_fork() else None


def _publication(lang: str) -> Publication | None:
    """Who publishes the graph and under which licence, where kg.toml says so: nobody else can."""
    from kg.publish.settings import read, settings
    from kg.vocabulary import DEFAULT_BASE

    given = {"lang": lang, **read(Path(CONFIGURATION))}
    return settings(given, DEFAULT_BASE) if given.get("publisher") and given.get("licence") else None


def _token(path: str | None, file: str | None) -> Token | None:
    """What clients must send with an update; None where no update is taken."""
    from kg.serve.sparql.token import Token

    word = os.environ.pop(TOKEN, None)  # the processes of the endpoint needn't have it
    if path is None and not word:
        return None
    if file is not None:
        raise KgError("--update-token-file: a graph file isn't changed; serve a store with --store")
    return Token.of_file(path) if path is not None else Token(str(word), TOKEN)


def _pool(
    file: str | None,
    store: str | None,
    limits: Limits,
    allowed: Sequence[str],
    token: Token | None,
) -> Pool | None:
    """Who answers SPARQL; nobody for a graph from standard input, which can't be read again, and without fork."""
    from kg.serve.sparql.making import Source
    from kg.serve.sparql.pool import Pool, can_fork
    from kg.serve.sparql.watching import Watching

    return (
        Pool(Source(file, store), Watching(file, store).mark, limits, allowed, token)
        if can_fork() and file != "-"
        else None
    )


def _writing(
    judgements: str | None, store: str | None, folder: str | None, own: Settings, token_file: str | None
) -> tuple[Writing, Path | None]:
    """Who may judge, and where that goes; and the file of the token, where it is in one."""
    from kg.cli.link.shared import judgements_file
    from kg.serve.app import Writing
    from kg.serve.writing import Access, token_of

    made = judgements_file(judgements, store).with_name("write.token")
    token, path = token_of(os.environ.get("KG_WRITE_TOKEN"), token_file, made)
    bench = _bench(judgements, store, folder) if folder is not None else None
    return Writing(Access(token, own), _desk(judgements, store), bench), path


def _desk(judgements: str | None, store: str | None) -> Desk:
    """Where answers go; read anew for each page, as ``kg link`` may write meanwhile."""
    from kg.link.judgements import Judgements
    from kg.serve.reviewing import Desk

    def find(kept: Judgements, text: str) -> tuple[str, str]:
        from kg.cli.link.shared import base_of, known_things
        from kg.link.identify import identify

        with known_things(None, store) as graph:
            return identify(text, graph, kept.prefixes, base_of(store))

    return Desk(
        load=lambda: load_judgements(judgements, store),
        publish=lambda kept: publish_judgements(kept, store),
        find=find,
        today=lambda: day_of(None),
        author=configured("author", ""),
    )


def _bench(judgements: str | None, store: str | None, folder: str) -> Bench:
    """Where words on refused claims go, and what brings the store in line with them."""
    from kg.cli.link.shared import judgements_file
    from kg.errors import StoreError
    from kg.link.identities import update
    from kg.quarantine import Word, Words, beside
    from kg.reread import reread
    from kg.serve.quarantining import Accepted, Bench
    from kg.view.keeping import writing as opened_to_write

    path = beside(judgements_file(judgements, store))

    def apply(word: Word, before: Accepted, now: Accepted, action: str) -> str | None:
        key = word.article.rpartition("/")[2]
        try:
            with opened_to_write(folder) as kept:
                why = reread(kept, key, before, now) if before != now else None
                kept.note("judge", key, action, claim=word.claim, by=word.author, reason=word.reason, waits=why or "")
                update(kept, load_judgements(judgements, store))
                return why
        except StoreError as error:  # another process writes, say: the word is kept, and counts with the next reading
            return str(error)

    return Bench(
        load=lambda: Words.load(path), apply=apply, today=lambda: day_of(None), author=configured("author", "")
    )
