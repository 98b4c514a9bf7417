"""Asking a model over HTTP: patience, budgets, what is kept, what is never told, and the command."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import modelling
from kg import pipeline
from kg.corpus import reading
from kg.corpus.workers import Workers
from kg.errors import InputError
from kg.model import Article
from kg.propose import Asker, Settings
from kg.propose.claims import Answers
from kg.propose.kept import ANSWERS, USAGE
from kg.propose.settings import read
from loopback import free_port, listening
from modelling import CLAIM, KEY, TEXT, Model, Script


@pytest.fixture
def script() -> Script:
    return Script(answer=lambda _: {"claims": [CLAIM]})


@pytest.fixture
def url(script: Script) -> Iterator[str]:
    with modelling.model(script) as address:
        yield address


@pytest.fixture
def pauses() -> list[float]:
    return []


@pytest.fixture
def asking(url: str, tmp_path: Path, pauses: list[float]) -> Any:
    """An asker that doesn't sleep, but says for how long it would."""

    def make(**more: Any) -> Asker:
        given = {"url": url, "model": "small", "cache": tmp_path / "kept", "per_minute": 1e9, "seconds": 5, **more}
        return Asker(Settings(**given), sleep=pauses.append)

    return make


def article(number: int = 0) -> Article:
    return Article(f"{TEXT}Ini berita ke-{number}.\n")


def asked(asker: Asker, *articles: Article) -> list[Answers]:
    with asker:
        return [found for _, found in asker.along(articles, lambda one: one) if found is not None]


# ---------------------------------------------------------------- asking well


def test_what_is_asked_and_what_comes_of_it(asking: Any, script: Script) -> None:
    (found,) = asked(asking(key=KEY), article())
    reading = pipeline.read(article(), proposer=found)
    assert [claim.trigger.of(article().text) for claim in reading.admitted if claim.rule == "model/small"] == [
        "memukul gong"
    ]
    (request,) = script.requests
    assert request["model"] == "small"
    assert (request["temperature"], request["stream"]) == (0, False)
    assert request["response_format"]["json_schema"]["strict"] is True
    assert article().text.strip() in script.texts[0]
    assert "Aturan:" in request["messages"][0]["content"]
    assert script.headers[0]["authorization"] == f"Bearer {KEY}"


def test_an_english_article_is_asked_about_in_english(asking: Any, script: Script) -> None:
    asked(asking(), Article("The forum was held in Tokyo on 3 March 2025.", language="en"))
    assert "Rules:" in script.requests[0]["messages"][0]["content"]
    assert "authorization" not in script.headers[0]


def test_the_address_may_be_that_of_the_server_of_its_api_or_whole() -> None:
    whole = "http://localhost:11434/v1/chat/completions"
    for given in ("http://localhost:11434", "http://localhost:11434/", "http://localhost:11434/v1", whole):
        assert Settings(given, "m").endpoint == whole
    assert Settings("https://example.org/api/v3/", "m").endpoint == "https://example.org/api/v3/chat/completions"
    assert Settings(whole, "org/Small Model 8B").rule == "model/org/Small-Model-8B"


def test_a_long_article_is_asked_about_in_parts(asking: Any, script: Script) -> None:
    long = Article("\n".join(f"{TEXT.strip()} Ini alinea ke-{number}." for number in range(10)) + "\n")
    (found,) = asked(asking(part=500), long)
    assert len(script.requests) == len(found.answers) == 4
    assert [long.text[one.start : one.end].count("alinea") for one in found.answers] == [3, 3, 3, 1]
    reading = pipeline.read(long, proposer=found)
    for claim, one in zip(reading.proposed.claims, found.answers, strict=True):
        assert one.start <= claim.trigger.start < claim.trigger.end <= one.end


