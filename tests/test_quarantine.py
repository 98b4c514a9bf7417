"""Words on refused claims: the gate obeys them, the claim bears them, and taking one back leaves no trace."""

from __future__ import annotations

import html
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import NamedNode

from command import kg
from kg import check, pipeline, reread
from kg import store as stores
from kg import vocabulary as v
from kg.errors import InputError, NothingFound
from kg.model import Acceptance, Article
from kg.quarantine import Word, Words
from serving import Running, running

TEXT = """KOTA UJI - Pelatihan Juru Mudi Sungai digelar pada 12 Agustus 2025 di Kota Samarinda.

Wali Kota Samarinda Budi Santoso mengatakan, perbaikan dermaga membutuhkan Rp0.
"""
ROOT = Path(__file__).resolve().parents[1]
TOKEN = "a-token-of-the-tests"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of the sample articles that have claims in quarantine."""
    folder = tmp_path_factory.mktemp("refused")
    done = kg("-q", "build", str(ROOT / "data" / "articles"), cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    return tmp_path


def refused(store: stores.Store) -> list[tuple[str, str, str]]:
    """Claim, key of the article and shape of everything in quarantine."""
    rows = [(q.subject, q.graph_name) for q in store.dataset.quads_for_pattern(None, v.TYPE, v.REFUSED_CLAIM, None)]
    return sorted(
        (
            claim.value,
            graph.value.split("/")[-2],
            next(iter(store.dataset.quads_for_pattern(claim, v.SOURCE_SHAPE, None, graph))).object.value,
        )
        for claim, graph in rows
    )


def state(store: stores.Store) -> list[str]:
    return sorted(str(quad) for quad in store.dataset)


def word(shape: str, *more: str) -> Acceptance:
    return Acceptance("Sari", "2026-11-26", "surat keputusan dilihat", frozenset({shape, *more}))


def test_each_refused_claim_is_let_in_and_taken_back_without_a_trace(folder: Path) -> None:
    with stores.open_store(folder / "kg-store") as store:
        claims, first = refused(store), [line for line in state(store) if "id/identities" not in line]
        assert len(claims) == 8
        for claim, key, shape in claims:
            said = {claim: word(shape)}
            assert reread.reread(store, key, {}, said) is None
            node = NamedNode(claim)
            graphs = {
                q.graph_name.value.rpartition("/")[2] for q in store.dataset.quads_for_pattern(node, None, None, None)
            }
            types = {q.object for q in store.dataset.quads_for_pattern(node, v.TYPE, None, None)}
            others = [each for each in refused(store) if each[1] != key or each[0] != claim]
            assert (graphs, types) == ({"provenance"}, {v.CLAIM})
            assert others == [each for each in claims if each[0] != claim]  # the gate says the same of all others
            values = {q.predicate: q.object.value for q in store.dataset.quads_for_pattern(node, None, None, None)}
            assert values[v.ACCEPTED_BY] == "Sari"
            assert values[v.ACCEPTED_BECAUSE] == "surat keputusan dilihat"
            assert values[v.SOURCE_SHAPE] == shape
            assert reread.reread(store, key, said, {}) is None
            assert [line for line in state(store) if "id/identities" not in line] == first


def test_what_was_read_otherwise_waits_for_the_next_reading(folder: Path) -> None:
    with stores.open_store(folder / "kg-store") as store:
        claim, key, shape = refused(store)[0]
        article = reread.stored(store, key)
        assert article is not None
        quads = pipeline.read(article, base=store.base).quads
        store.put(article, quads[:-1])  # as if by other rules
        before = state(store)
        assert reread.reread(store, key, {}, {claim: word(shape)}) == reread.LATER
        assert state(store) == before
        assert reread.reread(store, "0" * 16, {}, {}) == reread.LATER


def test_a_word_holds_for_the_shape_that_it_names(folder: Path) -> None:
    with stores.open_store(folder / "kg-store") as store:
        for claim, key, shape in refused(store):
            article = reread.stored(store, key)
            assert article is not None
            plain = pipeline.read(article, base=store.base)
            other = pipeline.read(article, base=store.base, accepted={claim: word(f"{shape}Other")})
            stray = pipeline.read(article, base=store.base, accepted={f"{claim}x": word(shape)})
            assert plain.quads == other.quads == stray.quads


def test_what_a_person_let_in_is_told_by_the_check_and_refuses_nothing(folder: Path) -> None:
    with stores.open_store(folder / "kg-store") as store:
        assert not [finding for finding in check.validate(store.dataset) if finding.is_violation]
        told = set()
        for claim, key, shape in refused(store):
            said = {claim: word(shape)}
            assert reread.reread(store, key, {}, said) is None
            found = check.validate(store.dataset)
            assert not [finding for finding in found if finding.is_violation], shape
            told |= {finding.shape for finding in found if finding.severity == v.INFO.value} & {shape}
            assert reread.reread(store, key, said, {}) is None
        # of two that only contradict each other, one alone breaks nothing
        assert {shape.rpartition("#")[2] for shape in told} >= {"FundingAmount", "MeetingStart"}


def test_the_next_build_obeys(folder: Path) -> None:
    with stores.open_store(folder / "kg-store") as store:
        claim, key, shape = refused(store)[0]
        source = next(kept.sources[0] for kept in store.articles() if kept.key == key)
    words = Words.load(folder / "kg-store" / "quarantine.jsonl")
    words.add(Word(claim, "accepted", "Sari", "2026-11-26", "benar", (shape,), key))
    words.save()
    done = kg("build", source, cwd=folder)
    assert "1 replaced" in done.stderr, done.stderr
    with stores.open_store(folder / "kg-store", read_only=True) as store:
        assert claim not in [each[0] for each in refused(store)]
    assert "unchanged" in kg("build", source, cwd=folder).stderr


# ---------------------------------------------------------------- the file


def test_the_file_is_sorted_and_read_again(tmp_path: Path) -> None:
    words = Words.load(tmp_path / "quarantine.jsonl")
    second = Word("urn:b", "rejected", "Sari", "2026-11-26", "salah baca", ("urn:s",), "urn:a")
    first = Word("urn:a", "accepted", "Budi", "2026-11-25", "benar", ("urn:t",), "urn:a", "funding: 0")
    for each in (second, first):
        words.add(each)
    words.save()
    again = Words.load(words.path)
    assert list(again) == [first, second]
    assert again.accepted() == {"urn:a": Acceptance("Budi", "2026-11-25", "benar", frozenset({"urn:t"}))}
    both = again.add(Word("urn:a", "accepted", "Sari", "2026-11-26", "juga", ("urn:u",), "urn:a"))
    assert both.shapes == ("urn:t", "urn:u")
    assert again.remove("urn:a") == both
    with pytest.raises(NothingFound):
        again.remove("urn:a")


ROW = {"claim": "urn:a", "verdict": "accepted", "author": "S", "date": "2026-11-26", "reason": "x", "article": "a"}


@pytest.mark.parametrize(
    "row",
    [
        "{", "[]", '{"claim": "urn:a"}', json.dumps(ROW), json.dumps({**ROW, "shapes": ["s"], "verdict": "maybe"}),
        json.dumps({**ROW, "shapes": ["s"], "date": "soon"}), json.dumps({**ROW, "shapes": ["s"], "reason": " "}),
    ],
)  # fmt: skip
def test_a_line_that_is_no_word_is_told(tmp_path: Path, row: str) -> None:
    path = tmp_path / "quarantine.jsonl"
    path.write_text(f"\n{row}\n", "utf-8")
    with pytest.raises(InputError, match="line 2"):
        Words.load(path)


def test_an_article_is_made_again_from_the_store(tmp_path: Path) -> None:
    import datetime as dt

    article = Article(TEXT, "/x/a.txt", "Judul", "Kabar Uji", None, dt.date(2025, 8, 1))
    with stores.open_store(tmp_path / "s", create=True) as store:
        store.put(article, pipeline.read(article).quads)
        again = reread.stored(store, article.key)
        assert again is not None
        assert store.is_kept(again, pipeline.read(again).quads)


# ---------------------------------------------------------------- the page


@pytest.fixture
def server(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    monkeypatch.setenv("KG_WRITE_TOKEN", TOKEN)
    with running(folder, "--write") as found:
        yield found


def cookie_of(server: Running) -> str:
    reply = server.ask("/login", "POST", body=f"secret={TOKEN}", Content_Type=FORM)
    return (reply[1]["Set-Cookie"] or "").partition(";")[0]


def values(page: str, name: str) -> list[str]:
    return [html.unescape(found) for found in re.findall(rf'name="{name}" value="([^"]*)"', page)]


def post(server: Running, cookie: str, **fields: str) -> tuple[int, str]:
    from urllib.parse import urlencode

    status, headers, _ = server.ask(
        "/review/quarantine", "POST", body=urlencode(fields), Content_Type=FORM, Cookie=cookie
    )
    return status, headers["Location"] or ""


def test_a_claim_is_accepted_and_taken_back_on_the_page(server: Running, folder: Path) -> None:
    assert server.ask("/review/quarantine")[0] == 303  # to the token
    cookie = cookie_of(server)
    page = server.ask("/review/quarantine", Cookie=cookie)[2]
    claims, token = values(page, "claim"), values(page, "token")[0]
    assert len(claims) == 8
    assert page.count("<mark") >= 8
    assert post(server, cookie, claim=claims[0], act="accepted", author="Sari", reason="", token=token)[0] == 409
    assert post(server, cookie, claim=claims[0], act="accepted", author="Sari", reason="x", token="y")[0] == 403
    assert post(server, "", claim=claims[0], act="accepted", author="Sari", reason="x", token=token)[0] == 401
    assert not (folder / "kg-store" / "quarantine.jsonl").exists()
    said = post(server, cookie, claim=claims[0], act="accepted", author="Sari", reason="dilihat", token=token)
    assert said == (303, "/review/quarantine?author=Sari")
    page = server.ask("/review/quarantine", Cookie=cookie)[2]
    assert "dilihat" in page
    key = claims[0].removeprefix(f"{v.DEFAULT_BASE}id/")
    turtle = server.ask(f"/data/{key}.ttl")[2]
    assert 'kg:acceptedBy "Sari"' in turtle, turtle
    assert post(server, cookie, claim=claims[1], act="rejected", author="Sari", reason="salah", token=token)[0] == 303
    assert post(server, cookie, claim=claims[0], act="undo", author="Budi", token=token)[0] == 303
    assert "kg:RefusedClaim" in server.ask(f"/data/{key}.ttl")[2]
    log = [json.loads(line) for line in (folder / "kg-store" / "quarantine.log.jsonl").read_text("utf-8").splitlines()]
    assert [(each["action"], each["by"]) for each in log] == [
        ("accepted", "Sari"), ("rejected", "Sari"), ("taken back", "Budi"),
    ]  # fmt: skip
    told = [json.loads(line) for line in (folder / "kg-store" / "log.jsonl").read_text("utf-8").splitlines()]
    assert [(each["outcome"], each["reason"]) for each in told if each["action"] == "judge"] == [
        ("accepted", "dilihat"), ("rejected", "salah"), ("taken back", "dilihat"),
    ]  # fmt: skip


def test_the_page_of_a_thing_says_what_was_refused_about_it_and_leads_there(server: Running, folder: Path) -> None:
    with stores.open_store(str(folder / "kg-store"), read_only=True) as store:
        triples = {
            quad.subject.value: quad.object.value
            for quad in store.dataset.quads_for_pattern(None, v.REFUSED_TRIPLES, None, None)
        }
    named = sorted({key for text in triples.values() for key in re.findall(rf"<{v.DEFAULT_BASE}id/([^>#]+)>", text)})
    key = next(key for key in named if not key.startswith("article/") and server.ask(f"/page/{key}")[0] == 200)
    its = [claim for claim, text in triples.items() if f"id/{key}>" in text]
    told = f"Ditolak pemeriksaan: {len(its)} "
    shown = server.ask(f"/page/{key}")[2]
    assert told in shown, (key, shown)
    href = html.unescape(re.findall(r'href="(/review/quarantine\?thing=[^"]+)"', shown)[0])
    assert sorted(values(server.ask(href, Cookie=cookie_of(server))[2], "claim")) == sorted(its)
    assert "Ditolak pemeriksaan" not in server.ask("/page/place/35.78")[2]
