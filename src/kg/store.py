"""The store: an article's graphs kept, replaced or taken back, each in one transaction; and graph files in memory.

A store is a folder: ``graph/`` (Oxigraph on disk), ``format.json`` (version and base), ``log.jsonl`` (what was done and
when: the only clock time there is), ``changed.txt`` (what the view, ``kg.view``, is behind with). Beside the three
graphs of each article it holds reference data, the ontology, and ``id/store``: where each article was read from and the
hash of what was stored. None of the latter is published.

Oxigraph runs one SPARQL update as one transaction, however many operations it has, so every change here is one update.
"""

from __future__ import annotations

import contextlib
import errno
import gzip
import hashlib
import json
import os
import re
import shutil
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final, Literal, Self
from urllib.parse import quote

import pyoxigraph as ox
from pyoxigraph import NamedNode, Quad, RdfFormat

from kg import journal, layout, resources
from kg import vocabulary as v
from kg.errors import GraphError, InputError, InUse, NothingFound, OutputError, StoreError
from kg.model import Article
from kg.output import REASONS, append, new_folder, reason
from kg.rdf import Ids, as_written

BACKUP: Final = "backup.json"
"""The file by which a backup is known; one is opened for reading only."""
Outcome = Literal["added", "replaced", "unchanged"]
LinksOutcome = Literal["added", "replaced", "unchanged", "removed"]
IDENTITIES: Final = "identities"
"""The graph below ``id/`` that says who is who across articles; ``kg.link.identities`` keeps it."""
UNRESOLVED: Final = NamedNode("urn:jejaring:identities#unresolved")
"""What marks an article there whose persons are to be looked at again."""
_SETTLED: Final = NamedNode("urn:jejaring:identities#settled")
"""What marks the graph itself where no article is so marked: to look for marks is slow where many were deleted."""
NOT_PUBLISHED: Final = ("reference", "ontology", IDENTITIES, "store")
"""The graphs below ``id/`` that no article states."""
EVERYTHING: Final = NamedNode("urn:jejaring:everything")
"""What is noted as changed where reference data, the ontology or all of who-is-who was replaced."""
OWN_GRAPH: Final = NamedNode("urn:jejaring:own#graph")
"""What marks a graph in ``id/store`` that a user keeps beside the articles (``put_own``)."""
LINKS: Final = "links/"
"""What the names of graphs of links begin with, below ``id/``: kept apart from facts, published on demand."""
DATASET: Final = "dataset/"
"""What the keys of datasets begin with: tables that were linked, each in a graph of its own."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An article in the store. ``sources`` are the files and pages that it was read from, sorted."""

    key: str
    id: str
    title: str | None
    url: str | None
    published: str | None  # ISO 8601
    sources: tuple[str, ...]


