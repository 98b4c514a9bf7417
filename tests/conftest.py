"""What several test modules work on."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from kg.cli import cli

SAMPLE = Path(__file__).resolve().parents[1] / "data" / "articles" / "kota-cerdas.txt"


@pytest.fixture(scope="session")
def store_of_the_sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with one article; tests work on copies, for making one takes its time."""
    store = tmp_path_factory.mktemp("made") / "kg-store"
    CliRunner().invoke(cli, ["-q", "build", str(SAMPLE), "--store", str(store)], catch_exceptions=False)
    return store


@pytest.fixture
def folder_with_store(store_of_the_sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with a copy of that store, and nothing told by the environment."""
    shutil.copytree(store_of_the_sample, tmp_path / "kg-store")
    monkeypatch.chdir(tmp_path)
    for name in ("KG_STORE", "KG_AUTHOR", "SOURCE_DATE_EPOCH"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path