def test_several_at_once_come_in_their_order(asking: Any, script: Script) -> None:
    gate = threading.Barrier(3, timeout=5)
    script.first = [lambda one: (gate.wait(), one.say({"claims": []}))[1]] * 3
    articles = [article(number) for number in range(8)]
    with asking(at_once=3) as asker:
        items = [*articles[:4], "no article", *articles[4:]]
        pairs = list(asker.along(items, lambda item: item if isinstance(item, Article) else None))
    assert [item for item, _ in pairs] == items
    assert [found is None for _, found in pairs] == [False] * 4 + [True] + [False] * 4
    assert asker.cost.requests == 8


# ---------------------------------------------------------------- what is kept


def test_nothing_is_asked_twice(asking: Any, script: Script) -> None:
    first = asked(asking(), article(0), article(1))
    second = asked(asker := asking(), article(0), article(1), article(2))
    assert second[:2] == first
    assert len(script.requests) == 3
    assert (asker.cost.requests, asker.cost.kept, asker.cost.tokens) == (1, 2, 1100)


@pytest.mark.parametrize("changed", [{"model": "other"}, {"request": {"temperature": 1}}, {"part": 100}])
def test_another_question_is_asked(asking: Any, script: Script, changed: dict[str, Any]) -> None:
    asked(asking(), article())
    asked(asking(**changed), article())
    assert len(script.requests) >= 2


def test_the_mark_of_an_article_is_that_of_the_question_and_whether_it_was_answered(asking: Any) -> None:
    with asking() as one, asking(tokens=5, seconds=9) as same, asking(model="other") as other:
        before = one.mark(article())
        assert before == same.mark(article()) != other.mark(article())
        same.ask(article())
        assert same.mark(article()) != before
        one.ask(article())
        assert one.mark(article()) == before


def test_a_run_that_was_stopped_goes_on(asking: Any, script: Script) -> None:
    articles = [article(number) for number in range(4)]
    with asking() as asker:
        found = asker.along(articles, lambda one: one)
        for _ in range(2):
            next(found)
    script.requests.clear()
    assert len(asked(asking(), *articles)) == 4
    assert len(script.requests) == 2


def test_each_article_has_its_cost_in_the_record(asking: Any, tmp_path: Path) -> None:
    asked(asking(), article(0), article(1))
    asked(asking(), article(0))
    lines = [json.loads(line) for line in (tmp_path / "kept" / USAGE).read_text("utf-8").splitlines()]
    assert [line["article"] for line in lines] == [article(0).key, article(1).key]
    assert {(line["model"], line["requests"], line["prompt_tokens"], line["completion_tokens"]) for line in lines} == {
        ("small", 1, 1000, 100)
    }


def test_tokens_that_a_server_does_not_tell_are_reckoned(asking: Any, script: Script) -> None:
    script.first = [lambda one: one.say({"claims": []}, usage=None)]
    asked(asker := asking(), article())
    assert asker.cost.prompt > 1000
    assert asker.cost.completion > 0


def test_a_damaged_file_of_answers_is_told(asking: Any, tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / ANSWERS).write_bytes(b"no database at all, but long enough" * 50)
    with pytest.raises(Exception, match="can't be used") as told:
        asking()
    assert type(told.value).__name__ == "StoreError"


# ---------------------------------------------------------------- patience


@pytest.mark.parametrize(
    "fault",
    [
        lambda one: one.error(429, "slow down"),
        lambda one: one.error(500, "fault"),
        lambda one: one.error(503, "loading the model"),
        lambda one: one.send(200, b"<html>"),
        lambda one: one.send(200, {"choices": []}),
        lambda one: one.send(200, {"choices": [{"message": "text"}]}),
        lambda one: one.send(200, ["x"]),
        Model.break_off,
        Model.never,
    ],
    ids=["429", "500", "503", "html", "no choice", "no message", "no object", "cut off", "slow"],
)
def test_what_may_pass_is_tried_again(asking: Any, script: Script, pauses: list[float], fault: modelling.Say) -> None:
    script.first = [fault, fault]
    (found,) = asked(asking(seconds=1), article())
    assert found.why == ""
    assert [pause for pause in pauses if pause > 0.1] == [0.5, 1.0]


