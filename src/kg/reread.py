"""A stored article read again when a person has spoken: at once, and exactly.

It is read twice, with what was accepted before and with what is accepted now. Only where the first gives the very
graphs that the store has, the second takes their place: then nothing else than the word makes the difference. Where it
doesn't (other rules or names have read it, or an older version), the word waits for the next ``kg build``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Final

from pyoxigraph import Literal, NamedNode

from kg import pipeline
from kg import vocabulary as v
from kg.model import Acceptance, Article
from kg.store import Store

LATER: Final = "the article was read with other rules, names or an older version; the next kg build of it obeys"


def reread(store: Store, key: str, before: Mapping[str, Acceptance], now: Mapping[str, Acceptance]) -> str | None:
    """Bring a stored article in line with what is accepted now; None when done, else why it has to wait."""
    article = stored(store, key)
    if article is None:
        return LATER
    if not store.is_kept(article, pipeline.read(article, base=store.base, accepted=before).quads):
        return LATER
    store.put(article, pipeline.read(article, base=store.base, accepted=now).quads)
    return None


def stored(store: Store, key: str) -> Article | None:
    """An article as far as the store tells what it was read with; None where there is none of that key."""
    text = store.text(key)
    kept = store.article(key)
    if text is None or kept is None:
        return None
    node = NamedNode(kept.id)
    values = {quad.predicate: quad.object for quad in store.dataset.quads_for_pattern(node, None, None, node)}
    language, publisher = values.get(v.IN_LANGUAGE), values.get(v.PUBLISHER)
    source = next((each for each in kept.sources if each != kept.url), "-")
    return Article(
        text,
        source=source,
        title=kept.title,
        outlet=_label(store, publisher, node),
        url=kept.url,
        published=_day(kept.published),
        language=language.value if isinstance(language, Literal) else "id",
    )


def _label(store: Store, publisher: object, graph: NamedNode) -> str | None:
    if not isinstance(publisher, NamedNode):
        return None
    rows = store.dataset.quads_for_pattern(publisher, v.PREF_LABEL, None, graph)
    return next((row.object.value for row in rows if isinstance(row.object, Literal)), None)


def _day(text: str | None) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        return None
