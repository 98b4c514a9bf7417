"""Requests to a SPARQL 1.1 endpoint of another program over HTTP: signing in, time, trying again, refusals in one line.

httpx carries them: it answers a server's challenge by digest, which Virtuoso wants and urllib does only with a password
manager, and it keeps connections open.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from kg.errors import ServiceError
from kg.records import record

if TYPE_CHECKING:
    import httpx

PAUSE: Final = 0.5
"""Seconds before the second try; each further one waits twice as long."""
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

    def post(self, url: str, body: bytes | dict[str, str], headers: Mapping[str, str]) -> Reply:
        """The answer to a request: ``body`` as it is, or as a form. Raises ServiceError."""
        import httpx

        content: dict[str, Any] = {"content": body} if isinstance(body, bytes) else {"data": body}
        for attempt in range(self._tries):
            try:
                answer = self._whole(url, headers, content)
            except httpx.TimeoutException:
                why = f"no whole answer in {self._seconds:g} s"
            except httpx.HTTPError as error:
                why = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
            else:
                if answer.is_success:
                    kind = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
                    return Reply(answer.content, kind, _VIRTUOSO in answer.headers.get("Server", "").lower())
                if answer.status_code not in _PASSING:
                    raise _refused(url, answer, signed=bool(self._secrets.user or self._secrets.token))
                why = f"status {answer.status_code}{_said(answer)}"
            if attempt < self._tries - 1:
                time.sleep(PAUSE * 2**attempt)
        often = f", {self._tries} times; see whether the store runs there, and send again" if self._tries > 1 else ""
        raise ServiceError(f"{url}: {why}{often or '; see whether an endpoint is there, or give it more time'}")

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
    return ServiceError(f"{url}: status {answer.status_code}{_said(answer)}")


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
