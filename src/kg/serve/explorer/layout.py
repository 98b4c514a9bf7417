"""A template in the frame that all pages share: navigation, language, styles.

The language is that of ``?lang=``, which a cookie then remembers; else the cookie's; else the server's.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from kg.serve.explorer import assets
from kg.serve.explorer.words import LANGUAGES, Language, words

if TYPE_CHECKING:
    from jinja2 import Environment

COOKIE: Final = "lang"
_YEAR: Final = 365 * 86400
NAVIGATION: Final = (
    ("search", "/"),
    ("map", "/map"),
    ("timeline", "/timeline"),
    ("graph", "/graph"),
    ("query", "/query"),
    ("review", "/review"),
    ("about", "/about"),
)
"""Word and path; only what the application has a route for is shown."""


@cache
def _templates() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    found = Environment(
        loader=FileSystemLoader(Path(__file__).resolve().parents[1] / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.globals["static"] = assets.address
    return found


def language(request: Request, default: str) -> Language:
    """The language that the reader has chosen."""
    for chosen in (request.query_params.get("lang"), request.cookies.get(COOKIE), default):
        for known in LANGUAGES:
            if chosen == known:
                return known
    return "id"


class Layout:
    """How pages look: ``lang`` is the language of those who have chosen none, ``name`` the file or folder."""

    def __init__(self, lang: str, name: str) -> None:
        self.lang, self.name = lang, Path(name).name

    def page(
        self,
        request: Request,
        template: str,
        context: Mapping[str, Any],
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """The template, filled. It knows ``w`` (words), ``lang``, ``root`` (before every path), ``static(name)``."""
        lang = language(request, self.lang)
        around = {
            "w": words(lang),
            "lang": lang,
            "root": request.scope.get("root_path", ""),
            "path": request.url.path,
            "navigation": _navigation(request),
            "languages": [(each, _in_language(request, each)) for each in LANGUAGES],
            "graph_name": self.name,
        }
        text = _templates().get_template(template).render({**around, **context})
        response = _revalidated(request, text, status)
        response.headers.update(headers or {})
        if request.query_params.get("lang") in LANGUAGES:
            response.set_cookie(COOKIE, lang, max_age=_YEAR, samesite="lax", httponly=True)
        return response


def _navigation(request: Request) -> list[tuple[str, str]]:
    paths = {getattr(route, "path", None) for route in request.app.routes}
    return [(word, path) for word, path in NAVIGATION if path in paths]


def _in_language(request: Request, lang: str) -> str:
    """The address of this page in a language."""
    kept = [(key, value) for key, value in request.query_params.multi_items() if key != "lang"]
    return "?" + urlencode([*kept, ("lang", lang)])


def _revalidated(request: Request, text: str, status: int) -> Response:
    """HTML that a browser keeps and asks again for: 304 where nothing has changed."""
    body = text.encode()
    tag = f'W/"{hashlib.sha256(body).hexdigest()[:20]}"'
    headers = {"ETag": tag, "Cache-Control": "no-cache", "Vary": "Cookie"}
    asked = request.headers.get("if-none-match", "")
    if status == 200 and tag in re.split(r"\s*,\s*", asked):
        return Response(status_code=304, headers=headers)
    return Response(body, status, headers, "text/html; charset=utf-8")