def test_a_server_that_says_how_long_to_wait_is_waited_for(asking: Any, script: Script, pauses: list[float]) -> None:
    script.first = [lambda one: one.error(429, "slow down", Retry_After="7")]
    (found,) = asked(asking(), article())
    assert found.answers
    assert 7.0 in pauses


def test_when_patience_ends_the_article_is_read_without(asking: Any, script: Script) -> None:
    script.first = [lambda one: one.error(503, "busy")] * 4
    first, second = asked(asker := asking(), article(0), article(1))
    assert "answers with 503, 4 times" in first.why
    assert second.answers
    assert asker.fault
    assert pipeline.read(article(0), proposer=first).quads == pipeline.read(article(0)).quads
    assert pipeline.read(article(0), proposer=first).proposed.why == first.why


def test_after_three_in_a_row_nothing_more_is_asked(asking: Any, script: Script) -> None:
    script.first = [lambda one: one.error(503, "busy")] * 100
    found = asked(asker := asking(), *(article(number) for number in range(6)))
    assert len(script.requests) == 12
    assert all(each.why for each in found)
    assert asker.stopped == "3 articles in a row got no answer"


def test_nobody_there(tmp_path: Path, pauses: list[float]) -> None:
    given = Settings(f"http://127.0.0.1:{free_port()}", "small", cache=tmp_path)
    (found,) = asked(Asker(given, sleep=pauses.append), article())
    assert "the connection failed" in found.why


def test_a_refusal_ends_the_asking(asking: Any, script: Script) -> None:
    script.first = [lambda one: one.error(404, "model 'small' not found")] * 9
    first, second = asked(asker := asking(), article(0), article(1))
    assert "answers with 404" in first.why
    assert "check address and model" in first.why
    assert second.why == asker.stopped == first.why
    assert len(script.requests) == 1


def test_a_redirect_is_not_followed(asking: Any, script: Script) -> None:
    with listening() as (port, heard):
        script.first = [lambda one: one.error(307, "", Location=f"http://127.0.0.1:{port}/v1/chat/completions")]
        (found,) = asked(asking(key=KEY), article())
    assert "answers with 307" in found.why
    assert heard == []


@pytest.mark.parametrize("takes", [["json_object", None], [None]])
def test_a_server_that_takes_no_schema_is_asked_without(asking: Any, script: Script, takes: list[str | None]) -> None:
    script.takes = takes
    found = asked(asker := asking(), article(0), article(1))
    assert all(each.answers for each in found)
    assert len(script.requests) == 2 + 3 - len(takes)  # what it refuses is tried once a run
    assert asker.cost.requests == 2


def test_an_article_that_the_server_does_not_take_is_read_without(asking: Any, script: Script) -> None:
    script.first = [lambda one: one.error(400, "context length exceeded")] * 3
    first, second = asked(asking(), article(0), article(1))
    assert "context length exceeded" in first.why
    assert second.answers
    assert script.requests[-1]["response_format"]["type"] == "json_schema"


def test_the_rate_is_kept(url: str, tmp_path: Path) -> None:
    now, pauses = [100.0], []

    def sleep(seconds: float) -> None:
        pauses.append(seconds)
        now[0] += seconds

    given = Settings(url, "small", cache=tmp_path, per_minute=30)
    asked(Asker(given, sleep=sleep, clock=lambda: now[0]), *(article(number) for number in range(3)))
    assert pauses == [2.0, 2.0]


# ---------------------------------------------------------------- budgets


def test_the_budget_of_requests_is_never_overdrawn(asking: Any, script: Script) -> None:
    found = asked(asker := asking(requests=2, at_once=4), *(article(number) for number in range(6)))
    assert len(script.requests) == 2
    assert sum(bool(each.answers) for each in found) == 2
    assert asker.stopped == "the budget of 2 requests is used up"
    assert not asker.fault


