"""A folder of parts -> a store of another program, part by part; a part that is there as it is now is passed over.

Beside what was read lies, for each store that parts were sent to, ``sent-NAME.json`` with the hash of each file that is
there. A stop means that one part is compared again.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import pyoxigraph as ox
from pyoxigraph import Literal, NamedNode, Quad

from kg import vocabulary as v
from kg.corpus import members
from kg.corpus.manifest import NAME, listed
from kg.corpus.members import WORK, members_of
from kg.errors import GraphError
from kg.output import write_atomic
from kg.rdf import Ids
from kg.view.remote import Remote, name_of
from kg.view.sending import QUADS, Sender, Told, unit_of

_ENDING: Final = ".nq.gz"


def send_parts(folder: Path, remote: Remote, *, again: bool = False, told: Told | None = None) -> int:
    """Bring another store up to date with parts; gives how many articles and other graphs were others there.

    ``told`` is called with the parts that were looked at, of how many. Raises GraphError where the folder has no parts
    in N-Quads, ServiceError where the other store fails: then the same call goes on where it was.
    """
    files = sorted(folder.glob(f"*{_ENDING}"))
    if not any(file.name.startswith("part-") for file in files):
        raise GraphError(f"{folder}: no parts in N-Quads there; make some: kg build SOURCES --parts {folder}")
    path = folder / WORK / f"sent-{name_of(remote.query_url)}.json"
    sent: dict[str, str] = {} if again or not path.exists() else json.loads(path.read_text("ascii"))
    gone = {each.key[:16] for each in listed(folder / WORK / NAME) if each.key and each.outcome == "replaced"}
    sender = Sender(remote, is_long=True)
    for number, file in enumerate(files, 1):
        content = file.read_bytes()
        digest = hashlib.sha256(content).hexdigest()
        if sent.get(file.name) != digest:
            for batch in _batches(content, _left(folder, file, gone, remote.base)):
                sender.bring(batch)
            sent[file.name] = digest
            write_atomic(path, json.dumps(sent, indent=1).encode() + b"\n")
        if told:
            told(number, len(files))
    return sender.changed


def base_of_parts(folder: Path) -> str:
    """What the ids of a folder of parts begin with. Raises GraphError where it is none."""
    found = members.base_of(folder)
    if found is None:
        raise GraphError(f"{folder}: no folder of parts; make one: kg build SOURCES --parts {folder}")
    return found


def _left(folder: Path, file: Path, gone: set[str], base: str) -> list[NamedNode]:
    """The articles of a part that have a newer text: the other store may have them."""
    if not file.name.startswith("part-"):
        return []
    number = int(file.name.removeprefix("part-").removesuffix(_ENDING))
    keys = [member.key for member in members_of(folder, number) if member.key in gone]
    return [Ids(base).node(f"article/{key}") for key in keys]


def _batches(content: bytes, left: Iterable[NamedNode]) -> Iterator[dict[NamedNode, set[Quad]]]:
    """The quads of a file by what is sent together; members of a gzip file, which hold whole articles, one by one."""
    batch: dict[NamedNode, set[Quad]] = defaultdict(set, {unit: set() for unit in left})
    size, last = 0, None
    for quad in ox.parse(gzip.decompress(content), format=ox.RdfFormat.N_QUADS):
        assert isinstance(quad.graph_name, NamedNode)
        unit = unit_of(quad.graph_name)
        if size >= QUADS and unit != last:
            yield dict(batch)
            batch, size = defaultdict(set), 0
        batch[unit].add(_as_kept(quad))
        size, last = size + 1, unit
    if batch:
        yield dict(batch)


def _as_kept(quad: Quad) -> Quad:
    """The quad as a view has it: its engine, and that of others, keeps every integer type as xsd:integer."""
    value = quad.object
    if not isinstance(value, Literal) or value.datatype != v.NON_NEGATIVE_INTEGER:
        return quad
    return Quad(quad.subject, quad.predicate, Literal(value.value, datatype=v.INTEGER), quad.graph_name)
