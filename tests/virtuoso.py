"""A Virtuoso of Debian's on this machine's own address, in a folder of its own."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from loopback import free_port, running

SETTINGS = """
[Database]
DatabaseFile = v.db
ErrorLogFile = v.log
LockFile = v.lck
TransactionFile = v.trx
xa_persistent_file = v.pxa
FileExtend = 20
[TempDatabase]
DatabaseFile = t.db
TransactionFile = t.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
ServerThreads = {threads}
NumberOfBuffers = {buffers}
MaxDirtyBuffers = {dirty}
CheckpointInterval = 0
CaseMode = 2
DirsAllowed = .
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerRoot = .
MaxClientConnections = {clients}
ServerThreads = {clients}
MaxKeepAlives = {clients}
EnabledGzipContent = 0
Charset = UTF-8
[SPARQL]
ResultSetMaxRows = 1000000
"""
USER = PASSWORD = "dba"  # what a new database has


@dataclass(frozen=True)
class Virtuoso:
    """One that runs: its address, and the one of its own protocol, as ``isql-vt`` takes it."""

    address: str
    sql: str


@contextlib.contextmanager
def virtuoso(folder: Path, *, clients: int = 5, buffers: int = 4000) -> Iterator[Virtuoso]:
    """For so many clients at a time, with so many buffers of 8 kB. Raises LookupError where it isn't installed."""
    program = shutil.which("virtuoso-t")
    if program is None:
        raise LookupError("no Virtuoso here; on Debian: apt-get install virtuoso-opensource-7")
    sql, http = free_port(), free_port()
    file = folder / "virtuoso.ini"
    sizes = {"threads": clients + 10, "clients": clients, "buffers": buffers, "dirty": buffers * 3 // 5}
    file.write_text(SETTINGS.format(sql=sql, http=http, **sizes))
    with running([program, "+foreground", "+configfile", str(file)], http, seconds=180, cwd=folder):
        yield Virtuoso(f"http://127.0.0.1:{http}", f"127.0.0.1:{sql}")
