"""Linking 100,000 rows, beside rapidfuzz alone on the same names in the same run.

    python benchmarks/linking.py [ROWS]

The rows are the regions of the reference data, each under one of several spellings and with slips by a fixed rule, in
as many years as it takes. The peer is ``rapidfuzz.process.extractOne`` over the regions' names, which looks at each row
and at each different name; it has no types, no provinces and no outcome but the nearest name.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from rapidfuzz import fuzz, process

from kg import export, reference
from kg.link import cube, dataset, matcher
from kg.link.dataset import Request, Result

ROWS = 100_000
SPELLINGS: tuple[Callable[[str], str], ...] = (
    str,
    str.upper,
    lambda name: name.replace("Kabupaten ", "Kab. ").replace("Kota ", "Kota  "),
    lambda name: name[:-2] + name[-1:],  # a letter is missing
)


def names() -> list[tuple[str, str]]:
    """Region and name, each in all spellings."""
    known = reference.load()
    keys = matcher.regions(known)
    return [(key, spelling(known.things[key].label.text)) for spelling in SPELLINGS for key in keys]


def table(folder: Path, rows: int) -> tuple[Path, list[str]]:
    """A file with so many rows, and the region of each."""
    found = names()
    lines = [(*found[at % len(found)], 1800 + at * len(SPELLINGS) // len(found)) for at in range(rows)]
    path = folder / "table.csv"
    path.write_text("nama,tahun,nilai\n" + "".join(f"{name},{year},{at}\n" for at, (_, name, year) in enumerate(lines)))
    return path, [key for key, _, _ in lines]


def timed(work: Callable[[], object]) -> tuple[float, object]:
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def main(rows: int) -> None:
    known = reference.load()
    labels = {key: known.things[key].label.text.casefold() for key in matcher.regions(known)}
    with tempfile.TemporaryDirectory() as folder:
        path, answers = table(Path(folder), rows)
        ours, result = timed(lambda: dataset.link(path, Request({}, {})))
        assert isinstance(result, Result)
        lines = [line[0].casefold() for line in result.linked.table.rows]
        each, _ = timed(lambda: [process.extractOne(line, labels, scorer=fuzz.ratio) for line in lines[:5000]])
        each *= len(lines) / 5000
        different = list(dict.fromkeys(lines))
        once, nearest = timed(
            lambda: {line: process.extractOne(line, labels, scorer=fuzz.ratio)[2] for line in different}
        )
        assert isinstance(nearest, dict)
        rdf, data = timed(lambda: export.write(cube.quads(result.linked, result.about), "ntriples"))
        assert isinstance(data, bytes)
    linked = [row.outcome.linked.id if row.outcome.linked else None for row in result.linked.main]
    right = sum(found == answer for found, answer in zip(linked, answers, strict=True))
    wrong = sum(found is not None and found != answer for found, answer in zip(linked, answers, strict=True))
    peer = sum(nearest[line] == answer for line, answer in zip(lines, answers, strict=True))
    print(f"{rows:,} rows, {len(different):,} different names")
    print(f"kg link                     {ours:7.2f} s   right {right / rows:.1%}, wrong {wrong / rows:.1%}, open rest")
    print(f"rapidfuzz, each row         {each:7.2f} s   {each / ours:5.1f} times ours (from 5,000 rows)")
    print(f"rapidfuzz, each name once   {once:7.2f} s   right {peer / rows:.1%}, wrong {1 - peer / rows:.1%}")
    print(f"cube and N-Triples          {rdf:7.2f} s   {len(data) / 1e6:.0f} MB")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS)
