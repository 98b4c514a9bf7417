"""The words of the interface, in two languages: ``data/explorer/words/*.toml``, one table for each text."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Final, Literal

from kg import resources
from kg.errors import DataError

Language = Literal["id", "en"]
LANGUAGES: Final[tuple[Language, ...]] = ("id", "en")


@cache
def words(lang: Language) -> Mapping[str, str]:
    """Key -> text, of all files. Raises DataError where a key is given twice or not in both languages."""
    found: dict[str, str] = {}
    for file in resources.files("data/explorer/words", "*.toml"):
        for key, texts in tomllib.loads(file.read_text("utf-8")).items():
            if key in found or not isinstance(texts, dict) or sorted(texts) != sorted(LANGUAGES):
                raise DataError(f"{file}: {key}: expected once, with a text for each of {', '.join(LANGUAGES)}")
            found[key] = texts[lang]
    return MappingProxyType(found)
