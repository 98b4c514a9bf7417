"""SSSOM/TSV: mapping sets as files, read and written without losing what this program doesn't know.

Format: https://mapping-commons.github.io/sssom/spec-formats-tsv/ (1.1): a YAML header of lines that begin with ``#``,
then a table. In the file identifiers are CURIEs; here they are whole IRIs. Cells are kept as text.

``read(path)`` / ``parse(text, name)`` -> MappingSet, ``dump(set)`` -> text, ``MappingSet.row_value`` for slots that the
header may give once for all rows. The ``sssom`` package itself brings pandas and a good deal more (364 MB), so it is no
dependency; the tests hold these files against ``sssom-pydantic``, another maker's reader and data model.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import textwrap
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import yaml

from kg.errors import InputError

Row = dict[str, str]
"""A mapping: name of a slot -> its text. Empty cells are absent; identifiers are IRIs; see ``values`` for lists."""

SLOTS: Final = tuple(
    """record_id subject_id subject_label subject_category predicate_id predicate_label predicate_modifier object_id
    object_label object_category mapping_justification author_id author_label reviewer_id reviewer_label creator_id
    creator_label license subject_type subject_source subject_source_version object_type object_source
    object_source_version predicate_type mapping_provider mapping_source mapping_cardinality cardinality_scope
    mapping_tool mapping_tool_id mapping_tool_version mapping_date publication_date review_date confidence
    reviewer_agreement curation_rule curation_rule_text subject_match_field object_match_field match_string
    subject_preprocessing object_preprocessing similarity_score similarity_measure see_also issue_tracker_item other
    comment""".split()
)
"""The slots of a mapping in the order of the specification, which is that of the columns written."""
IDENTIFIERS: Final = frozenset(
    """record_id subject_id predicate_id object_id mapping_justification author_id reviewer_id creator_id subject_source
    object_source mapping_source mapping_tool_id curation_rule subject_match_field object_match_field
    subject_preprocessing object_preprocessing issue_tracker_item""".split()
)
"""The slots whose values are identifiers."""
LISTS: Final = frozenset(
    """author_id author_label reviewer_id reviewer_label creator_id creator_label cardinality_scope curation_rule
    curation_rule_text subject_match_field object_match_field match_string subject_preprocessing object_preprocessing
    see_also""".split()
)
"""The slots that hold several values, parted by ``|``."""
PROPAGATED: Final = frozenset(
    """subject_type subject_source subject_source_version object_type object_source object_source_version predicate_type
    mapping_provider cardinality_scope mapping_tool mapping_tool_id mapping_tool_version mapping_date
    subject_match_field object_match_field subject_preprocessing object_preprocessing curation_rule curation_rule_text
    similarity_measure""".split()
)
"""The slots that the header may give once for all rows."""
BUILT_IN: Final[Mapping[str, str]] = {
    "linkml": "https://w3id.org/linkml/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "semapv": "https://w3id.org/semapv/vocab/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "sssom": "https://w3id.org/sssom/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
"""Prefixes that a file need not declare."""
SEMAPV: Final = BUILT_IN["semapv"]
MANUAL: Final = f"{SEMAPV}ManualMappingCuration"
NOT: Final = "Not"
_SCHEMES: Final = ("http://", "https://", "urn:", "mailto:")
_CURIE: Final = re.compile(r"([A-Za-z_][\w.-]*):(\S*)")
_PARTS: Final = re.compile(r"\\[\\|]|\||\\|[^\\|]+")
_LINES: Final = re.compile(r"[^\n]*\n|[^\n]+")


@dataclass(slots=True)
class MappingSet:
    """A mapping set: its header as YAML values in order, its columns as they stood in the file, its rows."""

    metadata: dict[str, Any] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    columns: tuple[str, ...] = ()

    def row_value(self, row: Row, slot: str) -> str:
        """A row's value, or the header's for all rows; "" for none. An identifier of the header is an IRI as well."""
        own = row.get(slot, "")
        if own or slot not in PROPAGATED:
            return own
        given = self.metadata.get(slot, "")
        texts = [str(each) for each in given] if isinstance(given, list) else [str(given)] if given != "" else []
        if slot in IDENTIFIERS:
            texts = [expand(text, self.prefixes) for text in texts]
        return joined(texts) if slot in LISTS else "".join(texts[:1])

    @property
    def prefixes(self) -> dict[str, str]:
        """The declared prefixes and the built-in ones."""
        declared = self.metadata.get("curie_map") or {}
        return {**BUILT_IN, **{str(prefix): str(begin) for prefix, begin in declared.items()}}


def values(cell: str) -> list[str]:
    r"""The values of a cell that holds several: parted by ``|``; ``\|`` and ``\\`` stand for the characters."""
    found = [""] if cell else []
    for part in _PARTS.findall(cell):
        if part == "|":
            found.append("")
        else:
            found[-1] += part[1] if part in ("\\\\", "\\|") else part
    return found


def joined(texts: Iterable[str]) -> str:
    """The cell of several values; the inverse of ``values``."""
    return "|".join(text.replace("\\", "\\\\").replace("|", "\\|") for text in texts)


# ---- CURIEs


def expand(curie: str, prefixes: Mapping[str, str]) -> str:
    """The IRI of a CURIE; an IRI stays one. KeyError with an undeclared prefix, ValueError for neither."""
    parts = _CURIE.fullmatch(curie)
    if parts and parts[1] in prefixes:
        return prefixes[parts[1]] + parts[2]
    if curie.startswith(_SCHEMES):
        return curie
    if parts is None:
        raise ValueError(curie)
    raise KeyError(parts[1])


def contract(iri: str, prefixes: Mapping[str, str]) -> str | None:
    """The CURIE of an IRI by the longest prefix that fits, or None."""
    fitting = [(-len(begin), prefix) for prefix, begin in prefixes.items() if begin and iri.startswith(begin)]
    if not fitting:
        return None
    length, prefix = min(fitting)
    return f"{prefix}:{iri[-length:]}"


# ---- reading


def read(path: Path) -> MappingSet:
    """The mapping set of a file. Raises InputError: one line with file, line and column."""
    try:
        text = path.read_bytes().decode("utf-8")
    except OSError as error:
        raise InputError(f"{path}: can't be read ({error.strerror}); check the path") from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise InputError(f"{path} line {line}: not UTF-8; save it again as UTF-8") from None
    return parse(text, str(path))


def parse(text: str, name: str) -> MappingSet:
    """The mapping set of a text; ``name`` stands in messages."""
    lines = _LINES.findall(text.removeprefix("\ufeff"))
    above = next((at for at, line in enumerate(lines) if not line.startswith("#")), len(lines))
    metadata = _header(lines[:above], name)
    found = MappingSet(metadata)
    table = _records("".join(lines[above:]), above, name)
    if not table:
        raise InputError(f"{name} line {above + 1}: no table; below the header must stand the names of the columns")
    first, columns = table[0]
    _expect_columns(columns, f"{name} line {first}")
    found.columns = tuple(columns)
    prefixes = found.prefixes
    for line, cells in table[1:]:
        if len(cells) > len(columns):
            raise InputError(f"{name} line {line}: {len(cells)} cells, but {len(columns)} columns; check its tabs")
        row = {column: cell for column, cell in zip(columns, cells, strict=False) if cell != ""}
        found.rows.append({slot: _cell(slot, cell, prefixes, f"{name} line {line}") for slot, cell in row.items()})
        _expect_row(found.rows[-1], f"{name} line {line}")
    return found


def _header(lines: list[str], name: str) -> dict[str, Any]:
    block = textwrap.dedent("".join(line[1:] for line in lines))
    try:
        found = yaml.load(block, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f" line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise InputError(f"{name}{place}: not valid YAML: {error.problem}; correct the header") from None
    except yaml.YAMLError as error:
        raise InputError(f"{name}: the header isn't valid YAML ({str(error).splitlines()[0]}); correct it") from None
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise InputError(f"{name} line 1: the header must be lines of 'slot: value', as in '#license: …'")
    if not isinstance(found.get("curie_map") or {}, dict):
        raise InputError(f"{name}: curie_map in the header must be lines of 'prefix: IRI'")
    return {str(key): value for key, value in found.items()}


def _records(table: str, above: int, name: str) -> list[tuple[int, list[str]]]:
    """Line number and cells of each row; empty lines are left out."""
    reader = csv.reader(io.StringIO(table, newline=""), delimiter="\t", strict=True)
    found, line = [], above + 1
    try:
        for cells in reader:
            if any(cells):
                found.append((line, cells))
            line = above + reader.line_num + 1
    except csv.Error as error:
        raise InputError(f"{name} line {line}: {error}; check its quotation marks") from None
    return found


def _expect_columns(columns: list[str], place: str) -> None:
    twice = next((column for column in columns if columns.count(column) > 1), None)
    if "" in columns:
        raise InputError(f"{place}: column {columns.index('') + 1} has no name; name it or take it out")
    if twice is not None:
        raise InputError(f"{place}: column {twice} stands there twice; take one out")
    missing = [slot for slot in ("predicate_id", "mapping_justification") if slot not in columns]
    if missing:
        raise InputError(f"{place}: no column {missing[0]}; a SSSOM table needs it")


def _cell(slot: str, cell: str, prefixes: Mapping[str, str], place: str) -> str:
    if slot in IDENTIFIERS:
        texts = values(cell) if slot in LISTS else [cell]
        try:
            texts = [expand(text, prefixes) for text in texts]
        except KeyError as error:
            raise InputError(
                f"{place}, column {slot}: prefix {error.args[0]!r} of {cell!r} isn't declared; add it to curie_map"
            ) from None
        except ValueError:
            raise InputError(f"{place}, column {slot}: {cell!r} is no CURIE; write prefix:name") from None
        return joined(texts) if slot in LISTS else texts[0]
    check = _CHECKS.get(slot)
    if check and not check[0](cell):
        raise InputError(f"{place}, column {slot}: {cell!r} is {check[1]}")
    return cell


def _expect_row(row: Row, place: str) -> None:
    for slot in ("predicate_id", "mapping_justification"):
        if slot not in row:
            raise InputError(f"{place}, column {slot}: empty; every mapping needs one")
    for end in ("subject", "object"):
        if f"{end}_id" not in row and row.get(f"{end}_type") != "rdfs literal":
            raise InputError(f"{place}, column {end}_id: empty; every mapping needs one")


def _is_share(cell: str) -> bool:
    try:
        return 0.0 <= float(cell) <= 1.0
    except ValueError:
        return False


def is_date(cell: str) -> bool:
    """Whether a text is a day in ISO 8601, as in 2026-01-31."""
    try:
        return bool(dt.date.fromisoformat(cell)) and len(cell) == len("2026-01-31")
    except ValueError:
        return False


_SHARE: Final = (_is_share, "no number between 0 and 1")
_DAY: Final = (is_date, "no date; write it as in 2026-01-31")
_CHECKS: Final[Mapping[str, tuple[Callable[[str], bool], str]]] = {
    "predicate_modifier": (NOT.__eq__, f"no modifier; leave it empty or write {NOT}"),
    "confidence": _SHARE,
    "similarity_score": _SHARE,
    "mapping_date": _DAY,
    "publication_date": _DAY,
    "review_date": _DAY,
}


class _Loader(yaml.SafeLoader):
    """Dates stay the text that they are."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in known if tag != "tag:yaml.org,2002:timestamp"]
    for first, known in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


