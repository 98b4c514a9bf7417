"""The command that writes links to identifiers published elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kg import export
from kg.cli.link.service import by_service
from kg.cli.link.shared import (
    ROW_FORMATS,
    load_judgements,
    rows_text,
    store_folder,
    with_judgements,
)
from kg.cli.shared import dataset, from_graph, put, say
from kg.errors import InputError, NothingFound

if TYPE_CHECKING:
    import pyoxigraph

    from kg.link.judgements import Judgements
    from kg.link.out import Coverage, Linkset
    from kg.link.targets import Target

SSSOM = "sssom"
FORMS = (*ROW_FORMATS, SSSOM, *export.GRAPHS)
SHOWN = 3  # names of things without a link; --verbose tells all


@click.command()
@click.option("-o", "--output", metavar="FILE", help="Write FILE: .ttl, .trig, .nq, .jsonld …, .sssom.tsv, .csv.")
@click.option(
    "-f", "--format", "form", metavar="FORMAT", help="table, csv, tsv, json, sssom, or a format of kg export."
)
@click.option("--to", "names", metavar="TARGET", multiple=True, help="Only this target; may be repeated.")
@click.option(
    "--reference", is_flag=True, help="Links of all that reference data knows, not only of what the graph names."
)
@click.option("--keep", is_flag=True, help="Keep the links in the store too, in graphs of their own.")
@click.option("--forget", is_flag=True, help="Take the kept links out of the store again.")
@click.option("--kind", "kinds", metavar="CLASS", multiple=True, help="Things for --service: Official, City …")
@by_service
@with_judgements
@from_graph
def out(
    output: str | None,
    form: str | None,
    names: tuple[str, ...],
    reference: bool,
    keep: bool,
    forget: bool,
    judgements: str | None,
    file: str | None,
    store: str | None,
    **options: Any,
) -> None:
    """Link the things of the graph to codes and identifiers elsewhere, from reference data, without a network.

    Targets: kemendagri, bps, iso3166-1, iso3166-2, wikidata, geonames, ror.

    \b
    Example: kg link out --to wikidata -o links.ttl
    """
    from kg import reference as references
    from kg.link import out as outward

    targets = _targets(names)
    written = _form(output, form)
    kept = load_judgements(judgements, store)
    if options["service"]:
        if names or keep or forget or reference or form not in (None, SSSOM):
            raise InputError("--service: the links are SSSOM; leave out --to, --reference, --keep, --forget, -f")
        _by_service(kept, output, file, store, options)
        return
    if forget:
        _forget(targets, store)
        return
    known = references.load()
    things = outward.chosen(known, None if reference else _keys(file, store))
    sets = outward.linksets(things, targets, kept)
    if not sets:
        raise NothingFound("nothing in this graph has an identifier elsewhere; --reference links all that is known")
    _write(sets, kept, output, written)
    if keep:
        _keep(sets, targets, kept.base, store)
    _tell(outward.coverage(things, sets, targets, kept.base), outward.denied(things, targets, kept))


def _by_service(
    kept: Judgements, output: str | None, file: str | None, store: str | None, options: dict[str, Any]
) -> None:
    """The things of the kinds that are named, asked of a service."""
    from kg.cli.link.service import link_things
    from kg.output import write_atomic

    if not options["kinds"]:
        raise InputError("--service: name the kinds of things to ask for, as in --kind Official --kind Network")
    chosen = {name: options[name] for name in ("kinds", "service_type", "rate", "no_cache")}
    with dataset(file, store) as graph:
        data = link_things(graph, options["service"], source=file or "graph", judgements=kept, **chosen)
    write_atomic("-" if output in (None, "-") else Path(str(output)), data)


def _targets(names: Iterable[str]) -> list[Target]:
    from kg.link.targets import targets

    known = targets()
    unknown = [name for name in names if name not in known and name != "iso"]
    if unknown:
        raise InputError(f"--to {unknown[0]}: no such target; choose among {', '.join(known)}")
    wanted = {each for name in names for each in (("iso3166-1", "iso3166-2") if name == "iso" else (name,))}
    return [target for name, target in known.items() if not wanted or name in wanted]


def _keys(file: str | None, store: str | None) -> set[str]:
    """The keys of all things that the published graph names."""
    from pyoxigraph import NamedNode

    from kg.find import short
    from kg.store.published import published

    with dataset(file, store) as graph:
        quads = published(graph)
    terms = (term for quad in quads for term in (quad.subject, quad.object))
    return {short(term.value) for term in terms if isinstance(term, NamedNode)}


def _form(output: str | None, form: str | None) -> str:
    """How the links are written. Raises InputError for a form that can't hold them."""
    from kg.output import expect_target

    if output is not None and output != "-":
        expect_target(Path(output))
    found = form or ("table" if output is None else _by_ending(output))
    if found not in FORMS:
        raise InputError(f"links can't be written as {found}; choose one of {', '.join(FORMS)}")
    return found


