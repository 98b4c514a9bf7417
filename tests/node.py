"""Node of PyPI, in an environment of its own (``dev.py test`` makes it), or the one of the system."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def program(name: str) -> str:
    """The path of ``node``, ``npm`` or ``npx``; skips the test where there is none."""
    folder = ROOT / ".venv-tools" / "node" / ("Scripts" if os.name == "nt" else "bin")
    found = shutil.which(name, path=str(folder)) or shutil.which(name)
    if found is None:
        pytest.skip(f"no {name}: python3 dev.py test makes an environment with it")
    return found


def around() -> dict[str, str]:
    """An environment in which programs that Node starts find the same Node."""
    return {**os.environ, "PATH": f"{Path(program('node')).parent}{os.pathsep}{os.environ.get('PATH', '')}"}