class Store:
    """An open store; ``dataset`` is for queries. Close it, or use it as a context manager."""

    def __init__(self, path: Path, dataset: ox.Store, base: str, *, read_only: bool) -> None:
        self.path = path
        self.base = base
        self.read_only = read_only
        self.dataset = dataset
        self._ids = Ids(base)
        self._own = self._ids.node("store")
        self._identities = self._ids.node(IDENTITIES)
        self.was_settled = any(dataset.quads_for_pattern(self._identities, _SETTLED, None, self._identities))
        self._touched: set[NamedNode] = set()  # in this session

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let another process write; the dataset can't be used any more."""
        if not self.read_only:
            (self.path / WRITER).unlink(missing_ok=True)
        self.dataset = ox.Store()

    # ---- change

    def put(self, article: Article, quads: Iterable[Quad]) -> Outcome:
        """Keep an article's graphs, in place of what was known of it or of an older text from the same page or file."""
        new, node, source = list(quads), self._ids.article(article), _source(article)
        digest, state = _digest(new), self._state(node)
        sources = state.get(v.SOURCE, set()) | _some(source)
        known = state.get(v.DCT_IDENTIFIER) == {digest}
        if not (known and sources == state.get(v.SOURCE, set())):
            operations, older = self._superseded(node, source)
            known = known and not older
            operations += self._forget(node) if state else [f"DELETE DATA {{ {patterns([self._settled()])} }}"]
            changed = [node, *(self._ids.node(f"article/{key}") for key in older)]
            self._update(operations, [*new, *self._rows(article, digest, sources)], changed)
        else:
            older = []
        outcome: Outcome = "unchanged" if known else "replaced" if state or older else "added"
        self._log("put", article.key, outcome, 0 if known else len(new), replaces=older)
        return outcome

    def is_kept(self, article: Article, quads: Iterable[Quad]) -> bool:
        """Whether the store has exactly these graphs of the article."""
        return self._state(self._ids.article(article)).get(v.DCT_IDENTIFIER) == {_digest(list(quads))}

    def note(self, action: str, key: str, outcome: str, **more: object) -> None:
        """Add to the log what a person did, with what concerns it: who, why."""
        self._log(action, key, outcome, 0, **more)

    def _rows(self, article: Article, digest: str, sources: Iterable[str]) -> list[Quad]:
        """What the store keeps of an article beside its graphs."""
        node = self._ids.article(article)
        return [
            Quad(node, v.IS_STRING, ox.Literal(article.text), self._ids.provenance(article)),
            Quad(node, v.DCT_IDENTIFIER, ox.Literal(digest), self._own),
            self._unresolved(node),
            *(Quad(node, v.SOURCE, ox.Literal(source), self._own) for source in sources),
        ]

    def remove(self, name: str) -> str:
        """Take back an article, named by key, id, title, source or the last part of its source; gives its key.

        Or a dataset, named by ``dataset/NAME``, its id or its file.

        Raises NothingFound where there is none, InputError where the name belongs to several.
        """
        self._writable()
        found = self._called(name) or self._read_from(_absolute(name)) or self._of_file(name)
        dataset = None if found else self._remove_dataset(name)
        if dataset is not None:
            return dataset
        if not found:
            raise NothingFound(f"{self.path}: no article {name!r}; `kg query articles` lists them")
        if len(found) > 1:
            keys = ", ".join(map(_key, found))
            raise InputError(f"{self.path}: {name!r} names {len(found)} articles; give one of the keys {keys}")
        self._update(self._forget(found[0]), [], found)
        self._log("remove", _key(found[0]), "removed", 0)
        return _key(found[0])

    def _called(self, name: str) -> list[NamedNode]:
        """The articles with this key, id, title, address or source, looked up by it; sorted."""
        begin = self._ids.node("article/").value  # other graphs have rows in id/store, too
        titles = [ox.Literal(name, language=language) for language in ("id", "en")]
        rows = [row for each in titles for row in self.dataset.quads_for_pattern(None, v.HEADLINE, each, None)]
        rows += [row for each in _iri(name) for row in self.dataset.quads_for_pattern(None, v.URL, each, None)]
        meant = {NamedNode(f"{begin}{quote(name, safe='')}"), *_iri(name)}
        meant |= {row.subject for row in rows if isinstance(row.subject, NamedNode) and row.subject == row.graph_name}
        found = {node for node in meant if node.value.startswith(begin) and self._state(node)}
        return sorted({*found, *self._read_from(name)}, key=str)

    def _of_file(self, name: str) -> list[NamedNode]:
        """The articles that were read from a file or page whose last part is this; sorted."""
        rows = self.dataset.quads_for_pattern(None, v.SOURCE, None, self._own)
        found = {row.subject for row in rows if Path(_value(row.object) or "").name == name}
        return sorted((node for node in found if isinstance(node, NamedNode) and not is_dataset(node)), key=str)

    def drop(self, article: NamedNode) -> None:
        """Take all away that is there of an article, although it may be no whole one; in one transaction."""
        self._update(self._forget(article), [], [article])
        self._log("remove", _key(article), "removed", 0)

    def put_links(self, name: str, quads: Iterable[Quad]) -> LinksOutcome:
        """Keep a set of links in graphs ``id/links/NAME/…``, in place of all that was there; none takes it away.

        What is there already is not written again. Raises ValueError for a quad of another graph.
        """
        begin = self._ids.node(f"{LINKS}{name}").value
        new = set(quads)
        if not all(_is_below(quad.graph_name, begin) for quad in new):
            raise ValueError(f"links of {name!r} must lie in graphs below {begin}")
        graphs = [graph for graph in self.dataset.named_graphs() if _is_below(graph, begin)]
        old = {quad for graph in graphs for quad in self.dataset.quads_for_pattern(None, None, None, graph)}
        if new != old:
            changed = {*graphs, *(quad.graph_name for quad in new)}
            gone = [f"DROP SILENT GRAPH {graph}" for graph in sorted(graphs, key=str)]
            self._update(gone, sorted(new, key=str), sorted(changed, key=str))
        outcome: LinksOutcome = (
            "unchanged" if new == old else "replaced" if old and new else "added" if new else "removed"
        )
        if new != old:
            self._log("links", name, outcome, len(new))
        return outcome

    def put_dataset(self, graph: NamedNode, quads: Iterable[Quad], source: str) -> Outcome:
        """Keep a dataset in the graph of its own, in place of what was there, in one transaction.

        ``source`` is the file that it comes from. The graph is queried like any other; an export of the articles
        leaves it out, as it has a licence of its own.
        """
        new = list(quads)
        if any(quad.graph_name != graph for quad in new) or not is_dataset(graph):
            raise StoreError(f"{graph.value}: a dataset's statements belong into its own graph below id/dataset/")
        state, digest = self._state(graph), _digest(new)
        known = state.get(v.DCT_IDENTIFIER) == {digest}
        if not known:
            rows = [
                Quad(graph, v.DCT_IDENTIFIER, ox.Literal(digest), self._own),
                Quad(graph, v.SOURCE, ox.Literal(_absolute(source)), self._own),
            ]
            self._update(self._forget_dataset(graph), [*new, *rows], [graph])
        outcome: Outcome = "unchanged" if known else "replaced" if state else "added"
        self._log("link", f"{DATASET}{_key(graph)}", outcome, 0 if known else len(new))
        return outcome

    def datasets(self) -> list[NamedNode]:
        """The graphs of the datasets, by name."""
        found = {quad.subject for quad in self.dataset.quads_for_pattern(None, v.DCT_IDENTIFIER, None, self._own)}
        return sorted((node for node in found if isinstance(node, NamedNode) and is_dataset(node)), key=str)

    def _forget_dataset(self, graph: NamedNode) -> list[str]:
        return [f"DROP SILENT GRAPH {graph}", f"DELETE WHERE {{ GRAPH {self._own} {{ {graph} ?p ?o }} }}"]

    def _remove_dataset(self, name: str) -> str | None:
        """Take a dataset back, by ``dataset/NAME``, its id or its file; gives its key, None where there is none."""
        for graph in self.datasets():
            key = f"{DATASET}{_key(graph)}"
            if name in {key, graph.value} or _absolute(name) in self._state(graph).get(v.SOURCE, ()):
                self._update(self._forget_dataset(graph), [], [graph])
                self._log("remove", key, "removed", 0)
                return key
        return None

    def own_graphs(self) -> list[NamedNode]:
        """The graphs that a user keeps here, by name."""
        marks = self.dataset.quads_for_pattern(None, OWN_GRAPH, None, self._own)
        return sorted((mark.subject for mark in marks if isinstance(mark.subject, NamedNode)), key=str)

    def put_own(self, gone: Collection[Quad], new: Collection[Quad]) -> None:
        """Change graphs that a user keeps here (``kg.update``), in one transaction.

        They are asked like all others, and never published with what articles state. No quad may have a blank node.
        Raises ValueError for a quad of a graph of the store's own ids.
        """
        graphs = {quad.graph_name for quad in (*gone, *new) if isinstance(quad.graph_name, NamedNode)}
        if any("/id/" in graph.value for graph in graphs) or len(graphs) == 0 < len(gone) + len(new):
            raise ValueError("a graph that a user keeps has a name without /id/")
        filled = {quad.graph_name for quad in new}
        emptied = [graph for graph in graphs - filled if not set(self._held(graph)) - set(gone)]
        left = [Quad(graph, OWN_GRAPH, ox.Literal(""), self._own) for graph in emptied]
        marks = [Quad(graph, OWN_GRAPH, ox.Literal(""), self._own) for graph in graphs & filled]
        if graphs:
            self._update([f"DELETE DATA {{ {patterns([*gone, *left])} }}"], [*new, *marks], sorted(graphs, key=str))
        names = [graph.value for graph in sorted(graphs, key=str)]
        self._log("update", "own", "changed" if graphs else "unchanged", len(new), gone=len(gone), graphs=names[:20])

    def _held(self, graph: NamedNode) -> Iterator[Quad]:
        return iter(self.dataset.quads_for_pattern(None, None, None, graph))

    def _superseded(self, node: NamedNode, source: str | None) -> tuple[list[str], list[str]]:
        """What takes the older text of this page or file away, and the keys of the articles that go with it.

        An article that another page or file has as well stays; it only loses this one.
        """
        operations, gone = [], []
        for other in self._read_from(source) if source else ():
            if other == node:
                continue
            if self._state(other).get(v.SOURCE) == {source}:
                operations += self._forget(other)
                gone.append(_key(other))
            else:
                row = f"{other} {v.SOURCE} {ox.Literal(str(source))}"
                operations.append(f"DELETE DATA {{ GRAPH {self._own} {{ {row} }} }}")
        return operations, gone

    def _read_from(self, source: str) -> list[NamedNode]:
        rows = self.dataset.quads_for_pattern(None, v.SOURCE, ox.Literal(source), self._own)
        found = (q.subject for q in rows if isinstance(q.subject, NamedNode) and not is_dataset(q.subject))
        return sorted(found, key=str)

    def _state(self, node: NamedNode) -> dict[NamedNode, set[str]]:
        state: dict[NamedNode, set[str]] = defaultdict(set)
        for quad in self.dataset.quads_for_pattern(node, None, None, self._own):
            if isinstance(quad.object, ox.Literal):
                state[quad.predicate].add(quad.object.value)
        return dict(state)

    def _forget(self, article: NamedNode) -> list[str]:
        graphs = (article.value, f"{article.value}/provenance", f"{article.value}/quarantine")
        rows = f"DELETE WHERE {{ GRAPH {self._own} {{ {article} ?p ?o }} }}"
        mark = f"INSERT DATA {{ {patterns([self._unresolved(article)])} }}"
        unsettle = f"DELETE DATA {{ {patterns([self._settled()])} }}"
        return [unsettle, mark, *(f"DROP SILENT GRAPH <{graph}>" for graph in graphs), rows]

    def _unresolved(self, article: NamedNode) -> Quad:
        self._touched.add(article)
        return Quad(article, UNRESOLVED, ox.Literal(""), self._identities)

    def _settled(self) -> Quad:
        return Quad(self._identities, _SETTLED, ox.Literal(""), self._identities)

    def unresolved(self) -> list[NamedNode]:
        """The articles whose persons are to be looked at again, sorted."""
        if self.was_settled:
            return sorted(self._touched, key=str)
        rows = self.dataset.quads_for_pattern(None, UNRESOLVED, None, self._identities)
        return sorted((row.subject for row in rows if isinstance(row.subject, NamedNode)), key=str)

    def settle(
        self,
        articles: Iterable[NamedNode],
        gone: Iterable[Quad],
        new: Iterable[Quad],
        *,
        affected: Iterable[NamedNode] = (),
        done: bool = True,
    ) -> None:
        """Change rows of the identities and take the marks of these articles away, in one transaction.

        ``affected`` are the articles whose ids mean others than before, ``done`` where no other article is marked.
        """
        marks = [Quad(article, UNRESOLVED, ox.Literal(""), self._identities) for article in articles]
        self.change([*gone, *marks], [*new, *([self._settled()] if done else [])], affected)
        if done:
            self.was_settled, self._touched = True, set()

    def change(self, gone: Iterable[Quad], new: Iterable[Quad], affected: Iterable[NamedNode] = ()) -> None:
        """Take rows out and put rows in, in one transaction: for what is kept beside the articles."""
        self._update([f"DELETE DATA {{ {patterns(gone)} }}"], new, affected)

    def forget_graph(self, graph: NamedNode) -> None:
        """Drop a graph that is kept beside the articles, in one transaction."""
        self.was_settled = self.was_settled and graph != self._identities
        self._update([f"DROP SILENT GRAPH {graph}"], [], [EVERYTHING])

    def _update(self, operations: Iterable[str], quads: Iterable[Quad], changed: Iterable[object]) -> None:
        """One transaction: all of it or nothing. What changes is noted for the view before: it may be noted in vain."""
        self._writable()
        text = " ;\n".join([*operations, f"INSERT DATA {{ {patterns(quads)} }}"])
        try:
            self._note(changed)
            self.dataset.update(text)
        except OSError as error:
            raise StoreError(f"{self.path}: {reason(error)}; nothing of this change was made") from error
        except RuntimeError as error:
            raise StoreError(_damaged(self.path, error)) from error

    def _note(self, changed: Iterable[object]) -> None:
        lines = "".join(f"{graph.value}\n" for graph in changed if isinstance(graph, NamedNode))
        if lines:
            append(self.path / CHANGED, lines.encode())

    def changed(self) -> list[NamedNode]:
        """The articles and other graphs that changed since ``unchanged``, each once; or ``EVERYTHING`` among them."""
        return changed(self.path)

    def unchanged(self) -> None:
        """The view has all that changed."""
        with contextlib.suppress(FileNotFoundError):
            os.truncate(self.path / CHANGED, 0)

    def _writable(self) -> None:
        if self.read_only:
            raise StoreError(f"{self.path}: opened read-only; open it for writing")

    # ---- read

    def articles(self) -> list[Kept]:
        """All articles, by key."""
        query = f"SELECT ?article WHERE {{ GRAPH ?article {{ ?article a {v.NEWS_ARTICLE} }} }} ORDER BY ?article"
        found = [row["article"] for row in self.dataset.query(query)]  # type: ignore[union-attr]
        begin = self._ids.node("article/").value  # a user's own graph may say the same of itself
        return [self._kept(node) for node in found if node.value.startswith(begin)]

    def article(self, key: str) -> Kept | None:
        """An article by its key; None where there is none."""
        node = self._ids.node(f"article/{key}")
        return self._kept(node) if self._state(node) else None

    def _kept(self, node: NamedNode) -> Kept:
        facts = {q.predicate: _value(q.object) for q in self.dataset.quads_for_pattern(node, None, None, node)}
        sources = tuple(sorted(self._state(node).get(v.SOURCE, ())))
        title, url, date = (facts.get(p) for p in (v.HEADLINE, v.URL, v.DATE_PUBLISHED))
        return Kept(_key(node), node.value, title, url, date, sources)

    def text(self, key: str) -> str | None:
        """The text of an article, if it is kept."""
        node = self._ids.node(f"article/{key}")
        rows = self.dataset.quads_for_pattern(node, v.IS_STRING, None, NamedNode(f"{node.value}/provenance"))
        return next((_value(quad.object) for quad in rows), None)

    def published(self) -> list[Quad]:
        """What an export writes: the articles' graphs without their texts, sorted."""
        return published(self.dataset)

    def log(self) -> list[dict[str, object]]:
        """What was done, oldest first. A line that was cut off is left out."""
        return journal.entries(self.path)

    # ---- look after

    def check(self) -> list[str]:
        """What is wrong with the store, one line each: texts, evidence, and articles that are only half there."""
        faults = [f"{kept.id}: {fault}" for kept in self.articles() for fault in self._faults(kept)]
        return faults + wrong_evidence(self.dataset)

    def _faults(self, kept: Kept) -> Iterator[str]:
        text = self.text(kept.key)
        if text is None:
            yield "its text is missing; read the article again"
        elif not hashlib.sha256(text.encode()).hexdigest().startswith(kept.key):
            yield "its text isn't the one that its id stands for; read the article again"
        if not self._state(NamedNode(kept.id)):
            yield "it isn't registered; read the article again"

    def snapshot(self, target: Path) -> None:
        """A copy of the store as it is now, in a folder that doesn't exist yet. It can be opened like any other."""
        self._writable()
        if target.exists():
            raise OutputError(f"{target}: exists; name a folder that doesn't")
        with new_folder(target) as folder:
            self.dataset.backup(str(folder / _GRAPH))
            for name in (layout.NAME, journal.NAME):
                if (self.path / name).exists():
                    shutil.copy2(self.path / name, folder / name)

    def refresh(self) -> list[str]:
        """Replace reference data and ontology where the program's are others; gives the names of what was replaced."""
        replaced = []
        for name, (digest, quads) in _background(self.base).items():
            node = self._ids.node(name)
            if self._state(node).get(v.DCT_IDENTIFIER) != {digest}:
                row = Quad(node, v.DCT_IDENTIFIER, ox.Literal(digest), self._own)
                self._update(
                    [f"DROP SILENT GRAPH {node}", f"DELETE WHERE {{ GRAPH {self._own} {{ {node} ?p ?o }} }}"],
                    [*quads(), row],
                    [EVERYTHING],
                )
                replaced.append(name)
        return replaced

    def _log(self, action: str, key: str, outcome: str, quads: int, **more: object) -> None:
        given = {name: value for name, value in more.items() if value}
        journal.note(self.path, action, article=key, outcome=outcome, quads=quads, **given)


