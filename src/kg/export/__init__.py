"""The graph in other formats: one small module and one line of ``EXPORTS`` for each.

``write`` takes quads and gives bytes; who calls it decides where they go. The same quads give the same bytes in every
run. Formats without graphs get the union of all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from kg.errors import KgError

if TYPE_CHECKING:
    from pyoxigraph import Quad

    from kg.export.parts import Options

Write = Callable[[Sequence["Quad"], "Options"], bytes]


@dataclass(frozen=True, slots=True)
class Export:
    """A format: the endings of its files, its media type, its writer; ``archive`` if its bytes are a zip of files.

    ``is_graph`` if it keeps all of a graph, so that its files can be read back and asked.
    """

    name: str
    suffixes: tuple[str, ...]
    media_type: str
    write: Write
    archive: bool = False
    is_graph: bool = False


def _in(module: str, function: str = "write") -> Write:
    """The function of a module, which is imported at its first use."""

    def write(quads: Sequence[Quad], options: Options) -> bytes:
        return cast(bytes, getattr(import_module(f"kg.export.{module}"), function)(quads, options))

    return write


EXPORTS: Final[Mapping[str, Export]] = {
    export.name: export
    for export in (
        Export("turtle", (".ttl", ".turtle"), "text/turtle", _in("turtle"), is_graph=True),
        Export("trig", (".trig",), "application/trig", _in("trig"), is_graph=True),
        Export("ntriples", (".nt",), "application/n-triples", _in("ntriples"), is_graph=True),
        Export("nquads", (".nq",), "application/n-quads", _in("nquads"), is_graph=True),
        Export("jsonld", (".jsonld",), "application/ld+json", _in("jsonld"), is_graph=True),
        Export("rdfxml", (".rdf", ".xml"), "application/rdf+xml", _in("rdfxml"), is_graph=True),
        Export("csv", (".zip",), "application/zip", _in("tables"), archive=True),
        Export("graphml", (".graphml",), "application/graphml+xml", _in("graphml")),
        Export("gexf", (".gexf",), "application/gexf+xml", _in("gexf")),
        Export(
            "annotations",
            (".annotations.jsonld", ".annotations.json"),
            'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"',
            _in("annotations"),
        ),
        Export("ftm", (".ftm.json", ".ftm.jsonl", ".ftm"), "application/json+ftm", _in("ftm")),
        Export("popolo", (".popolo.json",), "application/json", _in("popolo")),
        Export("quickstatements", (".qs", ".quickstatements.tsv"), "text/tab-separated-values", _in("quickstatements")),
        Export(
            "quickstatements-create",
            (".create.qs",),
            "text/tab-separated-values",
            _in("quickstatements", "write_with_new_items"),
        ),
    )
}

GRAPHS: Final = tuple(name for name, export in EXPORTS.items() if export.is_graph)
"""The formats whose files can be read back."""


def write(
    quads: Iterable[Quad], name: str, *, base: str | None = None, facts_only: bool = False, reference: bool = False
) -> bytes:
    """The graph in the format of that name; KgError where there is none.

    Claims and evidence are left out with ``facts_only``; the reference data comes along with ``reference``.
    """
    export, chosen, options = _prepared(quads, name, base, facts_only=facts_only, reference=reference)
    return export.write(chosen, options)


def files(
    quads: Iterable[Quad], name: str, *, base: str | None = None, facts_only: bool = False, reference: bool = False
) -> dict[str, bytes]:
    """The files inside an archive format, by name, for those who want a folder; KgError for other formats."""
    export, chosen, options = _prepared(quads, name, base, facts_only=facts_only, reference=reference)
    if not export.archive:
        raise KgError(f"format {name} is a single file; a folder can be written with: {_names(archive=True)}")
    from kg.export import tables

    return tables.files(chosen, options)


def _prepared(
    quads: Iterable[Quad], name: str, base: str | None, *, facts_only: bool, reference: bool
) -> tuple[Export, list[Quad], Options]:
    from kg.export import parts

    if name not in EXPORTS:
        raise KgError(f'no format "{name}"; choose one of: {_names()}')
    options = parts.Options(base or parts.Options().base, facts_only, reference)
    return EXPORTS[name], parts.select(quads, options), options


def _names(*, archive: bool | None = None) -> str:
    return ", ".join(name for name, export in EXPORTS.items() if archive in (None, export.archive))


def by_suffix(path: str | Path) -> str:
    """The name of the format that a file's ending asks for; KgError with the known endings where there is none."""
    file = Path(path).name.lower()
    endings = [(suffix, export.name) for export in EXPORTS.values() for suffix in export.suffixes]
    fitting = [(len(suffix), name) for suffix, name in endings if file.endswith(suffix)]
    if not fitting:
        known = ", ".join(suffix for suffix, _ in endings)
        raise KgError(f"{path}: the ending says no format; name one with -f or use one of {known}")
    return max(fitting)[1]
