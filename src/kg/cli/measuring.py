"""The commands of whoever writes rules: eval, explain."""

from __future__ import annotations

from pathlib import Path

import click

from kg.cli.shared import put


@click.command("eval")
@click.argument("folders", metavar="GOLD_DIR...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--text-dir", metavar="DIR", type=click.Path(path_type=Path), help="Where the texts are, if elsewhere.")
@click.option("-f", "--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
def evaluate(folders: tuple[Path, ...], text_dir: Path | None, form: str) -> None:
    """Score what is read against labelled articles; several folders add up for an article.

    \b
    Example: kg eval data/evaluation/example --text-dir data/articles
    """
    from kg import evaluate as evaluation
    from kg.evaluate import report

    found = evaluation.evaluate(folders, text_dir)
    put(report.written(report.as_json(found)) if form == "json" else report.as_table(found))
