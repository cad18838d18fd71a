"""Which values Python reads again as they are written."""

from __future__ import annotations

import math
from typing import Any

LITERALS = (int, float, complex, str, bytes, bool, type(None))


def is_plain(value: Any) -> bool:
    """Whether Python reads a value's repr as the very same value."""
    if type(value) in (list, tuple):
        return all(map(is_plain, value))
    if type(value) is dict:
        return all(map(is_plain, value)) and all(map(is_plain, value.values()))
    if type(value) in (float, complex):
        return math.isfinite(abs(value))
    return type(value) in LITERALS
