"""What was taken back or replaced, by the store's log: the one thing in a publication that has the time of a clock."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Final

OUTCOMES: Final = ("removed", "replaced")
"""What of the log is a correction; what was added or came again unchanged is none."""
_COLUMNS: Final = ("time", "action", "outcome", "subject", "replaces")


@dataclass(frozen=True, slots=True)
class Correction:
    """An entry of the log: ``subject`` is the article's key or the name of a set of links; ``time`` is ISO 8601."""

    time: str
    action: str
    outcome: str
    subject: str
    replaces: tuple[str, ...]


def corrections(log: Iterable[Mapping[str, object]]) -> list[Correction]:
    """The corrections of a log, the newest first."""
    found = []
    for entry in log:
        older = entry.get("replaces")
        replaces = tuple(map(str, older)) if isinstance(older, Sequence) and not isinstance(older, str) else ()
        if entry.get("outcome") in OUTCOMES:
            time, action, outcome, subject = (str(entry.get(n, "")) for n in ("time", "action", "outcome", "article"))
            found.append(Correction(time, action, outcome, subject, replaces))
    return sorted(found, key=lambda each: (each.time, each.subject), reverse=True)


def last_change(log: Iterable[Mapping[str, object]]) -> str | None:
    """The day of the last entry that changed something, ISO 8601."""
    times = [str(entry.get("time", "")) for entry in log if entry.get("outcome") != "unchanged"]
    return max(times, default="")[:10] or None


def as_json(found: Sequence[Correction]) -> bytes:
    """The corrections as a JSON array."""
    return (json.dumps([asdict(each) for each in found], ensure_ascii=False, indent=1) + "\n").encode()


def as_csv(found: Sequence[Correction]) -> bytes:
    """The corrections as CSV."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    for each in found:
        writer.writerow([each.time, each.action, each.outcome, each.subject, " ".join(each.replaces)])
    return text.getvalue().encode()
