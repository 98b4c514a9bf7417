"""A build that is killed at any moment loses nothing that it said was done, and leaves nothing half."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ARTICLES = [
    HERE.parent / "data" / "articles" / f"{name}.txt" for name in ("kota-cerdas", "kontradiksi", "rapat-apeksi")
]
KILLS, PROCESSES = 200, 2


@pytest.mark.skipif(not hasattr(os, "fork") or not hasattr(signal, "SIGKILL"), reason="no fork or SIGKILL here")
def test_kills_at_random_moments_lose_nothing_and_leave_nothing_half() -> None:
    memory = Path("/dev/shm")  # a kill doesn't lose what the system has; a disk would only make it slow
    with tempfile.TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None) as folder:
        kill(Path(folder))


def kill(place: Path) -> None:
    running = []
    for number in range(PROCESSES):
        folder = place / str(number)
        folder.mkdir()
        command = [sys.executable, str(HERE / "killing.py"), str(KILLS // PROCESSES), str(folder)]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        running.append(subprocess.Popen(command, text=True, env=environment, **pipes))  # type: ignore[call-overload]
    for each in running:
        assert each.stdin is not None
        each.stdin.write("\n".join(map(str, ARTICLES)))
        each.stdin.close()
        each.stdin = None
    ends = [each.communicate() for each in running]
    assert all(out for out, _ in ends), "\n".join(err for _, err in ends)
    found = [json.loads(out) for out, _ in ends]
    assert [fault for one in found for fault in one["faults"]] == []
    assert sum(one["kills"] for one in found) == KILLS
    assert sum(one["middle"] for one in found) >= KILLS / 3  # the other ones came while the store was being opened
