"""SQLite: queries through a connection for each worker; the database stays in memory (warm)."""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from raceway.case import Family, Kind, Scope, Workload

if TYPE_CHECKING:
    from collections.abc import Iterator

ROWS = 10_000
READ = 100
"""Rows a query reads."""
LOCAL = frozenset(Family) - {Family.ENGINES}
"""Workers elsewhere would not see the file."""


@contextmanager
def database() -> Iterator[str]:
    """Make a database for a lane, and yield its file."""
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder, "numbers.sqlite"))
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute("create table numbers (id integer primary key, square integer)")
            rows = ((number, number * number) for number in range(ROWS))
            connection.executemany("insert into numbers values (?, ?)", rows)
        yield path


@contextmanager
def connected(path: str) -> Iterator[sqlite3.Connection]:
    """Connect a worker; it reads only."""
    uri = f"{Path(path).as_uri()}?mode=ro"
    with closing(sqlite3.connect(uri, uri=True, check_same_thread=False)) as connection:
        yield connection


def sum_of_squares(first: int, resource: sqlite3.Connection) -> int:
    """Sum some rows' squares in Python."""
    query = "select square from numbers where id >= ? and id < ?"
    return sum(square for (square,) in resource.execute(query, (first, first + READ)))


def summed(first: int) -> int:
    """Return the same without a database."""
    return sum(number * number for number in range(first, first + READ))


def tasks(count: int) -> tuple[int, ...]:
    """Return where each query begins, spread over all rows."""
    return tuple(number * 97 % (ROWS - READ) for number in range(count))


WORKLOAD = Workload(
    summary="SQLite queries of 100 rows, a connection a worker, warm",
    kind=Kind.CPU,
    task=sum_of_squares,
    expected=summed,
    server=database,
    setup=connected,
    sizes={"100": tasks(100), "1000": tasks(1_000)},
    size_scopes={"100": Scope.DEFAULT, "1000": Scope.FULL},
    families=LOCAL,
    releases_gil=True,
)
