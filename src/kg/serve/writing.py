"""Who may change something: a token to come in, a session, and a form token that only our own pages have.

The token is a secret of the server's, given by environment or file. A browser shows it once (``/login``) and has a
session from then on, as a cookie that no script reads and no other site's request bears; each form bears a token made
of the session. A program sends the token as ``Authorization: Bearer``, which no foreign page can make a browser send.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import os
import secrets
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from urllib.parse import urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from kg.errors import InputError, KgError
from kg.link.reconcile.queries import BadRequest
from kg.output import NEW_FILE
from kg.serve.explorer.layout import Layout
from kg.serve.forms import parameters
from kg.serve.settings import Settings

SHORTEST: Final = 16
"""Characters of a token: a shorter one could be guessed."""
COOKIE: Final = "kg-session"
MOST: Final = 1000
_PAUSE: Final = 0.5
"""Seconds before a wrong token is answered."""
PRIVATE: Final = {"Cache-Control": "no-store"}


class Access:
    """The token of a server and the sessions that it opened; they end with the server."""

    def __init__(self, token: str, settings: Settings) -> None:
        self._token = token.encode()
        self._settings = settings
        self._key = secrets.token_bytes(32)
        self._sessions: OrderedDict[str, None] = OrderedDict()

    def fits(self, token: str) -> bool:
        """Whether it is the token; compared in the same time whatever it is."""
        return hmac.compare_digest(token.encode(), self._token)

    def open(self) -> str:
        """A new session; the oldest one ends where there are too many."""
        session = secrets.token_urlsafe(32)
        self._sessions[session] = None
        while len(self._sessions) > MOST:
            self._sessions.popitem(last=False)
        return session

    def is_in(self, request: Request) -> bool:
        """Whether a request may see what is to be judged."""
        return self._is_program(request) or self._session(request) is not None

    def form_token(self, request: Request) -> str:
        """What a form of our own bears; empty where there is no session."""
        session = self._session(request)
        return hmac.new(self._key, session.encode(), hashlib.sha256).hexdigest() if session else ""

    def expect(self, request: Request, given: Mapping[str, str]) -> None:
        """Refuse a change that doesn't come from our own page, or from a program that has the token."""
        self.expect_own(request)
        if self._is_program(request):
            return
        if self._session(request) is None:
            raise BadRequest("log in first, at /login; or send the token as Authorization: Bearer", 401)
        if not hmac.compare_digest(given.get("token", "").encode(), self.form_token(request).encode()):
            raise BadRequest("this page is older than the session; load it again", 403)

    def expect_own(self, request: Request) -> None:
        """Refuse what another page sends. Browsers send Origin with every POST."""
        origin, site = request.headers.get("origin"), request.headers.get("sec-fetch-site", "same-origin")
        if site != "same-origin" or (origin is not None and origin != self._origin(request)):
            raise BadRequest("this was sent by another page", 403)

    def _origin(self, request: Request) -> str:
        own = urlsplit(self._settings.of(request.base_url))
        return f"{own.scheme}://{own.netloc}"

    def _is_program(self, request: Request) -> bool:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        return scheme.lower() == "bearer" and self.fits(token.strip())

    def _session(self, request: Request) -> str | None:
        session = request.cookies.get(COOKIE, "")
        return session if session in self._sessions else None

    def is_secure(self, request: Request) -> bool:
        """Whether browsers come over TLS."""
        return self._settings.of(request.base_url).startswith("https:")


def token_of(given: str | None, file: str | None, made: Path) -> tuple[str, Path | None]:
    """The token: as given by the environment, else that of a file, else one made and kept in a file for the owner only.

    With the file that was made, for a person to look into. Raises InputError for one that could be guessed.
    """
    if given:
        return _long_enough(given, "KG_WRITE_TOKEN"), None
    path = Path(file) if file else made
    if file is None and not made.exists():
        try:
            with os.fdopen(os.open(made, NEW_FILE, 0o600), "w", encoding="utf-8") as stream:
                stream.write(secrets.token_urlsafe(32) + "\n")
        except OSError as error:
            raise InputError(f"{made}: can't be made ({error.strerror}); give --token-file FILE") from error
    try:
        text = path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: no token ({error}); write {SHORTEST} characters or more into it") from error
    return _long_enough(text, str(path)), path


def _long_enough(token: str, place: str) -> str:
    if len(token) < SHORTEST or not token.isascii() or not token.isprintable():
        raise InputError(f"{place}: a token has {SHORTEST} printable ASCII characters or more")
    return token


def routes(access: Access, layout: Layout) -> list[Route]:
    """``/login``: the token, once."""

    async def login(request: Request) -> Response:
        if request.method != "POST":
            return layout.page(request, "login.html", {"message": "", "next": _next(request)}, headers=PRIVATE)
        try:
            access.expect_own(request)
            given = await parameters(request)
        except BadRequest as error:
            return refused(layout, request, error)
        if not access.fits(given.get("secret", "")):
            await asyncio.sleep(_PAUSE)
            context = {"message": "wrong", "next": _next(request)}
            return layout.page(request, "login.html", context, status=403, headers=PRIVATE)
        response = RedirectResponse(_next(request), 303, PRIVATE)
        secure = access.is_secure(request)
        response.set_cookie(COOKIE, access.open(), httponly=True, samesite="strict", secure=secure)
        return response

    return [Route("/login", login, methods=["GET", "POST"])]


_AFTER: Final = ("/review", "/tinjau", "/review/quarantine")


def _next(request: Request) -> str:
    """Where to go on: one of our own pages, never an address that somebody else thought of."""
    asked = request.query_params.get("next", "")
    return asked if asked in _AFTER else _AFTER[0]


def to_login(request: Request) -> Response:
    """Show the token first."""
    chosen = [(name, request.query_params[name]) for name in ("lang",) if name in request.query_params]
    return RedirectResponse(f"/login?{urlencode([('next', request.url.path), *chosen])}", 303, PRIVATE)


def refused(layout: Layout, request: Request, error: KgError) -> Response:
    """Why a change wasn't made, as a page."""
    status = error.status if isinstance(error, BadRequest) else 409  # somebody else judged, or wrote the file
    return layout.page(request, "refused.html", {"message": str(error)}, status=status, headers=PRIVATE)
