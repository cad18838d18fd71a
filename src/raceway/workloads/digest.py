"""SHA-256 of blocks: C that releases the GIL."""

from __future__ import annotations

import hashlib

from raceway.case import Kind, Scope, Workload

LARGEST = 8 * 2**20
BLOCK = bytes(LARGEST)


def digest(size_bytes: int) -> str:
    """Return the hex digest of that many zero bytes."""
    return hashlib.sha256(memoryview(BLOCK)[:size_bytes]).hexdigest()


WORKLOAD = Workload(
    summary="SHA-256, C that releases the GIL",
    kind=Kind.CPU,
    task=digest,
    sizes={"64KiB": (2**16,) * 64, "1MiB": (2**20,) * 16, "8MiB": (LARGEST,) * 4},
    size_scopes={"64KiB": Scope.FULL, "1MiB": Scope.DEFAULT, "8MiB": Scope.FULL},
    releases_gil=True,
)