# ---------------------------------------------------------------- opening

_GRAPH: Final = "graph"
CHANGED: Final = layout.CHANGED
WRITER: Final = "writer.json"  # which process writes, for the message that another one gets


def changed(folder: Path) -> list[NamedNode]:
    """What ``Store.changed`` says of the store in a folder, without opening it. A torn last line is left out."""
    path = folder / CHANGED
    lines = path.read_text("utf-8", "replace").splitlines(keepends=True) if path.exists() else []
    whole = dict.fromkeys(line.rstrip("\n") for line in lines if line.endswith("\n"))
    return [NamedNode(line) for line in whole if ":" in line]


def open_store(path: str | Path, *, create: bool = False, read_only: bool = False, base: str | None = None) -> Store:
    """Open a store, or make one. A reader sees the store as it is now; there can be one writer at a time.

    ``base`` is taken when the store is made; later it must be the same, where it is given. Raises GraphError where
    there is no store, StoreError where it is in use, damaged, of another version, another base, or can't be written.
    """
    folder = Path(path)
    if not (folder / layout.NAME).is_file():
        if not create:
            raise GraphError(_no_store(folder))
        _create(folder, base or v.DEFAULT_BASE)
    found = layout.read(folder)
    if base and base != found.base:
        raise StoreError(f"{folder}: its ids begin with {found.base}, not with {base}; use that base or another store")
    if read_only:
        return Store(folder, _open_graph(folder, read_only), found.base, read_only=True)
    if (folder / BACKUP).exists():
        raise StoreError(f"{folder}: a backup, which is only read; kg store restore {folder} --store DIR makes a store")
    store = Store(folder, _open_graph(folder, read_only), found.base, read_only=False)
    _sign(folder)
    _tidy(folder)
    layout.migrate(folder, found)
    store.refresh()
    return store


