"""What was done to judgements and when: one JSON object a line beside their file, added to and never rewritten.

The file of judgements holds what counts now; what was taken back or replaced is here, with all its fields.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict
from pathlib import Path
from typing import Literal

from kg.errors import OutputError
from kg.link.judgements import Judgement

Action = Literal["judged", "replaced", "taken back"]


def log_of(judgements: Path) -> Path:
    """The log beside a file of judgements: ``judgements.sssom.tsv`` -> ``judgements.log.jsonl``."""
    return judgements.with_name(f"{judgements.name.removesuffix('.tsv').removesuffix('.sssom')}.log.jsonl")


def note(judgements: Path, action: Action, judgement: Judgement, by: str = "") -> None:
    """Add a line. Raises OutputError; the change itself is done then."""
    now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    fields = {**asdict(judgement), "verdict": judgement.verdict.value}
    entry = {"time": now, "action": action, "by": by or judgement.author, **fields}
    line = json.dumps({name: value for name, value in entry.items() if value}, ensure_ascii=False)
    path = log_of(judgements)
    try:
        with path.open("a", encoding="utf-8") as log:
            log.write(line + "\n")
    except OSError as error:
        raise OutputError(f"{path}: {error.strerror}; the judgement itself is {action}") from error
