"""An open store: articles' graphs kept, replaced or taken back, and what is kept beside them, each in one transaction.

Beside the three graphs of each article it holds reference data, the ontology, who is who, sets of links, linked tables,
graphs of a user's own, and ``id/store``, the register. Oxigraph runs one SPARQL update as one transaction, however many
operations it has, so every change here is one update.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, Self

import pyoxigraph as ox
from pyoxigraph import NamedNode, Quad

from kg import journal
from kg import vocabulary as v
from kg.errors import InputError, InUse, NothingFound, StoreError
from kg.model import Article
from kg.output import append, reason
from kg.rdf import Ids
from kg.store import background
from kg.store.folder import CHANGED, GRAPH, WRITER, changed, damaged, open_graph, optimise, sign, size_of
from kg.store.freed import give_back
from kg.store.graphs import DATASET, EVERYTHING, IDENTITIES, LINKS, OWN_GRAPH, is_below, is_dataset, key_of
from kg.store.published import published
from kg.store.register import Register, absolute, value_of
from kg.store.updates import patterns
from kg.store.waiting import Waited, Waiting, Waits, as_file

Outcome = Literal["added", "replaced", "unchanged"]
LinksOutcome = Literal["added", "replaced", "unchanged", "removed"]
UNRESOLVED: Final = NamedNode("urn:jejaring:identities#unresolved")
"""What marks an article in the identities whose persons are to be looked at again."""
_SETTLED: Final = NamedNode("urn:jejaring:identities#settled")
"""What marks the graph itself where no article is so marked: to look for marks is slow where many were deleted."""


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
        self.waiting = Waiting(path)
        self._ids = Ids(base)
        self._hold(dataset)
        self._own = self._register.graph
        self._identities = self._ids.node(IDENTITIES)
        self.was_settled = any(dataset.quads_for_pattern(self._identities, _SETTLED, None, self._identities))
        self._touched: set[NamedNode] = set()  # in this session
        self._before = 0  # bytes of the graph before articles were brought in

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let another process write; the dataset can't be used any more."""
        if not self.read_only:
            (self.path / WRITER).unlink(missing_ok=True)
        self.waiting.close()
        self._hold(ox.Store())

    def _hold(self, dataset: ox.Store) -> None:
        """Nobody else holds the engine, which lets go of its folder with the last who does."""
        self.dataset = dataset
        self._register = Register(dataset, self._ids)

    # ---- change

    def put(self, article: Article, quads: Iterable[Quad]) -> Outcome:
        """Keep an article's graphs, in place of what was known of it or of an older text from the same page or file."""
        new, node, source = list(quads), self._ids.article(article), source_of(article)
        digest, state = digest_of(new), self._register.state(node)
        sources = state.get(v.SOURCE, set()) | _some(source)
        known = state.get(v.DCT_IDENTIFIER) == {digest}
        if not (known and sources == state.get(v.SOURCE, set())):
            operations, older = self._superseded(node, source)
            known = known and not older
            operations += self._forget(node) if state else [f"DELETE DATA {{ {patterns([self._settled()])} }}"]
            changed = [node, *(self._ids.node(f"article/{key}") for key in older)]
            if not self.waits(node):  # an older state of it may, which this could be again
                self.waiting.drop(article.key)
            self._update(operations, [*new, *self._rows(article, digest, sources)], changed)
        else:
            older = []
        outcome: Outcome = "unchanged" if known else "replaced" if state or older else "added"
        self._log("put", article.key, outcome, 0 if known else len(new), replaces=older)
        return outcome

    def is_new(self, article: Article) -> bool:
        """Whether neither the article is here, nor another text of its page or file."""
        source = source_of(article)
        is_known = self._register.state(self._ids.article(article)) or (source and self._register.read_from(source))
        return not is_known

    def register(self, articles: Sequence[tuple[Article, Waits]]) -> None:
        """Keep many articles at once that are new here, each with a page or file of its own: all of them or none.

        Their graphs wait until ``bring_in``; all else follows as if they were here.
        """
        self._writable()
        self.waiting.add(waits for _, waits in articles)  # first: what is registered is here, or waits
        self._unsettle()
        nodes = [self._ids.article(article) for article, _ in articles]
        rows = [
            row
            for node, (article, waits) in zip(nodes, articles, strict=True)
            for row in self._registered(node, waits.digest, _some(source_of(article)))
        ]
        with self._changing(nodes):
            self.dataset.extend(rows)
        notes = [{"article": article.key, "outcome": "added"} for article, _ in articles]
        journal.note_all(self.path, "put", notes)

    def waits(self, article: NamedNode) -> bool:
        """Whether the graphs of an article that is registered are still to be brought in."""
        key = key_of(article)
        digest = self.waiting.digest(key) if article == self._ids.node(f"article/{key}") else None
        return digest is not None and digest == self.digest(key)

    def forget_replaced(self) -> int:
        """Let articles no longer wait that were replaced since, or never registered; gives how many do.

        Before they are brought in: afterwards, in an engine that has not sorted them yet, it took minutes for 92,000.
        """
        self.waiting.drop(*(key for key, digest in list(self.waiting.digests()) if self.digest(key) != digest))
        return len(self.waiting)

    def all_waiting(self, waiting: Waiting | None = None) -> Iterator[tuple[NamedNode, Waited]]:
        """The articles that wait; ``forget_replaced`` first."""
        for each in self.waiting if waiting is None else waiting:
            yield self._ids.node(f"article/{each.key}"), each

    def nodes_waiting(self, waiting: Waiting | None = None) -> Iterator[NamedNode]:
        """The same without what they hold."""
        for key, _ in (self.waiting if waiting is None else waiting).digests():
            yield self._ids.node(f"article/{key}")

    def bring_in(self, step: Callable[[], None] = lambda: None) -> None:
        """Give the engine the graphs of all that wait, in one call: all of them or none.

        They wait until ``nothing_waits``, so that the view can be given the same. May be called in a thread of its own.
        ``step`` is called before each article; what it raises ends the call.
        """
        self._before = size_of(self.path / GRAPH)
        with closing(Waiting(self.path)) as waiting, self._changing(self.nodes_waiting(waiting)):
            data = as_file(self._graphs_waiting(waiting, step))
            self.dataset.bulk_load(data, format=ox.RdfFormat.N_QUADS)
        give_back()

    def flush(self) -> None:
        """Let the engine write what it holds in memory; it is safe before, too."""
        with self._changing(()):
            self.dataset.flush()

    def _graphs_waiting(self, waiting: Waiting, step: Callable[[], None]) -> Iterator[bytes]:
        for node, each in self.all_waiting(waiting):
            step()
            yield each.graphs
            text = Quad(node, v.IS_STRING, ox.Literal(each.text), _provenance(node))
            yield ox.serialize([text], format=ox.RdfFormat.N_QUADS) or b""

    def reopen(self) -> None:
        """Let go of what the engine holds in memory of all that was read and written; ``dataset`` is another then.

        Raises InUse where somebody who came in between doesn't give it back (``leave_to_writer``).
        """
        sign(self.path, returns=True)
        self._hold(ox.Store())
        self._hold(_open_again(self.path))
        sign(self.path)

    def sort(self) -> None:
        """Let the engine sort what was brought in, where that is much."""
        optimise(self.dataset, self.path / GRAPH, self._before)

    def nothing_waits(self) -> None:
        """What waited is where it belongs."""
        self.waiting.clear()

    def _unsettle(self) -> None:
        if any(self.dataset.quads_for_pattern(self._identities, _SETTLED, None, self._identities)):
            self._update([f"DELETE DATA {{ {patterns([self._settled()])} }}"], [], [])

    def add_source(self, article: Article) -> None:
        """Note that another page or file has an article that is here; what it had before goes."""
        node, source = self._ids.article(article), source_of(article)
        operations, older = self._superseded(node, source)
        rows = [Quad(node, v.SOURCE, ox.Literal(each), self._own) for each in _some(source)]
        self._update(operations, rows, [self._ids.node(f"article/{key}") for key in older])
        self._log("put", article.key, "unchanged", 0, replaces=older)

    def is_kept(self, article: Article, quads: Iterable[Quad]) -> bool:
        """Whether the store has exactly these graphs of the article."""
        return self._register.state(self._ids.article(article)).get(v.DCT_IDENTIFIER) == {digest_of(list(quads))}

    def digest(self, key: str) -> str | None:
        """The ``digest_of`` what is kept of an article by its key; None where it isn't here."""
        return next(iter(self._register.state(self._ids.node(f"article/{key}")).get(v.DCT_IDENTIFIER, ())), None)

    def note(self, action: str, key: str, outcome: str, **more: object) -> None:
        """Add to the log what a person did, with what concerns it: who, why."""
        self._log(action, key, outcome, 0, **more)

    def _rows(self, article: Article, digest: str, sources: Iterable[str]) -> list[Quad]:
        """What the store keeps of an article beside its graphs."""
        node = self._ids.article(article)
        text = Quad(node, v.IS_STRING, ox.Literal(article.text), self._ids.provenance(article))
        return [text, *self._registered(node, digest, sources)]

    def _registered(self, node: NamedNode, digest: str, sources: Iterable[str]) -> list[Quad]:
        return [
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
        found = self._register.called(name) or self._register.read_from(absolute(name)) or self._register.of_file(name)
        dataset = None if found else self._remove_dataset(name)
        if dataset is not None:
            return dataset
        if not found:
            raise NothingFound(f"{self.path}: no article {name!r}; `kg query articles` lists them")
        if len(found) > 1:
            keys = ", ".join(map(key_of, found))
            raise InputError(f"{self.path}: {name!r} names {len(found)} articles; give one of the keys {keys}")
        self._update(self._forget(found[0]), [], found)
        self._log("remove", key_of(found[0]), "removed", 0)
        return key_of(found[0])

    def drop(self, article: NamedNode) -> None:
        """Take all away that is there of an article, although it may be no whole one; in one transaction."""
        self._update(self._forget(article), [], [article])
        self._log("remove", key_of(article), "removed", 0)

    def put_links(self, name: str, quads: Iterable[Quad]) -> LinksOutcome:
        """Keep a set of links in graphs ``id/links/NAME/…``, in place of all that was there; none takes it away.

        What is there already is not written again. Raises ValueError for a quad of another graph.
        """
        begin = self._ids.node(f"{LINKS}{name}").value
        new = set(quads)
        if not all(is_below(quad.graph_name, begin) for quad in new):
            raise ValueError(f"links of {name!r} must lie in graphs below {begin}")
        graphs = [graph for graph in self.dataset.named_graphs() if is_below(graph, begin)]
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
        state, digest = self._register.state(graph), digest_of(new)
        known = state.get(v.DCT_IDENTIFIER) == {digest}
        if not known:
            rows = [
                Quad(graph, v.DCT_IDENTIFIER, ox.Literal(digest), self._own),
                Quad(graph, v.SOURCE, ox.Literal(absolute(source)), self._own),
            ]
            self._update(self._forget_dataset(graph), [*new, *rows], [graph])
        outcome: Outcome = "unchanged" if known else "replaced" if state else "added"
        self._log("link", f"{DATASET}{key_of(graph)}", outcome, 0 if known else len(new))
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
            key = f"{DATASET}{key_of(graph)}"
            if name in {key, graph.value} or absolute(name) in self._register.state(graph).get(v.SOURCE, ()):
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
        for other in self._register.read_from(source) if source else ():
            if other == node:
                continue
            if self._register.state(other).get(v.SOURCE) == {source}:
                operations += self._forget(other)
                gone.append(key_of(other))
            else:
                row = f"{other} {v.SOURCE} {ox.Literal(str(source))}"
                operations.append(f"DELETE DATA {{ GRAPH {self._own} {{ {row} }} }}")
        return operations, gone

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
        text = " ;\n".join([*operations, f"INSERT DATA {{ {patterns(quads)} }}"])
        with self._changing(changed):
            self.dataset.update(text)

    @contextlib.contextmanager
    def _changing(self, changed: Iterable[object]) -> Iterator[None]:
        """What changes the graph, in one call of the engine."""
        self._writable()
        try:
            self._note(changed)
            yield
        except OSError as error:
            raise StoreError(f"{self.path}: {reason(error)}; nothing of this change was made") from error
        except RuntimeError as error:
            raise StoreError(damaged(self.path, error)) from error

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
        return self._kept(node) if self._register.state(node) else None

    def _kept(self, node: NamedNode) -> Kept:
        facts = {q.predicate: value_of(q.object) for q in self.dataset.quads_for_pattern(node, None, None, node)}
        sources = tuple(sorted(self._register.state(node).get(v.SOURCE, ())))
        title, url, date = (facts.get(p) for p in (v.HEADLINE, v.URL, v.DATE_PUBLISHED))
        return Kept(key_of(node), node.value, title, url, date, sources)

    def text(self, key: str) -> str | None:
        """The text of an article, if it is kept."""
        node = self._ids.node(f"article/{key}")
        rows = self.dataset.quads_for_pattern(node, v.IS_STRING, None, _provenance(node))
        found = next((value_of(quad.object) for quad in rows), None)
        return found if found is not None or self.read_only else self.waiting.text(key)

    def published(self) -> list[Quad]:
        """What an export writes: the articles' graphs without their texts, sorted."""
        return published(self.dataset)

    def log(self) -> list[dict[str, object]]:
        """What was done, oldest first. A line that was cut off is left out."""
        return journal.entries(self.path)

    # ---- look after

    def refresh(self) -> list[str]:
        """Replace reference data and ontology where the program's are others; gives the names of what was replaced."""
        replaced = []
        for name, (digest, quads) in background.of(self.base).items():
            node = self._ids.node(name)
            if self._register.state(node).get(v.DCT_IDENTIFIER) != {digest}:
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


def _open_again(folder: Path) -> ox.Store:
    for patience in (0.02, 0.1, 0.5, 2, 10):
        with contextlib.suppress(InUse):
            return open_graph(folder, read_only=False)
        time.sleep(patience)
    return open_graph(folder, read_only=False)


def digest_of(quads: Iterable[Quad]) -> str:
    """The hash by which the store knows what it keeps of an article."""
    return digest_of_lines(map(str, quads))


def digest_of_lines(lines: Iterable[str]) -> str:
    """The same of quads as text, each a line of N-Quads without the full stop."""
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()


def source_of(article: Article) -> str | None:
    """Page or file that it was read from; None for standard input.

    A file by its absolute path: another folder may have one of the same name.
    """
    if article.url:
        return article.url
    return None if article.source.partition("#")[0] == "-" else absolute(article.source)


def _provenance(article: NamedNode) -> NamedNode:
    return NamedNode(f"{article.value}/provenance")


def _some(source: str | None) -> set[str]:
    return {source} if source else set()
