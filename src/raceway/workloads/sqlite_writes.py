"""SQLite: transactions that workers make one after the other, since it has one writer at a time."""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from raceway.case import Family, Kind, Scope, Workload

if TYPE_CHECKING:
    from collections.abc import Iterator

PATIENCE_S = 60.0
"""How long a worker waits for its turn to write."""
LOCAL = frozenset(Family) - {Family.ENGINES}
"""Workers elsewhere would not see the file."""


@contextmanager
def database() -> Iterator[str]:
    """Make a database with a write-ahead log for a lane, and yield its file."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        path = str(Path(folder, "numbers.sqlite"))
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("pragma journal_mode = wal")
            connection.execute("create table numbers (id integer primary key, square integer)")
        yield path


@contextmanager
def connected(path: str) -> Iterator[sqlite3.Connection]:
    """Connect a worker; each statement is a transaction, not forced to the disk."""
    options = {"timeout": PATIENCE_S, "isolation_level": None, "check_same_thread": False}
    with closing(sqlite3.connect(path, **options)) as connection:  # type: ignore[call-overload]
        connection.execute("pragma synchronous = normal")
        yield connection


def write(number: int, resource: sqlite3.Connection) -> int:
    """Write a row; return its number."""
    row = (number, number * number)
    resource.execute("insert or replace into numbers values (?, ?)", row)
    return number


WORKLOAD = Workload(
    summary="SQLite transactions of a row, one writer at a time, not forced to the disk",
    kind=Kind.IO,
    task=write,
    expected=int,
    server=database,
    setup=connected,
    sizes={"100": range(100), "1000": range(1_000)},
    size_scopes={"100": Scope.FULL, "1000": Scope.FULL},
    families=LOCAL,
)
