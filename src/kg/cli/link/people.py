"""The command that says who is who across the articles of a store."""

from __future__ import annotations

import click

from kg.cli.link.shared import load_judgements, tell_conflicts, with_judgements
from kg.cli.shared import STORE, configured, in_language, put, say


@click.command()
@click.option("-f", "--format", "form", type=click.Choice(["text", "json", "sssom"]), default="text", show_default=True)
@click.option("--rebuild", is_flag=True, help="From a fresh start, whatever changed.")
@with_judgements
@click.option("--store", metavar="DIR", envvar="KG_STORE", help="The store.  [default: ./kg-store]")
@in_language
def people(form: str, judgements: str | None, store: str | None, lang: str, *, rebuild: bool) -> None:
    """Say who is who across articles: who was merged and why, who shares a name, what is left to judge.

    No article is changed. What is left goes to the review file: kg link review. To part what was merged, or to merge
    what was not: kg link judge.

    \b
    Example: kg link people --lang en
    """
    from kg.link import who
    from kg.link.identities import Index
    from kg.link.review import Review
    from kg.store import open_store

    judged = load_judgements(judgements, store)
    with open_store(store or configured("store", STORE)) as kept:
        index = Index(kept, judged)
        index.rebuild() if rebuild else index.update()
        left = Review.beside(judged.path, kept.base)
        count = left.replace(who.SOURCE, who.questions(index))
        if count or left.path.exists():
            left.save()
        answer = {"text": lambda: who.report(index, lang), "json": lambda: who.as_json(index)}
        put(answer.get(form, lambda: who.links(index))())
        refused = index.rulings.not_obeyed(index)
    for line in refused:
        say(f"not obeyed: {line}", fg="yellow")
    tell_conflicts(judged)
    if count:
        say(f"{count} to be judged: kg link review")