def expect_store(folder: Path) -> None:
    """Raise GraphError, which says what to do, where a folder is no store."""
    if not (folder / layout.NAME).is_file():
        raise GraphError(_no_store(folder))


def _sign(folder: Path) -> None:
    """Note who writes. It is for a message only, so a full disk is no obstacle."""
    program = " ".join(["kg" if Path(sys.argv[0]).stem == "__main__" else Path(sys.argv[0]).stem, *sys.argv[1:2]])
    with contextlib.suppress(OSError):
        (folder / WRITER).write_text(json.dumps({"pid": os.getpid(), "program": program}), "utf-8")


def _tidy(folder: Path) -> None:
    """Take away what the engine says of itself at each opening: 130 kB, which nobody reads and it keeps 1000 times."""
    for old in (folder / _GRAPH).glob("LOG.old.*"):
        with contextlib.suppress(OSError):
            old.unlink()


def restoring(folder: Path) -> Path:
    """Where a store is put together that is to come into a folder's place."""
    return folder.with_name(f".{folder.name}.restoring")


def _no_store(folder: Path) -> str:
    if not folder.exists() and (restoring(folder) / layout.NAME).exists():
        return f"{folder}: to be restored, which was cut off; run kg store restore again, or remove {restoring(folder)}"
    if not folder.exists():
        return f"{folder}: no store there; make one with `kg build ARTICLE.txt --store {folder}`"
    if folder.is_dir():
        return f"{folder}: no store ({layout.NAME} is missing); name the folder of one, or a new folder"
    return f"{folder}: a file, no store; give it with --graph"


