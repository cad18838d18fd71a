"""JSON read and written again: C that holds the GIL."""

from __future__ import annotations

import json

from raceway.case import Kind, Scope, Workload

KNOWN: dict[int, str] = {}
"""Documents by their number of entries, made once in each worker."""


def document(entries: int) -> str:
    """Return a document of that many entries, of about 80 bytes each."""
    if entries not in KNOWN:
        KNOWN[entries] = json.dumps(
            [
                {"id": number, "name": f"user {number}", "score": number / 7, "tags": ["a", "b"]}
                for number in range(entries)
            ]
        )
    return KNOWN[entries]


def round_trip(entries: int) -> int:
    """Decode a document and encode it again; return its length."""
    return len(json.dumps(json.loads(document(entries))))


def length(entries: int) -> int:
    """Return the length of the document itself."""
    return len(document(entries))


WORKLOAD = Workload(
    summary="JSON decoded and encoded, C that holds the GIL",
    kind=Kind.CPU,
    task=round_trip,
    expected=length,
    sizes={"1KiB": (13,) * 256, "64KiB": (800,) * 16, "1MiB": (13_000,) * 4},
    size_scopes={"1KiB": Scope.FULL, "64KiB": Scope.DEFAULT, "1MiB": Scope.FULL},
)
