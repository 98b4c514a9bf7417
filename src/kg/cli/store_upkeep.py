"""The commands that look after a store: kg store info, check, backup, verify, restore."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from kg.cli.shared import STORE, configured, put, say

Command = TypeVar("Command", bound=Callable[..., Any])


@click.group()
def store() -> None:
    """Look after a store: what it holds, whether it is sound, backups.

    \b
    Example: kg store info
    """


def of_store(command: Command) -> Command:
    """``--store DIR``."""
    text = "The store.  [default: ./kg-store]"
    return click.option("--store", "folder", metavar="DIR", envvar="KG_STORE", help=text)(command)


def as_json(command: Command) -> Command:
    """``-f table|json``."""
    choice = click.Choice(["table", "json"])
    return click.option("-f", "--format", "form", type=choice, default="table", show_default=True)(command)


def _folder(given: str | None) -> str:
    return given or configured("store", STORE)


@store.command()
@as_json
@of_store
def info(form: str, folder: str | None) -> None:
    """Print what a store holds, its size, format and versions.

    \b
    Example: kg store info -f json
    """
    import json
    from dataclasses import asdict

    from kg.upkeep.info import info as look

    found = asdict(look(_folder(folder)))
    if form == "json":
        put(json.dumps(found, ensure_ascii=False, indent=1))
        return
    rows = [
        (name.replace("_", " "), f"{value:,}" if isinstance(value, int) else value) for name, value in found.items()
    ]
    width = max(len(name) for name, _ in rows)
    put("\n".join(f"{name:<{width}}  {value}".rstrip() for name, value in rows))


@store.command()
@click.option("--repair", "is_repaired", is_flag=True, help="Repair what is found, as far as it can be.")
@of_store
def check(is_repaired: bool, folder: str | None) -> None:
    """Print what is wrong with a store, one line each: texts, evidence, halves, damaged files, the view.

    Exit code 1 where something is wrong. --repair reads articles again from their files, takes halves away, saves
    what can be read of damaged files, and makes who-is-who and the view anew.

    \b
    Example: kg store check
    """
    from pathlib import Path

    from kg.upkeep import checking

    place = _folder(folder)
    if is_repaired:
        from kg.upkeep.repairing import repair

        judged = configured("judgements", "")
        done, found = repair(place, Path(judged) if judged else None)
        for line in done:
            say(line)
    else:
        found = checking.check(place)
    put("\n".join(finding.what for finding in found))
    if found:
        one = "1 thing is" if len(found) == 1 else f"{len(found)} things are"
        say(f"store {place}: {one} wrong{'' if is_repaired else '; kg store check --repair'}", fg="red")
        raise SystemExit(1)
    say(f"store {place}: all is well", fg="green")


@store.command()
@click.option("--rejected", is_flag=True, help="Only what could not be read, with the reason.")
@click.option("-f", "--format", "form", type=click.Choice(["table", "jsonl"]), default="table", show_default=True)
@click.option("--parts", metavar="DIR", help="Of a folder of parts instead of a store.")
@of_store
def manifest(rejected: bool, form: str, parts: str | None, folder: str | None) -> None:
    """Print what became of each article that kg build read with workers: done, replaced, rejected, unread.

    \b
    Example: kg store manifest --rejected
    """
    import json
    from dataclasses import asdict
    from pathlib import Path

    from kg.corpus.manifest import NAME, listed
    from kg.errors import NothingFound

    path = Path(parts, ".work", NAME) if parts else Path(_folder(folder), NAME)
    if not path.is_file():
        raise NothingFound(f"{path}: no manifest; kg build makes one for many articles, or with --workers")
    for each in listed(path, rejected=rejected):
        if form == "jsonl":
            put(json.dumps(asdict(each), ensure_ascii=False))
        else:
            key = (each.key or "-")[:16]
            put(f"{each.outcome:<8}  {key:<16}  {' '.join(each.sources)}  {each.reason or ''}".rstrip())


@store.command()
@click.argument("target")
@of_store
def backup(target: str, folder: str | None) -> None:
    """Copy a store into the folder TARGET, which doesn't exist yet; a build may go on meanwhile.

    \b
    Example: kg store backup backup-1
    """
    from kg.upkeep.backup import back_up

    found = back_up(_folder(folder), target)
    say(f"{target}: {_counted(found.articles)}, {found.quads:,} quads, {found.size:,} bytes", fg="green")


@store.command()
@click.argument("backup", metavar="BACKUP")
def verify(backup: str) -> None:
    """Print what is wrong with a backup, one line each: files that were changed, are missing or too many.

    Exit code 1 where something is wrong.

    \b
    Example: kg store verify backup-1
    """
    from kg.upkeep import backup as backups

    faults = backups.verify(backup)
    put("\n".join(faults))
    if faults:
        say(f"{backup}: not as it was made; take another backup", fg="red")
        raise SystemExit(1)
    found = backups.read(backup)
    say(f"{backup}: as it was made; {_counted(found.articles)}, {found.quads:,} quads", fg="green")


@store.command()
@click.argument("backup", metavar="BACKUP")
@of_store
def restore(backup: str, folder: str | None) -> None:
    """Put a backup in a store's place. What was there before is kept beside it.

    \b
    Example: kg store restore backup-1
    """
    from kg.upkeep.backup import restore as bring_back

    place = _folder(folder)
    done = bring_back(backup, place)
    say(f"store {place}: as in {backup}, {_counted(done.backup.articles)}", fg="green")
    if done.aside is not None:
        say(f"what was there is in {done.aside}; delete it when you don't need it")


@store.command()
@click.argument("url")
@click.option("--update", metavar="URL", help="Where it takes updates, where that is another address.")
@click.option("--again", is_flag=True, help="Compare all of it, whatever was sent before.")
@click.option("--parts", metavar="DIR", help="A folder of parts (kg build --parts) instead of a store.")
@of_store
def send(url: str, update: str | None, again: bool, parts: str | None, folder: str | None) -> None:
    """Send the view to a SPARQL 1.1 store of another program at URL, and later what has changed.

    It is sent in batches; stopped, the same command goes on after the last one. User and password are those of
    KG_REMOTE_USER and KG_REMOTE_PASSWORD (basic or digest, as it asks), a bearer token that of KG_REMOTE_TOKEN. Where
    the default graph can't be written, the whole lies in the graph id/union.

    \b
    Example: kg store send http://127.0.0.1:7878/query --update http://127.0.0.1:7878/update
    """
    from pathlib import Path

    from kg.corpus.sending import base_of_parts, send_parts
    from kg.store.folder import base_of_folder, expect_store
    from kg.view.protocol import told
    from kg.view.remote import Remote
    from kg.view.sending import send as bring

    place = Path(parts or _folder(folder))
    if parts is None:
        expect_store(place)
    base = base_of_folder(place) if parts is None else base_of_parts(place)
    with Remote(url, update, base, told()) as remote:
        changed = (bring if parts is None else send_parts)(place, remote, again=again)
    say(
        f"{update or url}: {changed:,} article{'' if changed == 1 else 's'} and other graphs brought up to date",
        fg="green",
    )


def _counted(articles: int) -> str:
    return f"{articles:,} article{'' if articles == 1 else 's'}"