def _create(folder: Path, base: str) -> None:
    is_free = not folder.exists() or (folder.is_dir() and not any(folder.iterdir()))
    if not is_free or restoring(folder).exists():
        raise GraphError(_no_store(folder))
    with new_folder(folder) as new:
        layout.write(new, layout.Layout(layout.FORMAT, base))
        dataset, ids = ox.Store(str(new / _GRAPH)), Ids(base)
        own = ids.node("store")
        for name, (digest, quads) in _background(base).items():
            dataset.bulk_extend([*quads(), Quad(ids.node(name), v.DCT_IDENTIFIER, ox.Literal(digest), own)])
        dataset.flush()
        del dataset  # lets go of the folder


def base_of_folder(folder: Path) -> str:
    """What the ids of a store begin with. Raises StoreError where it is damaged or of a newer layout."""
    return layout.read(folder).base


def _open_graph(folder: Path, read_only: bool) -> ox.Store:
    path = folder / _GRAPH
    if not path.is_dir():
        raise StoreError(f"{path}: missing; restore a backup or build the store anew")
    return open_oxigraph(path, folder, read_only=read_only)


def open_oxigraph(path: Path, folder: Path, *, read_only: bool) -> ox.Store:
    """The engine's own folder of a store's ``folder``. Raises StoreError, InUse where another process writes."""
    for patience in (0.02, 0.1, 0.3, None):
        try:
            return ox.Store.read_only(str(path)) if read_only else ox.Store(str(path))
        except (OSError, RuntimeError) as error:
            # A reader may meet the writer tidying its files up: the next look is at the new ones.
            if read_only and patience and "No such file" in str(error):
                time.sleep(patience)
                continue
            if "lock" in str(error).lower() and "LOCK" in str(error):
                why = f"{_writer(folder)} is writing to it; wait until it has ended, or use another store"
                raise InUse(f"{folder}: {why}") from error
            raise StoreError(_why_not(folder, str(error))) from error
    raise AssertionError("unreachable")


