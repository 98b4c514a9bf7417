"""Tables of articles: SQLite databases, Parquet and Arrow files; each row an article, bad ones a line each."""

from __future__ import annotations

import datetime as dt
import io
import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from command import kg
from containers import as_arrow, as_gzip, as_jsonl, as_page, as_parquet, as_pdf, as_sqlite, as_tar
from kg.article import Unread
from kg.model import Article
from kg.sources import Note, sqlite
from sourced import DAY, DUTCH, ONE, TWO, found, texts, the_article, the_line, write

ROWS: list[dict[str, Any]] = [
    {"judul": "Judul  A", "isi": ONE, "tanggal": "2025-10-14", "url": "https://k.example/1", "sumber": "Kabar Teluk"},
    {"judul": "Judul B", "isi": TWO, "tanggal": "14 Oktober 2025", "url": None, "sumber": None},
]
MAKERS = {
    "sqlite": lambda file, rows: as_sqlite(file, "berita", rows),
    "parquet": as_parquet,
    "arrow": as_arrow,
}


@pytest.fixture(params=MAKERS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def key(kind: str, number: int) -> str:
    return f"berita/{number}" if kind == "sqlite" else str(number)


# ------------------------------------------------------------------------------------------------ all of them


def test_each_row_of_a_table_is_an_article(tmp_path: Path, kind: str) -> None:
    file = MAKERS[kind](tmp_path / f"a.{kind}", ROWS)
    first, second = found(file)
    assert first == Article(
        ONE, f"{file}#{key(kind, 1)}", title="Judul A", outlet="Kabar Teluk", url="https://k.example/1", published=DAY
    )
    assert second == Article(TWO, f"{file}#{key(kind, 2)}", title="Judul B", published=DAY)


def test_a_table_is_known_by_its_content_also_in_archives_and_pipes(
    tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = Path(MAKERS[kind](tmp_path / f"a.{kind}", ROWS)).read_bytes()
    assert texts(found(write(tmp_path / "unduhan", data))) == [ONE, TWO]
    assert texts(found(write(tmp_path / "a.gz", as_gzip(data)))) == [ONE, TWO]
    inside = found(write(tmp_path / "a.tgz", as_gzip(as_tar({f"x/b.{kind}": data, "c.txt": TWO}))))
    assert [item.source for item in inside][1:] == [
        f"{tmp_path / 'a.tgz'}#x/b.{kind}#{key(kind, 2)}",
        f"{tmp_path / 'a.tgz'}#c.txt",
    ]
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    assert texts(found("-")) == [ONE, TWO]


CELLS = st.text(st.characters(exclude_categories=("Cs",)), max_size=40)
VALUES = st.fixed_dictionaries(
    {
        "isi": st.none()
        | st.just(ONE)
        | CELLS.map(lambda text: f"Wali kota itu {text} membuka rapat di kota Kendari."),
        "judul": st.none() | CELLS,
        "sumber": st.none() | CELLS,
        "link": st.none() | st.sampled_from(["https://k.example/1", "ftp://x", ""]),
        "tanggal": st.none() | st.sampled_from(["2025-10-14", "14 Oktober 2025", "kapan-kapan"]),
        "jumlah": st.none() | st.integers(-9, 9),
    }
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(VALUES, min_size=1, max_size=6))
def test_the_same_rows_give_the_same_articles_in_every_form(tmp_path: Path, rows: list[dict[str, Any]]) -> None:
    rows = [
        {name: value and value.replace("\0", "") if isinstance(value, str) else value for name, value in row.items()}
        for row in rows
    ]
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    expected = told([item for item in found(write(tmp_path / "a.jsonl", lines)) if isinstance(item, Article)])
    for name, make in MAKERS.items():
        (tmp_path / f"a.{name}").unlink(missing_ok=True)
        items = found(make(tmp_path / f"a.{name}", rows))
        assert told([item for item in items if isinstance(item, Article)]) == expected, name
        assert any(isinstance(item, Unread) for item in items) == (len(expected) < len(rows))


def told(articles: list[Article]) -> list[tuple[object, ...]]:
    return [
        (
            each.source.rpartition("#")[2].rpartition("/")[2],
            each.text,
            each.title,
            each.outlet,
            each.url,
            each.published,
        )
        for each in articles
    ]


def test_a_column_can_be_named(tmp_path: Path, kind: str) -> None:
    rows = [{"isi": "Ringkasan saja.", "naskah lengkap": ONE, "judul": "A"}]
    file = MAKERS[kind](tmp_path / f"a.{kind}", rows)
    assert the_article(found(file, text_field="naskah lengkap")).text == ONE
    assert 'column "tiada"' in the_line(found(file, text_field="tiada"))
    without = MAKERS[kind](tmp_path / f"b.{kind}", [{"nomor": 1, "apa": ONE}])
    assert "for the text; name it with --text-field" in the_line(found(without))
    assert "nomor, apa" in the_line(found(without))


def test_rows_without_a_text_are_counted(tmp_path: Path, kind: str) -> None:
    rows = [{"isi": ONE}, {"isi": None}, {"isi": "  "}, {"isi": TWO}]
    items = texts(found(MAKERS[kind](tmp_path / f"a.{kind}", rows)))
    assert items[:2] == [ONE, TWO]
    assert len(items) == 3
    assert "2 rows" in items[2]


def test_bytes_are_what_they_hold(tmp_path: Path, kind: str) -> None:
    cells = [
        ONE.encode(),
        as_page(ONE).encode(),
        as_pdf(ONE.split("\n")),
        TWO.encode("windows-1252", "replace"),
        b"\0\1\2\xff" * 50,
    ]
    items = texts(found(MAKERS[kind](tmp_path / f"a.{kind}", [{"isi": cell} for cell in cells])))
    assert items[:3] == [ONE, ONE, ONE]
    assert items[3] == TWO
    assert "binary data" in items[4]
    assert f"row {key(kind, 5)}" in items[4]


def test_a_cell_over_the_limit_is_passed_over(tmp_path: Path, kind: str) -> None:
    rows = [{"isi": ONE}, {"isi": "kota " * 1000}, {"isi": TWO}]
    items = texts(found(MAKERS[kind](tmp_path / f"a.{kind}", rows), limit=1000))
    assert [items[0], items[2]] == [ONE, TWO]
    assert f"row {key(kind, 2)}: longer than the limit" in items[1]


def test_a_text_in_another_language_is_said_with_its_row(tmp_path: Path, kind: str) -> None:
    items = texts(found(MAKERS[kind](tmp_path / f"a.{kind}", [{"isi": DUTCH}, {"isi": ONE}])))
    assert f"row {key(kind, 1)}: the text looks like Dutch" in items[0]
    assert items[1] == ONE


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(0, 20_000), noise=st.binary(min_size=1, max_size=40), name=st.sampled_from(sorted(MAKERS)))
def test_a_damaged_table_gives_articles_and_lines(tmp_path: Path, at: int, noise: bytes, name: str) -> None:
    whole = tmp_path / f"whole.{name}"
    if not whole.exists():
        MAKERS[name](whole, ROWS * 20)
    data = whole.read_bytes()
    at %= len(data)
    for number, damaged in enumerate((data[:at] + noise + data[at + len(noise) :], data[:at])):
        items = found(write(tmp_path / f"{number}.{name}", damaged))
        assert items
        assert len(items) < 100


def test_what_only_has_the_name_of_a_table_is_said(tmp_path: Path) -> None:
    noise = bytes(range(256)) * 32
    assert "encrypted or damaged" in the_line(found(write(tmp_path / "a.sqlite", noise)))
    assert "encrypted, cut off or damaged" in the_line(found(write(tmp_path / "a.parquet", noise)))
    assert "encrypted, cut off or damaged" in the_line(found(write(tmp_path / "b.parquet", b"PARE" + noise)))
    assert the_article(found(write(tmp_path / "b.db", as_jsonl([ONE])))).text == ONE


def test_the_commands_read_tables(tmp_path: Path) -> None:
    files = [Path(make(tmp_path / f"a.{kind}", ROWS)).name for kind, make in MAKERS.items()]
    done = kg("build", *files, "--store", "toko", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "6 articles read" in done.stderr
    assert "2 unchanged" in kg("build", "a.sqlite", "--store", "toko", cwd=tmp_path).stderr
    facts = kg("facts", *files, "--text-field", "isi", "-f", "csv", cwd=tmp_path)
    assert "says,Waode" in facts.stdout
    assert "6 articles read\n9 claims read" in facts.stderr


# ------------------------------------------------------------------------------------------------ SQLite


def test_all_tables_with_a_text_are_read_by_name_and_one_can_be_named(tmp_path: Path) -> None:
    more = f"""
        CREATE TABLE "arsip lama" (nomor INTEGER PRIMARY KEY, content TEXT);
        INSERT INTO "arsip lama" VALUES (7, '{TWO}');
        CREATE TABLE media (id INTEGER, nama TEXT);
        INSERT INTO media VALUES (1, 'Kabar Teluk');
    """
    file = as_sqlite(tmp_path / "a.db", "berita", ROWS[:1], after=more)
    remark, old, new = found(file)
    assert isinstance(remark, Note)
    assert "arsip lama.content, berita.isi are read; those of one with --text-field arsip lama.content" in str(
        remark.error
    )
    assert [old.source, new.source] == [f"{file}#arsip lama/7", f"{file}#berita/1"]
    assert texts(found(file, text_field="arsip lama.content")) == [TWO]
    assert texts(found(file, text_field="berita.isi")) == [ONE]
    assert texts(found(file, text_field="content")) == [TWO]
    assert 'no table with the column "media.isi"' in the_line(found(file, text_field="media.isi"))


def test_a_row_keeps_its_place_when_others_go(tmp_path: Path) -> None:
    file = as_sqlite(tmp_path / "a.db", "berita", [{"isi": ONE}, {"isi": TWO}])
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("DELETE FROM berita WHERE rowid = 1")
        database.execute("INSERT INTO berita VALUES (?)", (ONE,))
    assert [item.source for item in found(file)] == [f"{file}#berita/2", f"{file}#berita/3"]


def test_tables_without_row_numbers_are_read_by_their_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "KEYS", 4)
    more = "CREATE TABLE a (hari TEXT, nomor INT, isi TEXT, PRIMARY KEY (hari, nomor)) WITHOUT ROWID;" + "".join(
        f"INSERT INTO a VALUES ('{day}', {number}, '{ONE}');" for day in ("x", "w") for number in range(9)
    )
    file = as_sqlite(tmp_path / "a.db", "b", [{"x": 1}], after=more)
    assert [item.source for item in found(file)] == [f"{file}#a/{day},{number}" for day in "wx" for number in range(9)]


def test_odd_names_are_read(tmp_path: Path) -> None:
    rows = [{"rowid": "x", "isi": ONE, 'ju"dul': "A", "select": 1}, {"rowid": "y", "isi": TWO}]
    file = as_sqlite(tmp_path / 'a?b#c "d".db', 'tabel "aneh"; DROP', rows)
    assert texts(found(file)) == [ONE, TWO]


def test_nothing_that_a_database_brings_along_is_run(tmp_path: Path) -> None:
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"
    more = f"""
        CREATE VIEW "artikel" AS {endless} SELECT i AS id, 'x' AS isi FROM n;
        CREATE TABLE dihitung (id INTEGER PRIMARY KEY, judul TEXT, isi TEXT AS (hex(zeroblob(1000000))));
        INSERT INTO dihitung (judul) VALUES ('A');
        CREATE VIRTUAL TABLE cari USING fts5(isi);
        INSERT INTO cari VALUES ('{TWO}');
        CREATE TRIGGER t AFTER INSERT ON berita BEGIN DELETE FROM berita; END;
    """
    file = as_sqlite(tmp_path / "a.db", "berita", ROWS[:1], after=more)
    before = Path(file).read_bytes()
    assert texts(found(file)) == [ONE]
    assert 'no table with the column "artikel.isi"' in the_line(found(file, text_field="artikel.isi"))
    assert Path(file).read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.db"]


def test_a_database_that_is_being_written_is_said_to_be_unfinished(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "a.db")) as database:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("CREATE TABLE berita (isi TEXT)")
        database.commit()
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        database.execute("INSERT INTO berita VALUES (?)", (ONE,))
        database.commit()
        assert "a.db-wal beside it holds changes that aren't in it yet" in texts(found(str(tmp_path / "a.db")))[0]


