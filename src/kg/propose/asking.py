"""Asking a model about articles: what was answered before is taken from disk, the rest asked within the budget.

Where no answer can be had, the article is read without, and that is told: for the sake of proposals no build waits for
ever, and none fails.
"""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from typing import Any, Final, Self, TypeVar

from kg.errors import ServiceError
from kg.extract import Extraction
from kg.http import Again, Http, Reply, Unanswered
from kg.model import Article
from kg.propose import declared, prompt, schema
from kg.propose.claims import Answer, Answers
from kg.propose.kept import Kept
from kg.propose.prompt import Prompt
from kg.propose.settings import KEY, Settings, expect
from kg.proposed import Proposed
from kg.records import record
from kg.segment import segment

TRIES: Final = 4
IN_A_ROW: Final = 3
"""Articles without an answer, one after another, before nothing more is asked."""
OF_THE_REQUEST: Final = frozenset({400, 413, 415, 422, 501})
"""Statuses that say that a server doesn't take this request; another one it may."""
CHARACTERS_PER_TOKEN: Final = 2
"""At least, in Indonesian and English: what a request may cost is reckoned high, so that no budget is overdrawn."""
BUDGET: Final = "the budget of {} {} is used up"
Item = TypeVar("Item")


@record(frozen=True, slots=True)
class Cost:
    """What was asked: ``requests`` that were answered, tokens in and out, answers ``kept`` from before."""

    requests: int = 0
    prompt: int = 0
    completion: int = 0
    kept: int = 0

    def __add__(self, other: Cost) -> Cost:
        return Cost(
            self.requests + other.requests,
            self.prompt + other.prompt,
            self.completion + other.completion,
            self.kept + other.kept,
        )

    @property
    def tokens(self) -> int:
        """In and out together."""
        return self.prompt + self.completion


class _NotAsked(Exception):
    """A budget is used up, or asking has been given up."""


@dataclass(slots=True)
class _Spent:
    """What a run has cost so far, what is under way, and whether it is at its end."""

    cost: Cost = field(default_factory=Cost)
    reserved: int = 0
    under_way: int = 0
    without: int = 0  # articles in a row
    stopped: str = ""
    fault: bool = False


