"""What a saved number can be; checked wherever a file or a reply is read."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

LARGEST_INT = 2**63 - 1
Count = Annotated[int, Meta(ge=1, le=LARGEST_INT)]
"""A whole number above 0."""
Size = Annotated[int, Meta(ge=0, le=LARGEST_INT)]
"""A whole number: bytes, an index, or how often something happened."""
Nanoseconds = Size
"""A duration as read from a clock."""
Seconds = Annotated[float, Meta(ge=0, le=1e10)]
"""A duration, below three centuries."""
Amount = Annotated[float, Meta(ge=0, le=1e30)]
"""Something that is not negative: operations, bytes, a ratio."""
Speed = Annotated[float, Meta(ge=1, le=1e30)]
"""Operations or bytes a second; no device does less than one."""
Share = Annotated[float, Meta(ge=0, le=1)]
"""A part of a whole."""
