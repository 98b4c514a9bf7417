"""The page on which what is open is judged: in a real server, by forms, and not by other pages."""

from __future__ import annotations

import html
import os
import re
import shutil
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from command import kg
from kg.link.judgements import Judgements, Verdict
from loopback import served
from serving import running

TABLE = "Nama Daerah,Jumlah\nSemarang,1\nBandung,2\nKota Surabaya,3\n"
Reply = tuple[int, Mapping[str, str], str]


@pytest.fixture(scope="module")
def open_names(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a graph, and a table two of whose names are left open."""
    folder = tmp_path_factory.mktemp("open")
    (folder / "graph.ttl").write_text("<http://example.org/x> a <http://example.org/Y> .", "utf-8")
    (folder / "t.csv").write_text(TABLE, "utf-8")
    link = [sys.executable, "-m", "kg", "link", "t.csv", "--table", "linked.csv"]
    done = subprocess.run(link, cwd=folder, check=False, capture_output=True, text=True)
    assert "2 names to be judged" in done.stderr, done.stderr
    return folder


@pytest.fixture
def place(open_names: Path, tmp_path: Path) -> Path:
    shutil.copytree(open_names, tmp_path, dirs_exist_ok=True)
    return tmp_path


@pytest.fixture
def root(place: Path) -> Iterator[str]:
    with served(place, "--graph", "graph.ttl", "--write") as address:
        yield address


FORM = "application/x-www-form-urlencoded"
TOKEN = "a-token-of-the-tests"


@pytest.fixture(autouse=True)
def _token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KG_WRITE_TOKEN", TOKEN)


def logged_in(root: str) -> str:
    """The cookie of a session."""

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_: object) -> None:
            return None

    opener = urllib.request.build_opener(Stay)
    with pytest.raises(urllib.error.HTTPError) as raised:
        opener.open(f"{root}login", urllib.parse.urlencode({"secret": TOKEN}).encode(), timeout=20)
    with raised.value as error:
        return str(error.headers["Set-Cookie"]).partition(";")[0]


COOKIES: dict[str, str] = {}


def ask(url: str, form: Mapping[str, str] | None = None, **headers: str) -> Reply:
    root = url[: url.index("/", 8) + 1]
    if root not in COOKIES:
        COOKIES[root] = logged_in(root)
    return ask_as(COOKIES[root], url, form, **headers)


def ask_as(cookie: str, url: str, form: Mapping[str, str] | None = None, **more: str) -> Reply:
    headers = {"Cookie": cookie, **more} if cookie else more
    data = urllib.parse.urlencode(form).encode() if form is not None else None
    request = urllib.request.Request(url, data, headers)
    try:
        with urllib.request.urlopen(request, timeout=20) as reply:
            return reply.status, reply.headers, reply.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers, error.read().decode()


def fields(page: str, name: str) -> list[str]:
    return [html.unescape(found) for found in re.findall(rf'name="{name}"[^>]* value="([^"]*)"', page)]


def forms(page: str) -> int:
    """Open questions."""
    return page.count('value="answer"')


def filled(root: str, answer: str | None = None, **more: str) -> dict[str, str]:
    """The first form of the page; its first candidate, or the answer that is given."""
    page = ask(f"{root}tinjau")[2]
    first = {name: fields(page, name)[0] for name in ("token", "subject", "answer")}
    return {**first, "author": "Sari", "reason": "peta", **({"answer": answer} if answer else {}), **more}


def judged(place: Path) -> list[tuple[str, str, Verdict, str, str]]:
    kept = Judgements.load(place / "judgements.sssom.tsv")
    return [(each.subject_label, each.object_label, each.verdict, each.author, each.reason) for each in kept]


def test_an_answer_is_kept_and_the_question_gone(root: str, place: Path) -> None:
    assert forms(ask(f"{root}tinjau")[2]) == 2
    status, _, page = ask(f"{root}tinjau", filled(root), Origin=root.rstrip("/"))
    assert (status, forms(page)) == (200, 1)
    assert judged(place) == [("Bandung", "Kabupaten Bandung", Verdict.SAME, "Sari", "peta")]
    assert set(fields(page, "author")) == {"Sari"}
    status, _, page = ask(f"{root}review", filled(root, "d"))
    assert "Tidak ada yang perlu ditinjau" in page
    assert {each[2] for each in judged(place) if each[0] == "Semarang"} == {Verdict.DIFFERENT}


def test_unsure_is_an_answer(root: str, place: Path) -> None:
    assert ask(f"{root}tinjau", filled(root, "u"))[0] == 200
    assert {each[2] for each in judged(place)} == {Verdict.UNSURE}


def test_other_pages_can_not_judge(root: str, place: Path) -> None:
    form = filled(root)
    assert ask(f"{root}tinjau", form, Origin="http://evil.example")[0] == 403
    assert ask(f"{root}tinjau", form, Origin="null")[0] == 403
    assert ask(f"{root}tinjau", {**form, "token": "x"})[0] == 403
    assert ask(f"{root}tinjau", form, Host="evil.example")[0] == 421
    assert ask(f"{root}tinjau", Host="evil.example:8000")[0] == 421
    assert not (place / "judgements.sssom.tsv").exists()
    assert ask(f"{root}tinjau", form, Origin=root.rstrip("/"), **{"Sec-Fetch-Site": "cross-site"})[0] == 403
    _, headers, _ = ask(f"{root}tinjau", Origin="http://evil.example")
    assert "Access-Control-Allow-Origin" not in headers
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]


def test_what_is_no_answer_changes_nothing(root: str, place: Path) -> None:
    elsewhere = "http://example.org/other"
    for more, status in (({"author": " "}, 400), ({"answer": elsewhere}, 400), ({"subject": elsewhere}, 409)):
        assert ask(f"{root}tinjau", {**filled(root), **more})[0] == status
    assert not (place / "judgements.sssom.tsv").exists()


def test_without_write_there_is_no_page(place: Path) -> None:
    with served(place, "--graph", "graph.ttl") as address:
        for path in ("tinjau", "review", "review/quarantine", "login"):
            assert ask_as("", f"{address}{path}")[0] == 404


def test_it_is_only_written_on_this_machine(place: Path) -> None:
    command = [sys.executable, "-m", "kg", "serve", "--graph", "graph.ttl", "--write", "--host", "0.0.0.0"]
    done = subprocess.run(command, cwd=place, check=False, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (
        2,
        "kg: --write: anybody who reaches 0.0.0.0 could judge; serve it on 127.0.0.1\n",
    )


def test_names_are_shown_as_text(place: Path) -> None:
    path = place / "review.sssom.tsv"
    path.write_text(path.read_text("utf-8").replace("\tBandung\t", "\t<script>alert(1)</script>\t"), "utf-8")
    with served(place, "--graph", "graph.ttl", "--write") as address:
        page = ask(f"{address}tinjau")[2]
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>" not in page


def test_two_things_are_judged_and_taken_back(root: str, place: Path) -> None:
    page = ask(f"{root}review")[2]
    form = {"token": fields(page, "token")[0], "author": "Sari", "reason": "kota dan kabupaten"}
    pair = {"one": "place/33.74", "other": "place/33.22"}
    assert ask(f"{root}review", {**form, **pair, "act": "judge", "verdict": "different"})[0] == 200
    kept = Judgements.load(place / "judgements.sssom.tsv")
    assert [(each.verdict, each.author, each.reason) for each in kept] == [
        (Verdict.DIFFERENT, "Sari", "kota dan kabupaten")
    ]
    for more, status in (
        ({**pair, "verdict": "different", "reason": ""}, 400), ({**pair, "verdict": "maybe"}, 400),
        ({**pair, "verdict": "same", "author": ""}, 400), ({"one": "x", "other": "place/none", "verdict": "same"}, 409),
    ):  # fmt: skip
        assert ask(f"{root}review", {**form, "act": "judge", **more})[0] == status
    one, other = next((each.subject, each.object) for each in kept)
    assert ask(f"{root}review", {**form, "act": "undo", "one": one, "other": other})[0] == 200
    assert list(Judgements.load(place / "judgements.sssom.tsv")) == []
    log = (place / "judgements.log.jsonl").read_text("utf-8")
    assert '"action": "judged"' in log
    assert '"action": "taken back"' in log


def test_nobody_judges_without_the_token(root: str, place: Path) -> None:
    form = filled(root)
    status, _, page = ask_as("", f"{root}tinjau")
    assert (status, 'name="secret"' in page, "Semarang" in page) == (200, True, False)  # led to the token
    assert ask_as("", f"{root}tinjau", form)[0] == 401
    assert ask_as("kg-session=x", f"{root}tinjau", form)[0] == 401
    assert ask_as("", f"{root}tinjau", form, Authorization="Bearer x")[0] == 401
    assert ask_as("", f"{root}login", {"secret": "wrong"})[0] == 403
    assert ask_as("", f"{root}login", {"secret": TOKEN}, Origin="http://evil.example")[0] == 403
    assert not (place / "judgements.sssom.tsv").exists()
    del form["token"]
    assert ask_as("", f"{root}tinjau", form, Authorization=f"Bearer {TOKEN}", Origin="http://evil.example")[0] == 403
    assert ask_as("", f"{root}tinjau", form, Authorization=f"Bearer {TOKEN}")[0] == 200
    assert len(judged(place)) == 1  # a program needs no page


def test_the_cookie_is_for_this_site_alone(place: Path) -> None:
    with running(place, "--graph", "graph.ttl", "--write", "--base-url", "https://x.example", store=None) as server:
        _, headers, _ = server.ask("/login", "POST", body=f"secret={TOKEN}", Content_Type=FORM)
        cookie = (headers["Set-Cookie"] or "").lower()
        assert all(each in cookie for each in ("httponly", "samesite=strict", "secure", "path=/"))
        assert headers["Location"] == "/review"
        away = server.ask("/login?next=//evil.example", "POST", body=f"secret={TOKEN}", Content_Type=FORM)
        assert away[1]["Location"] == "/review"


def test_a_token_is_made_for_the_owner_and_told_by_its_place(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KG_WRITE_TOKEN")
    with running(place, "--graph", "graph.ttl", "--write", store=None) as server:
        told = server.wait_for("token")
        assert "write.token" in told
        path = place / "write.token"
        assert path.stat().st_mode & 0o777 == 0o600
        token = path.read_text("utf-8").strip()
        assert len(token) > 40
        assert server.ask("/login", "POST", body=f"secret={token}", Content_Type=FORM)[0] == 303
        assert not [line for line in server.lines if token in line]


def test_a_token_that_can_be_guessed_is_refused(place: Path) -> None:
    done = kg("serve", "--graph", "graph.ttl", "--write", cwd=place, KG_WRITE_TOKEN="short")
    assert (done.returncode, "16 printable" in done.stderr) == (2, True)


@pytest.mark.parametrize(("missing", "extra"), [("starlette", "serve"), ("uvicorn", "serve"), ("httpx", "link")])
def test_what_is_not_installed_is_told_in_one_line(place: Path, missing: str, extra: str) -> None:
    (place / "without").mkdir()
    (place / "without" / f"{missing}.py").write_text(f"raise ModuleNotFoundError(name={missing!r})", "utf-8")
    serve = ["serve", "--graph", "graph.ttl", "--port", "0"]
    link = ["link", "t.csv", "--service", "http://127.0.0.1:1/", "--column", "Jumlah", "--no-cache"]
    paths = os.pathsep.join([str(place / "without"), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        [sys.executable, "-m", "kg", *(link if extra == "link" else serve)],
        cwd=place, check=False, capture_output=True, text=True, timeout=60, env={**os.environ, "PYTHONPATH": paths},
    )  # fmt: skip
    assert done.returncode == 2
    assert re.fullmatch(rf"kg: .*needs {missing}; .*pip install 'jejaring\[{extra}\]'\n", done.stderr), done.stderr
