"""What a saved number can be; checked wherever a file or a reply is read."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Annotated

from msgspec import Meta

if TYPE_CHECKING:
    from collections.abc import Sequence

LARGEST_INT = 2**63 - 1
Count = Annotated[int, Meta(ge=1, le=LARGEST_INT)]
"""A whole number above 0."""
Size = Annotated[int, Meta(ge=0, le=LARGEST_INT)]
"""A whole number: bytes, an index, or how often something happened."""
Nanoseconds = Size
"""A duration as read from a clock."""
MOST_LATENCIES = 500
"""Times of single tasks that are kept of a launch."""
Latencies = Annotated[list[Nanoseconds], Meta(max_length=MOST_LATENCIES)]
"""Sorted times of single tasks."""
LatencyCount = Annotated[int, Meta(ge=0, le=10**9)]
"""How many tasks they stand for; more are not timed in one launch."""
Seconds = Annotated[float, Meta(ge=0, le=1e10)]
"""A duration, below three centuries."""
Amount = Annotated[float, Meta(ge=0, le=1e30)]
"""Something that is not negative: operations, bytes, a ratio."""
Speed = Annotated[float, Meta(ge=1, le=1e30)]
"""Operations or bytes a second; no device does less than one."""
Share = Annotated[float, Meta(ge=0, le=1)]
"""A part of a whole."""


def are_latencies(times_ns: Sequence[int], count: int) -> bool:
    """Whether times are sorted, and can stand for so many tasks."""
    in_order = all(before <= after for before, after in pairwise(times_ns))
    return in_order and len(times_ns) <= count and bool(times_ns) == bool(count)
