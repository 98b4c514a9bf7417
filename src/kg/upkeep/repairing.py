"""What makes a store sound again, as far as that can be done without guessing; what can't be is told.

An article whose text or evidence isn't right is read again from where it was read. What is left of an article that
isn't there goes. Of damaged files of the engine all graphs that can still be read whole are taken into new ones, and
the damaged ones are kept. The view, who-is-who and voices are made anew from the graph.
"""

from __future__ import annotations

import contextlib
import itertools
import re
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pyoxigraph as ox
from pyoxigraph import DefaultGraph, NamedNode, Quad

from kg import build, journal
from kg import vocabulary as v
from kg.article import read_sources
from kg.errors import OutputError, StoreError
from kg.link import identities
from kg.link.judgements import Judgements, locate
from kg.output import append, reason, sync_folder
from kg.store import Store, open_store
from kg.store.folder import CHANGED, base_of_folder, expect_store, open_oxigraph
from kg.store.graphs import EVERYTHING, IDENTITIES, VOICES
from kg.upkeep import files
from kg.upkeep.checking import Finding, check, of_graph
from kg.view.keeping import keep_up
from kg.voices.keeping import Voices

Graph = NamedNode | ox.BlankNode | DefaultGraph
_PARTS: Final = ("", "/provenance", "/quarantine")
_MADE_ANEW: Final = ("/id/reference", "/id/ontology", f"/id/{IDENTITIES}")
"""Ends of the names of graphs that the program makes."""
_ARTICLE: Final = re.compile(r"/id/article/[0-9a-f]{16}")


def repair(store: str | Path, judgements: Path | None = None) -> tuple[list[str], list[Finding]]:
    """Repair what ``check`` finds: what was done, in a line each, and what is still wrong.

    ``judgements`` as of ``kg.link.identities``. Raises InUse where another process writes, StoreError where nothing can
    be opened: then a backup is what helps.
    """
    folder = Path(store)
    expect_store(folder)
    done = _finish(folder)
    if any(finding.part == "engine" for finding in _of_graph(folder)):
        done += _salvage(folder)
    with open_store(folder) as kept:
        done += _repair(kept, of_graph(kept))
        path = judgements or locate(None, None, folder)
        identities.Index(kept, Judgements.load(path, kept.base)).rebuild()
        with Voices(kept) as voices:
            voices.rebuild()
        append(folder / CHANGED, f"{EVERYTHING.value}\n".encode())
        keep_up(kept)
    journal.note(folder, "repair", done=done)
    return done, check(folder)


def _of_graph(folder: Path) -> list[Finding]:
    with open_store(folder, read_only=True) as kept:
        return of_graph(kept)


# ---------------------------------------------------------------- articles


def _repair(kept: Store, found: Sequence[Finding]) -> list[str]:
    done = []
    for key in dict.fromkeys(each.article for each in found if each.part == "rest of an article"):
        kept.drop(NamedNode(f"{kept.base.rstrip('/')}/id/article/{key}"))
        done.append(f"article {key}: what was left of it is taken away")
    for key in dict.fromkeys(each.article for each in found if each.part == "article" and each.article):
        source = _read_again(kept, key)
        done += [f"article {key}: read again from {source}"] if source else []
    return done


def _registered(kept: Store, node: NamedNode) -> list[Quad]:
    return list(kept.dataset.quads_for_pattern(node, None, None, _own(kept.base)))


def _own(base: str) -> NamedNode:
    return NamedNode(f"{base.rstrip('/')}/id/store")


def _read_again(kept: Store, key: str) -> str | None:
    """Read an article from one of its sources where that still has the same text; gives which."""
    node = NamedNode(f"{kept.base.rstrip('/')}/id/article/{key}")
    rows = _registered(kept, node)
    sources = sorted(
        row.object.value for row in rows if row.predicate == v.SOURCE and isinstance(row.object, ox.Literal)
    )
    for source in sources:
        path = source.partition("#")[0]
        if "://" in source or not Path(path).is_file():
            continue
        for reading in build.readings(read_sources([path]), build.Account(), base=kept.base):
            if reading.article.key == key:
                digests = [row for row in rows if row.predicate == v.DCT_IDENTIFIER]
                kept.change(digests, [], [node])  # or it would count as known
                kept.put(reading.article, reading.quads)
                return source
    return None


# ---------------------------------------------------------------- the engine's files

_REPAIRED: Final = ".graph.repaired"


def _salvage(folder: Path) -> list[str]:
    """Take all graphs that can be read whole into new files; the damaged ones are kept aside."""
    beside, base = folder / ".graph.repairing", base_of_folder(folder)
    shutil.rmtree(beside, ignore_errors=True)
    damaged = open_oxigraph(folder / files.GRAPH, folder, read_only=False)  # nobody else writes meanwhile
    try:
        made = ox.Store(str(beside))
        lost = _copy(damaged, made, base)
        made.flush()
        del made
        beside.rename(folder / _REPAIRED)
    except OSError as error:
        raise OutputError(f"{folder}: can't be repaired: {reason(error)}; all is as it was") from error
    finally:
        del damaged
        shutil.rmtree(beside, ignore_errors=True)
    return [*_finish(folder), *lost]


def _finish(folder: Path) -> list[str]:
    """Put repaired files in place: a repair may have been stopped before it did."""
    repaired, graph = folder / _REPAIRED, folder / files.GRAPH
    if not repaired.is_dir():
        return []
    if graph.is_dir():
        names = (f"{files.DAMAGED}{f'-{number}' if number else ''}" for number in itertools.count())
        aside = next(path for path in map(folder.joinpath, names) if not path.exists())
        graph.rename(aside)
        repaired.rename(graph)
        sync_folder(folder)
        return [f"the engine's files are made anew; the damaged ones are in {aside}: delete it when all is well"]
    repaired.rename(graph)
    return ["the engine's files are made anew"]


def _copy(damaged: ox.Store, made: ox.Store, base: str) -> list[str]:
    """Copy graph by graph; what can't be read goes with the rest of its article. Gives what is lost."""
    try:
        graphs = [*damaged.named_graphs(), DefaultGraph()]
    except (OSError, RuntimeError) as error:
        raise StoreError(f"the graph can't be read at all ({error}); restore a backup") from error
    unread: list[Graph] = []
    lost = []
    for graph in graphs:
        try:
            quads = list(damaged.quads_for_pattern(None, None, None, graph))
        except (OSError, RuntimeError):
            unread.append(graph)
        else:
            made.extend(quads)
    for unit in sorted({_unit(str(graph)) for graph in _not_found_otherwise(damaged, made, unread)}):
        for part in _PARTS:
            made.remove_graph(NamedNode(f"{unit}{part}"))
        for quad in list(made.quads_for_pattern(NamedNode(unit), v.DCT_IDENTIFIER, None, _own(base))):
            made.remove(quad)  # or what is read again would count as known
        if not unit.endswith(_MADE_ANEW) and f"/id/{VOICES}" not in unit:
            lost.append(f"lost: {unit}; read it again, or restore a backup")
    return lost


def _not_found_otherwise(damaged: ox.Store, made: ox.Store, unread: Sequence[Graph]) -> Sequence[Graph]:
    """Which graphs can't be read in the order by subject either; the others are taken over."""
    if unread:
        with contextlib.suppress(OSError, RuntimeError):
            made.extend([quad for quad in damaged if quad.graph_name in unread])
            return []
    return unread


def _unit(graph: str) -> str:
    """The article of a graph, or the graph itself."""
    name = graph.strip("<>")
    found = _ARTICLE.search(name)
    return name if found is None else name[: found.end()]
