"""The command as people use it: a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def kg(
    *arguments: str | Path, cwd: Path, stdin: str | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run ``kg`` in a folder, with no store named by the environment."""
    around = {key: value for key, value in os.environ.items() if key != "KG_STORE"}
    return subprocess.run(
        [sys.executable, "-m", "kg", *map(str, arguments)],
        cwd=cwd,
        input=stdin,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        env={**around, "PYTHONIOENCODING": "utf-8", **environment},
    )