class _Dumper(yaml.SafeDumper):
    """Without anchors, which SSSOM forbids."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - yaml calls it with the value
        return True


# ---- writing


def dump(found: MappingSet) -> str:
    """The file of a mapping set: identifiers as CURIEs, columns in the order of the specification, own ones last.

    An IRI that no declared prefix fits gets one, declared in ``curie_map`` and named for its host: SSSOM allows no IRIs
    in the table, and a mapping must not be lost for that.
    """
    prefixes = found.prefixes
    used: dict[str, str] = {}
    rows = [{slot: _written(slot, text, prefixes, used) for slot, text in row.items()} for row in found.rows]
    metadata = dict(found.metadata)
    if used:
        metadata["curie_map"] = dict(sorted({**(metadata.get("curie_map") or {}), **used}.items()))
    header = yaml.dump(metadata, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100_000) if metadata else ""
    out = io.StringIO(newline="")
    out.writelines(f"#{line}\n" for line in header.splitlines())
    columns = _columns(found)
    table = csv.writer(out, delimiter="\t", lineterminator="\n")
    table.writerow(columns)
    table.writerows([[row.get(column, "") for column in columns] for row in rows])
    return out.getvalue()


def _columns(found: MappingSet) -> list[str]:
    """Those of the file and those that a row needs; the few that make a mapping where there is neither."""
    present = dict.fromkeys(found.columns) | dict.fromkeys(slot for row in found.rows for slot in row)
    present = present or dict.fromkeys(("subject_id", "predicate_id", "object_id", "mapping_justification"))
    return [*(slot for slot in SLOTS if slot in present), *(slot for slot in present if slot not in SLOTS)]


def _written(slot: str, text: str, prefixes: dict[str, str], used: dict[str, str]) -> str:
    if slot not in IDENTIFIERS:
        return text
    if slot in LISTS:
        return joined(_curie(each, prefixes, used) for each in values(text))
    return _curie(text, prefixes, used)


def _curie(iri: str, prefixes: dict[str, str], used: dict[str, str]) -> str:
    """The CURIE of an IRI; declares a prefix where none fits."""
    found = contract(iri, prefixes)
    if found is None:
        begin = re.match(r".*[/#:=]", iri, re.DOTALL)
        host = re.sub(r"\W+", "_", urlsplit(iri).hostname or iri.partition(":")[0]).strip("_") or "ns"
        host = host if host[0].isalpha() else f"_{host}"
        prefix, number = host, 2
        while prefix in prefixes:
            prefix, number = f"{host}_{number}", number + 1
        prefixes[prefix] = used[prefix] = begin[0] if begin else iri
        found = contract(iri, prefixes)
        assert found
    return found