def test_a_cell_too_long_for_sqlite_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "SMALLEST", 2000)
    rows = [{"isi": ONE}, {"isi": "kota " * 1000}, {"isi": TWO}]
    items = texts(found(as_sqlite(tmp_path / "a.db", "berita", rows), limit=1000))
    assert [items[0], items[2]] == [ONE, TWO]
    assert "row berita/2: longer than the limit" in items[1]


def test_a_picture_beside_a_text_is_not_looked_at(tmp_path: Path) -> None:
    rows = [{"isi": ONE, "foto": b"\x89PNG" * 1_000_000}]
    assert the_article(found(as_sqlite(tmp_path / "a.db", "berita", rows), limit=100_000)).text == ONE


def test_a_text_that_isnt_utf_8_is_told_as_in_a_file(tmp_path: Path) -> None:
    more = f"INSERT INTO berita VALUES (CAST(x'{(ONE + ' Café').encode('windows-1252').hex()}' AS TEXT))"
    file = as_sqlite(tmp_path / "a.db", "berita", [{"isi": TWO}], after=more)
    assert texts(found(file)) == [TWO, ONE + " Café"]


def test_an_empty_database_is_said(tmp_path: Path) -> None:
    file = as_sqlite(tmp_path / "a.db", "berita", [{"isi": 1}], after="DROP TABLE berita")
    assert "no table with a column for the text" in the_line(found(file))
    file = as_sqlite(tmp_path / "b.db", "berita", [])
    assert "no rows in the table berita" in the_line(found(file))


