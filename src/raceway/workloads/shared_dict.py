"""A dict that all threads read: without a GIL, what they share is still in their way."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from raceway.case import Family, Kind, Scope, Workload

if TYPE_CHECKING:
    from collections.abc import Iterator

ENTRIES = 1_024
READS = 10
"""How often a task reads each entry."""


@contextmanager
def shared() -> Iterator[dict[int, int]]:
    """Make one dict for all threads of a lane."""
    yield {number: number for number in range(ENTRIES)}


def read(number: int, resource: dict[int, int]) -> int:
    """Sum the entries several times; the argument is added."""
    total = number
    for _ in range(READS):
        for key in range(ENTRIES):
            total += resource[key]
    return total


def summed(number: int) -> int:
    """Return the same without a dict."""
    return number + READS * sum(range(ENTRIES))


WORKLOAD = Workload(
    summary="a dict shared by all threads, read only",
    kind=Kind.CPU,
    task=read,
    expected=summed,
    server=shared,
    sizes={"16": range(16), "256": range(256)},
    size_scopes={"16": Scope.FULL, "256": Scope.FULL},
    families=frozenset({Family.ONE_CORE, Family.THREADS}),
)
