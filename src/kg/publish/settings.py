"""What a publication is told by its publisher: options and the ``[publish]`` part of kg.toml, looked over at once."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from kg import resources
from kg.errors import KgError

MEGABYTE: Final = 1_000_000
_IRI: Final = re.compile(r"https?://[^\s<>\"{}|\\^`]+")
_MAIL: Final = re.compile(r"[^@\s<>\"]+@[^@\s<>\"]+\.[^@\s<>\"]+")
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")
_TEXTS: Final = (
    "title",
    "description",
    "publisher",
    "publisher_url",
    "licence",
    "contact",
    "base_url",
    "modified",
    "lang",
)


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence by its IRI; ``share_alike``: what is made from the data must bear it too."""

    iri: str
    title: str
    share_alike: bool = False


@dataclass(frozen=True, slots=True)
class Settings:
    """How a publication is described. ``root`` is the address of its folder, with a slash at the end.

    ``split`` is the size in bytes, before compression, from which a dump goes on in another file. ``modified`` is an
    ISO 8601 date or None. ``sitemap``: whether the address was given, so that a map of it can be made.
    """

    title: str
    description: str
    publisher: str
    licence: Licence
    root: str
    publisher_url: str | None = None
    contact: str | None = None
    modified: str | None = None
    lang: str = "id"
    split: int = 50 * MEGABYTE
    sitemap: bool = False


@cache
def words(lang: str) -> Mapping[str, str]:
    """The words of the pages."""
    found: Mapping[str, str] = tomllib.loads(resources.path("data/publish/words.toml").read_text("utf-8"))[lang]
    return found


@cache
def licences() -> Mapping[str, Licence]:
    """The licences that are known, by SPDX identifier and by IRI."""
    table = tomllib.loads(resources.path("data/publish/licences.toml").read_text("utf-8"))["licence"]
    known = {row["name"]: Licence(row["iri"], row["title"], row.get("share_alike", False)) for row in table}
    return {**known, **{licence.iri: licence for licence in known.values()}}


def licence_of(text: str) -> Licence:
    """The licence of a name or an IRI; KgError where it is neither."""
    known = licences()
    by_case = {name.casefold(): licence for name, licence in known.items()}
    if text.casefold() in by_case:
        return by_case[text.casefold()]
    if _IRI.fullmatch(text):
        return Licence(text, text)
    names = ", ".join(name for name in known if not name.startswith("http"))
    raise KgError(f"licence {text!r}: not known by name; give its address (https://…) or one of {names}")


def settings(given: Mapping[str, Any], base: str) -> Settings:
    """The settings of a publication of a graph whose ids begin with ``base``.

    Raises KgError for an unknown name, a value that isn't what it should be, or a missing publisher or licence: a
    licence is somebody's decision, so there is no default.
    """
    _expect_known(given)
    missing = [name for name in ("publisher", "licence") if not given.get(name)]
    if missing:
        options = " ".join(f"--{name} …" for name in missing)
        raise KgError(f"{' and '.join(missing)} missing; add {options}, or set it under [publish] in kg.toml")
    lang = given.get("lang") or "id"
    if lang not in ("id", "en"):
        raise KgError(f"lang {lang!r}: expected id or en")
    texts = words(lang)
    return Settings(
        given.get("title") or texts["default_title"],
        given.get("description") or texts["default_description"],
        given["publisher"],
        licence_of(given["licence"]),
        _address(given, "base_url", base),
        publisher_url=given.get("publisher_url") and _address(given, "publisher_url", base).rstrip("/"),
        contact=_contact(given.get("contact")),
        modified=_modified(given.get("modified")),
        lang=lang,
        split=_split(given.get("split")),
        sitemap=bool(given.get("base_url")),
    )


def read(path: Path) -> dict[str, Any]:
    """The ``[publish]`` part of a kg.toml; empty where there is none."""
    if not path.is_file():
        return {}
    try:
        part = tomllib.loads(path.read_text("utf-8")).get("publish", {})
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise KgError(f"{path}: {error}") from None
    if not isinstance(part, dict):
        raise KgError(f"{path}: publish must be a table: write [publish] and its settings below")
    return {name.replace("-", "_"): value for name, value in part.items()}


def _expect_known(given: Mapping[str, Any]) -> None:
    for name, value in given.items():
        if name not in (*_TEXTS, "split"):
            near = difflib.get_close_matches(name, (*_TEXTS, "split"), n=1)
            hint = f"did you mean {near[0]}?" if near else f"known are {', '.join((*_TEXTS, 'split'))}"
            raise KgError(f"[publish]: no setting {name!r}; {hint}")
        if name in _TEXTS and value is not None and not isinstance(value, str):
            raise KgError(f"[publish]: {name} must be text in quotation marks")


def _address(given: Mapping[str, Any], name: str, base: str) -> str:
    text = given.get(name) or base
    if not _IRI.fullmatch(text) or "#" in text or "?" in text:
        option = name.replace("_", "-")
        raise KgError(f"{option} {text!r}: no web address; expected one such as https://data.example.go.id/jejaring/")
    return text.rstrip("/") + "/"


def _contact(text: str | None) -> str | None:
    """An e-mail address or a web page."""
    if text is None or _IRI.fullmatch(text):
        return text
    if not _MAIL.fullmatch(text.removeprefix("mailto:")):
        raise KgError(f"contact {text!r}: expected an e-mail address or a web address")
    return f"mailto:{text.removeprefix('mailto:')}"


def _modified(text: str | None) -> str | None:
    if text is not None and not _DAY.fullmatch(text):
        raise KgError(f"modified {text!r}: expected a date such as 2026-11-26")
    return text


def _split(value: object) -> int:
    """Megabytes, as a number, to bytes."""
    if value is None:
        return 50 * MEGABYTE
    if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
        raise KgError(f"split {value!r}: expected a size in megabytes, such as 50")
    return max(1, int(value * MEGABYTE))
