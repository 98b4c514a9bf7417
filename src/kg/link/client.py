"""A client of any reconciliation service (API 0.1 and 0.2): batches, patience, a cache, and nothing asked twice.

Only an address that the user names is asked. httpx, because a table makes hundreds of requests: it keeps connections
open, bounds each phase of one by a time, and tells a cut-off body from a whole one. What a service answered is kept on
disk at once, so that a run that was interrupted goes on where it ended.
"""

from __future__ import annotations

import contextlib
import email.utils
import json
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

from kg.errors import ServiceError, StoreError
from kg.records import record

if TYPE_CHECKING:
    import httpx

TRIES: Final = 5
FIRST_PAUSE: Final = 0.5
"""Seconds before the second try; each further one waits twice as long."""
LONGEST_PAUSE: Final = 120.0
"""A service that asks to wait longer is left."""
LARGEST: Final = 20_000_000
"""Bytes of an answer."""
BATCH: Final = 10
"""Queries at once where the manifest doesn't say; what OpenRefine sends."""
_PASSING: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
Result = Mapping[str, Any]
"""One candidate as the service gives it: id, name, score, perhaps match, type, description."""


@record(frozen=True, slots=True)
class Question:
    """What is asked for one name. ``properties`` are ids of properties of the service with a value each."""

    text: str
    type: str = ""
    properties: tuple[tuple[str, str], ...] = ()
    limit: int = 10

    def as_json(self) -> dict[str, Any]:
        """The query of the API."""
        query: dict[str, Any] = {"query": self.text, "limit": self.limit}
        if self.type:
            query["type"] = self.type
        if self.properties:
            query["properties"] = [{"pid": pid, "v": value} for pid, value in self.properties]
        return query


@record(frozen=True, slots=True)
class Manifest:
    """What a service says of itself. ``space`` is what its ids are relative to; ``view`` a template with ``{{id}}``."""

    name: str
    space: str
    view: str
    batch: int

    def iri(self, id: str) -> str:  # noqa: A002 - the word of the domain
        """The IRI of an id: one that is absolute stays, else space and id, or the page of the thing."""
        from urllib.parse import quote

        if id.startswith(("http://", "https://", "urn:")):
            return id
        if self.space.endswith(("/", "#", "=", ":")) or not self.view:
            return self.space + quote(id, safe="/:@!$&'()*+,;=-._~")
        return self.view.replace("{{id}}", quote(id, safe=""))


def read_manifest(found: Any, url: str) -> Manifest:
    """The manifest of a service of either version. Raises ServiceError."""
    wanted = ("name", "identifierSpace", "schemaSpace")
    missing = [key for key in wanted if not isinstance(found, dict) or not isinstance(found.get(key), str)]
    if missing:
        raise ServiceError(f"{url}: no reconciliation service (no {missing[0]} in its manifest); check the address")
    view, size = found.get("view"), found.get("batchSize")
    template = view.get("url") if isinstance(view, dict) else None
    return Manifest(
        found["name"],
        found["identifierSpace"],
        template if isinstance(template, str) and "{{id}}" in template else "",
        size if isinstance(size, int) and not isinstance(size, bool) and size > 0 else BATCH,
    )


class Cache:
    """Answers by service and query, in one SQLite file; several processes may use it. Raises StoreError."""

    def __init__(self, path: Path) -> None:
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        with self._told():
            self._file = sqlite3.connect(path, timeout=30, isolation_level=None)
            self._file.execute(
                "CREATE TABLE IF NOT EXISTS answers"
                " (service TEXT, query TEXT, answer TEXT, PRIMARY KEY (service, query))"
            )

    def get(self, service: str, query: str) -> list[Result] | None:
        """The results that were kept."""
        with self._told():
            row = self._file.execute("SELECT answer FROM answers WHERE service = ? AND query = ?", (service, query))
            found = row.fetchone()
        return None if found is None else list(json.loads(found[0]))

    def put(self, service: str, answers: Mapping[str, Sequence[Result]]) -> None:
        """Keep the results of queries; on the disk when it returns."""
        rows = [(service, query, json.dumps(list(found))) for query, found in answers.items()]
        with self._told():
            self._file.execute("BEGIN")
            self._file.executemany("INSERT OR REPLACE INTO answers VALUES (?, ?, ?)", rows)
            self._file.execute("COMMIT")

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise StoreError(f"{self._path}: can't be used ({error}); delete it, or use --no-cache") from error