def test_a_damaged_page_costs_its_rows_only(tmp_path: Path) -> None:
    file = Path(as_sqlite(tmp_path / "a.db", "berita", [{"isi": f"Rapat {n}. {ONE * 5}"} for n in range(200)]))
    data = bytearray(file.read_bytes())
    middle = len(data) // 2 // 4096 * 4096
    data[middle : middle + 64] = b"\xff" * 64
    items = found(write(file, bytes(data)))
    assert any(isinstance(item, Article) for item in items)
    assert "damaged" in str(next(item.error for item in items if isinstance(item, Unread)))


# ------------------------------------------------------------------------------------------------ Parquet


def test_nested_packed_and_timed_columns(tmp_path: Path) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    moment = dt.datetime(2025, 10, 13, 20, 5, tzinfo=dt.UTC)
    table = pa.table(
        {
            "data": pa.array([{"isi": ONE, "n": 1}, {"isi": TWO, "n": 2}]),
            "paragraf": pa.array([ONE.split("\n"), TWO.split("\n")]),
            "publisher": pa.array(["Kabar Teluk", "Kabar Teluk"]).dictionary_encode(),
            "date": pa.array([moment, moment], pa.timestamp("ns", "UTC")),
            "url": pa.array(["https://k.example/1", None], pa.large_string()),
        }
    )
    file = tmp_path / "a.parquet"
    parquet.write_table(table, file)
    first, second = found(str(file))
    assert first == Article(ONE, f"{file}#1", outlet="Kabar Teluk", url="https://k.example/1", published=DAY)
    assert second.text == TWO
    assert texts(found(str(file), text_field="data.isi")) == [ONE, TWO]


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_moments_of_any_kind(tmp_path: Path, unit: str) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    moment = pa.array(["2025-10-14T23:05:00", None]).cast(pa.timestamp(unit))
    parquet.write_table(pa.table({"isi": [ONE, TWO], "date": moment}), tmp_path / "a.parquet")
    assert [item.published for item in found(str(tmp_path / "a.parquet"))] == [DAY, None]
    days = pa.table({"isi": [ONE], "date": pa.array([DAY], pa.date32())})
    parquet.write_table(days, tmp_path / "b.parquet")
    assert the_article(found(str(tmp_path / "b.parquet"))).published == DAY
    far = pa.table({"isi": [ONE], "date": pa.array([2**52], pa.int64()).cast(pa.timestamp("s"))})
    parquet.write_table(far, tmp_path / "c.parquet")
    assert the_article(found(str(tmp_path / "c.parquet"))).published is None


