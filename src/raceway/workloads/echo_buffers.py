"""Blocks sent to a worker and back, offered to pickle as buffers of protocol 5.

Where a model pickles by protocol 5, they are not copied on the way into the pickle; whether they
travel apart from it is up to the model. Pools of the standard library send them in it, and use
protocol 4 before Python 3.14.
"""

from __future__ import annotations

import pickle
from functools import cache
from typing import Any

from raceway.case import Kind, Scope, Workload

SIZES = {
    "1KiB": (2**10, 64), "64KiB": (2**16, 32), "1MiB": (2**20, 8), "16MiB": (2**24, 2),
    "64MiB": (2**26, 2),
}  # fmt: skip
"""Bytes of each task, and how many tasks."""
WITH_BUFFERS = 5
"""The first protocol that has them (PEP 574)."""


class Block:
    """Bytes that can be changed, like an array's."""

    __slots__ = ("content",)

    def __init__(self, content: Any) -> None:
        """Take what pickle brings: the buffer itself, or a copy."""
        self.content = content

    def __reduce_ex__(self, protocol: Any) -> tuple[type[Block], tuple[Any]]:
        """Offer the content as a buffer where the protocol has them."""
        offered = protocol >= WITH_BUFFERS
        return Block, (pickle.PickleBuffer(self.content) if offered else self.content,)

    def __eq__(self, other: object) -> bool:
        """Whether the bytes are the same."""
        return isinstance(other, Block) and memoryview(self.content) == memoryview(other.content)

    __hash__ = None  # type: ignore[assignment] # it can be changed


@cache
def block(size_bytes: int) -> Block:
    """Return the block of a size, made once in a lane."""
    return Block(bytearray(b"\1") * size_bytes)


def echo(payload: Block) -> Block:
    """Return what came."""
    return payload


WORKLOAD = Workload(
    summary="1 KiB to 64 MiB there and back, as buffers of pickle 5 where the model uses it",
    kind=Kind.CPU,
    task=echo,
    fresh=block,
    expected=echo,
    sizes={name: (size,) * count for name, (size, count) in SIZES.items()},
    size_scopes=dict.fromkeys(SIZES, Scope.FULL),
)