def _why_not(folder: Path, message: str) -> str:
    if "No space left" in message or "quota exceeded" in message:
        return f"{folder}: {REASONS[errno.ENOSPC]}; until then it can be read, not written to"
    if "Permission denied" in message or "Read-only file system" in message:
        return f"{folder}: can't be written; check its permissions"
    return _damaged(folder, message)


def _damaged(folder: Path, why: object) -> str:
    return f"{folder}: damaged ({str(why).splitlines()[0]}); kg store check --repair, or restore a backup"


def _writer(folder: Path) -> str:
    try:
        found = json.loads((folder / WRITER).read_text("utf-8"))
        pid, program = int(found["pid"]), str(found["program"])
        if os.name == "posix":
            os.kill(pid, 0)  # whether it lives: a file may stay behind of one that was killed
    except PermissionError:  # it lives, and is another user's
        return f"process {pid} ({program})"
    except (OSError, ValueError, KeyError, TypeError):
        return "another process"
    return f"process {pid} ({program})"


def _background(base: str) -> Mapping[str, tuple[str, Callable[[], list[Quad]]]]:
    """Name -> hash and quads of what every store holds beside articles."""
    from kg import reference

    def ontology() -> list[Quad]:
        graph = Ids(base).node("ontology")
        quads = ox.parse(resources.path("ontology/kg.ttl").read_bytes(), format=RdfFormat.TURTLE)
        return [Quad(quad.subject, quad.predicate, quad.object, graph) for quad in quads]

    digest = hashlib.sha256(resources.path("ontology/kg.ttl").read_bytes()).hexdigest()
    return {"reference": (reference.load().hash, lambda: reference.quads(base)), "ontology": (digest, ontology)}


