"""The generator of benchmarks/: the same articles each time, all different, and their facts stand where it says."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tarfile
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from kg import evaluate
from kg.article import Unread, read_sources
from kg.model import Article

ROOT = Path(__file__).resolve().parents[1]
SCRIPT = ROOT / "benchmarks" / "corpus_articles.py"
sys.path.insert(0, str(SCRIPT.parent))

import corpus_articles as corpus  # noqa: E402 - a script, found by its folder

MANY = 500
MIXED = corpus.Plan(
    shares=(("duplicate", 0.1), ("near", 0.1), ("update", 0.1), ("broken", 0.1), ("hostile", 0.05)), hostile=2000
)


@pytest.fixture(scope="module")
def clean() -> list[corpus.Part]:
    return [corpus.article(number).whole() for number in range(MANY)]


@pytest.fixture(scope="module")
def mixed() -> list[corpus.Item]:
    return list(corpus.items(MANY, MIXED))


def command(*arguments: str | Path) -> str:
    ran = subprocess.run([sys.executable, SCRIPT, *arguments], check=True, capture_output=True, text=True)
    return ran.stdout


def digests(folder: Path) -> dict[str, str]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def manifest(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "manifest.jsonl").read_text("utf-8").splitlines()]


def test_number_n_is_the_same_article_in_any_corpus(clean: list[corpus.Part]) -> None:
    plain = corpus.Plan(shares=())
    some = (MANY - 1, 3, 41)
    assert [corpus.item(number, plain).text for number in some] == [clean[number].text for number in some]
    later = list(corpus.items(5, MIXED, start=100))
    assert [each.file for each in later] == [corpus.item(number, MIXED).file for number in range(100, 105)]
    assert corpus.article(3, seed=1).whole().text != clean[3].text


def test_the_same_command_writes_the_same_bytes_in_another_process(tmp_path: Path) -> None:
    plan = corpus.Plan(shares=(*corpus.SHARES.items(),), hostile=500)
    command("60", tmp_path / "a", "--hostile-size", "500")
    corpus.write(corpus.items(60, plan), tmp_path / "b")
    found = digests(tmp_path / "a")
    assert found == digests(tmp_path / "b")
    assert len(found) == 60 + 2
    for form in ("jsonl", "zip", "tar", "tar.gz"):
        for folder in ("c", "d"):
            corpus.write(corpus.items(20, plan), tmp_path / folder, form)
    assert digests(tmp_path / "c") == digests(tmp_path / "d")


def test_no_two_articles_are_alike(clean: list[corpus.Part]) -> None:
    texts = [part.text for part in clean]
    assert len(set(texts)) == MANY
    assert len({text.split("\n")[-1] for text in texts}) > 0.6 * MANY
    assert not set.intersection(*({text[i : i + 60] for i in range(len(text) - 60)} for text in texts[:3]))


def test_articles_are_as_long_as_news(clean: list[corpus.Part]) -> None:
    sizes = sorted(len(part.text.encode()) for part in clean)
    assert sizes[0] > 1100
    assert 1700 < sizes[MANY // 2] < 2300
    assert sizes[-1] < 4000


def test_marks_meet_as_in_print(clean: list[corpus.Part]) -> None:
    for part in clean:
        assert not any(wrong in part.text for wrong in (",,", "..", ",.", "  ", " ,", " .", "{", "}"))
        assert all(paragraph[0].isupper() or paragraph[0] in '"“' for paragraph in part.text.split("\n") if paragraph)


def test_the_words_of_a_fact_stand_where_it_says(clean: list[corpus.Part]) -> None:
    relations = Counter[str]()
    for part in clean:
        for fact in part.facts:
            relations[fact.relation] += 1
            assert fact.evidence
            for argument, start, end in fact.evidence:
                words = part.text[start:end].casefold()
                labels = fact.said[argument]
                names = [str(each) for each in (labels if isinstance(labels, list) else [labels])]
                assert words == words.strip()
                if argument == "meeting" and words.endswith((" itu", " tersebut")):
                    continue  # what refers back to it
                if argument == "organisation" and ("post", start, end) in fact.evidence:
                    continue  # "Menteri Pariwisata" says of which ministry
                if argument not in ("date", "amount", "currency"):
                    assert any(name.casefold() in words for name in names), (fact, words)
                assert words
    assert set(relations) == {
        "published", "holds_post", "unit_of", "alias", "member_of", "held_on", "held_in", "edition", "organised_by",
        "attended_by", "leads_delegation", "located_in", "says", "funding", "appointed", "held_post", "party_to",
    }  # fmt: skip


def test_shares_hold(mixed: list[corpus.Item]) -> None:
    assert [each.kind for each in mixed[1:]] == [MIXED.kind(number) for number in range(1, MANY)]
    default = Counter(corpus.Plan().kind(number) for number in range(20_000))
    assert all(abs(default[kind] / 20_000 - share) < 0.01 for kind, share in corpus.SHARES.items())


def test_a_copy_names_an_earlier_article(mixed: list[corpus.Item]) -> None:
    copies = [each for each in mixed if each.of is not None]
    assert {each.kind for each in copies} == {"duplicate", "near", "update"}
    for each in copies:
        first = mixed[each.of or 0]
        assert (first.number, first.kind) == (each.of, "article")
        assert first.number < each.number
        if each.kind == "duplicate":
            assert each.text == first.text
            assert (each.url == first.url) == (each.how == "another file")
        elif each.kind == "near":
            assert each.text != first.text
            assert each.url != first.url
        else:
            assert each.text != first.text
            assert each.url == first.url
    printed = Counter(each.of for each in copies)
    assert printed.most_common(1)[0][1] > 5  # of press releases there are many


def shingles(text: str) -> set[tuple[str, ...]]:
    words = text.split()
    return {tuple(words[at : at + 3]) for at in range(len(words) - 2)}


def test_near_duplicates_are_near_and_others_far(mixed: list[corpus.Item]) -> None:
    def likeness(one: str, other: str) -> float:
        a, b = shingles(one), shingles(other)
        return len(a & b) / len(a | b)

    near = [likeness(each.text, mixed[each.of].text) for each in mixed if each.kind == "near" and each.of is not None]
    assert min(near) > 0.45
    alone = [shingles(each.text) for each in mixed if each.kind == "article"][:80]
    far = [len(one & other) / len(one | other) for number, one in enumerate(alone) for other in alone[:number]]
    assert max(far) < 0.3


def test_what_is_broken_or_hostile_ends_no_reading(tmp_path: Path) -> None:
    shares = (("broken", 0.3), ("hostile", 0.2))
    corpus.write(corpus.items(150, corpus.Plan(shares=shares, hostile=2000)), tmp_path)
    rows = manifest(tmp_path)
    read = list(read_sources([str(tmp_path / "articles")]))
    found = {Path(each.source.split("#")[0]).stem: each for each in read}
    assert len(rows) == 150
    for row in rows:
        each = found[Path(row["name"]).stem]
        assert row["sha256"] == hashlib.sha256((tmp_path / "articles" / row["name"]).read_bytes()).hexdigest()
        if row["kind"] not in ("broken", "hostile"):
            assert isinstance(each, Article)
            assert each.url == row["url"]
        if row["how"] in ("empty", "blank", "zeros"):
            assert isinstance(each, Unread)


def test_every_form_holds_the_same_articles(tmp_path: Path) -> None:
    for form in ("txt", "jsonl", "zip", "tar"):
        corpus.write(corpus.items(30, corpus.Plan(shares=())), tmp_path / form, form)
    files = {path.name: path.read_bytes() for path in (tmp_path / "txt" / "articles").rglob("*.txt")}
    with zipfile.ZipFile(tmp_path / "zip" / "articles.zip") as archive:
        assert {Path(name).name: archive.read(name) for name in archive.namelist()} == files
    with tarfile.open(tmp_path / "tar" / "articles.tar") as tar:
        members = {Path(each.name).name: tar.extractfile(each) for each in tar.getmembers()}
        assert {name: file.read() for name, file in members.items() if file} == files
    lines = [json.loads(line) for line in (tmp_path / "jsonl" / "articles.jsonl").read_text("utf-8").splitlines()]
    texts = [item.text for item in read_sources([str(tmp_path / "txt")]) if isinstance(item, Article)]
    assert [line["text"] + "\n" for line in lines] == texts[:30]


def test_gold_is_what_the_evaluation_takes(tmp_path: Path) -> None:
    corpus.write(corpus.items(5, corpus.Plan(shares=())), tmp_path, gold=True)
    folders = [tmp_path / "gold", tmp_path / "gold-more"]
    found = evaluate.evaluate(folders, text_dir=tmp_path / "articles" / "000")
    facts = (tmp_path / "facts.jsonl").read_text("utf-8").splitlines()
    assert sum(len(scored.gold.facts) for scored in found.articles) == len(facts)
