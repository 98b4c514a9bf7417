"""The commands of whoever writes rules: eval, explain."""

from __future__ import annotations

from pathlib import Path

import click

from kg.cli.shared import put


@click.command("eval")
@click.argument("folders", metavar="GOLD_DIR...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--text-dir", metavar="DIR", type=click.Path(path_type=Path), help="Where the texts are, if elsewhere.")
@click.option("--misses", "explained", is_flag=True, help="Explain every missed and every wrong fact.")
@click.option("-f", "--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
def evaluate(folders: tuple[Path, ...], text_dir: Path | None, explained: bool, form: str) -> None:
    """Score what is read against labelled articles; several folders add up for an article.

    \b
    Example: kg eval data/evaluation/example --text-dir data/articles
    """
    from kg import evaluate as evaluation
    from kg.evaluate import misses, report

    found = evaluation.evaluate(folders, text_dir)
    reasons = list(misses.misses(found)) if explained else []
    if form == "json":
        put(report.written(report.as_json(found) | ({"misses": misses.as_json(reasons)} if explained else {})))
        return
    put(f"{misses.as_text(reasons)}\n{report.as_table(found)}" if reasons else report.as_table(found))


@click.command()
@click.argument("article")
@click.option("--sentence", "number", metavar="N", type=int, help="Only this sentence.")
@click.option("-f", "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--encoding", metavar="NAME", help="Encoding of the article.")
def explain(article: str, number: int | None, form: str, encoding: str | None) -> None:
    """Print an article's sentences as the rules see them, what names mean, which rules fired and what came of it.

    \b
    Example: kg explain data/articles/kota-cerdas.txt --sentence 3
    """
    from kg import explain as explaining
    from kg.article import read_article

    views = explaining.only(explaining.explain(read_article(article, encoding=encoding)), number)
    put(explaining.as_json(views) if form == "json" else explaining.as_text(views))