def test_a_damaged_group_of_rows_costs_itself_only(tmp_path: Path) -> None:
    rows = [{"isi": f"Rapat {number}. {ONE}"} for number in range(30)]
    file = Path(as_parquet(tmp_path / "a.parquet", rows, row_group_size=10, compression="gzip", use_dictionary=False))
    from pyarrow import parquet

    chunk = parquet.ParquetFile(file).metadata.row_group(1).column(0)
    end = chunk.data_page_offset + chunk.total_compressed_size
    data = bytearray(file.read_bytes())
    data[end - 60 : end - 20] = b"\xff" * 40
    items = found(write(file, bytes(data)))
    assert [item.source for item in items if isinstance(item, Article)] == [
        f"{file}#{number}" for number in (*range(1, 11), *range(21, 31))
    ]
    assert "rows 11 to 20 are damaged" in texts(items)[10]


def test_a_table_that_unpacks_to_far_more_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.sources.UNPACKED", 1_000_000)
    rows = [{"isi": "kota " * 100_000 + str(number)} for number in range(3)]
    file = as_parquet(tmp_path / "a.parquet", rows, compression="zstd", use_dictionary=False)
    assert Path(file).stat().st_size < 10_000
    assert "far more than an archive of news" in the_line(found(file))


def test_without_pyarrow_one_line_says_what_to_install(tmp_path: Path) -> None:
    file = as_parquet(tmp_path / "a.parquet", ROWS)
    code = "import sys; sys.modules['pyarrow'] = None; from kg.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, "facts", file], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert done.returncode == 2
    assert done.stderr.strip() == f"kg: {file}: reading such tables needs pyarrow: pip install 'jejaring[parquet]'"


