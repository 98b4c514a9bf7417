"""Asking other machines over HTTP, with patience: a rate, bounded times and sizes, and tries again while there is hope.

httpx, because hundreds of requests are made: it keeps connections open, bounds each phase of one by a time, and tells a
cut-off body from a whole one.
"""

from __future__ import annotations

import email.utils
import threading
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final, Self, TypeVar

from kg.errors import ServiceError
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
PASSING: Final = frozenset({408, 425, 429, 500, 502, 503, 504, 529})
"""Statuses that may be others in a moment; 529 is what some say when they are overloaded."""
SHOWN: Final = 200
"""Bytes of an answer that an error message quotes."""
Read = TypeVar("Read")


class Again(Exception):
    """What may pass; ``pause`` (seconds) where the service says how long to wait."""

    def __init__(self, why: str, pause: float | None = None) -> None:
        super().__init__(why)
        self.why = why
        self.pause = pause


class Unanswered(ServiceError):
    """What didn't pass while there was patience."""


@record(frozen=True, slots=True)
class Reply:
    """A whole answer whose status is none that may pass. ``url`` is where redirects led."""

    status: int
    body: bytes
    url: str

    @property
    def words(self) -> str:
        """How the answer begins, on one line."""
        return " ".join(self.body[:SHOWN].decode("utf-8", "replace").split())


class Http:
    """Requests to one service. ``rate`` bounds those a second, ``seconds`` each of them from start to end.

    ``extra`` is the one of the package that brings httpx. ``kept`` ends the message of an error. ``direct`` passes by
    the proxies that the environment names. Several threads may ask. ``sleep``, ``clock``: those of ``time``.
    """

    def __init__(
        self,
        *,
        rate: float,
        seconds: float,
        extra: str,
        headers: Mapping[str, str] | None = None,
        kept: str = "",
        tries: int = TRIES,
        direct: bool = False,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        try:
            import httpx
        except ImportError:
            raise ServiceError(
                f"asking a service needs httpx; install it with: pip install 'jejaring[{extra}]'"
            ) from None
        said = {"Accept": "application/json", **(headers or {})}
        self._client: httpx.Client = httpx.Client(timeout=seconds, headers=said, trust_env=not direct)
        self._pause, self._seconds, self._kept, self._tries = 1 / rate, seconds, kept, tries
        self._sleep, self._clock = sleep, clock
        self._next = 0.0
        self._turn = threading.Lock()
        self.asked = 0
        """Requests that were made."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()

    def ask(
        self, method: str, url: str, read: Callable[[Reply], Read], *, follow: bool = False, **content: Any
    ) -> Read:
        """What ``read`` makes of the reply, tried again where it, or the reply's status, says that this may help.

        ``content`` is what httpx takes: ``data`` a form, ``json``, ``headers``. Raises Unanswered when patience is at
        its end, ServiceError at once for what can't be asked.
        """
        for attempt in range(self._tries):
            self._take_turn()
            try:
                return read(self._once(method, url, follow=follow, **content))
            except Again as fault:
                pause = FIRST_PAUSE * 2**attempt if fault.pause is None else fault.pause
                if attempt == self._tries - 1:
                    raise Unanswered(f"{url}: {fault.why}, {self._tries} times; try again later{self._kept}") from None
                if pause > LONGEST_PAUSE:
                    why = f"asks to wait {pause:.0f} s ({fault.why}); try again then"
                    raise Unanswered(f"{url}: {why}{self._kept}") from None
                self._sleep(pause)
        raise AssertionError("unreachable")

    def _take_turn(self) -> None:
        with self._turn:  # whoever waits keeps the others behind it waiting, too: that is the rate
            wait = self._next - self._clock()
            if wait > 0:
                self._sleep(wait)
            self._next = max(self._clock(), self._next) + self._pause
            self.asked += 1

    def _once(self, method: str, url: str, *, follow: bool, **content: Any) -> Reply:
        import httpx

        try:
            with self._client.stream(method, url, follow_redirects=follow, **content) as reply:
                body = self._body(reply, url)
                if reply.status_code in PASSING:
                    pause = retry_after(reply.headers.get("Retry-After"), time.time())
                    raise Again(f"answers with {reply.status_code}", pause)
                return Reply(reply.status_code, body, str(reply.url))
        except httpx.TimeoutException:
            raise Again(f"no answer in {self._seconds:g} s") from None
        except (httpx.TransportError, httpx.DecodingError) as error:
            raise Again(f"the connection failed ({str(error) or type(error).__name__})") from None
        except (httpx.InvalidURL, httpx.TooManyRedirects) as error:
            raise ServiceError(f"{url}: {error}; check the address") from None

    def _body(self, reply: httpx.Response, url: str) -> bytes:
        until, body = self._clock() + self._seconds, bytearray()
        for part in reply.iter_bytes():
            body += part
            if len(body) > LARGEST:
                raise ServiceError(f"{url}: answers with more than {LARGEST:,} bytes")
            if self._clock() > until:
                raise Again(f"no whole answer in {self._seconds:g} s")
        return bytes(body)


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