# ---------------------------------------------------------------- graph files

_FORMATS: Final[Mapping[str, RdfFormat]] = MappingProxyType(
    {
        ".ttl": RdfFormat.TURTLE,
        ".trig": RdfFormat.TRIG,
        ".nt": RdfFormat.N_TRIPLES,
        ".nq": RdfFormat.N_QUADS,
        ".jsonld": RdfFormat.JSON_LD,
        ".json": RdfFormat.JSON_LD,
        ".rdf": RdfFormat.RDF_XML,
        ".xml": RdfFormat.RDF_XML,
        ".owl": RdfFormat.RDF_XML,
    }
)
_POSITION: Final = re.compile(r"^Parser error at line \d+ (column \d+|between columns \d+ and \d+): ")


def load_dataset(path: str | Path, *, base: str = v.DEFAULT_BASE) -> ox.Store:
    """A graph file, or standard input for "-", in memory, with the reference data so that named queries work.

    The format is that of the file's ending (``.gz`` may follow); standard input is recognised. Raises GraphError for
    what can't be read or parsed, and for evidence whose words aren't those of its place.
    """
    name = "standard input" if str(path) == "-" else str(path)
    content = sys.stdin.buffer.read() if str(path) == "-" else _content(Path(path))
    formats = _guesses(content) if str(path) == "-" else [_format_of(Path(path))]
    dataset = _parsed(name, content, formats)
    wrong = wrong_evidence(dataset)
    if wrong:
        raise GraphError(f"{name}: {wrong[0]}; the graph was changed after it was made, build it again")
    node = Ids(base).node("reference")
    if not dataset.contains_named_graph(node):
        from kg import reference

        dataset.extend(reference.quads(base))
    return dataset


def _content(path: Path) -> bytes:
    try:
        data = path.read_bytes()
    except IsADirectoryError as error:
        raise GraphError(f"{path}: a folder, no graph file; give a store with --store") from error
    except OSError as error:
        raise GraphError(f"{path}: can't be read ({error.strerror}); check the path") from error
    if path.suffix != ".gz":
        return data
    try:
        return gzip.decompress(data)
    except (OSError, EOFError, ValueError) as error:
        raise GraphError(f"{path}: no whole gzip file ({error}); copy it again") from error


def _format_of(path: Path) -> RdfFormat:
    ending = Path(path.stem).suffix if path.suffix == ".gz" else path.suffix
    if ending.lower() not in _FORMATS:
        raise GraphError(f"{path}: unknown ending {ending!r}; a graph file ends in one of {' '.join(_FORMATS)}")
    return _FORMATS[ending.lower()]


def _guesses(content: bytes) -> list[RdfFormat]:
    start = content.lstrip()[:1]
    if start in (b"{", b"["):
        return [RdfFormat.JSON_LD, RdfFormat.TRIG]  # TriG may begin with a graph or a blank node
    if content.lstrip()[:5] in (b"<?xml", b"<rdf:", b"<!DOC"):
        return [RdfFormat.RDF_XML]
    return [RdfFormat.TRIG, RdfFormat.N_QUADS]  # Turtle and N-Triples are TriG; N-Quads aren't


def _parsed(name: str, content: bytes, formats: list[RdfFormat]) -> ox.Store:
    faults = []
    for kind in formats:
        dataset = ox.Store()
        try:
            dataset.load(content, format=kind)
        except (SyntaxError, ValueError, OSError, RuntimeError) as error:
            faults.append(_fault(name, kind, error))
        else:
            return dataset
    raise GraphError(faults[0])


def _fault(name: str, kind: RdfFormat, error: Exception) -> str:
    line = f" line {error.lineno}" if isinstance(error, SyntaxError) and error.lineno else ""
    message = _POSITION.sub("", str(getattr(error, "msg", None) or error))
    return f"{name}{line}: not valid {kind.name}: {message}; correct it or export the graph again"


# ---------------------------------------------------------------- what both share

_SPANS: Final = f"""
SELECT DISTINCT ?span ?begin ?end ?words ?context WHERE {{
  ?span a {v.SPAN} .
  OPTIONAL {{ ?span {v.BEGIN_INDEX} ?begin }}
  OPTIONAL {{ ?span {v.END_INDEX} ?end }}
  OPTIONAL {{ ?span {v.ANCHOR_OF} ?words }}
  OPTIONAL {{ ?span {v.REFERENCE_CONTEXT} ?context }}
}}"""