class _Again(Exception):
    """What may pass; ``pause`` where the service says how long to wait."""

    def __init__(self, why: str, pause: float | None = None) -> None:
        super().__init__(why)
        self.why = why
        self.pause = pause


class _TooMany(Exception):
    """A batch that is larger than the service takes."""


class Service:
    """A service at an address. ``rate`` bounds the requests a second, ``seconds`` each of them from start to end.

    Use it as a context manager. ``sleep`` and ``clock`` stand for those of ``time``.
    """

    def __init__(
        self,
        url: str,
        *,
        cache: Cache | None = None,
        rate: float = 5.0,
        seconds: float = 30.0,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        try:
            import httpx
        except ImportError:
            raise ServiceError("asking a service needs httpx; install it with: pip install 'jejaring[link]'") from None
        if not url.startswith(("http://", "https://")):
            raise ServiceError(f"{url}: no address of a service; expected http://… or https://…")
        self.url = url
        self._name = url  # the cache knows it by the name that the user gives, wherever that leads
        self._http: httpx.Client = httpx.Client(timeout=seconds, headers={"Accept": "application/json"})
        self._cache, self._pause, self._seconds = cache, 1 / rate, seconds
        self._sleep, self._clock = sleep, clock
        self._next = 0.0
        self._manifest: Manifest | None = None
        self.asked = 0
        """Requests that were made."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    @property
    def manifest(self) -> Manifest:
        """What the service says of itself, asked once. Raises ServiceError."""
        if self._manifest is None:
            found, self.url = self._patiently(None)  # a redirect holds for the queries, too
            self._manifest = read_manifest(found, self.url)
        return self._manifest

    def reconcile(
        self, questions: Sequence[Question], told: Callable[[int, int], None] | None = None
    ) -> list[list[Result] | None]:
        """The results for each question, in their order; None where the service gave none for it.

        The same question is asked once, one in the cache never. ``told`` is called with how many are answered, and of
        how many. Raises ServiceError where the service can't be asked; what was answered until then is kept.
        """
        keys = [json.dumps(question.as_json(), ensure_ascii=False, sort_keys=True) for question in questions]
        known: dict[str, list[Result] | None] = {}
        for key in dict.fromkeys(keys):
            found = self._cache.get(self._name, key) if self._cache else None
            if found is not None:
                known[key] = found
        todo = [key for key in dict.fromkeys(keys) if key not in known]
        size = self.manifest.batch if todo else 1
        of, at = len(known) + len(todo), 0
        while at < len(todo):
            batch = todo[at : at + size]
            try:
                answers = self._batch(batch)
            except _TooMany:
                if size == 1:
                    raise ServiceError(f"{self.url}: doesn't take a single query (413)") from None
                size = max(1, min(size, len(batch)) // 2)
                continue
            if self._cache:
                self._cache.put(self._name, {key: found for key, found in answers.items() if found is not None})
            known.update(answers)
            at += len(batch)
            if told:
                told(of - len(todo) + at, of)
        return [known[key] for key in keys]

    def _batch(self, batch: Sequence[str]) -> dict[str, list[Result] | None]:
        queries = {f"q{number}": json.loads(key) for number, key in enumerate(batch)}
        found, _ = self._patiently({"queries": json.dumps(queries, ensure_ascii=False)})
        return {key: results(found.get(f"q{number}")) for number, key in enumerate(batch)}

    def _patiently(self, form: Mapping[str, str] | None) -> tuple[dict[str, Any], str]:
        """The JSON object that the service answers with, tried again while there is hope."""
        for attempt in range(TRIES):
            self._take_turn()
            try:
                return self._once(form)
            except _Again as fault:
                pause = FIRST_PAUSE * 2**attempt if fault.pause is None else fault.pause
                if attempt == TRIES - 1:
                    raise ServiceError(
                        f"{self.url}: {fault.why}, {TRIES} times; try again later{self._kept()}"
                    ) from None
                if pause > LONGEST_PAUSE:
                    raise ServiceError(
                        f"{self.url}: asks to wait {pause:.0f} s ({fault.why}); try again then{self._kept()}"
                    ) from None
                self._sleep(pause)
        raise AssertionError("unreachable")

    def _kept(self) -> str:
        return ": what was answered is kept" if self._cache else ""

    def _take_turn(self) -> None:
        wait = self._next - self._clock()
        if wait > 0:
            self._sleep(wait)
        self._next = max(self._clock(), self._next) + self._pause
        self.asked += 1

    def _once(self, form: Mapping[str, str] | None) -> tuple[dict[str, Any], str]:
        import httpx

        method, follow = ("GET", True) if form is None else ("POST", False)
        try:
            with self._http.stream(method, self.url, data=form, follow_redirects=follow) as reply:
                body = self._body(reply)
                self._expect_success(reply, body)
                address = str(reply.url)
        except httpx.TimeoutException:
            raise _Again(f"no answer in {self._seconds:g} s") from None
        except (httpx.TransportError, httpx.DecodingError) as error:
            raise _Again(f"the connection failed ({str(error) or type(error).__name__})") from None
        except (httpx.InvalidURL, httpx.TooManyRedirects) as error:
            raise ServiceError(f"{self.url}: {error}; check the address") from None
        try:
            found = json.loads(body)
        except (ValueError, RecursionError):
            raise _Again("its answer isn't JSON") from None
        if not isinstance(found, dict):
            raise _Again("its answer is no JSON object")
        return found, address

    def _body(self, reply: httpx.Response) -> bytes:
        until, body = self._clock() + self._seconds, bytearray()
        for part in reply.iter_bytes():
            body += part
            if len(body) > LARGEST:
                raise ServiceError(f"{self.url}: answers with more than {LARGEST:,} bytes")
            if self._clock() > until:
                raise _Again(f"no whole answer in {self._seconds:g} s")
        return bytes(body)

    def _expect_success(self, reply: httpx.Response, body: bytes) -> None:
        status = reply.status_code
        if status == 413:
            raise _TooMany
        if status in _PASSING:
            raise _Again(f"answers with {status}", retry_after(reply.headers.get("Retry-After"), time.time()))
        if status >= 300:
            words = " ".join(body[:200].decode("utf-8", "replace").split())
            raise ServiceError(f"{self.url}: answers with {status} ({words}); check address, type and properties")


def results(found: Any) -> list[Result] | None:
    """The results of one query by falling score; None where they aren't what the API says."""
    given = found.get("result") if isinstance(found, dict) else None
    if not isinstance(given, list):
        return None
    good = [each for each in given if isinstance(each, dict) and _is_candidate(each)]
    return sorted(good, key=lambda each: -float(each["score"]))


def _is_candidate(found: Mapping[str, Any]) -> bool:
    score = found.get("score")
    named = isinstance(found.get("id"), str) and isinstance(found.get("name"), str)
    return named and isinstance(score, int | float) and not isinstance(score, bool)


def retry_after(value: str | None, now: float) -> float | None:
    """Seconds from a ``Retry-After`` header: a number of them, or a date (RFC 9110, 10.2.3)."""
    if value is None:
        return None
    if value.strip().isdecimal():
        return float(value)
    try:
        return max(0.0, email.utils.parsedate_to_datetime(value).timestamp() - now)
    except (ValueError, TypeError):
        return None
