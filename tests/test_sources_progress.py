"""How far reading has got, in bytes; folders of many files in little memory."""

from __future__ import annotations

import json
import sys
import tracemalloc
from pathlib import Path

import pytest

from containers import (
    as_arrow,
    as_gzip,
    as_jsonl,
    as_mail,
    as_mbox,
    as_page,
    as_parquet,
    as_sitemap,
    as_sqlite,
    as_warc,
    as_zip,
)
from kg.article import read_sources
from kg.sources import SUFFIXES, Progress, count, read, size
from kg.sources.files import files
from sourced import ONE, TWO, write

MANY = 300
LONG = [
    f"{ONE} Nomor {number}. " + " ".join(str(number * each * 7919) for each in range(200)) for number in range(MANY)
]


def as_many(form: str, file: Path) -> str:
    rows = [{"isi": text} for text in LONG]
    if form == "sqlite":
        return as_sqlite(file, "berita", rows)
    if form == "parquet":
        return as_parquet(file, rows, row_group_size=50)
    if form == "arrow":
        return as_arrow(file, rows)
    if form == "mbox":
        return str(as_mbox(file, [as_mail(text) for text in LONG]))
    lines = "".join(json.dumps({"isi": text}) + "\n" for text in LONG)
    made = {
        "jsonl": lambda: lines,
        "jsonl.gz": lambda: as_gzip(lines),
        "zip": lambda: as_zip({f"{number:03}.txt": text for number, text in enumerate(LONG)}),
        "warc": lambda: as_warc(
            [(f"https://k.example/{n}", "text/html", as_page(t).encode()) for n, t in enumerate(LONG)]
        ),
    }
    return write(file, made[form]())


@pytest.mark.parametrize("form", ["jsonl", "jsonl.gz", "zip", "warc", "mbox", "sqlite", "parquet", "arrow"])
def test_how_much_of_a_file_is_read_is_told_while_it_is_read(tmp_path: Path, form: str) -> None:
    file = as_many(form, tmp_path / f"a.{form}")
    progress = Progress(size([file]))
    assert (progress.total, progress.done) == (Path(file).stat().st_size, 0)
    seen = [progress.done for _ in read([file], progress=progress)]
    assert len(seen) == MANY
    assert seen == sorted(seen)
    assert abs(seen[MANY // 2] - progress.total / 2) < 0.35 * progress.total
    assert progress.done == progress.total


def test_a_folder_counts_by_its_files(tmp_path: Path) -> None:
    for number in range(20):
        write(tmp_path / f"{number:02}.txt", ONE * (number + 1))
    write(tmp_path / "x.csv", "tidak dibaca")
    (tmp_path / "hilang.txt").symlink_to("tiada")
    progress = Progress(size([str(tmp_path)]))
    seen = [progress.done for _ in read_sources([str(tmp_path)], progress=progress)]
    assert progress.total == sum(len((ONE * number).encode()) for number in range(1, 21))
    assert len(set(seen)) >= 20
    assert seen == sorted(seen)
    assert progress.done == progress.total


def test_pages_that_a_sitemap_brings_count_as_it_does(tmp_path: Path) -> None:
    for number in range(4):
        write(tmp_path / f"baca?id={number}", as_page(ONE))
    file = write(tmp_path / "sitemap.xml", as_sitemap([f"https://k.example/baca?id={number}" for number in range(4)]))
    progress = Progress(size([file]))
    assert progress.total is not None
    seen = [progress.done / progress.total for _ in read([file], progress=progress)]
    assert seen == pytest.approx([0, 0.25, 0.5, 0.75], abs=0.01)
    assert progress.done == progress.total


def test_what_comes_by_standard_input_has_no_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = write(tmp_path / "a.jsonl", as_jsonl([ONE, TWO]))
    assert size([file, "-"]) is None
    assert size(["tiada"]) == 0
    progress = Progress()
    with open(file, encoding="utf-8") as stream:
        monkeypatch.setattr(sys, "stdin", stream)
        assert len(list(read(["-"], progress=progress))) == 2
    assert progress.total is None


def test_a_folder_of_many_folders_is_listed_in_little_memory(tmp_path: Path) -> None:
    for folder in range(30):
        (tmp_path / f"{folder:02}").mkdir()
        for number in range(200):
            (tmp_path / f"{folder:02}" / f"berita-{number:04}.txt").touch()
    tracemalloc.start()
    listed = 0
    last = ""
    for path in files(str(tmp_path), SUFFIXES):
        assert isinstance(path, str)
        assert path > last
        listed, last = listed + 1, path
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert listed == 6000
    assert peak < 150_000
    assert count([str(tmp_path)]) == 6000