def test_the_budget_of_tokens_is_never_overdrawn(asking: Any, script: Script) -> None:
    found = asked(asker := asking(tokens=10_000), *(article(number) for number in range(6)))
    assert 1 <= len(script.requests) < 6
    assert asker.cost.tokens <= 10_000
    assert "the budget of 10,000 tokens is used up" in found[-1].why
    assert not asker.fault


def test_what_is_kept_costs_nothing(asking: Any, script: Script) -> None:
    asked(asking(), article(0))
    found = asked(asking(requests=1), article(1), article(2), article(0))
    assert [bool(each.answers) for each in found] == [True, False, True]


# ---------------------------------------------------------------- what may be set


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"url": "localhost:11434"}, "no address"),
        ({"url": "ftp://localhost"}, "no address"),
        ({"url": "http://localhost:99999"}, "no address"),
        ({"url": "http://example.org/v1"}, "unencrypted"),
        ({"url": "http://192.168.1.5:8000"}, "unencrypted"),
        ({"url": "https://me:word@example.org/v1"}, "KG_PROPOSE_KEY"),
        ({"url": "https://example.org/v1?key=abc"}, "KG_PROPOSE_KEY"),
        ({"model": " "}, "which model"),
        ({"key": "two words"}, "no key has"),
        ({"key": "line\nbreak"}, "no key has"),
    ],
)
def test_settings_that_cannot_be_used(given: dict[str, Any], said: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=said) as told:
        Asker(Settings(**{"url": "http://localhost:1", "model": "small", "cache": tmp_path, **given}))
    assert not given.get("key") or given["key"] not in str(told.value)


def test_plain_http_goes_to_this_machine_or_where_it_is_allowed(tmp_path: Path) -> None:
    for url in ("http://localhost:1", "http://127.0.0.1:1/v1", "http://[::1]:1", "https://example.org"):
        Asker(Settings(url, "small", cache=tmp_path)).__exit__()
    Asker(Settings("http://192.168.1.5:8000", "small", cache=tmp_path, plain_http=True)).__exit__()


def test_a_proxy_is_passed_by_on_the_way_to_this_machine(
    asking: Any, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    with listening() as (port, heard):
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{port}")
        asked(asking(key=KEY), article())
    assert heard == []
    assert len(script.requests) == 1


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"urls": "x"}, "has no 'urls'"),
        ({"key": KEY}, "environment variable"),
        ({"tokens": "many"}, "a number above 0"),
        ({"tokens": 0}, "a number above 0"),
        ({"tokens": True}, "a number above 0"),
        ({"plain_http": 1}, "bool"),
        ({"request": {"messages": []}}, "messages can't be given"),
        ({"request": {"x": float("nan")}}, "can't be given"),
    ],
)
def test_a_mistake_in_the_settings_file_is_told(table: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=said) as told:
        read(table, "kg.toml")
    assert KEY not in str(told.value)


@pytest.mark.parametrize("at_once", [1, 3])
def test_an_asker_is_a_proposer_that_may_ask_ahead(asking: Any, script: Script, at_once: int) -> None:
    articles = [article(0), article(1), article(0), article(2)]
    with asking(at_once=at_once) as asker:
        readings = [pipeline.read(one, proposer=asker) for one in asker.ahead(articles)]
    assert [len(reading.proposed.claims) for reading in readings] == [1, 1, 1, 1]
    assert 3 <= len(script.requests) <= 4


def test_a_model_is_not_asked_about_a_whole_batch_before_the_first_article_is_done(asking: Any, script: Script) -> None:
    articles = [article(number) for number in range(40)]
    with asking() as asker, Workers(1, reading.Settings(), asker, ahead=500) as workers:
        results = workers.read((each, each) for each in articles)
        next(results)
        asked_by_then = len(script.requests)
        assert sum(1 for _ in results) == 39
    assert asked_by_then < 20
