"""A Virtuoso of Debian's on this machine's own address, in a folder of its own."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

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
ServerThreads = 10
NumberOfBuffers = 4000
MaxDirtyBuffers = 3000
CheckpointInterval = 0
CaseMode = 2
DirsAllowed = .
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerRoot = .
MaxClientConnections = 5
EnabledGzipContent = 0
Charset = UTF-8
[SPARQL]
ResultSetMaxRows = 1000000
"""
USER = PASSWORD = "dba"  # what a new database has


@contextlib.contextmanager
def virtuoso(folder: Path) -> Iterator[str]:
    """Its address; skips the test where the program isn't installed."""
    program = shutil.which("virtuoso-t")
    if program is None:
        pytest.skip("no Virtuoso here; on Debian: apt-get install virtuoso-opensource-7")
    sql, http = free_port(), free_port()
    file = folder / "virtuoso.ini"
    file.write_text(SETTINGS.format(sql=sql, http=http))
    with running([program, "+foreground", "+configfile", str(file)], http, seconds=180, cwd=folder):
        yield f"http://127.0.0.1:{http}"