def _write(sets: list[Linkset], kept: Judgements, output: str | None, form: str) -> None:
    text = _text(sets, kept, form)
    if output is None or output == "-":
        put(text)
        return
    from kg.output import write_atomic

    write_atomic(Path(output), text.encode())
    say(f"{output}: {sum(len(each.rows) for each in sets)} links in {len(sets)} sets", fg="green")


def _by_ending(output: str) -> str:
    if output == "-":
        return "table"
    for ending, form in ((".tsv", SSSOM), (".csv", "csv")):
        if output.endswith(ending):
            return form
    return "zip" if output.endswith(".zip") else export.by_suffix(output)


def _text(sets: list[Linkset], kept: Judgements, form: str) -> str:
    from kg.link import sssom, void
    from kg.link.out import mapping_set

    if form == SSSOM:
        return sssom.dump(mapping_set(sets, kept))
    if form in ROW_FORMATS:
        return rows_text(("thing", "label", "target", "id", "how"), _table(sets, kept.base), form)
    return export.write(void.quads(sets, kept.base), form, base=kept.base).decode()


def _table(sets: list[Linkset], base: str) -> list[list[str]]:
    rows = []
    for each in sets:
        begin = each.target.prefix(base) if each.target else ""
        for row in each.rows:
            close = " (close)" if row["predicate_id"].endswith("closeMatch") else ""
            thing = row["subject_id"].removeprefix(f"{base}id/")
            found = row["object_id"].removeprefix(begin).strip("/")
            how = row.get("comment", "") or ", ".join(row.get(slot, "") for slot in ("author_label", "mapping_date"))
            rows.append([thing, row.get("subject_label", ""), each.name, found + close, how])
    return sorted(rows, key=lambda row: row[0])


def _keep(sets: list[Linkset], targets: list[Target], base: str, store: str | None) -> None:
    from kg.link import void

    by_target = {target.name: [each for each in sets if each.target is target] for target in targets}
    _put({name: void.quads(found, base) for name, found in by_target.items()}, store)


def _forget(targets: list[Target], store: str | None) -> None:
    _put({target.name: [] for target in targets}, store)


def _put(graphs: dict[str, list[pyoxigraph.Quad]], store: str | None) -> None:
    from kg.view.keeping import writing

    folder = store_folder(store)
    if folder is None:
        raise InputError("--keep and --forget need a store; name it with --store, or make one with kg build")
    with writing(folder) as kept:
        outcomes = {name: kept.put_links(name, quads) for name, quads in graphs.items()}
    changed = ", ".join(f"{name} {outcome}" for name, outcome in outcomes.items() if outcome != "unchanged")
    say(f"store {folder}: links {changed or 'unchanged'}")


def _tell(found: list[Coverage], denied: int) -> None:
    """What has a link to each target and what has none, on standard error."""
    verbose = click.get_current_context().find_root().params.get("verbose")
    for each in found:
        if not each.expected:
            continue
        line = f"{each.target.name}: {each.linked} of {each.expected}"
        if each.without:
            names = [thing.label.text for thing in each.without]
            shown = names if verbose else names[:SHOWN]
            more = f" and {len(names) - len(shown)} more" if len(names) > len(shown) else ""
            line += f"; without: {', '.join(shown)}{more} ({each.target.absent})"
        say(line)
    if denied:
        say(f"{denied} links left out, because they were judged to be of different things", fg="yellow")
