"""A client of any reconciliation service (API 0.1 and 0.2): batches, patience, a cache, and nothing asked twice.

Only an address that the user names is asked. What a service answered is kept on disk at once, so that a run that was
interrupted goes on where it ended.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Self

from kg.errors import ServiceError, StoreError
from kg.http import Again, Http, Reply
from kg.records import record

BATCH: Final = 10
"""Queries at once where the manifest doesn't say; what OpenRefine sends."""
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
        if not url.startswith(("http://", "https://")):
            raise ServiceError(f"{url}: no address of a service; expected http://… or https://…")
        self.url = url
        self._name = url  # the cache knows it by the name that the user gives, wherever that leads
        kept = ": what was answered is kept" if cache else ""
        self._http = Http(rate=rate, seconds=seconds, extra="link", kept=kept, sleep=sleep, clock=clock)
        self._cache = cache
        self._manifest: Manifest | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    @property
    def asked(self) -> int:
        """Requests that were made."""
        return self._http.asked

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
        """The JSON object that the service answers with, and where from; tried again while there is hope."""
        if form is None:
            return self._http.ask("GET", self.url, self._read, follow=True)
        return self._http.ask("POST", self.url, self._read, data=form)

    def _read(self, reply: Reply) -> tuple[dict[str, Any], str]:
        if reply.status == 413:
            raise _TooMany
        if reply.status >= 300:
            why = f"answers with {reply.status} ({reply.words})"
            raise ServiceError(f"{self.url}: {why}; check address, type and properties")
        try:
            found = json.loads(reply.body)
        except (ValueError, RecursionError):
            raise Again("its answer isn't JSON") from None
        if not isinstance(found, dict):
            raise Again("its answer is no JSON object")
        return found, reply.url


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
