"""The folder is the flow: which module may import which. DESIGN section 2, held by a test."""

from __future__ import annotations

import ast
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[1] / "src" / "kg"
GROUND = {
    "model",
    "errors",
    "vocabulary",
    "records",
    "resources",
    "names",
    "patterns",
    "positions",
}  # what every stage may know
READING = {"segment", "lexicon", "calendar", "money", "tokens", "abbreviation", "mentions", "sentences", "rules"}
STAGES: dict[str, set[str]] = {
    # a stage -> the other modules of the package that it may import beside GROUND
    "model": set(),
    "errors": set(),
    "vocabulary": set(),
    "names": set(),
    "records": set(),
    "patterns": set(),
    "positions": set(),
    "resources": set(),
    "reference": {"names_file"},
    "names_file": {"reference"},
    "sources": set(),
    "article": {"sources", "language", "lexicon"},
    "segment": set(),
    "lexicon": {"reference"},
    "calendar": {"lexicon"},
    "money": {"lexicon"},
    "tokens": {"calendar", "lexicon", "money", "segment"},
    "abbreviation": {"tokens"},
    "known": {"lexicon"},
    "candidates": {"lexicon", "reference"},
    "neighbours": {"known", "lexicon", "tokens"},
    "mention": {"calendar", "money", "segment"},
    "introductions": {"abbreviation", "known", "lexicon", "neighbours", "tokens"},
    "lower_meetings": {"lexicon", "mention", "segment"},
    "mentions": {"introductions", "known", "lexicon", "lower_meetings", "mention", "neighbours", "segment", "tokens"},
    "sentences": {"mention", "segment"},
    "rules": {"lexicon", "mention", "sentences"},
    "phrases": {"known", "lexicon", "mention", "mentions", "rules", "segment", "sentences", "tokens"},
    "entities": {"candidates", "known", "lexicon", "mention", "reference", "sentences"},
    "meetings": {"entities", "mention", "segment", "sentences"},
    "posts": {"candidates", "entities", "mention"},
    "claims": {
        "calendar",
        "candidates",
        "entities",
        "lexicon",
        "meetings",
        "mention",
        "money",
        "posts",
        "rules",
        "sentences",
    },
    "links": {"entities", "meetings", "mention", "posts", "sentences"},
    "merging": set(),
    "colophon": {"calendar", "lexicon", "segment"},
    "dateline": {"calendar", "colophon", "lexicon", "segment"},
    "extract": READING | {"claims", "dateline", "entities", "known", "meetings", "merging", "phrases"},
    "rdf": set(),
    "plain": set(),
    "check": {"plain", "rdf"},
    "http": set(),
    "proposed": {"extract"},
    "propose": {
        "calendar",
        "claims",
        "extract",
        "http",
        "lexicon",
        "meetings",
        "mention",
        "money",
        "output",
        "pipeline",
        "proposed",
        "rdf",
        "segment",
    },
    "link": {"find", "http", "output", "rdf", "reference", "sources", "store"},
    "journal": {"output"},
    "layout": {"journal", "output"},
    "store": {"journal", "layout", "rdf", "reference", "output"},
    "publish": {"export", "facts", "find", "rdf", "show", "store", "traverse"},
    "corpus": {
        "article",
        "build",
        "language",
        "lexicon",
        "link",
        "output",
        "own",
        "pipeline",
        "propose",
        "rdf",
        "rules",
        "store",
        "view",
        "voices",
    },
    "voices": {"rdf", "store"},
}
DOORS = {"cli", "serve", "__main__"}


def imported(path: Path) -> set[str]:
    """The modules of the package that a file imports, by their first name below ``kg``."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "kg":
            parts = node.module.split(".")
            found |= {parts[1]} if len(parts) > 1 else {alias.name for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {alias.name.split(".")[1] for alias in node.names if alias.name.startswith("kg.")}
    return {name for name in found if not name.startswith("__")}


def files_of(stage: str) -> list[Path]:
    """A stage is a module or a package of modules."""
    return [SOURCE / f"{stage}.py"] if (SOURCE / f"{stage}.py").exists() else sorted((SOURCE / stage).rglob("*.py"))


def test_stages_know_only_what_flows_and_what_they_build_on() -> None:
    assert [stage for stage in STAGES if not files_of(stage)] == []
    wrong = {
        str(path.relative_to(SOURCE)): sorted(extra)
        for name, allowed in STAGES.items()
        for path in files_of(name)
        if (extra := imported(path) - GROUND - allowed - {name})
    }
    assert wrong == {}


def test_nothing_imports_the_doors() -> None:
    wrong = {
        str(path.relative_to(SOURCE)): sorted(imported(path) & DOORS)
        for path in sorted(SOURCE.rglob("*.py"))
        if path.stem not in DOORS and path.relative_to(SOURCE).parts[0] not in DOORS and imported(path) & DOORS
    }
    assert wrong == {}


def test_the_pipeline_alone_joins_reading_and_checking() -> None:
    joined = {
        path.stem for path in SOURCE.glob("*.py") if {"extract", "check"} <= imported(path) and path.stem not in DOORS
    }
    assert joined == {"pipeline"}


STORE: dict[str, set[str]] = {
    # a module of the store -> the others of it that it may import
    "graphs": set(),
    "updates": set(),
    "evidence": set(),
    "background": set(),
    "folder": set(),
    "freed": set(),
    "published": {"graphs"},
    "register": {"graphs"},
    "loading": {"evidence"},
    "waiting": set(),
    "kept": {"background", "folder", "freed", "graphs", "published", "register", "updates", "waiting"},
    "opening": {"background", "folder", "kept", "waiting"},
    "checking": {"evidence", "kept"},
    "__init__": {"kept", "loading", "opening"},
}


def test_inside_the_store_each_module_knows_only_what_it_builds_on() -> None:
    found = {path.stem: imported_of(path, "kg.store") for path in (SOURCE / "store").glob("*.py")}
    assert found == STORE


def imported_of(path: Path, package: str) -> set[str]:
    """The modules of a package that a file imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == package:
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith(f"{package}."):
            found.add((node.module or "").removeprefix(f"{package}.").split(".")[0])
    return found
