"""A user's own rules and names beside the packaged ones, looked over before anything is read with them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kg import lexicon, reference, rules
from kg.errors import DataError
from kg.extract import extract
from kg.lexicon import Lexicon
from kg.model import Article
from kg.rules import Rule, RuleBook


@dataclass(frozen=True, slots=True)
class Own:
    """Rules and words to read with. ``notes``: what in the user's files stands against something known before."""

    words: Lexicon
    book: RuleBook
    notes: tuple[str, ...] = ()
    folders: tuple[Path, ...] = ()
    names: tuple[Path, ...] = ()

    def of(self, language: str) -> tuple[Lexicon, RuleBook]:
        """The words and rules of a language."""
        if language == self.words.language:
            return self.words, self.book
        return lexicon.load(self.names, language), rules.load(self.folders, language)


@cache
def load(folders: tuple[Path, ...] = (), names: tuple[Path, ...] = ()) -> Own:
    """The packaged rules and names with those of the user.

    Raises DataError for a mistake in them, and for a rule whose own examples it doesn't keep.
    """
    words = lexicon.load(names)
    own = Own(words, rules.load(folders), tuple(_notes(words)) if names else (), folders, names)
    for language in sorted(rules.languages(folders)):
        for rule in rules.own_rules(own.of(language)[1], language):
            for folder in folders:
                if (folder / rule.file).is_file():
                    _try(rule, folder / rule.file, *own.of(language))
    return own


def _try(rule: Rule, path: Path, words: Lexicon, book: RuleBook) -> None:
    """Run a rule's own examples."""
    where = f"{path}: rule {rule.id!r}"
    if not rule.yes:
        raise DataError(f'{where}: no example; give it yes = ["…"], a sentence that it should find')
    for text in rule.yes:
        if rule.id not in extract(Article(text, language=rule.language), words, book, traced=True).fired:
            raise DataError(f'{where}: its example isn\'t found: "{text}"{_hint(rule, text, words, book)}')
    for text in rule.no:
        if rule.id in extract(Article(text, language=rule.language), words, book, traced=True).fired:
            raise DataError(f'{where}: its counter-example is found: "{text}"')


def _hint(rule: Rule, text: str, words: Lexicon, book: RuleBook) -> str:
    """How the rules see the example, and where the pattern breaks off."""
    from kg.evaluate.closest import closest
    from kg.explain import written

    found = extract(Article(text, language=rule.language), words, book)
    near = closest([rule], found.sentences, [])
    seen = " / ".join(written(sentence) for sentence in found.sentences)
    return f"; rules see: {seen}" + (f"; {near.why}" if near is not None else "")


def _notes(words: Lexicon) -> Iterator[str]:
    """Names that now mean several things of different kinds, and names that are words of the language."""
    packaged = reference.load()
    for name, keys in words.reference.names.items():
        before = packaged.names.get(name, ())
        added = [key for key in keys if key not in before]
        if not added:
            continue
        kinds = {words.reference.kinds[key] for key in keys}
        if before and len(kinds) > 1:
            yield f'"{name}" ({added[0]}) is also {_listed(before, packaged)}; which one is meant, the text must say'
        elif before:
            yield f'"{name}" ({added[0]}) is also the name of {_listed(before, packaged)}'


def _listed(keys: Sequence[str], packaged: reference.Reference) -> str:
    return ", ".join(f"{packaged.things[key].kind} {key}" for key in keys)
