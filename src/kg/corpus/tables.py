"""N-Quads -> Parquet: a row for each quad, its four terms in columns, as N-Quads writes them."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Final

from kg.errors import KgError

COLUMNS: Final = ("subject", "predicate", "object", "graph")


def as_parquet(data: Iterable[bytes]) -> bytes:
    """The quads of many articles as one file. Raises KgError where pyarrow isn't installed."""
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise KgError("Parquet needs pyarrow: pip install 'jejaring[parquet]'") from error
    columns: tuple[list[str], ...] = ([], [], [], [])
    for each in data:
        for line in each.decode().splitlines():
            for column, term in zip(columns, _terms(line), strict=True):
                column.append(term)
    table = pa.table(
        dict(zip(COLUMNS, columns, strict=True)), schema=pa.schema([(name, pa.string()) for name in COLUMNS])
    )
    stream = io.BytesIO()
    pq.write_table(table, stream, compression="zstd")
    return stream.getvalue()


def _terms(line: str) -> tuple[str, str, str, str]:
    """The terms of a line as our writer writes it: one space between them, a graph at the end."""
    subject, predicate, rest = line.split(" ", 2)
    value, graph, _dot = rest.rsplit(" ", 2)
    return subject, predicate, value, graph
