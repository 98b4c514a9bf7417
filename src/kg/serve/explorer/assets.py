"""Styles and scripts below ``/static/``. An address that bears the hash of its content may be kept for ever."""

from __future__ import annotations

import hashlib
import os
from functools import cache
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

FOLDER: Final = Path(__file__).resolve().parents[1] / "static"
_FOR_EVER: Final = "public, max-age=31536000, immutable"
_ASK_FIRST: Final = "no-cache"  # with the ETag that the answer has


@cache
def _hash(path: Path, changed: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def address(name: str) -> str:
    """The address of a file below ``static/``, with the hash of what is in it. Raises OSError for an unknown one."""
    path = FOLDER / name
    return f"/static/{name}?v={_hash(path, path.stat().st_mtime_ns)}"


class Static(StaticFiles):
    """The folder, with headers that tell how long an answer may be kept."""

    def file_response(
        self, full_path: str | os.PathLike[str], stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        """The file; 304 where the asker has it."""
        response = super().file_response(full_path, stat_result, scope, status_code)
        asked = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("v", [""])[0]
        is_named = asked == _hash(Path(full_path), stat_result.st_mtime_ns)
        response.headers["Cache-Control"] = _FOR_EVER if is_named else _ASK_FIRST
        return response


def app() -> Static:
    """What is mounted at ``/static``."""
    return Static(directory=FOLDER)
