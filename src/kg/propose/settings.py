"""What to ask whom for proposals, and how much of it: from the command line, ``kg.toml`` and the environment."""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import SplitResult, urlsplit

from kg import resources
from kg.errors import InputError

KEY: Final = "KG_PROPOSE_KEY"
"""The environment variable with the key; it stands nowhere else."""
REQUEST: Final[Mapping[str, Any]] = MappingProxyType({"temperature": 0, "seed": 1, "max_tokens": 4096})
"""Parameters of each request, where ``kg.toml`` gives no others."""
COMPLETIONS: Final = "/chat/completions"


@dataclass(frozen=True, slots=True)
class Settings:
    """Whom to ask, and how much. ``tokens`` and ``requests`` bound a run, None not at all; ``seconds`` each request.

    ``key`` is sent and shown nowhere. ``at_once``: requests under way at a time. ``part``: code points of the text that
    one request may hold. ``cache``: the folder of the kept answers. ``plain_http``: without TLS to other machines, too.
    """

    url: str
    model: str
    key: str = field(default="", repr=False)
    tokens: int | None = None
    requests: int | None = None
    per_minute: float = 60.0
    seconds: float = 300.0
    at_once: int = 1
    part: int = 6000
    cache: Path | None = None
    plain_http: bool = False
    request: Mapping[str, Any] = field(default_factory=lambda: REQUEST)

    @property
    def rule(self) -> str:
        """The name of the rule that its claims have; names of rules have no spaces."""
        return "model/" + re.sub(r"\s+", "-", self.model.strip())

    @property
    def endpoint(self) -> str:
        """The address that is asked: the one given, with what an OpenAI-compatible server has behind its base."""
        base = self.url.rstrip("/")
        if base.endswith(COMPLETIONS):
            return base
        return base + ("" if urlsplit(base).path else "/v1") + COMPLETIONS

    @property
    def is_local(self) -> bool:
        """Whether this machine itself is asked."""
        return _is_loopback(urlsplit(self.url).hostname or "")

    @property
    def folder(self) -> Path:
        """The folder of the kept answers."""
        return self.cache or resources.cache_folder() / "proposals"


def expect(settings: Settings) -> Settings:
    """The settings, if they can be used. Raises InputError; no message holds the key."""
    parts = _address(settings.url)
    if parts.username or parts.password or parts.query or parts.fragment:
        raise InputError(f"--propose: give the address alone, and a key in the environment variable {KEY}")
    if parts.scheme == "http" and not settings.is_local and not settings.plain_http:
        raise InputError(
            f"--propose {settings.url}: articles and key would go unencrypted to another machine;"
            " use https, or allow it in kg.toml: [propose] plain_http = true"
        )
    if not settings.model.strip():
        raise InputError("--propose: which model? give --model NAME, by the name that the server knows it by")
    if settings.key and not re.fullmatch(r"[!-~]+", settings.key):
        raise InputError(f"{KEY}: holds characters that no key has, such as spaces or line breaks")
    return settings


def _address(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        good = False
    if not good:
        raise InputError(f"--propose {url}: no address; expected something like http://localhost:11434/v1")
    return parts


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


_TYPES: Final[Mapping[str, tuple[type, ...]]] = MappingProxyType(
    {
        "url": (str,),
        "model": (str,),
        "tokens": (int,),
        "requests": (int,),
        "per_minute": (int, float),
        "seconds": (int, float),
        "at_once": (int,),
        "part": (int,),
        "cache": (str,),
        "plain_http": (bool,),
        "request": (dict,),
    }
)


def read(table: Mapping[str, Any], where: str) -> dict[str, Any]:
    """The settings that a table ``[propose]`` gives. Raises InputError for what is unknown or of the wrong type."""
    for name, value in table.items():
        if name not in _TYPES:
            more = f"; the key belongs into the environment variable {KEY}" if "key" in name else ""
            raise InputError(f"{where}: [propose] has no {name!r}; known are {', '.join(_TYPES)}{more}")
        wrong = not isinstance(value, _TYPES[name]) or (isinstance(value, bool) and bool not in _TYPES[name])
        if wrong or (isinstance(value, int | float) and not isinstance(value, bool) and value <= 0):
            expected = "a number above 0" if int in _TYPES[name] else _TYPES[name][0].__name__
            raise InputError(f"{where}: [propose] {name}: expected {expected}")
    given = dict(table)
    _expect_request(given.get("request", {}), where)
    if "cache" in given:
        given["cache"] = Path(given["cache"])
    return given


def _expect_request(request: Mapping[str, Any], where: str) -> None:
    own = [name for name in ("model", "messages", "stream", "response_format") if name in request]
    try:
        json.dumps(request, allow_nan=False)
    except (TypeError, ValueError):
        own = ["dates and such"]
    if own:
        raise InputError(f"{where}: [propose] request: {own[0]} can't be given there")
