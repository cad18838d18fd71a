"""Shared memory that is there already: workers attach it and read a byte, whatever its size."""

from __future__ import annotations

import sys
import threading
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from raceway.case import Family, Kind, Scope, Workload

if TYPE_CHECKING:
    from collections.abc import Iterator, Sized
    from multiprocessing.shared_memory import SharedMemory

SIZES = {"1KiB": 2**10, "64KiB": 2**16, "1MiB": 2**20, "16MiB": 2**24, "64MiB": 2**26}
TASKS = 64
"""As many at each size, so that their times can be compared."""
LOCAL = frozenset(Family) - {Family.ENGINES}
"""Workers elsewhere do not share this machine's memory."""
ATTACHING = threading.Lock()


@contextmanager
def segments() -> Iterator[dict[int, str]]:
    """Make the memory for a lane; yield the names by size."""
    with ExitStack() as made:
        yield {size: made.enter_context(segment(size)) for size in SIZES.values()}


@contextmanager
def segment(size_bytes: int) -> Iterator[str]:
    """Make memory of which only the last byte is written, so that the rest takes no room."""
    from multiprocessing.shared_memory import SharedMemory  # noqa: PLC0415 (not everywhere)

    made = SharedMemory(create=True, size=size_bytes)
    try:
        made.buf[size_bytes - 1] = last_byte(size_bytes)  # type: ignore[index] # it is open
        yield made.name
    finally:
        made.close()
        made.unlink()


def attached(name: str) -> SharedMemory:
    """Attach memory that somebody else removes.

    Before Python 3.13 it would be tracked as if it were ours: a worker with a tracker of its own
    would remove it at its end. So nothing is told to the tracker meanwhile.
    """
    from multiprocessing import resource_tracker, shared_memory  # noqa: PLC0415 (not everywhere)

    if sys.version_info >= (3, 13):
        return shared_memory.SharedMemory(name, track=False)
    with ATTACHING:
        register = resource_tracker.register
        resource_tracker.register = untold
        try:
            return shared_memory.SharedMemory(name)
        finally:
            resource_tracker.register = register


def untold(name: Sized, rtype: str) -> None:
    """Tell nobody of what is of a type."""
    del name, rtype


def read(size_bytes: int, resource: dict[int, str]) -> int:
    """Attach the memory of a size, and read its last byte."""
    memory = attached(resource[size_bytes])
    try:
        return memory.buf[size_bytes - 1]  # type: ignore[index] # it is open
    finally:
        memory.close()


def last_byte(size_bytes: int) -> int:
    """Return the byte, which tells the size."""
    return size_bytes.bit_length()


WORKLOAD = Workload(
    summary="shared memory of 1 KiB to 64 MiB, already there: attached, and the last byte read",
    kind=Kind.CPU,
    task=read,
    expected=last_byte,
    server=segments,
    sizes={name: (size,) * TASKS for name, size in SIZES.items()},
    size_scopes=dict.fromkeys(SIZES, Scope.FULL),
    families=LOCAL,
)
