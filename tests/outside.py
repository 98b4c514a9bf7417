"""Tools of other makers that live in environments of their own (``dev.py test`` makes them)."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SCRIPTS = Path(__file__).parent / "tools"


def python_of(tool: str) -> Path:
    """The Python of a tool's environment; skips the test where there is none."""
    folder = ROOT / ".venv-tools" / tool / ("Scripts" if os.name == "nt" else "bin")
    found = folder / ("python.exe" if os.name == "nt" else "python")
    if not found.exists():
        pytest.skip(f"the environment of {tool} is not there; python3 dev.py test makes it")
    return found
