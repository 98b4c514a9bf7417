"""Requests to a SPARQL 1.1 endpoint of another program over HTTP: signing in, time, trying again, refusals in one line.

httpx carries them: it answers a server's challenge by digest, which Virtuoso wants and urllib does only with a password
manager, and it keeps connections open.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from kg.errors import ServiceError, TooSlow, Unable
from kg.records import record

if TYPE_CHECKING:
    import httpx

PAUSE: Final = 0.5
"""Seconds before the second try; each further one waits twice as long."""
Body = bytes | Mapping[str, str | Sequence[str]]
SEE: Final = "; see whether an endpoint is there, or give it more time"
_PASSING: Final = frozenset({408, 425, 429, 502, 503, 504})
_VIRTUOSO: Final = "virtuoso"


@record(frozen=True, slots=True)
class Secrets:
    """How to sign in: user and password (as the server asks, basic or digest), or a bearer token. Never printed."""

    user: str = ""
    password: str = ""
    token: str = ""

    def __repr__(self) -> str:
        return "Secrets(…)"


def told() -> Secrets:
    """How to sign in, as the environment tells."""
    return Secrets(*(os.environ.get(f"KG_REMOTE_{name}", "") for name in ("USER", "PASSWORD", "TOKEN")))


@record(frozen=True, slots=True)
class Reply:
    """What an endpoint answered; ``kind`` is its media type without parameters."""

    content: bytes
    kind: str
    is_virtuoso: bool


class Client:
    """Sends requests. Close it.

    ``seconds`` is how long an answer may take, whole, each of ``tries`` times that it is asked for. What may pass (no
    answer, status 429, 503 …) is tried again.
    """

    def __init__(self, secrets: Secrets, *, seconds: float, tries: int = 1) -> None:
        try:
            import httpx
        except ImportError:
            raise ServiceError("another store is reached by httpx; install: pip install 'jejaring[link]'") from None
        self._secrets, self._seconds, self._tries = secrets, seconds, tries
        self._http = httpx.Client(timeout=seconds, auth=_sign_in(secrets))

    def close(self) -> None:
        """Let go of the connections."""
        self._http.close()

    def post(self, url: str, body: Body, headers: Mapping[str, str]) -> Reply:
        """The answer to a request: ``body`` as it is, or as a form. Raises ServiceError."""
        import httpx

        content, is_slow = _content(body), False
        for attempt in range(self._tries):
            try:
                answer = self._whole(url, headers, content)
            except httpx.TimeoutException:
                why, is_slow = self._slow, True
            except httpx.HTTPError as error:
                why = _named(error)
            else:
                if answer.is_success:
                    _expect_whole(url, answer)
                    return Reply(answer.content, _kind(answer), _VIRTUOSO in answer.headers.get("Server", "").lower())
                if answer.status_code not in _PASSING:
                    raise _refused(url, answer, signed=self._is_signed)
                why = f"status {answer.status_code}{_said(answer)}"
            if attempt < self._tries - 1:
                time.sleep(PAUSE * 2**attempt)
        often = f", {self._tries} times; see whether the store runs there, and send again" if self._tries > 1 else ""
        fault = TooSlow if is_slow and self._tries == 1 else ServiceError
        raise fault(f"{url}: {why}{often or SEE}")

    @contextmanager
    def stream(self, url: str, body: Body, headers: Mapping[str, str]) -> Iterator[tuple[str, Part]]:
        """The media type of an answer, and the answer as a file that is read while it comes. Raises ServiceError."""
        import httpx

        until = time.monotonic() + self._seconds
        try:
            with self._http.stream("POST", url, headers=dict(headers), **_content(body)) as answer:
                if not answer.is_success:
                    answer.read()
                    raise _refused(url, answer, signed=self._is_signed)
                _expect_whole(url, answer)
                yield _kind(answer), Part(answer.iter_bytes(), until)
        except httpx.TimeoutException:
            raise TooSlow(f"{url}: {self._slow}{SEE}") from None
        except httpx.HTTPError as error:
            raise ServiceError(f"{url}: {_named(error)}{SEE}") from None

    @property
    def _is_signed(self) -> bool:
        return bool(self._secrets.user or self._secrets.token)

    @property
    def _slow(self) -> str:
        return f"no whole answer in {self._seconds:g} s"

    def _whole(self, url: str, headers: Mapping[str, str], content: Mapping[str, Any]) -> httpx.Response:
        """The answer, read while there is time: httpx itself counts from one piece of it to the next."""
        import httpx

        until = time.monotonic() + self._seconds
        with self._http.stream("POST", url, headers=dict(headers), **content) as answer:
            parts = []
            for part in answer.iter_raw():
                parts.append(part)
                if time.monotonic() > until:
                    raise httpx.ReadTimeout("", request=answer.request)
            return httpx.Response(
                answer.status_code, headers=answer.headers, content=b"".join(parts), request=answer.request
            )


class Part:
    """An answer as a file that is read while it comes. Raises TimeoutError, ConnectionError."""

    def __init__(self, parts: Iterator[bytes], until: float) -> None:
        self._parts, self._until, self._held = parts, until, b""

    def read(self, size: int = -1) -> bytes:
        """Up to so many bytes; nothing at the end."""
        import httpx

        try:
            while not self._held:
                self._held = next(self._parts, b"")
                if time.monotonic() > self._until:
                    raise TimeoutError("its answer didn't come to its end in time")
                if not self._held:
                    return b""
        except httpx.TimeoutException:
            raise TimeoutError("its answer stopped coming") from None
        except httpx.HTTPError as error:
            raise ConnectionError(f"its answer broke off ({_named(error)})") from None
        given, self._held = (self._held, b"") if size < 0 else (self._held[:size], self._held[size:])
        return given


def _content(body: Body) -> dict[str, Any]:
    return {"content": body} if isinstance(body, bytes) else {"data": body}


def _kind(answer: httpx.Response) -> str:
    return str(answer.headers.get("Content-Type", "")).partition(";")[0].strip().lower()


def _named(error: Exception) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__


def _expect_whole(url: str, answer: httpx.Response) -> None:
    """Virtuoso gives no more rows than its setting says, and a part where its time is over; a header tells of it."""
    most = answer.headers.get("X-SPARQL-MaxRows")
    if most:
        raise ServiceError(f"{url}: gives only {most} rows of this answer; raise ResultSetMaxRows in its virtuoso.ini")
    if answer.headers.get("X-SQL-State"):
        raise TooSlow(f"{url}: gives only a part of this answer, for its time was over")


def _said(answer: httpx.Response) -> str:
    """What a server says of its refusal, on one line; nothing where that is a page."""
    said = "" if "html" in answer.headers.get("Content-Type", "") else re.sub(r"\s+", " ", answer.text).strip()[:200]
    return f": {said}" if said else ""


def _refused(url: str, answer: httpx.Response, *, signed: bool) -> ServiceError:
    if answer.status_code in (401, 403) or "SECURITY" in answer.text[:200]:
        how = (
            "the user or password isn't right, or may not do that"
            if signed
            else "set KG_REMOTE_USER and KG_REMOTE_PASSWORD"
        )
        return ServiceError(f"{url}: not allowed (status {answer.status_code}); {how}")
    return Unable(f"{url}: status {answer.status_code}{_said(answer)}")


def address(url: str) -> str:
    """The address of an endpoint. Raises ServiceError for one that is none, or has a password in it."""
    try:
        parts = urlsplit(url)
    except ValueError:
        parts = urlsplit("")
    if parts.username is not None or parts.password is not None:
        raise ServiceError(
            "an address with a password in it would be kept in logs; set KG_REMOTE_USER, KG_REMOTE_PASSWORD"
        )
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ServiceError(f"{url}: no address of a SPARQL store; expected http://… or https://…")
    return url


def _sign_in(secrets: Secrets) -> httpx.Auth | None:
    """Answers what the server asks for: basic or digest. A token goes with every request."""
    import httpx

    class Asked(httpx.Auth):
        def __init__(self) -> None:
            self._chosen: httpx.Auth | None = None

        def auth_flow(self, request: httpx.Request) -> Any:
            if secrets.token:
                request.headers["Authorization"] = f"Bearer {secrets.token}"
                yield request
                return
            if self._chosen is None:
                answer = yield request
                asked = answer.headers.get("WWW-Authenticate", "").lower()
                if answer.status_code != 401 or not asked:
                    return
                kind = httpx.DigestAuth if asked.startswith("digest") else httpx.BasicAuth
                self._chosen = kind(secrets.user, secrets.password)
            yield from self._chosen.auth_flow(request)

    return Asked() if secrets.user or secrets.token else None
