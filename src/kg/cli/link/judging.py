"""The commands by which a person judges a pair, takes that back, and sees what was judged: judge, undo, judgements."""

from __future__ import annotations

import click

from kg.cli.link.shared import (
    ROW_FORMATS,
    author_of,
    base_of,
    by_person,
    day_of,
    known_things,
    load_judgements,
    publish_judgements,
    put_rows,
    tell_conflicts,
    with_judgements,
)
from kg.cli.shared import from_graph, put, say
from kg.errors import InputError, NothingFound
from kg.link.judgements import Judgement, Judgements, Verdict, name

SIGNS = {Verdict.SAME: "=", Verdict.DIFFERENT: "≠", Verdict.UNSURE: "?"}


def as_line(judgement: Judgement) -> str:
    """A judgement in one line."""
    who = f"{judgement.author or 'nobody'}, {judgement.date or 'no date'}"
    return f"{name(judgement, 0)} {SIGNS[judgement.verdict]} {name(judgement, 1)} ({who})"


@click.command()
@click.argument("a")
@click.argument("b")
@click.option("--same", "verdict", flag_value="same", help="They are one thing.")
@click.option("--different", "verdict", flag_value="different", help="They are two.")
@click.option("--unsure", "verdict", flag_value="unsure", help="It can't be told.")
@click.option("--why", metavar="TEXT", default="", help="The reason, for those who come later.")
@click.option("--replace", is_flag=True, help="In place of another judgement on the pair.")
@by_person
@with_judgements
@from_graph
def judge(
    a: str,
    b: str,
    verdict: str | None,
    why: str,
    replace: bool,
    author: str | None,
    date: str | None,
    judgements: str | None,
    file: str | None,
    store: str | None,
) -> None:
    """Judge whether A and B are the same. Each is a name in the graph, an id (place/33.74), a CURIE or an IRI.

    \b
    Example: kg link judge place/33.74 place/33.22 --different --why "a city and the regency around it" --author Sari
    """
    from kg.link import history

    if verdict is None:
        raise InputError("how do you judge? give one of --same, --different, --unsure")
    kept = load_judgements(judgements, store)
    (one, one_label), (other, other_label) = _pair(kept, a, b, file, store)
    said = Judgement(
        subject=one,
        object=other,
        verdict=Verdict(verdict),
        author=author_of(author),
        date=day_of(date),
        reason=why,
        subject_label=one_label,
        object_label=other_label,
    )
    before = kept.add(said, replace=replace)
    if kept.of(one, other) != said:
        say(f"{as_line(said)}: was judged so before, nothing changed")
        return
    kept.save()
    history.note(kept.path, "judged", said)
    if before is not None:
        history.note(kept.path, "replaced", before, said.author)
    publish_judgements(kept, store)
    instead = f", in place of {as_line(before)}" if before else ""
    say(f"{as_line(said)}{instead}: in {kept.path}", fg="green")
    tell_conflicts(kept)


@click.command()
@click.argument("a")
@click.argument("b")
@by_person
@with_judgements
@from_graph
def undo(
    a: str,
    b: str,
    author: str | None,
    date: str | None,
    judgements: str | None,
    file: str | None,
    store: str | None,
) -> None:
    """Take the judgement on A and B back; the graph is then as it was before. The log beside the file keeps it.

    \b
    Example: kg link undo place/33.74 place/33.22
    """
    from kg.link import history

    kept = load_judgements(judgements, store)
    (one, _), (other, _) = _pair(kept, a, b, file, store)
    gone = kept.remove(one, other)
    kept.save()
    history.note(kept.path, "taken back", gone, author or "")
    publish_judgements(kept, store)
    say(f"{as_line(gone)}: taken back; {history.log_of(kept.path)} keeps it", fg="green")


@click.command("judgements")
@click.option("-f", "--format", "form", type=click.Choice([*ROW_FORMATS, "sssom"]), default="table", show_default=True)
@with_judgements
@click.option("--store", metavar="DIR", envvar="KG_STORE", help="The store.  [default: ./kg-store]")
def judgements(form: str, judgements: str | None, store: str | None) -> None:
    """List what was judged, by whom and when; contradictions are told on standard error.

    \b
    Example: kg link judgements
    """
    kept = load_judgements(judgements, store)
    if not len(kept):
        raise NothingFound(f"{kept.path}: nothing is judged yet; kg link review shows what is to be judged")
    if form == "sssom":
        put(kept.as_text())
    else:
        columns = ("a", "verdict", "b", "author", "date", "why")
        put_rows(columns, [_row(each) for each in kept], form)
    tell_conflicts(kept)


def _row(judgement: Judgement) -> list[str]:
    one, other = name(judgement, 0), name(judgement, 1)
    return [one, judgement.verdict.value, other, judgement.author, judgement.date, judgement.reason]


def _pair(
    kept: Judgements, a: str, b: str, file: str | None, store: str | None
) -> tuple[tuple[str, str], tuple[str, str]]:
    from kg.link.identify import identify

    with known_things(file, store) as graph:
        base = base_of(store)
        return identify(a, graph, kept.prefixes, base), identify(b, graph, kept.prefixes, base)
