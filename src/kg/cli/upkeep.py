"""The commands that keep the house: remove, log, completion."""

from __future__ import annotations

import click

from kg.cli.shared import STORE, configured, put, say
from kg.errors import KgError

SHELLS = ("bash", "zsh", "fish")


@click.command()
@click.argument("article")
@click.option("--store", metavar="DIR", envvar="KG_STORE", help="The store.  [default: ./kg-store]")
def remove(article: str, store: str | None) -> None:
    """Take an article back: by its file, address, title, key or id. What other articles state as well stays.

    \b
    Example: kg remove kota-cerdas.txt
    """
    from kg.cli.reading import tell_who_is_who
    from kg.cli.voices import tell_voices
    from kg.view.keeping import writing

    with writing(store or configured("store", STORE)) as kept:
        key = kept.remove(article)
        tell_who_is_who(kept)
        tell_voices(kept)
    say(f"{article}: taken back ({key})", fg="green")


@click.command()
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


@click.command()
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
    put(found(click.get_current_context().find_root().command, {}, "kg", "_KG_COMPLETE").source())
