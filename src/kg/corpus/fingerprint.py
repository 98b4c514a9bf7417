"""A hash of all that an article is read with: where it is the same, and the text, so are the graphs."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kg import __version__, lexicon, resources, rules
from kg import own as own_knowledge
from kg.corpus.reading import Settings
from kg.language import languages
from kg.model import Acceptance, Article

if TYPE_CHECKING:
    from kg.propose import Asker


@dataclass(slots=True)
class Fingerprints:
    """Those of the articles of a build: by language, and with what persons let in of an article."""

    settings: Settings
    asker: Asker | None = None
    _languages: dict[str, str] = field(default_factory=dict)
    _accepted: dict[str, str] = field(default_factory=dict)  # key of an article -> hash

    def __post_init__(self) -> None:
        words: dict[str, list[tuple[str, Acceptance]]] = defaultdict(list)
        for claim, word in self.settings.accepted.items():
            words[claim.rpartition("/")[2].partition("-")[0]].append((claim, word))
        self._accepted = {key: _hash(map(_written, sorted(found, key=str))) for key, found in words.items()}

    def of(self, article: Article) -> str:
        """That of an article: 16 hexadecimal digits, and 16 more where a person let in what it says; then the mark of
        what a model is asked.
        """
        if article.language not in self._languages:
            self._languages[article.language] = _hash(self._read_with(article.language))
        mark = self.asker.mark(article) if self.asker is not None else ""
        return self._languages[article.language] + self._accepted.get(article.key, "") + mark

    @property
    def of_all(self) -> str:
        """That of a whole build: another one where any article may be read otherwise."""
        codes = (language.code for language in languages().languages if language.read)
        return _hash(
            iter([*(self.of(Article("", language=code)) for code in codes), str(sorted(self._accepted.items()))])
        )

    def _read_with(self, language: str) -> Iterator[str]:
        if self.settings.rules or self.settings.names:
            words, book = own_knowledge.load(self.settings.rules, self.settings.names).of(language)
            read_by = book.hash
        else:  # to read the rules takes longer than all else before a build begins
            words, read_by = lexicon.load(language=language), rules.hash_of(language)
        yield from (__version__, self.settings.base, words.hash, read_by, words.reference.hash)
        for name in ("ontology/shapes.ttl", "ontology/kg.ttl"):
            yield hashlib.sha256(resources.path(name).read_bytes()).hexdigest()


def _written(word: tuple[str, Acceptance]) -> str:
    claim, acceptance = word
    return f"{claim} {acceptance.author} {acceptance.date} {acceptance.reason} {sorted(acceptance.shapes)}"


def _hash(parts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
