"""The command that asks what runs left open."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.cli.link.judging import as_line
from kg.cli.link.shared import (
    ROW_FORMATS,
    author_of,
    base_of,
    by_person,
    day_of,
    load_judgements,
    publish_judgements,
    put_rows,
    tell_conflicts,
    with_judgements,
)
from kg.cli.shared import configured, say

if TYPE_CHECKING:
    from kg.link.judgements import Judgement, Judgements
    from kg.link.review import Question, Review

KEYS = "number = that one, d = none of them, u = can't be told, s = skip, q = stop"


@click.command()
@click.option("--answers", metavar="FILE", help="Take the answers of a SSSOM file instead of asking.")
@click.option("--replace", is_flag=True, help="With --answers: also in place of judgements that say otherwise.")
@click.option("--list", "listed", is_flag=True, help="Only list what is open, on a terminal too.")
@click.option("-f", "--format", "form", type=click.Choice(ROW_FORMATS), default="table", show_default=True)
@by_person
@with_judgements
@click.option("--store", metavar="DIR", envvar="KG_STORE", help="The store.  [default: ./kg-store]")
def review(
    answers: str | None,
    replace: bool,
    listed: bool,
    form: str,
    author: str | None,
    date: str | None,
    judgements: str | None,
    store: str | None,
) -> None:
    """Ask on a terminal about the names and things that runs left open; elsewhere list them.

    \b
    Example: kg link review
    """
    from kg.link.review import Review

    kept = load_judgements(judgements, store)
    left = Review.beside(kept.path, base_of(store))
    if answers is not None:
        _take(Path(answers), kept, replace=replace, author=author or configured("author", ""), date=day_of(date))
    elif listed or not (sys.stdin.isatty() and sys.stderr.isatty()):
        _list(left, kept, form)
        return
    else:
        _ask(left, kept, author_of(author), day_of(date))
    publish_judgements(kept, store)
    say(f"{len(left.open(kept))} still open")
    tell_conflicts(kept)


def _list(left: Review, kept: Judgements, form: str) -> None:
    questions = left.open(kept)
    if questions:
        columns = ("name", "subject", "candidate", "object", "score", "reasons", "source")
        put_rows(columns, [row for question in questions for row in _rows(question)], form)
    say(f"{len(questions)} to be judged ({left.path})" if questions else "nothing is left to be judged")


def _rows(question: Question) -> list[list[str]]:
    from kg.find import short

    source, subject = short(question.source).removeprefix("source/"), short(question.subject)
    return [
        [question.label, subject, each.label, short(each.id), f"{each.score:.2f}", "; ".join(each.reasons), source]
        for each in question.candidates
    ]


def _take(path: Path, kept: Judgements, *, replace: bool, author: str, date: str) -> None:
    """Take over a file's answers: all, or none where one stands against a judgement."""
    from kg.link import history
    from kg.link.review import answers

    given, passed = answers(path, author=author, date=date)
    taken: list[Judgement] = []
    instead: list[Judgement] = []
    for said in given:
        before = kept.of(said.subject, said.object)
        kept.add(said, replace=replace)
        if kept.of(said.subject, said.object) != before:
            taken.append(said)
            instead += [before] if before else []
    kept.save()
    for said in taken:
        history.note(kept.path, "judged", said)
    for before in instead:
        history.note(kept.path, "replaced", before)
        say(f"replaced: {as_line(before)}", fg="yellow")
    known = len(given) - len(taken)
    say(f"{path}: {len(taken)} answers taken, {known} known before, {passed} rows without an answer", fg="green")


def _ask(left: Review, kept: Judgements, author: str, date: str) -> None:
    """Ask one after another; each answer is on the disk before the next question."""
    questions = left.open(kept)
    for number, question in enumerate(questions, start=1):
        say(f"\n{number} of {len(questions)}: {question.label}  ({_rows(question)[0][-1]})", bold=True)
        for at, row in enumerate(_rows(question), start=1):
            say(f"  {at}  {row[1]}  {row[2]}  {row[3]}  {row[4]}")
        if number == 1:
            say(f"  {KEYS}")
        key = _key(len(question.candidates))
        if key == "q":
            return
        if key != "s":
            _keep(question, key, kept, author, date)


def _key(candidates: int) -> str:
    allowed = [*map(str, range(1, candidates + 1)), "d", "u", "s", "q"]
    while True:
        try:
            given = click.prompt("?", prompt_suffix=" ", err=True, default="s", show_default=False).strip().lower()
        except click.Abort:  # the end of what is typed: what was answered is kept
            return "q"
        if given in allowed:
            return str(given)
        say(f"  {given!r}: {KEYS}", fg="yellow")


def _keep(question: Question, key: str, kept: Judgements, author: str, date: str) -> None:
    from kg.link import history

    reason = click.prompt("why", prompt_suffix="? ", err=True, default="", show_default=False).strip()
    for said in question.answered(key, author=author, date=date, reason=reason):
        kept.add(said)
        history.note(kept.path, "judged", said)
    kept.save()
