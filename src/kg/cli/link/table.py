"""``kg link table``: a table of other people's data, linked to the graph."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kg.cli.link.service import by_service
from kg.cli.link.shared import judgements_file
from kg.cli.shared import configured, say
from kg.errors import KgError, NothingFound

if TYPE_CHECKING:
    from kg.link.dataset import Request, Result
    from kg.link.officials import Officials

SYSTEMS = ("kemendagri", "bps", "iso", "wikidata", "geonames")


@click.command()
@click.argument("table", type=click.Path(path_type=Path))
@click.option("-o", "--output", metavar="FILE", help="Write the dataset as RDF Data Cube: .ttl, .trig, .nt, .jsonld …")
@click.option(
    "--table", "linked_table", metavar="FILE", help="Write the table with id, label, score and why of each row."
)
@click.option("--metadata", is_flag=True, help="Write CSVW metadata beside what is written.")
@click.option("--store", metavar="DIR", envvar="KG_STORE", help="Keep the dataset in a store, in a graph of its own.")
@click.option(
    "--column",
    "columns",
    metavar="NAME=ROLE",
    multiple=True,
    help="What a column is: region, province, kind, country, ministry, code, year, value, dimension, ignore.",
)
@click.option("--code-system", type=click.Choice(SYSTEMS), help="The system of the code column.")
@click.option(
    "--unit", "units", metavar="COLUMN=UNIT", multiple=True, help="Unit of a column: jiwa, km2, KiloM2 (QUDT), an IRI."
)
@click.option(
    "--numbers", type=click.Choice(["id", "en"]), help="How numbers are written: 1.234,5 (id) or 1,234.5 (en)."
)
@click.option("--period", metavar="DATE", help="Year, month or day of all rows, where no column tells it.")
@click.option("--title", metavar="TEXT", help="Title of the dataset.")
@click.option("--name", metavar="NAME", help="Short name of the dataset, in its id.  [default: that of the file]")
@click.option("--source", metavar="IRI", help="Where the table was published.")
@click.option("--licence", metavar="IRI", help="Licence of the table: an SPDX name such as CC-BY-4.0, or an address.")
@click.option("--delimiter", metavar="CHAR", help="Delimiter of a CSV file, where it isn't found right.")
@click.option("--encoding", metavar="NAME", help="Encoding of the file, where it isn't guessed right.")
@click.option("--sheet", metavar="NAME", help="Sheet of a workbook.  [default: the first with anything in it]")
@click.option("--judgements", metavar="FILE", help="The file of what persons judged.")
@click.option("--base", metavar="IRI", help="What ids begin with.")
@click.option("--property", "properties", metavar="PID=COLUMN", multiple=True, help="What else to tell the service.")
@by_service
def table(
    table: Path,
    output: str | None,
    linked_table: str | None,
    metadata: bool,
    store: str | None,
    **options: Any,
) -> None:
    """Link a TABLE to regions, ministries, countries: CSV, TSV, XLSX, JSON, JSON lines or Parquet.

    Finds by itself which column names what and in which system codes are; says what it found, what was linked and what
    was not. Nothing ambiguous is linked.

    \b
    Example: kg link table data/tables/penduduk.csv --table linked.csv
    """
    from kg import export
    from kg.link import dataset, report
    from kg.link.judgements import Judgements
    from kg.link.row_judgements import judged_by
    from kg.output import expect_target

    for target in (output, linked_table):
        if target is not None:
            expect_target("-" if target == "-" else Path(target))
    if options["service"]:
        _by_service(table, output, linked_table, store, options)
        return
    form = None if output is None else "turtle" if output == "-" else export.by_suffix(output)
    request = _request(options)
    judgements = Judgements.load(judgements_file(options["judgements"], store), request.base)
    result = dataset.link(table, request, judged=judged_by(judgements, request.base), officials=_officials(store))
    for line in report.lines(result.linked, result.known.regions):
        say(line)
    if not any(row.outcome.linked for row in result.linked.main):
        _leave_open(result, judgements.path, request.base)
        raise NothingFound(f"{table}: no row could be linked; name its columns with --column NAME=ROLE")
    if linked_table is not None:
        _write_table(result, linked_table, request.base)
    if form is not None or store is not None:
        _write_dataset(result, request, output, form, store, "standard input" if str(table) == "-" else str(table))
    if metadata:
        _write_metadata(result, request, output, linked_table)
    _leave_open(result, judgements.path, request.base)  # a store that was named may be new: its folder is there now


def _by_service(
    table: Path, output: str | None, linked_table: str | None, store: str | None, options: dict[str, Any]
) -> None:
    """The one column that is named, asked of a service; the links go out as SSSOM."""
    from kg.cli.link.service import link_table
    from kg.link.judgements import Judgements
    from kg.link.tabular import Dialect
    from kg.vocabulary import DEFAULT_BASE

    if len(options["columns"]) != 1:
        raise KgError("--service: name the one column of names with --column NAME")
    if output not in (None, "-") and not str(output).endswith(".tsv"):
        raise KgError(f"{output}: links of a service are written as SSSOM; name a file that ends in .sssom.tsv")
    base = options["base"] or configured("base", DEFAULT_BASE)
    place = judgements_file(options["judgements"], store)
    link_table(
        table,
        options["service"],
        column=options["columns"][0],
        output=output,
        linked_table=linked_table,
        judgements=Judgements.load(place, base),
        dialect=Dialect(_delimiter(options["delimiter"]), options["encoding"], sheet=options["sheet"]),
        **{name: options[name] for name in ("service_type", "properties", "rate", "no_cache")},
    )


def _officials(store: str | None) -> Officials | None:
    """Those of the store that the dataset goes to, if it is there already."""
    from kg.link.officials import of_graph
    from kg.store import open_store

    if store is None or not Path(store).is_dir() or not any(Path(store).iterdir()):
        return None
    with open_store(store, read_only=True) as kept:
        found = of_graph(kept.dataset)
    return found if len(found) else None


def _leave_open(result: Result, judgements: Path, base: str) -> None:
    """Put what is to be judged into the file of reviews, in place of what an earlier run of this table left open."""
    from kg.link.review import FILE, Review
    from kg.link.row_judgements import to_be_judged

    found = to_be_judged(result.linked, base)
    if found or judgements.with_name(FILE).exists():
        review = Review.beside(judgements, base)
        count = review.replace(result.linked.table.name, found)
        if judgements.parent.is_dir():
            review.save()
        if count:
            say(f"{review.path}: {count:,} names to be judged: kg link review", fg="yellow")


def _request(options: dict[str, Any]) -> Request:
    from kg.link.column import Role
    from kg.link.dataset import Request
    from kg.link.numbers import Notation
    from kg.link.tabular import Dialect
    from kg.vocabulary import DEFAULT_BASE

    roles = {}
    for name, value in _pairs("--column", options["columns"]):
        if value not in list(Role):
            raise KgError(f"--column {name}={value}: no such role; choose one of {', '.join(Role)}")
        roles[name] = Role(value)
    return Request(
        roles,
        dict(_pairs("--unit", options["units"])),
        options["code_system"],
        Notation(options["numbers"]) if options["numbers"] else None,
        options["period"],
        options["title"],
        options["name"],
        options["source"],
        options["licence"],
        Dialect(_delimiter(options["delimiter"]), options["encoding"], sheet=options["sheet"]),
        options["base"] or configured("base", DEFAULT_BASE),
    )


def _pairs(option: str, given: Sequence[str]) -> list[tuple[str, str]]:
    """NAME=VALUE each; the name may hold signs of equality, the value none."""
    found = []
    for text in given:
        name, equal, value = text.rpartition("=")
        if not (equal and name and value):
            raise KgError(f"{option} {text}: expected NAME=VALUE, as in {option} 'Nama Daerah=region'")
        found.append((name, value))
    return found


def _delimiter(given: str | None) -> str | None:
    if given is None:
        return None
    found = {"\\t": "\t", "tab": "\t"}.get(given.lower(), given)
    if len(found) != 1:
        raise KgError(f"--delimiter {given!r}: one character, as in ';' or tab")
    return found


def _write_table(result: Result, target: str, base: str) -> None:
    from kg.link import report
    from kg.output import write_atomic

    data = report.with_links(result.linked, delimiter="\t" if target.endswith(".tsv") else ",", base=base)
    write_atomic("-" if target == "-" else Path(target), data)
    if target != "-":
        say(f"{target}: the table with {', '.join(report.added(result.linked))}", fg="green")


def _write_dataset(
    result: Result, request: Request, output: str | None, form: str | None, store: str | None, source: str
) -> None:
    from kg import export
    from kg.link import cube
    from kg.output import write_atomic

    quads = cube.quads(result.linked, result.about, request.base)
    if result.about.licence is None:
        say("note: no licence is known; name the table's with --licence", fg="yellow")
    if output is not None and form is not None:
        data = export.write(quads, form, base=request.base)
        write_atomic("-" if output == "-" else Path(output), data)
        if output != "-":
            say(f"{output}: {len(data):,} bytes of {form}", fg="green")
    if store is not None:
        from kg.view.keeping import writing

        with writing(store, create=True, base=request.base) as kept:
            outcome = kept.put_dataset(cube.graph_of(result.about.slug, request.base), quads, source)
        say(f"store {store}: dataset/{result.about.slug} {outcome}", fg="green")


def _write_metadata(result: Result, request: Request, output: str | None, linked_table: str | None) -> None:
    """Beside the table with links; else for the table itself, in the folder of the output."""
    from kg.link import csvw, report
    from kg.output import write_atomic

    name = result.linked.table.name
    if linked_table not in (None, "-"):
        path = Path(str(linked_table))
        target, added = csvw.beside(path), tuple(report.added(result.linked))
        data = csvw.write(result.linked, result.about, path.name, with_links=added, base=request.base)
    else:
        target = (Path(output).parent if output not in (None, "-") else Path()) / f"{name}{csvw.SUFFIX}"
        data = csvw.write(result.linked, result.about, name, base=request.base)
    write_atomic(target, data)
    say(f"{target}: CSVW metadata", fg="green")
