"""A counter that all workers increase, a lock around it: threads in each other's way."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from raceway.case import Family, Kind, Scope, Workload

if TYPE_CHECKING:
    from collections.abc import Iterator

STEPS = 1_000
"""Increases a task."""


class Counter:
    """A number, and a lock for those who change it."""

    def __init__(self) -> None:
        """Begin at zero."""
        self.lock, self.value = threading.Lock(), 0


@contextmanager
def shared() -> Iterator[Counter]:
    """Make one counter for all threads of a lane."""
    yield Counter()


def count(number: int, resource: Counter) -> int:
    """Increase the counter many times; return the argument."""
    for _ in range(STEPS):
        with resource.lock:
            resource.value += 1
    return number


WORKLOAD = Workload(
    summary="a counter shared by all threads, a lock around each increase",
    kind=Kind.CPU,
    task=count,
    expected=int,
    server=shared,
    sizes={"16": range(16), "256": range(256)},
    size_scopes={"16": Scope.DEFAULT, "256": Scope.FULL},
    families=frozenset({Family.ONE_CORE, Family.THREADS}),
)
