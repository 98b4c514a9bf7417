"""What a request says: the parameters of its address and of its form."""

from __future__ import annotations

from typing import Final
from urllib.parse import parse_qsl

from starlette.requests import Request

from kg.link.reconcile.queries import BadRequest

LARGEST: Final = 4_000_000
"""Bytes of a request; a batch of 50 queries has some thousand."""


async def parameters(request: Request) -> dict[str, str]:
    """The parameters of the address and, of a POST, of its form. Raises BadRequest."""
    given = dict(request.query_params)
    if request.method != "POST":
        return given
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in ("application/x-www-form-urlencoded", ""):
        raise BadRequest(f"content type {kind}: expected application/x-www-form-urlencoded", 415)
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > LARGEST:
            raise BadRequest(f"more than {LARGEST:,} bytes; send fewer queries at once", 413)
    try:
        form = parse_qsl(body.decode("utf-8"), keep_blank_values=True, errors="strict")
    except UnicodeDecodeError as error:
        raise BadRequest(f"the form is not UTF-8 ({error.reason})") from error
    except ValueError as error:
        raise BadRequest(f"the form can't be read ({error})") from error
    return {**given, **dict(form)}
