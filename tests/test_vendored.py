"""What the pages take from other makers: as the lock says, with its licences, and asking nobody for anything."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from node import around, program

ROOT = Path(__file__).resolve().parents[1]
WEB = ROOT / "web"
VENDOR = ROOT / "src" / "kg" / "serve" / "static" / "vendor"
NAMED = {"www.w3.org", "www.sigmajs.org"}
"""Hosts that the code names: of the SVG namespace, and in a message about what sigma is. None is asked for anything."""


def manifest() -> dict[str, Any]:
    return dict(json.loads((VENDOR / "manifest.json").read_text("utf-8")))


def test_each_file_is_the_one_that_the_manifest_names_and_there_is_no_other() -> None:
    found = {
        file.name: {"bytes": file.stat().st_size, "sha256": hashlib.sha256(file.read_bytes()).hexdigest()}
        for file in VENDOR.iterdir()
        if file.name != "manifest.json"
    }
    told = {name: {key: each[key] for key in ("bytes", "sha256")} for name, each in manifest()["files"].items()}
    assert found == told


def test_versions_are_those_of_the_lock_which_has_checksums_and_no_addresses() -> None:
    text = (WEB / "package-lock.json").read_text("utf-8")
    packages = json.loads(text)["packages"]
    assert "resolved" not in text
    assert "://" not in re.sub(r'"url": "[^"]*"', "", text)  # those of "funding" are pages of people
    assert [name for name, each in packages.items() if name and "integrity" not in each] == []
    locked = {name.rpartition("node_modules/")[2]: each["version"] for name, each in packages.items() if name}
    assert {name: each["version"] for name, each in manifest()["packages"].items()}.items() <= locked.items()


def test_the_licence_of_each_package_goes_with_it() -> None:
    texts = (VENDOR / "LICENCES.txt").read_text("utf-8")
    for name, each in manifest()["packages"].items():
        assert f"\n{name} {each['version']} ({each['license']})\n" in f"\n{texts}"
    assert {each["license"] for each in manifest()["packages"].values()} == {"MIT"}


def test_no_file_names_a_host_beside_those_that_were_looked_at_nor_runs_text() -> None:
    for file in VENDOR.glob("*.js"):
        text = file.read_text("utf-8")
        assert set(re.findall(r"https?://([\w.-]+)", text)) <= NAMED, file.name
        assert re.findall(r"\beval\(|\bnew Function\b|\bimportScripts\b|\bWebSocket\b|\bXMLHttpRequest\b", text) == []
        assert re.findall(r"(?<![\w$.])fetch\(", text) == []


def test_bundling_again_gives_the_same_bytes(tmp_path: Path) -> None:
    npm = program("npm")
    for name in ("package.json", "package-lock.json", ".npmrc", "build.mjs"):
        shutil.copy(WEB / name, tmp_path)
    shutil.copytree(WEB / "entries", tmp_path / "entries")
    install = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error"]
    done = subprocess.run(install, cwd=tmp_path, env=around(), capture_output=True, text=True, check=False, timeout=120)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        pytest.skip(f"npm could not install the packages: {last}")
    command = [program("node"), "build.mjs", "made"]
    subprocess.run(command, cwd=tmp_path, env=around(), check=True, timeout=120)
    made = {file.name: file.read_bytes() for file in (tmp_path / "made").iterdir()}
    assert made == {file.name: file.read_bytes() for file in VENDOR.iterdir()}
