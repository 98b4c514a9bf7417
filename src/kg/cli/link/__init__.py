"""The commands of linking. ``kg link TABLE`` is ``kg link table TABLE``, ``kg link`` alone is ``kg link out``."""

from __future__ import annotations

from collections.abc import Mapping

import click

OUT = "out"
TABLE = "table"
COMMANDS: Mapping[str, str] = {
    OUT: "out",
    TABLE: "table",
    "review": "review",
    "judge": "judging",
    "undo": "judging",
    "judgements": "judging",
    "people": "people",
    "bodies": "people",
}
"""Name of a command -> the module below ``kg.cli.link`` that defines it under that name, in the order of the help."""


class Group(click.Group):
    """Commands by name, imported when used; anything else is a table."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click calls it with its context
        """In the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - as above
        """The command of that name, if there is one."""
        from importlib import import_module

        if cmd_name not in COMMANDS:
            return None
        found = getattr(import_module(f"kg.cli.link.{COMMANDS[cmd_name]}"), cmd_name.replace("-", "_"))
        assert isinstance(found, click.Command)
        return found

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the name of the command in front where it is left out."""
        if args[:1] not in (["-h"], ["--help"]) and not (args and args[0] in COMMANDS):
            named = bool(args) and (args[0] == "-" or not args[0].startswith("-"))
            args = [TABLE if named else OUT, *args]
        return super().parse_args(ctx, args)


@click.group(cls=Group)
def link() -> None:
    """Link the graph with other data: published identifiers, tables, reconciliation services; judge what is open.

    \b
    Example: kg link data/tables/penduduk.csv -o population.ttl
    """
