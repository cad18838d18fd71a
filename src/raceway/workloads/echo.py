"""Bytes sent to a worker and back, pickled as usual: the price of moving them."""

from __future__ import annotations

from functools import cache

from raceway.case import Kind, Scope, Workload

SIZES = {
    "1KiB": (2**10, 64), "64KiB": (2**16, 32), "1MiB": (2**20, 8), "16MiB": (2**24, 2),
    "64MiB": (2**26, 2),
}  # fmt: skip
"""Bytes of each task, and how many tasks."""


@cache
def payload_of(size_bytes: int) -> bytes:
    """Return the payload of a size, made once in a lane: nobody else needs to hold it."""
    return bytes(size_bytes)


def echo(payload: bytes) -> bytes:
    """Return what came."""
    return payload


WORKLOAD = Workload(
    summary="1 KiB to 64 MiB there and back, pickled",
    kind=Kind.CPU,
    task=echo,
    expected=bytes,
    payload_bytes=int,
    fresh=payload_of,
    sizes={name: (size,) * count for name, (size, count) in SIZES.items()},
    size_scopes=dict.fromkeys(SIZES, Scope.FULL) | {"1MiB": Scope.DEFAULT},
)
