"""The command ``kg``: arguments in, one call, text out. Data to standard output, messages to standard error.

One module a group of commands. Everything beyond click is imported by the command that needs it.
"""

from __future__ import annotations

import sys

import click

from kg import __version__
from kg.cli import formats, measuring, publishing, questions, reading, serving, store_upkeep, traversals, upkeep
from kg.cli.link import link
from kg.errors import KgError

CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 110}


@click.group(context_settings=CONTEXT)
@click.version_option(__version__, "--version", prog_name="kg", message="%(prog)s %(version)s")
@click.option("-q", "--quiet", is_flag=True, help="No messages but errors.")
@click.option("-v", "--verbose", is_flag=True, help="Tell the time of each stage.")
def cli(*, quiet: bool, **_: bool) -> None:
    """Read Indonesian government news into a knowledge graph in which every fact points at its words.

    \b
    Example: kg build data/articles/kota-cerdas.txt -o graph.ttl
    """
    if quiet:
        import logging

        log = logging.getLogger("kg.store")
        log.setLevel(logging.ERROR)
        click.get_current_context().call_on_close(lambda: log.setLevel(logging.NOTSET))


COMMANDS = (
    reading.build,
    reading.facts,
    measuring.evaluate,
    measuring.explain,
    questions.check,
    questions.query,
    questions.show,
    traversals.path,
    traversals.near,
    traversals.rank,
    traversals.groups,
    formats.export,
    formats.draw,
    link,
    publishing.publish,
    serving.serve,
    upkeep.remove,
    upkeep.log,
    store_upkeep.store,
    upkeep.completion,
)
for command in COMMANDS:
    cli.add_command(command)


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