def wrong_evidence(dataset: ox.Store) -> list[str]:
    """Evidence whose words aren't as long as its place, or aren't the text's where that is known; one line each."""
    texts = {quad.subject: _value(quad.object) for quad in dataset.quads_for_pattern(None, v.IS_STRING, None, None)}
    found = []
    for row in dataset.query(_SPANS, use_default_graph_as_union=True):  # type: ignore[union-attr]
        begin, end, words = (_value(row[name]) for name in ("begin", "end", "words"))
        fault = _evidence_fault(begin, end, words, texts.get(row["context"]))
        if fault:
            found.append(f"evidence {row['span']}: {fault}")
    return sorted(found)


def _evidence_fault(begin: str | None, end: str | None, words: str | None, text: str | None) -> str | None:
    if begin is None or end is None or words is None or not (begin.isdecimal() and end.isdecimal()):
        return "begin, end or words are missing or no numbers"
    if len(words) != int(end) - int(begin):
        return f"{len(words)} characters of words at a place of {int(end) - int(begin)}"
    if text is not None and text[int(begin) : int(end)] != words:
        return f"the text has {text[int(begin) : int(end)]!r} there, not {words!r}"
    return None


def is_dataset(graph: object) -> bool:
    """Whether a graph is one of a linked table."""
    return isinstance(graph, NamedNode) and f"/id/{DATASET}" in graph.value


def published(dataset: ox.Store, *, reference: bool = False, links: bool = False, datasets: bool = False) -> list[Quad]:
    """What may be given away, sorted by graph, subject, predicate, object: what articles state, without their texts.

    A graph file without named graphs is all published. ``reference`` adds reference data and ontology, ``links`` the
    sets of links, ``datasets`` the linked tables, each of which has a licence of its own; where each article was read
    from, and what a user keeps in graphs of their own, stays in the store.
    """
    own = {mark.subject for mark in dataset.quads_for_pattern(None, OWN_GRAPH, None, None)}
    hidden = tuple(f"/id/{name}" for name in (NOT_PUBLISHED[-2:] if reference else NOT_PUBLISHED))
    named = (graph for graph in dataset.named_graphs() if graph not in own and not graph.value.endswith(hidden))
    named = (graph for graph in named if links or f"/id/{LINKS}" not in graph.value)
    graphs = [ox.DefaultGraph(), *(graph for graph in named if datasets or not is_dataset(graph))]
    found = [
        as_written(quad)
        for graph in graphs
        for quad in dataset.quads_for_pattern(None, None, None, graph)
        if quad.predicate != v.IS_STRING
    ]
    return sorted(found, key=_quad_order)


def _quad_order(quad: Quad) -> tuple[str, str, str, str]:
    graph = "" if isinstance(quad.graph_name, ox.DefaultGraph) else quad.graph_name.value
    return graph, str(quad.subject), str(quad.predicate), str(quad.object)


def patterns(quads: Iterable[Quad]) -> str:
    """Quads of named graphs as the inside of INSERT DATA or DELETE DATA.

    Terms are written as in N-Triples, which SPARQL reads alike.
    """
    graphs: dict[str, list[str]] = defaultdict(list)
    for quad in quads:
        graphs[str(quad.graph_name)].append(f"{quad.subject} {quad.predicate} {quad.object} .")
    return "\n".join(f"GRAPH {name} {{\n{chr(10).join(rows)}\n}}" for name, rows in graphs.items())


def _digest(quads: Iterable[Quad]) -> str:
    return hashlib.sha256("\n".join(sorted(str(quad) for quad in quads)).encode()).hexdigest()


def _source(article: Article) -> str | None:
    """Page or file that it was read from; None for standard input.

    A file by its absolute path: another folder may have one of the same name.
    """
    if article.url:
        return article.url
    return None if article.source.partition("#")[0] == "-" else _absolute(article.source)


def _is_below(graph: object, begin: str) -> bool:
    return isinstance(graph, NamedNode) and f"{graph.value}/".startswith(f"{begin}/")


def _iri(text: str) -> list[NamedNode]:
    """The text as an IRI, where it is one."""
    try:
        return [NamedNode(text)]
    except ValueError:
        return []


def _absolute(source: str) -> str:
    return source if "://" in source else os.path.abspath(source)


def _some(source: str | None) -> set[str]:
    return {source} if source else set()


def _key(node: NamedNode) -> str:
    return node.value.rpartition("/")[2]


def _value(term: object) -> str | None:
    return term.value if isinstance(term, ox.Literal | NamedNode) else None
