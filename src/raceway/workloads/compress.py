"""zlib at its usual level: C that releases the GIL."""

from __future__ import annotations

import zlib

from raceway.case import Kind, Scope, Workload

LARGEST = 8 * 2**20
LINE = b"%08d the quick brown fox jumps over the lazy dog\n"
KNOWN: dict[int, bytes] = {}
"""Texts by size, made once in each worker."""


def text(size_bytes: int) -> bytes:
    """Return that many bytes of numbered lines."""
    if size_bytes not in KNOWN:
        lines = size_bytes // len(LINE % 0) + 1
        KNOWN[size_bytes] = b"".join(LINE % number for number in range(lines))[:size_bytes]
    return KNOWN[size_bytes]


def compressed(size_bytes: int) -> int:
    """Compress a text and return a checksum of what comes out."""
    return zlib.crc32(zlib.compress(text(size_bytes)))


WORKLOAD = Workload(
    summary="zlib compression, C that releases the GIL",
    kind=Kind.CPU,
    task=compressed,
    sizes={"64KiB": (2**16,) * 32, "1MiB": (2**20,) * 4, "8MiB": (LARGEST,) * 2},
    size_scopes={"64KiB": Scope.FULL, "1MiB": Scope.FULL, "8MiB": Scope.FULL},
    releases_gil=True,
)
