"""The guides in docs/how-to are followed: their files are written, their commands run, their output is as shown."""

from __future__ import annotations

import re
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
GUIDES = sorted((ROOT / "docs" / "how-to").glob("*.md"))
BLOCK = re.compile(r"^( *)```(\w+)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
FILE = re.compile(r"`([\w-]+(?:/[\w.-]+)*\.(?:txt|toml|csv|ttl|xml|jsonl|rq|tsv|html))`(?: is| as|)[:\n]\s*$")


def follow(guide: Path, folder: Path) -> int:
    """Do what a guide says, in an empty folder with the project's data; how many commands ran."""
    (folder / "data").symlink_to(ROOT / "data")
    text, count = guide.read_text("utf-8"), 0
    for block in BLOCK.finditer(text):
        content = textwrap.dedent(block[3])
        if block[2] == "console":
            for command, shown in commands(content):
                run(command, shown, folder)
                count += 1
        elif named := FILE.search(text[: block.start()].rstrip() + "\n"):
            path = folder / named[1]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, "utf-8")
    return count


def commands(content: str) -> list[tuple[str, list[str]]]:
    """The commands of a console block, each with the lines that are shown below it."""
    found: list[tuple[str, list[str]]] = []
    for line in content.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        elif line.strip():
            found[-1][1].append(line.strip())
    return found


def run(command: str, shown: list[str], folder: Path) -> None:
    program, *arguments = command.split()
    assert program == "kg", command
    done = subprocess.run(
        [sys.executable, "-m", "kg", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, f"{command}: {done.stderr}"
    lines = [line.strip() for line in done.stdout.splitlines()]
    for wanted in shown:
        pattern = re.escape(wanted).replace("…", ".*")
        assert any(re.fullmatch(pattern, line) for line in lines), f"{command}: no line {wanted!r} in\n{done.stdout}"


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.stem)
def test_a_guide_can_be_followed(guide: Path, tmp_path: Path) -> None:
    assert follow(guide, tmp_path) > 0
