"""The error tree; every message is one line that says what, where and what to do.

KgError                 exit code 2
├── InputError          a source that can't be read: missing, empty, binary, not text, too broken
├── LanguageError       a text that isn't in a language that the rules read
├── NothingFound        exit code 1: the request was understood and has no answer
├── DataError           ontology, reference data, lexicon, rule or query file with a mistake
├── GraphError          a graph file or store that can't be read as what it should be
├── QueryError          a query that can't be parsed or evaluated
├── StoreError          a store that is damaged, of another version or full
│   └── InUse           a store that another process is writing to
├── ServiceError        a service of another machine that doesn't answer as it should
│   ├── TooSlow         one whose answer didn't come in time
│   └── Unable          one that says that it can't do what is asked
└── OutputError         a target that can't be written
"""

from __future__ import annotations


class KgError(Exception):
    """A mistake of input or use: shown as one line, never as a traceback."""

    exit_code = 2


class InputError(KgError):
    """A source that can't be read; the others of the same command go on."""


class LanguageError(InputError):
    """A text in a language that the rules don't read."""


class NothingFound(KgError):
    """The request was understood; there is nothing to answer with."""

    exit_code = 1


class DataError(KgError):
    """A data file of the project or of the user with a mistake in it: file, place, value, way out."""


class GraphError(KgError):
    """A graph file or store whose content isn't what it should be."""


class QueryError(KgError):
    """A query with a mistake in it."""


class StoreError(KgError):
    """A store that can't be opened or written."""


class InUse(StoreError):
    """A store that another process is writing to."""


class ServiceError(KgError):
    """A service of another machine that can't be reached or doesn't answer as it should."""


class TooSlow(ServiceError):
    """A service of another machine whose answer didn't come in time."""


class Unable(ServiceError):
    """A service of another machine that says that it can't do what is asked."""


class OutputError(KgError):
    """A target that can't be written; what was there before still is."""
