"""Whether what a store keeps of its articles is whole."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from kg.store.evidence import wrong_evidence
from kg.store.kept import Kept, Store


def check(store: Store) -> list[str]:
    """What is wrong with a store, one line each: texts, evidence, and articles that are only half there."""
    faults = [f"{kept.id}: {fault}" for kept in store.articles() for fault in _faults(store, kept)]
    return faults + wrong_evidence(store.dataset)


def _faults(store: Store, kept: Kept) -> Iterator[str]:
    text = store.text(kept.key)
    if text is None:
        yield "its text is missing; read the article again"
    elif not hashlib.sha256(text.encode()).hexdigest().startswith(kept.key):
        yield "its text isn't the one that its id stands for; read the article again"
    if store.article(kept.key) is None:
        yield "it isn't registered; read the article again"
