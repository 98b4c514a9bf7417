"""Tables of other people: read, their columns found, their codes told apart, their rows linked, written as a cube."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from command import kg
from kg import store as stores
from kg import vocabulary as v
from kg.errors import InputError
from kg.link import columns, csvw, dataset, numbers, report, rows, tabular
from kg.link.column import Role
from kg.link.dataset import Request, Result
from kg.link.numbers import Notation
from kg.link.outcome import Decision
from kg.link.row import Subject
from kg.link.units import unit_of
from kg.store.checking import check
from kg.store.published import published

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "data" / "tables" / "penduduk.csv"
SHARED = ROOT.parent / "shared" / "data"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="the reference tables lie outside of the repository")


def link(
    path: Path, roles: dict[str, Role] | None = None, units: dict[str, str] | None = None, **more: object
) -> Result:
    return dataset.link(path, Request(roles or {}, units or {}, **more))  # type: ignore[arg-type]


def write(folder: Path, text: str, name: str = "table.csv") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def keys(result: Result) -> list[str | None]:
    return [row.outcome.linked.id if row.outcome.linked else None for row in result.linked.main]


def roles(result: Result) -> dict[str, str]:
    return {column.name: column.role.value for column in result.linked.columns}


# ---------------------------------------------------------------- measured


@needs_shared
def test_bps_2018_by_name_and_type() -> None:
    """Its code columns hidden: precision at least 0.995, recall at least 0.99."""
    ignore = dict.fromkeys(("bps_code", "kemendagri_code_2025", "note"), Role.IGNORE)
    result = link(SHARED / "bps_2018.csv", ignore)
    answers = [f"place/{line[2]}" for line in result.linked.table.rows]
    linked = [(found, answer) for found, answer in zip(keys(result), answers, strict=True) if found]
    right = sum(found == answer for found, answer in linked)
    assert right / len(linked) >= 0.995
    assert right / len(answers) >= 0.99


@needs_shared
def test_bps_2018_by_code_alone_is_refused(tmp_path: Path) -> None:
    with (SHARED / "bps_2018.csv").open() as file:
        codes = [line["bps_code"] for line in csv.DictReader(file)]
    path = write(tmp_path, "\n".join(["kode", *codes]) + "\n")
    with pytest.raises(InputError, match=r"BPS or Kemendagri.*--code-system bps or --code-system kemendagri") as raised:
        link(path)
    assert "row 36: 1101 is Kabupaten Simeulue for BPS, Kabupaten Aceh Selatan for Kemendagri" in str(raised.value)
    assert keys(link(path, system="bps"))[34] == "place/11.09"


@needs_shared
def test_bps_2018_by_code_and_name_is_told_by_the_names(tmp_path: Path) -> None:
    with (SHARED / "bps_2018.csv").open() as file:
        lines = [(line["bps_code"], line["bps_name"], line["kemendagri_code_2025"]) for line in csv.DictReader(file)]
    path = write(tmp_path, "\n".join(["kode,nama", *(f"{code},{name}" for code, name, _ in lines)]) + "\n")
    result = link(path)
    assert result.linked.told is not None
    assert result.linked.told.system == "bps"
    assert keys(result) == [f"place/{answer}" for _, _, answer in lines]


@needs_shared
@pytest.mark.parametrize("name", ["penduduk.csv", "luas.csv"])
@pytest.mark.parametrize("hidden", [True, False])
def test_552_of_552(name: str, hidden: bool) -> None:
    result = link(SHARED / name, {"code": Role.IGNORE} if hidden else {})
    assert keys(result) == [f"place/{line[0]}" for line in result.linked.table.rows]


# ---------------------------------------------------------------- reading

PLAIN = "kode;nama;jumlah (jiwa)\n33.74;Kota Semarang;1.702.379\n33.22;Kab. Semarang;1.083.000\n"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1252"])
def test_any_delimiter_and_encoding(delimiter: str, encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(PLAIN.replace("jumlah", "jumlah é").replace(";", delimiter).encode(encoding))
    table = tabular.read(path)
    assert table.columns == ("kode", "nama", "jumlah é (jiwa)")
    assert table.rows[0] == ("33.74", "Kota Semarang", "1.702.379")
    assert table.numbers == (2, 3)


def test_titles_above_the_header_and_blank_rows_keep_their_numbers(tmp_path: Path) -> None:
    path = write(tmp_path, "Tabel 1. Penduduk;;\n\n" + PLAIN.replace("33.22", "\n33.22"))
    table = tabular.read(path)
    assert table.columns[0] == "kode"
    assert table.numbers == (4, 6)
    assert table.notes == ("left out before the header: 2 rows",)


def test_a_line_break_in_quotation_marks_is_one_row(tmp_path: Path) -> None:
    table = tabular.read(write(tmp_path, 'nama,n\n"Kota\nSemarang",1\nKota Tegal,2\n'))
    assert table.rows == (("Kota\nSemarang", "1"), ("Kota Tegal", "2"))
    assert table.numbers == (2, 3)


def test_workbook_json_lines_and_parquet_are_the_same_table(tmp_path: Path) -> None:
    import openpyxl
    import pyarrow as pa
    from pyarrow import parquet

    header, *lines = [line.split(";") for line in PLAIN.splitlines()]
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for line in (header, *lines):
        sheet.append(line)
    book.save(tmp_path / "t.xlsx")
    objects = [dict(zip(header, line, strict=True)) for line in lines]
    write(tmp_path, json.dumps({"data": objects}), "t.json")
    write(tmp_path, "".join(json.dumps(item) + "\n" for item in objects), "t.jsonl")
    parquet.write_table(pa.Table.from_pylist(objects), tmp_path / "t.parquet")
    for name in ("t.xlsx", "t.json", "t.jsonl", "t.parquet"):
        table = tabular.read(tmp_path / name)
        assert table.columns == tuple(header), name
        assert table.rows == tuple(map(tuple, lines)), name


def test_numbers_of_json_stay_as_written(tmp_path: Path) -> None:
    table = tabular.read(write(tmp_path, '[{"kode": 11.10, "n": 1e3}, {"kode": 11.01, "n": null}]', "t.json"))
    assert table.rows == (("11.10", "1e3"), ("11.01", ""))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"nama,n\n", "no row below the header"),
        (b"nama,n\nKota Tegal,1\nKota Bogor,2,3\n", "row 3: 3 cells, the header has 2"),
        (b"nama,n\nKota Tegal,1\nKota Bogor\n", "row 3: 1 cells, the header has 2"),
        (b"nama,n,nama\nKota Tegal,1,x\n", "row 1: columns 1 and 3 are both called 'nama'"),
        (bytes(range(256)) * 40, "binary"),
        (b"\x89PNG\r\n\x1a\n" + b"x" * 100, "an image"),
        (b"PK\x03\x04" + b"x" * 100, "no spreadsheet"),
        (b"PAR1" + b"x" * 100, "no Parquet"),
        (b'{"a": 1}', "without a list of objects"),
        (b'{"a": 1}\n{"a": \n', "line 2"),
        (b'nama,n\n"' + b"x" * 1_100_000, "row 2: a cell of more than"),
    ],
)
def test_what_is_no_table_is_one_line(content: bytes, words: str, tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(content)
    with pytest.raises(InputError) as raised:
        tabular.read(path)
    assert words in str(raised.value)
    assert "\n" not in str(raised.value)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.lists(
            st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=8),
            min_size=3,
            max_size=3,
        ),
        min_size=1,
        max_size=8,
    )
)
def test_what_is_written_as_csv_is_read(tmp_path_factory: pytest.TempPathFactory, lines: list[list[str]]) -> None:
    import unicodedata

    out = io.StringIO()
    csv.writer(out).writerows([["a", "b", "c"], *lines])
    path = write(tmp_path_factory.mktemp("t"), out.getvalue())
    expected = tuple(
        row for line in lines if any(row := tuple(unicodedata.normalize("NFC", cell).strip() for cell in line))
    )
    if expected:
        assert tabular.read(path, tabular.Dialect(delimiter=",")).rows == expected
    else:
        with pytest.raises(InputError):
            tabular.read(path, tabular.Dialect(delimiter=","))


# ---------------------------------------------------------------- numbers and units


@pytest.mark.parametrize(
    ("values", "how"),
    [
        (["1.234,5", "12"], Notation.INDONESIAN),
        (["1.234.567", "12"], Notation.INDONESIAN),
        (["1,234.5"], Notation.ENGLISH),
        (["56835.019", "1"], Notation.ENGLISH),
        (["0,75", "1.234"], Notation.INDONESIAN),
        (["12", "7"], Notation.EITHER),
        (["1.234", "2.345"], Notation.OPEN),
        (["1.234,5", "1,234.5"], Notation.NONE),
        (["x"], Notation.NONE),
        ([], Notation.NONE),
    ],
)
def test_notation_is_told_for_the_column(values: list[str], how: Notation) -> None:
    assert numbers.notation(values) is how


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**9), max_value=10**9))
def test_numbers_are_read_as_they_were_written(value: Decimal) -> None:
    english = f"{value:,.2f}"
    indonesian = english.translate(str.maketrans(",.", ".,"))
    assert numbers.number(english, Notation.ENGLISH) == value
    assert numbers.number(indonesian, Notation.INDONESIAN) == value
    assert numbers.number(f"Rp {indonesian}", Notation.INDONESIAN) == value


def test_open_numbers_are_asked_about(tmp_path: Path) -> None:
    path = write(tmp_path, "nama,n\nKota Tegal,1.234\nKota Semarang,2.345\n")
    with pytest.raises(InputError, match="--numbers id"):
        link(path)
    assert [column.notation for column in link(path, numbers=Notation.INDONESIAN).linked.columns][
        1
    ] is Notation.INDONESIAN


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        (("-", ""), "holds no number"),
        (("1.234,5", "1,234.5"), "both ways"),
        (("1", "banyak"), "row 3: 'banyak' in column 'n' is no number"),
    ],
)
def test_a_column_that_is_to_hold_numbers_and_does_not(cells: tuple[str, str], words: str, tmp_path: Path) -> None:
    path = write(tmp_path, f"nama;n\nKota Tegal;{cells[0]}\nKota Bogor;{cells[1]}\n")
    with pytest.raises(InputError, match=words):
        link(path, {"n": Role.VALUE})


CELLS = st.one_of(
    st.sampled_from(
        ["Kota Tegal", "Semarang", "Jawa Tengah", "Kemendagri", "Jepang", "33.74", "3374", "11.1", "Q11025"]
    ),
    st.sampled_from(["", "-", "2023", "1.234", "1,5", "1,234.5", "ID-JT", "Kab.", "Kota"]),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=4),
)
HEADERS = ["kode", "nama", "provinsi", "tahun", "n (jiwa)", "2021", "2022", "negara", "kementerian", "kode_bps", "iso"]


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_any_table_is_linked_or_refused_in_one_line(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    header = data.draw(st.lists(st.sampled_from(HEADERS), min_size=1, max_size=5, unique=True))
    lines = data.draw(st.lists(st.lists(CELLS, min_size=len(header), max_size=len(header)), max_size=6))
    role = data.draw(st.dictionaries(st.sampled_from(header), st.sampled_from(list(Role)), max_size=1))
    out = io.StringIO()
    csv.writer(out).writerows([header, *lines])
    path = write(tmp_path_factory.mktemp("t"), out.getvalue())
    try:
        result = link(path, role)
        assert len(list(report.lines(result.linked, result.known.regions))) > 1
        assert report.with_links(result.linked).count(b"\n") >= len(result.linked.table.rows)
        quads(result)
    except InputError as error:
        message = str(error)
    else:
        message = ""
    assert "\n" not in message


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ("Jumlah Penduduk (jiwa)", ("Jumlah Penduduk", "NUM", 0)),
        ("Luas (km²)", ("Luas", "KiloM2", 0)),
        ("area_km2", ("area_km2", "KiloM2", 0)),
        ("Anggaran (juta rupiah)", ("Anggaran", "CCY_IDR", 6)),
        ("Persentase kemiskinan", ("Persentase kemiskinan", "PERCENT", 0)),
        ("Kepadatan (jiwa/km2)", ("Kepadatan", "NUM-PER-KiloM2", 0)),
        ("Jumlah (dalam ribu)", ("Jumlah", None, 3)),
        ("total", ("total", None, 0)),
    ],
)
def test_units_of_headers(header: str, found: tuple[str, str | None, int]) -> None:
    assert unit_of(header) == found


# ---------------------------------------------------------------- columns and rows


def test_columns_are_found(tmp_path: Path) -> None:
    text = (
        "No;Provinsi;Kabupaten/Kota;Tahun;Jumlah (jiwa);Keterangan\n"
        "1;Jawa Tengah;Kab. Semarang;2023;1.083.000;-\n2;Jawa Tengah;Kota Semarang;2023;1.702.379;-\n"
        "3;Jawa Barat;Kab. Bandung;2023;...;x\n4;Jawa Barat;Kota Bandung;2023;2.506.603;y\n"
    )
    result = link(write(tmp_path, text))
    assert list(roles(result).values()) == ["ignore", "province", "region", "year", "value", "text"]
    assert keys(result) == ["place/33.22", "place/33.74", "place/32.04", "place/32.73"]


def test_a_type_column_decides(tmp_path: Path) -> None:
    result = link(write(tmp_path, "jenis,nama,n\nKabupaten,Semarang,1\nKota,Semarang,2\nKab.,Bandung,3\n"))
    assert roles(result) == {"jenis": "kind", "nama": "region", "n": "value"}
    assert keys(result) == ["place/33.22", "place/33.74", "place/32.04"]


def test_a_name_of_two_stays_open_until_something_decides(tmp_path: Path) -> None:
    result = link(write(tmp_path, "nama,n\nSemarang,1\nKota Tegal,2\n"))
    assert [row.outcome.decision for row in result.linked.main] == [Decision.JUDGE, Decision.LINKED]
    by_code = link(write(tmp_path, "kode,nama,n\n33.74,Semarang,1\n33.76,Kota Tegal,2\n"))
    assert keys(by_code) == ["place/33.74", "place/33.76"]


JAWA_TENGAH = (
    "Jumlah Penduduk Jawa Tengah;;;\nKabupaten/Kota;2021;2022;2023\nCilacap;1.963.824;1.988.622;2.007.829\n"
    "Banyumas;1.789.630;1.806.013;1.828.573\nSemarang;1.059.844;1.068.492;1.080.648\n"
    "Kota Semarang;1.656.564;1.659.975;1.694.743\nTegal;1;2;3\nJawa Tengah;36.742.501;37.032.410;37.540.962\n"
    "Sumber: BPS Provinsi Jawa Tengah\n"
)


def test_a_name_beside_its_city_is_the_regency(tmp_path: Path) -> None:
    """Only where "Kota Semarang" has a row: of Tegal there is no city in the table, so it stays open."""
    result = link(write(tmp_path, JAWA_TENGAH))
    assert keys(result) == ["place/33.01", "place/33.02", "place/33.22", "place/33.74", None, "place/33"]
    assert "Kota Semarang has a row of its own" in result.linked.main[2].outcome.why
    assert result.linked.table.notes[1] == "left out below the table, remarks of one cell: 1 row"


def test_columns_of_years_are_one_measure(tmp_path: Path) -> None:
    result = link(write(tmp_path, JAWA_TENGAH), title="Penduduk")
    found = [quad for quad in quads(result) if quad.predicate.value.endswith("/measure/value")]
    assert len(found) == 5 * 3
    by_id = {quad.subject.value.rpartition("/observation/")[2]: quad.object.value for quad in found}
    assert by_id["33.22/2022"] == "1068492"
    assert sum(quad.object == v.MEASURE_TYPE for quad in quads(result)) == 0


def test_a_column_called_by_provinces_holds_provinces(tmp_path: Path) -> None:
    result = link(write(tmp_path, "nama_provinsi,n\nDKI,1\nJambi,2\nBengkulu,3\nSumut,4\nIrian Jaya,5\n"))
    assert roles(result)["nama_provinsi"] == "province"
    assert keys(result) == ["place/31", "place/15", "place/17", "place/12", None]


def test_districts_are_no_regencies(tmp_path: Path) -> None:
    """Many districts bear the name of a regency."""
    result = link(write(tmp_path, "kecamatan,kabupaten,n\nBanjar,Kab. Pandeglang,1\nSerang,Kab. Serang,2\n"))
    assert roles(result) == {"kecamatan": "text", "kabupaten": "region", "n": "value"}


def test_of_two_code_columns_the_finer_one_counts(tmp_path: Path) -> None:
    text = "id_prov,provinsi,id_kab,kabkota,ipm\n" + "".join(
        f"{code[:2]},{province},{code},{name},{n}\n"
        for n, (code, province, name) in enumerate(
            [
                ("3201", "JAWA BARAT", "KAB. BOGOR"),
                ("3273", "JAWA BARAT", "KOTA BANDUNG"),
                ("3374", "JAWA TENGAH", "KOTA SEMARANG"),
            ]
        )
    )
    result = link(write(tmp_path, text))
    assert list(roles(result).values()) == ["text", "province", "code", "region", "value"]
    assert keys(result) == ["place/32.01", "place/32.73", "place/33.74"]


def test_a_table_of_standard_input(tmp_path: Path) -> None:
    done = kg("-q", "link", "-", "--table", "-", cwd=tmp_path, stdin="nama;n\nKota Bogor;1.000.000\n")
    assert done.stdout.splitlines()[1].endswith("/id/place/32.71,Kota Bogor,1.00,name equal")


def test_ministries_and_countries(tmp_path: Path) -> None:
    ministries = link(write(tmp_path, "Kementerian,Anggaran (miliar rupiah)\nKemendagri,5\nKementrian Keuangan RI,7\n"))
    assert keys(ministries) == ["body/kemendagri", "body/kemenkeu"]
    countries = link(write(tmp_path, "negara,n\nJepang,5\nMalaysia,7\nKamboja,8\n"))
    assert keys(countries) == ["place/JP", "place/MY", "place/KH"]


def test_officials_of_the_store(tmp_path: Path) -> None:
    assert kg("build", ROOT / "data" / "articles" / "kota-cerdas.txt", "--store", "kept", cwd=tmp_path).returncode == 0
    write(tmp_path, 'Nama Pejabat,n\nARMAN WIRADINATA,5\n"Hj. Ratna Kusumadewi, S.E.",7\nSiti Nurhaliza,1\n')
    done = kg("link", "table.csv", "--store", "kept", "--table", "t.csv", cwd=tmp_path)
    assert "official: 2 rows linked" in done.stderr
    lines = list(csv.DictReader(io.StringIO((tmp_path / "t.csv").read_text("utf-8"))))
    assert [line["label"] for line in lines] == ["Arman Wiradinata", "Ratna Kusumadewi", ""]
    asked = kg(
        "query",
        "-",
        "--store",
        "kept",
        "-f",
        "csv",
        cwd=tmp_path,
        stdin=(
            "SELECT ?name ?n WHERE { ?o qb:dataSet ?d ; ?dimension ?who ; ?measure ?n . ?measure a qb:MeasureProperty ."
            " ?dimension a qb:DimensionProperty . ?who foaf:name ?name } ORDER BY ?n"
        ),
    )
    assert asked.stdout.splitlines()[1:] == ["Arman Wiradinata,5", "Ratna Kusumadewi,7"]


def test_ids_of_other_systems(tmp_path: Path) -> None:
    result = link(write(tmp_path, "wikidata,n\nQ11462,1\nhttp://www.wikidata.org/entity/Q11025,2\nQ999999999,3\n"))
    assert keys(result) == ["place/35.78", "place/33.74", None]
    assert keys(link(write(tmp_path, "iso,n\nID-JT,1\nID-JI,2\n"))) == ["place/33", "place/35"]


def test_codes_that_lost_a_nought_are_found_by_their_names(tmp_path: Path) -> None:
    text = "kode,nama,n\n11.1,Kab. Aceh Singkil,1\n11.11,Kab. Bireuen,2\n11.12,Kab. Aceh Barat Daya,3\n"
    result = link(write(tmp_path, text))
    assert keys(result) == ["place/11.10", "place/11.11", "place/11.12"]
    assert "11.1 was 11.10" in result.linked.main[0].outcome.why


def test_a_stated_system_that_the_names_contradict_is_refused(tmp_path: Path) -> None:
    lines = "3171,Kota Jakarta Selatan,1\n3172,Kota Jakarta Timur,2\n3173,Kota Jakarta Pusat,3\n"
    result = link(write(tmp_path, "kode,nama,n\n" + lines))
    assert keys(result) == ["place/31.74", "place/31.75", "place/31.71"]
    with pytest.raises(InputError, match=r"disagree.*'Kota Jakarta Selatan' has 3171.*--code-system bps"):
        link(write(tmp_path, "kode_kemendagri,nama,n\n" + lines))


def test_one_row_that_disagrees_is_to_be_judged(tmp_path: Path) -> None:
    with SAMPLE.open() as file:
        lines = [f"{line['code']},{line['name']},{line['total']}" for line in csv.DictReader(file)]
    lines[5] = lines[5].replace(lines[5].split(",")[1], "Kota Surabaya")
    result = link(write(tmp_path, "kode,nama,n\n" + "\n".join(lines) + "\n"))
    open_rows = [row.outcome for row in result.linked.main if row.outcome.decision is not Decision.LINKED]
    assert len(open_rows) == 1
    assert "but the name is Kota Surabaya" in open_rows[0].why


def test_judgements_stand_above_codes_and_names(tmp_path: Path) -> None:
    path = write(tmp_path, "nama,n\nSemarang,1\nKota Tegal,2\n")
    known = columns.known_things(dataset.reference.load())
    table = tabular.read(path)
    found = columns.find(table, known, {})

    def judged(subject: Subject) -> tuple[str | None, frozenset[str]]:
        said = {"semarang": ("place/33.74", frozenset[str]()), "kotategal": (None, frozenset({"place/33.76"}))}
        return said.get(subject.text, (None, frozenset()))

    linked = rows.link(table, found, known, judged=judged)
    first, second = linked.main
    assert first.outcome.linked is not None
    assert (first.outcome.linked.id, first.how) == ("place/33.74", "judgement")
    assert second.outcome.linked is None


def test_a_judgement_in_the_file_is_kept_to(tmp_path: Path) -> None:
    from kg.link.judgements import Judgement, Judgements, Verdict, name_id

    write(tmp_path, "nama,n\nSemarang,1\nKota Tegal,2\n")
    done = kg("link", "table.csv", cwd=tmp_path)
    assert "1 names to be judged" in done.stderr
    open_names = (tmp_path / "review.sssom.tsv").read_text("utf-8")
    assert "Kabupaten Semarang" in open_names
    judgements = Judgements.load(tmp_path / "judgements.sssom.tsv")
    subject, thing = name_id("region", "semarang"), f"{v.DEFAULT_BASE}id/place/33.74"
    judgements.add(Judgement(subject, thing, Verdict.SAME, "Rina", "2026-11-26"))
    judgements.save()
    before = (tmp_path / "judgements.sssom.tsv").read_bytes()
    done = kg("link", "table.csv", "--table", "t.csv", cwd=tmp_path)
    assert "2 rows linked (0 by code, 1 by name, 1 by judgement)" in done.stderr
    assert "Kabupaten Semarang" not in (tmp_path / "review.sssom.tsv").read_text("utf-8")
    assert (tmp_path / "judgements.sssom.tsv").read_bytes() == before
    assert f"Semarang,1,{thing},Kota Semarang,1.00,judged the same" in (tmp_path / "t.csv").read_text("utf-8")


# ---------------------------------------------------------------- the cube


def quads(result: Result) -> list[ox.Quad]:
    from kg.link import cube

    return cube.quads(result.linked, result.about)


CONSTRAINTS = {  # W3C RDF Data Cube, section 11: each asks for a fault
    "IC-1": """ASK { { ?obs a qb:Observation . FILTER NOT EXISTS { ?obs qb:dataSet ?one } }
        UNION { ?obs a qb:Observation ; qb:dataSet ?one, ?two . FILTER(?one != ?two) } }""",
    "IC-2": """ASK { { ?set a qb:DataSet . FILTER NOT EXISTS { ?set qb:structure ?one } }
        UNION { ?set a qb:DataSet ; qb:structure ?one, ?two . FILTER(?one != ?two) } }""",
    "IC-3": """ASK { ?dsd a qb:DataStructureDefinition .
        FILTER NOT EXISTS { ?dsd qb:component/qb:measure ?measure . ?measure a qb:MeasureProperty } }""",
    "IC-4": """ASK { ?dim a qb:DimensionProperty . FILTER NOT EXISTS { ?dim rdfs:range ?range } }""",
    "IC-11": """ASK { ?obs qb:dataSet/qb:structure/qb:component/qb:dimension ?dim .
        FILTER NOT EXISTS { ?obs ?dim ?value } }""",
    "IC-12": """ASK { FILTER(?equal)
        { SELECT (MIN(?same) AS ?equal) WHERE { ?one qb:dataSet ?set . ?two qb:dataSet ?set . FILTER(?one != ?two)
            ?set qb:structure/qb:component/qb:dimension ?dim . ?one ?dim ?v1 . ?two ?dim ?v2 .
            BIND(?v1 = ?v2 AS ?same) } GROUP BY ?one ?two } }""",
    "IC-15": """ASK { ?obs qb:dataSet/qb:structure/qb:component/qb:dimension qb:measureType .
        ?obs qb:measureType ?measure . FILTER NOT EXISTS { ?obs ?measure ?value } }""",
    "IC-16": """ASK { ?obs qb:dataSet/qb:structure ?dsd ; qb:measureType ?measure .
        ?dsd qb:component/qb:dimension qb:measureType ; qb:component/qb:measure ?other .
        ?obs ?other ?value . FILTER(?other != ?measure) }""",
}


@pytest.mark.parametrize("name", sorted(CONSTRAINTS))
def test_the_cube_keeps_the_constraints_of_the_standard(name: str, tmp_path: Path) -> None:
    path = write(tmp_path, "\n".join(SAMPLE.read_text("utf-8").splitlines()[:9]) + "\n")
    graph = ox.Store()
    graph.extend(ox.Quad(*quad.triple) for quad in quads(link(path, period="2024-12")))
    assert not bool(graph.query(CONSTRAINTS[name], prefixes=v.PREFIXES))
    for quad in list(graph.quads_for_pattern(None, v.REF_AREA, None, None))[:1]:  # the constraint can fail
        graph.remove(quad)
        if name == "IC-11":
            assert bool(graph.query(CONSTRAINTS[name], prefixes=v.PREFIXES))


def test_an_observation_has_all_that_is_known(tmp_path: Path) -> None:
    path = write(tmp_path, "nama;tahun;Luas (ribu ha)\nKota Tegal;2023;1,5\nKota Semarang;2023;-\nSemarang;2023;7\n")
    result = link(path, licence="CC-BY-4.0", source="https://data.example.go.id/luas", title="Luas")
    found = {
        (quad.predicate.value, str(quad.object)) for quad in quads(result) if "/observation/" in quad.subject.value
    }
    base = f"{v.DEFAULT_BASE}id/dataset/table"
    assert found == {
        (v.TYPE.value, str(v.OBSERVATION)),
        (v.IN_DATA_SET.value, f"<{base}>"),
        (v.REF_AREA.value, f"<{v.DEFAULT_BASE}id/place/33.76>"),
        (v.REF_PERIOD.value, f'"2023"^^{v.G_YEAR}'),
        (f"{base}/measure/luas-ribu-ha", f'"1.5"^^{v.DECIMAL}'),
        (v.UNIT_MEASURE.value, "<http://qudt.org/vocab/unit/HA>"),
        (v.UNIT_MULTIPLIER.value, f'"3"^^{v.INTEGER}'),
        (v.WAS_DERIVED_FROM.value, f"<{base}/table.csv#row=2>"),
    }
    described = {(str(quad.predicate), str(quad.object)) for quad in quads(result) if quad.subject.value == base}
    assert (str(v.LICENSE), "<https://spdx.org/licenses/CC-BY-4.0>") in described
    assert (str(v.SOURCE), "<https://data.example.go.id/luas>") in described


def test_two_rows_of_one_region_are_refused_or_told_apart(tmp_path: Path) -> None:
    path = write(tmp_path, "nama,kelompok,n\nKota Tegal,0-4,1\nKota Tegal,5-9,2\nKota Semarang,0-4,3\n")
    with pytest.raises(InputError, match=r"row 3: a second row about Kota Tegal .*--column 'kelompok=dimension'"):
        quads(link(path))
    told = quads(link(path, {"kelompok": Role.DIMENSION}))
    assert sum(quad.object == v.OBSERVATION for quad in told) == 3


def test_the_same_table_gives_the_same_bytes(tmp_path: Path) -> None:
    from kg import export

    assert export.write(quads(link(SAMPLE)), "turtle") == export.write(quads(link(SAMPLE)), "turtle")
    assert report.with_links(link(SAMPLE).linked) == report.with_links(link(SAMPLE).linked)


# ---------------------------------------------------------------- CSVW


def test_metadata_beside_the_table_is_read(tmp_path: Path) -> None:
    path = write(tmp_path, "# catatan\na;b;c;d\n3171;Kota Jakarta Selatan;1.234;1\n3172;Kota Jakarta Timur;2.345;2\n")
    described = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "id"}],
        "url": "table.csv",
        "dc:title": "Uji",
        "dc:license": {"@id": "https://creativecommons.org/licenses/by/4.0/"},
        "dialect": {"delimiter": ";", "commentPrefix": "#"},
        "tableSchema": {
            "columns": [
                {"titles": "a", "propertyUrl": "https://w3id.org/jejaring/ontology#bpsCode"},
                {"titles": "b"},
                {
                    "titles": "c",
                    "datatype": {"base": "decimal", "format": {"decimalChar": ",", "groupChar": "."}},
                    "propertyUrl": "http://example.org/penduduk",
                    "sdmx-attribute:unitMeasure": {"@id": "http://qudt.org/vocab/unit/NUM"},
                },
                {"titles": "d", "suppressOutput": True},
            ]
        },
    }
    write(tmp_path, json.dumps(described), "table.csv-metadata.json")
    result = link(path)
    assert result.about.title == "Uji"
    assert result.about.licence == "https://creativecommons.org/licenses/by/4.0/"
    assert roles(result) == {"a": "code", "b": "region", "c": "value", "d": "ignore"}
    assert keys(result) == ["place/31.74", "place/31.75"]
    values = [quad.object.value for quad in quads(result) if quad.predicate.value == "http://example.org/penduduk"]
    assert values == ["1234", "2345"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"@context": "http://example.org/"}, "@context"),
        ({"url": "other.csv"}, "not about table.csv"),
        ({"tableSchema": {"columns": [{"titles": "x"}]}}, "describes 1 columns"),
        ({"tableSchema": {"columns": [{"titles": "x"}, {"titles": "n"}]}}, "column 1 is to be called 'x'"),
        ({"dialect": {"header": False}}, "header row"),
    ],
)
def test_metadata_that_does_not_fit_is_one_line(change: dict[str, object], words: str, tmp_path: Path) -> None:
    path = write(tmp_path, "nama,n\nKota Tegal,1\n")
    described = {"@context": "http://www.w3.org/ns/csvw", "url": "table.csv", **change}
    write(tmp_path, json.dumps(described), "table.csv-metadata.json")
    with pytest.raises(InputError, match=words):
        link(path)


def test_metadata_that_we_write_is_read_by_another_reader(tmp_path: Path) -> None:
    import csvw as other

    (tmp_path / "penduduk.csv").write_bytes(SAMPLE.read_bytes())
    result = link(SAMPLE)
    added = tuple(report.added(result.linked))
    (tmp_path / "linked.csv").write_bytes(report.with_links(result.linked))
    data = csvw.write(result.linked, result.about, "linked.csv", with_links=added, base=v.DEFAULT_BASE)
    (tmp_path / "linked.csv-metadata.json").write_bytes(data)
    table = other.Table.from_file(tmp_path / "linked.csv-metadata.json")
    lines = list(table.iterdicts())
    assert lines[0]["total"] == Decimal(11038216)
    assert lines[0]["id"] == "https://w3id.org/jejaring/id/place/31"
    assert len(lines) == len(result.linked.table.rows)
    again = link(tmp_path / "linked.csv", dict.fromkeys(added, Role.IGNORE))
    assert keys(again) == keys(result)


# ---------------------------------------------------------------- the command and the store


def test_the_command_writes_and_keeps(tmp_path: Path) -> None:
    done = kg("link", SAMPLE, "-o", "p.ttl", "--table", "p.csv", "--metadata", "--store", "kept", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    assert "by code" in done.stderr
    graph = ox.Store()
    graph.load((tmp_path / "p.ttl").read_bytes(), format=ox.RdfFormat.TURTLE)
    assert len(graph) > 1000
    assert (tmp_path / "p.csv").read_text("utf-8").splitlines()[0] == "code,name,male,female,total,id,label,score,why"
    assert (tmp_path / "p.csv-metadata.json").exists()
    again = kg("link", SAMPLE, "--store", "kept", cwd=tmp_path)
    assert "dataset/penduduk unchanged" in again.stderr
    with stores.open_store(tmp_path / "kept", read_only=True) as kept:
        assert [node.value for node in kept.datasets()] == [f"{v.DEFAULT_BASE}id/dataset/penduduk"]
        assert kept.published() == []
        assert len(published(kept.dataset, datasets=True)) > 1000
        assert check(kept) == []
    assert kg("remove", "dataset/penduduk", "--store", "kept", cwd=tmp_path).returncode == 0
    with stores.open_store(tmp_path / "kept", read_only=True) as kept:
        assert kept.datasets() == []
        assert published(kept.dataset, datasets=True) == []
        assert [entry["action"] for entry in kept.log()] == ["link", "link", "remove"]


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("missing.csv",), 2, "missing.csv"),
        (("t.csv", "--column", "x=region"), 2, "no column 'x'; it has nama, n"),
        (("t.csv", "--column", "nama=city"), 2, "no such role"),
        (("t.csv", "--unit", "n=parsec"), 2, "unknown unit 'parsec'"),
        (("t.csv", "--period", "kapan", "-o", "o.ttl"), 2, "no year, month or day"),
        (("t.csv", "--source", "nowhere"), 2, "no address"),
        (("t.csv", "-o", "o.docx"), 2, "o.docx"),
        (("t.csv", "-o", "none/o.ttl"), 2, "none"),
        (("t.csv", "--delimiter", "ab"), 2, "one character"),
        (("t.csv", "--column", "nama=text"), 2, "no column names regions"),
    ],
)
def test_a_mistake_is_one_line(arguments: tuple[str, ...], code: int, words: str, tmp_path: Path) -> None:
    write(tmp_path, "nama,n\nKota Tegal,1\nKota Semarang,2\n", "t.csv")
    done = kg("-q", "link", *arguments, cwd=tmp_path)
    assert done.returncode == code, done.stderr
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert words in done.stderr
    assert {path.name for path in tmp_path.iterdir()} == {"t.csv"}


def test_nothing_linked_is_nothing_found(tmp_path: Path) -> None:
    write(tmp_path, "nama,n\nXyzzy,1\nPlugh,2\n", "t.csv")
    done = kg("-q", "link", "t.csv", "--column", "nama=region", cwd=tmp_path)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1


# ---------------------------------------------------------------- the tour


def test_one_query_over_articles_and_table_gives_what_a_hand_would_count(tmp_path: Path) -> None:
    """How many people live in the cities that are to join the network? The sum of three cells of the table."""
    with SAMPLE.open() as file:
        total = {line["name"]: int(line["total"]) for line in csv.DictReader(file)}
    by_hand = total["Kota Balikpapan"] + total["Kota Pontianak"] + total["Kota Mataram"]
    assert by_hand == 757418 + 687031 + 461936 == 1906385
    assert kg("build", ROOT / "data" / "articles" / "kota-cerdas.txt", cwd=tmp_path).returncode == 0
    assert kg("link", SAMPLE, "--store", "kg-store", cwd=tmp_path).returncode == 0
    done = kg(
        "query",
        "population-of-members",
        "--set",
        "status=projected",
        "--set",
        "measure=total",
        "-f",
        "json",
        cwd=tmp_path,
    )
    rows = json.loads(done.stdout)["results"]["bindings"]
    assert [(int(row["sum"]["value"]), int(row["members"]["value"])) for row in rows] == [(by_hand, 3)]


@needs_shared
def test_the_sample_is_an_excerpt_of_its_source() -> None:
    lines = set((SHARED / "penduduk.csv").read_text("utf-8").splitlines())
    assert set(SAMPLE.read_text("utf-8").splitlines()) <= lines
