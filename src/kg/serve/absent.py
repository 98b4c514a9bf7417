"""The store that holds the graph doesn't answer: 502, 504 where it is too slow; a page, or JSON where that is asked."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from kg.errors import TooSlow
from kg.serve.linked.forms import HTML

if TYPE_CHECKING:
    from kg.serve.explorer.layout import Layout


def status_of(error: Exception) -> int:
    """That of a gateway."""
    return 504 if isinstance(error, TooSlow) else 502


def as_page(layout: Layout) -> Callable[[Request, Exception], Response]:
    """Answers a failure; the address of the other store stays in the log."""

    def answer(request: Request, error: Exception) -> Response:
        if HTML not in request.headers.get("accept", ""):
            return as_object(request, error)
        _note(error)
        headers = {"Retry-After": "5", "Cache-Control": "no-store"}
        return layout.page(request, "absent.html", {}, status=status_of(error), headers=headers)

    return answer


def as_object(_: Request, error: Exception) -> Response:
    """The same in the shape of all errors."""
    _note(error)
    status = status_of(error)
    why = "is too slow" if status == 504 else "doesn't answer as it should"
    message = f"the store that holds the graph {why}; ask again later"
    headers = {"Retry-After": "5", "Cache-Control": "no-store"}
    return JSONResponse({"error": {"status": status, "message": message}}, status, headers)


def _note(error: Exception) -> None:
    logging.getLogger("kg.serve").warning("%s", error)
