"""The store: articles' graphs on disk, kept, replaced or taken back; and graph files in memory.

A store is a folder: ``graph/`` (Oxigraph on disk), ``format.json`` (version and base), ``log.jsonl`` (what was done and
when: the only clock time there is), ``changed.txt`` (what the view, ``kg.view``, is behind with), and while a build of
many articles is under way ``waiting.sqlite`` (what it has read).

``kept`` is the open store, ``opening`` makes it from a folder, ``checking`` looks at it; they build on ``graphs``,
``updates``, ``published``, ``background``, ``register``, ``waiting`` and ``folder``. ``loading`` reads files, with
``evidence``. What most need is here, the rest is imported from there.
"""

from kg.store.kept import Kept, Store
from kg.store.loading import load_dataset
from kg.store.opening import open_store

__all__ = ["Kept", "Store", "load_dataset", "open_store"]
