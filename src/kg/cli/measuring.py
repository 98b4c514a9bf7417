"""The commands of whoever writes rules: eval, explain."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.cli.shared import own_knowledge, put, say, with_own
from kg.errors import KgError

if TYPE_CHECKING:
    from kg.evaluate.floors import Floor
    from kg.own import Own


@click.command("eval")
@click.argument("folders", metavar="[GOLD_DIR]...", nargs=-1, type=click.Path(path_type=Path))
@click.option("--text-dir", metavar="DIR", type=click.Path(path_type=Path), help="Where the texts are, if elsewhere.")
@click.option("--misses", "explained", is_flag=True, help="Explain every missed and every wrong fact.")
@click.option("--floors", "floor_file", metavar="FILE", type=click.Path(path_type=Path), help="Scores that must hold.")
@with_own
@click.option("-f", "--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
def evaluate(
    folders: tuple[Path, ...],
    text_dir: Path | None,
    explained: bool,
    floor_file: Path | None,
    rules: tuple[Path, ...],
    names: tuple[Path, ...],
    form: str,
) -> None:
    """Score what is read against labelled articles; several folders add up for an article.

    With --floors FILE and no folder, all corpora of the file; the exit code is 1 where a figure fell.

    \b
    Example: kg eval data/evaluation/example --text-dir data/articles
    """
    from kg.evaluate import floors as guards

    own = own_knowledge(rules, names)
    guarded = guards.read(floor_file) if floor_file is not None else []
    if folders:
        floor = guards.of(guarded, folders)
        if guarded and floor is None:
            known = ", ".join(one.name for one in guarded)
            raise KgError(f"{floor_file}: no floors for {' '.join(map(str, folders))}; there are some for {known}")
        fell = _evaluated(folders, text_dir or (floor.text_dir if floor else None), explained, form, floor, own)
    elif guarded:
        fell = [line for floor in guarded for line in _corpus(floor, explained, form, own)]
    else:
        raise click.UsageError("Missing argument GOLD_DIR; or give --floors FILE for all corpora of the file.")
    for line in fell:
        click.secho(f"kg: {line}", err=True, fg="red")
    if fell:
        raise SystemExit(1)


def _corpus(floor: Floor, explained: bool, form: str, own: Own | None) -> list[str]:
    """One corpus of a floors file."""
    if floor.missing is not None:
        say(f"{floor.name}: not here ({floor.missing})")
        return []
    say(f"{floor.name}:")
    return _evaluated(floor.gold, floor.text_dir, explained, form, floor, own)


def _evaluated(
    folders: Sequence[Path], text_dir: Path | None, explained: bool, form: str, floor: Floor | None, own: Own | None
) -> list[str]:
    """Score, print, and say what fell below its floor."""
    from kg import evaluate as evaluation
    from kg.evaluate import floors as guards
    from kg.evaluate import misses, report

    found = evaluation.evaluate(folders, text_dir, own=own)
    reasons = list(misses.misses(found, own)) if explained else []
    if form == "json":
        put(report.written(report.as_json(found) | ({"misses": misses.as_json(reasons)} if explained else {})))
    else:
        lines = [misses.as_text(reasons), misses.slips(found)] if explained else []
        put("\n".join([*(line for line in lines if line), report.as_table(found)]))
    return list(guards.fallen(floor, found)) if floor is not None else []


@click.command()
@click.argument("article")
@click.option("--sentence", "number", metavar="N", type=int, help="Only this sentence.")
@click.option("-f", "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@with_own
@click.option("--encoding", metavar="NAME", help="Encoding of the article.")
def explain(
    article: str,
    number: int | None,
    form: str,
    rules: tuple[Path, ...],
    names: tuple[Path, ...],
    encoding: str | None,
) -> None:
    """Print an article's sentences as the rules see them, what names mean, which rules fired and what came of it.

    \b
    Example: kg explain data/articles/kota-cerdas.txt --sentence 3
    """
    from kg import explain as explaining
    from kg.article import read_article

    own = own_knowledge(rules, names)
    views = explaining.only(explaining.explain(read_article(article, encoding=encoding), own), number)
    put(explaining.as_json(views) if form == "json" else explaining.as_text(views))
