"""Scores -> a table for people, or JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable

from kg.evaluate import Evaluation
from kg.evaluate.linking import Linking
from kg.evaluate.match import Count

HEAD = ("", "right", "missed", "wrong", "precision", "recall", "F1")


def as_table(evaluation: Evaluation) -> str:
    """By relation, by article, then the other figures."""
    by_article = [(scored.gold.id, scored.pairing.count) for scored in evaluation.articles]
    width = max(len(name) for name in (*evaluation.by_relation, *(name for name, _ in by_article), "relation")) + 2
    lines = [
        *_rows("relation", evaluation.by_relation.items(), width),
        _row("ALL", evaluation.total, width),
        "",
        *_rows("article", by_article, width),
        "",
        *(f"{name:<34} {value}" for name, value in _others(evaluation)),
    ]
    return "\n".join(lines) + "\n"


def _rows(title: str, counts: Iterable[tuple[str, Count]], width: int) -> list[str]:
    head = f"{title:<{width}}" + "".join(f"{name:>{max(len(name) + 2, 8)}}" for name in HEAD[1:])
    return [head, *(_row(name, count, width) for name, count in counts)]


def _row(name: str, count: Count, width: int) -> str:
    cells = [
        count.right, count.missed, count.wrong,
        f"{count.precision:.3f}", f"{count.recall:.3f}", f"{count.f1:.3f}",
    ]  # fmt: skip
    return f"{name:<{width}}" + "".join(
        f"{cell!s:>{max(len(title) + 2, 8)}}" for title, cell in zip(HEAD[1:], cells, strict=True)
    )


def _others(evaluation: Evaluation) -> Iterable[tuple[str, str]]:
    spans = evaluation.spans
    yield "articles", f"{len(evaluation.articles)}"
    yield "facts with valid evidence", f"{spans.with_evidence:.3f}  ({spans.valid} of {spans.facts})"
    yield "names that their evidence prints", f"{spans.as_printed:.3f}  ({spans.literal} of {spans.arguments})"
    if (linking := evaluation.linking) is not None:
        for name, count in (("names read", linking.mentions), ("names with the right id", linking.links)):
            yield name, f"precision {count.precision:.3f}, recall {count.recall:.3f}"
        yield "names that mean what they should", f"{linking.accuracy:.3f}  ({linking.agreed} of {linking.labelled})"
    yield "claims let in by the shapes", f"{evaluation.conformance:.3f}"
    yield "articles per second, text to claims", f"{evaluation.articles_per_second:.1f}"


def as_json(evaluation: Evaluation) -> dict[str, object]:
    """All figures, four digits."""
    spans, linking = evaluation.spans, evaluation.linking
    names = {} if linking is None else _names(linking)
    return {
        "articles": len(evaluation.articles),
        **figures(evaluation.total),
        "with_evidence": round(spans.with_evidence, 4),
        "as_printed": round(spans.as_printed, 4),
        **names,
        "conformance": round(evaluation.conformance, 4),
        "articles_per_second": round(evaluation.articles_per_second, 1),
        "by_relation": {name: figures(count) for name, count in evaluation.by_relation.items()},
        "by_article": {scored.gold.id: figures(scored.pairing.count) for scored in evaluation.articles},
    }


def _names(linking: Linking) -> dict[str, float]:
    return {
        "mention_precision": round(linking.mentions.precision, 4),
        "mention_recall": round(linking.mentions.recall, 4),
        "link_precision": round(linking.links.precision, 4),
        "link_recall": round(linking.links.recall, 4),
        "link_accuracy": round(linking.accuracy, 4),
    }


def figures(count: Count) -> dict[str, float]:
    """Three numbers and three shares."""
    return {
        "right": count.right,
        "missed": count.missed,
        "wrong": count.wrong,
        "precision": round(count.precision, 4),
        "recall": round(count.recall, 4),
        "f1": round(count.f1, 4),
    }


def written(figures: dict[str, object]) -> str:
    """JSON as it is printed."""
    return json.dumps(figures, indent=1, ensure_ascii=False) + "\n"