# ------------------------------------------------------------------------------------------------ memory

PEAK = """
import sys
from kg.sources import read
number = sum(1 for item in read(sys.argv[1:]))
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1]
print(number, int(peak) * 1024)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="this system doesn't tell a process's memory")
@pytest.mark.parametrize("form", ["jsonl", *MAKERS])
def test_memory_does_not_grow_with_the_file(tmp_path: Path, form: str) -> None:
    peaks = []
    for count in (1000, 20_000):
        file = many(tmp_path / f"{count}.{form}", count)
        assert count < 20_000 or file.stat().st_size > 60e6
        done = subprocess.run(
            [sys.executable, "-c", PEAK, str(file)], capture_output=True, text=True, check=True, cwd=tmp_path
        )
        number, peak = map(int, done.stdout.split())
        assert number == count
        peaks.append(peak)
        file.unlink()
    assert peaks[1] - peaks[0] < 25e6


def many(file: Path, count: int) -> Path:
    """A file of many different rows, of about 3.5 kB each, written piece by piece."""
    rows = (
        {"isi": f"Rapat {number}. {' '.join(str(number * each) for each in range(450))}"} for number in range(count)
    )
    if file.suffix == ".jsonl":
        with file.open("w") as out:
            out.writelines(json.dumps(row) + "\n" for row in rows)
    elif file.suffix == ".sqlite":
        with closing(sqlite3.connect(file)) as database, database:
            database.execute("CREATE TABLE berita (isi TEXT)")
            database.executemany("INSERT INTO berita VALUES (:isi)", rows)
    elif file.suffix == ".arrow":
        as_arrow(file, list(rows), chunk=500)
    else:
        as_parquet(file, list(rows), compression="none")
    return file
