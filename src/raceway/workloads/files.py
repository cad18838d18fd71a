"""Many small files, written, read and deleted; they stay in the system's memory."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from raceway.case import Family, Kind, Scope, Workload

if TYPE_CHECKING:
    from collections.abc import Iterator

CONTENT = bytes(range(256)) * 16
"""4 KiB."""
LOCAL = frozenset(Family) - {Family.ENGINES}
"""Workers elsewhere would not see the folder."""


@contextmanager
def folder() -> Iterator[str]:
    """Make a folder for the files of a lane."""
    with tempfile.TemporaryDirectory() as path:
        yield path


def write_and_read(number: int, resource: str) -> int:
    """Write a file, read it again, delete it; return the sum of its bytes."""
    path = Path(resource, str(number))
    path.write_bytes(CONTENT)
    content = path.read_bytes()
    path.unlink()
    return sum(content)


def sum_of_bytes(number: int) -> int:
    """Return the same without a file."""
    del number
    return sum(CONTENT)


WORKLOAD = Workload(
    summary="files of 4 KiB written, read and deleted, in the system's memory",
    kind=Kind.CPU,
    task=write_and_read,
    expected=sum_of_bytes,
    server=folder,
    sizes={"100": range(100), "1000": range(1_000)},
    size_scopes={"100": Scope.DEFAULT, "1000": Scope.FULL},
    families=LOCAL,
    releases_gil=True,
)