class Asker:
    """One model at one endpoint, for one run. A context manager; several threads may ask.

    Raises InputError for settings that can't be used. ``sleep`` and ``clock`` stand for those of ``time``.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.settings = expect(settings)
        self._declared = declared.load()
        self._schema = schema.of_answer(self._declared)
        self._forms = _forms(self._schema)
        self._form = 0  # the first that the server is not known to refuse
        self._prompts: dict[str, Prompt] = {}
        self._ahead: dict[str, Answers] = {}  # by the article's key
        self._without: set[str] = set()  # keys of articles that got no answer
        self._http = Http(
            rate=settings.per_minute / 60,
            seconds=settings.seconds,
            extra="llm",
            headers={"Authorization": f"Bearer {settings.key}"} if settings.key else {},
            tries=TRIES,
            direct=settings.is_local,
            sleep=sleep,
            clock=clock,
        )
        self._kept = Kept(settings.folder)
        self._lock = threading.Lock()
        self._spent = _Spent()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()
        self._kept.close()

    @property
    def cost(self) -> Cost:
        """What the run has cost so far."""
        return self._spent.cost

    @property
    def stopped(self) -> str:
        """Why nothing more is asked; empty while asking goes on."""
        return self._spent.stopped

    @property
    def fault(self) -> bool:
        """Whether some article was read without proposals for another reason than the budget."""
        return self._spent.fault

    def mark(self, article: Article) -> str:
        """A hash of all that the proposals for an article depend on but the article itself: who is asked what.

        An article that got no answer has another mark than the next time: it isn't done.
        """
        asked = [self.settings.endpoint, self._payload("", article.language), self._schema, self.settings.part]
        return _hash([*asked, self._declared.confidence])[:16] + ("-" if article.key in self._without else "")

    def __call__(self, article: Article, extraction: Extraction) -> Proposed:
        """What the model proposes for an article: a proposer (``kg.proposed``) that asks where it hasn't yet."""
        answers = self._ahead.pop(article.key, None) or self.ask(article)
        return answers(article, extraction)

    def ahead(self, items: Iterable[Item]) -> Iterator[Item]:
        """The items in their order; the articles among them are asked about meanwhile, ``at_once`` at a time."""
        for item, answers in self.along(items, lambda item: item if isinstance(item, Article) else None):
            if isinstance(item, Article) and answers is not None:
                self._ahead[item.key] = answers
            yield item

    def along(
        self, items: Iterable[Item], article_of: Callable[[Item], Article | None]
    ) -> Iterator[tuple[Item, Answers | None]]:
        """The items in their order, with what is answered about the article of each; None for those that have none."""
        if self.settings.at_once == 1:
            for item in items:
                article = article_of(item)
                yield item, None if article is None else self.ask(article)
            return
        waiting: deque[tuple[Item, Future[Answers] | None]] = deque()
        for item in items:
            while len(waiting) >= self.settings.at_once:
                yield _result(*waiting.popleft())
            article = article_of(item)
            waiting.append((item, None if article is None else self._begin(article)))
        while waiting:
            yield _result(*waiting.popleft())

    def _begin(self, article: Article) -> Future[Answers]:
        future: Future[Answers] = Future()

        def run() -> None:
            try:
                future.set_result(self.ask(article))
            except BaseException as error:  # noqa: BLE001 - raised again where the result is taken
                future.set_exception(error)

        # No pool: its threads are waited for at the program's end, and one may sit there for minutes.
        threading.Thread(target=run, daemon=True).start()
        return future

    def ask(self, article: Article) -> Answers:
        """What the model answers about an article, each part of it; or why it gives no answer."""
        given = Answers(self.settings.rule)
        cost = Cost()
        try:
            for start, end in _parts(article.text, self.settings.part):
                answer, of_it = self._answer(article.text[start:end], article.language)
                cost += of_it
                part = Answer(start, end, answer["content"], answer["finish"])
                given = replace(given, answers=(*given.answers, part))
        except _NotAsked as end_of_it:
            given = replace(given, answers=(), why=str(end_of_it))
        except ServiceError as fault:
            given = replace(given, answers=(), why=self._failed(fault))
        else:
            self._spent.without = 0
        (self._without.add if given.why else self._without.discard)(article.key)
        if cost.requests:
            self._kept.note(
                article=article.key,
                source=article.source,
                endpoint=self.settings.endpoint,
                model=self.settings.model,
                requests=cost.requests,
                prompt_tokens=cost.prompt,
                completion_tokens=cost.completion,
            )
        return given

    def _failed(self, fault: ServiceError) -> str:
        """Note that an article got no answer; nothing more is asked where the next one won't get one either."""
        with self._lock:
            self._spent.fault = True
            self._spent.without += 1
            if not isinstance(fault, Unanswered | _NotThis):
                self._spent.stopped = str(fault)
            elif self._spent.without >= IN_A_ROW:
                self._spent.stopped = f"{IN_A_ROW} articles in a row got no answer"
        return str(fault)

    # ------------------------------------------------------------------------------------------ one request

    def _payload(self, text: str, language: str) -> dict[str, Any]:
        if language not in self._prompts:
            self._prompts[language] = prompt.of(language, self._declared)
        messages = self._prompts[language].messages(text)
        return {"model": self.settings.model, "messages": messages, **self.settings.request, "stream": False}

    def _answer(self, text: str, language: str) -> tuple[dict[str, Any], Cost]:
        """The answer about a text, kept or asked for, and what it costs now."""
        payload = self._payload(text, language)
        asked = _hash([self.settings.endpoint, payload, self._schema])
        if (known := self._kept.get(asked)) is not None:
            cost = Cost(kept=1)
            with self._lock:
                self._spent.cost += cost
            return known, cost
        reckoned = self._reserve(payload)
        cost = Cost()
        try:
            answer = self._complete(payload)
            self._kept.put(asked, answer)
            cost = Cost(1, answer["prompt_tokens"], answer["completion_tokens"])
        finally:
            with self._lock:
                self._spent.reserved -= reckoned
                self._spent.under_way -= 1
                self._spent.cost += cost
        return answer, cost

    def _reserve(self, payload: Mapping[str, Any]) -> int:
        """Take what a request may cost out of the budget. Raises _NotAsked where it isn't there any more."""
        most = max((int(payload[key]) for key in _LIMITS if isinstance(payload.get(key), int)), default=0)
        said = sum(len(message["content"]) for message in payload["messages"])
        reckoned = said // CHARACTERS_PER_TOKEN + most
        with self._lock:
            spent, settings = self._spent, self.settings
            if not spent.stopped:
                if settings.requests is not None and spent.cost.requests + spent.under_way >= settings.requests:
                    spent.stopped = BUDGET.format(f"{settings.requests:,}", "requests")
                elif settings.tokens is not None and spent.cost.tokens + spent.reserved + reckoned > settings.tokens:
                    spent.stopped = BUDGET.format(f"{settings.tokens:,}", "tokens") + (
                        f" (the next request may take {reckoned:,})"
                    )
            if spent.stopped:
                raise _NotAsked(spent.stopped)
            spent.reserved += reckoned
            spent.under_way += 1
        return reckoned

    def _complete(self, payload: Mapping[str, Any]) -> dict[str, Any]:
        """The completion, in the strictest form that the server takes. Raises ServiceError."""
        first: ServiceError | None = None
        for number in range(self._form, len(self._forms)):
            try:
                answer = self._http.ask(
                    "POST", self.settings.endpoint, self._read, json={**payload, **self._forms[number]}
                )
            except _NotThis as refused:
                first = first or refused
                continue
            self._form = number
            answer.setdefault("prompt_tokens", _reckoned(payload["messages"]))
            answer.setdefault("completion_tokens", len(answer["content"]) // CHARACTERS_PER_TOKEN + 1)
            return answer
        assert first is not None
        raise first

    def _read(self, reply: Reply) -> dict[str, Any]:
        if reply.status >= 300:
            said = reply.words.replace(self.settings.key, "…") if self.settings.key else reply.words
            why = f"{self.settings.endpoint}: answers with {reply.status} ({said})"
            if reply.status in OF_THE_REQUEST:
                raise _NotThis(why)
            hint = f"the key in {KEY}" if reply.status in (401, 403) else "address and model"
            raise ServiceError(f"{why}; check {hint}")
        try:
            return _completion(json.loads(reply.body))
        except (ValueError, RecursionError, LookupError, TypeError, AttributeError):
            raise Again("its answer is no chat completion") from None


class _NotThis(ServiceError):
    """The server doesn't take this request."""


_LIMITS: Final = ("max_tokens", "max_completion_tokens")


def _result(item: Item, future: Future[Answers] | None) -> tuple[Item, Answers | None]:
    return item, future.result() if future is not None else None


def _forms(of_answer: schema.Schema) -> list[dict[str, Any]]:
    """The ways to ask for JSON, the strictest first; the last leaves it to the prompt."""
    strict = {"name": "claims", "strict": True, "schema": of_answer}
    return [
        {"response_format": {"type": "json_schema", "json_schema": strict}},
        {"response_format": {"type": "json_object"}},
        {},
    ]


def _completion(found: Any) -> dict[str, Any]:
    """The words of the first choice, why they ended, and the tokens as far as they are told."""
    choice = found["choices"][0]
    content, finish, usage = choice["message"].get("content"), choice.get("finish_reason"), found.get("usage")
    answer: dict[str, Any] = {
        "content": content if isinstance(content, str) else "",
        "finish": finish if isinstance(finish, str) else "",
    }
    for key in ("prompt_tokens", "completion_tokens"):
        count = usage.get(key) if isinstance(usage, dict) else None
        if isinstance(count, int) and not isinstance(count, bool) and 0 <= count < 10**9:
            answer[key] = count
    return answer


def _reckoned(messages: Iterable[Mapping[str, str]]) -> int:
    return sum(len(message["content"]) for message in messages) // CHARACTERS_PER_TOKEN


def _parts(text: str, most: int) -> Iterator[tuple[int, int]]:
    """The text in parts of whole paragraphs, of at most so many code points each; a longer paragraph is one part."""
    start = end = None
    for paragraph in segment(text):
        if start is not None and end is not None and paragraph.end - start > most:
            yield start, end
            start = None
        start, end = paragraph.start if start is None else start, paragraph.end
    if start is not None and end is not None:
        yield start, end


def _hash(asked: object) -> str:
    return hashlib.sha256(json.dumps(asked, sort_keys=True, default=str).encode()).hexdigest()
