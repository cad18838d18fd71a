"""Times and amounts of data as people type them: `5ms`, `1MB`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from raceway.errors import SelectionError

if TYPE_CHECKING:
    from collections.abc import Mapping

SECONDS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "μs": 1e-6, "ms": 1e-3, "s": 1.0, "min": 60.0}
BYTES = {
    "B": 1.0, "kB": 1e3, "KB": 1e3, "MB": 1e6, "GB": 1e9,
    "KiB": 2.0**10, "MiB": 2.0**20, "GiB": 2.0**30,
}  # fmt: skip
AMOUNT = re.compile(r"\s*(\d+\.?\d*|\.\d+)\s*([a-zA-Zµμ]+)\s*")


def seconds_in(typed: str, option: str) -> float:
    """Return the seconds of a time such as `5ms`; SelectionError unless it is above 0."""
    found = _amount(typed, SECONDS)
    if not found:
        raise SelectionError(f"{option} {typed}: give a time above 0 with its unit, like 5ms or 2s")
    return found


def bytes_in(typed: str, option: str) -> float:
    """Return the bytes of an amount such as `1MB` or `64KiB`; SelectionError if it is none."""
    found = _amount(typed, BYTES)
    if found is None:
        raise SelectionError(f"{option} {typed}: give an amount with its unit, like 1MB or 64KiB")
    return found


def _amount(typed: str, units: Mapping[str, float]) -> float | None:
    match = AMOUNT.fullmatch(typed)
    if not match or match[2] not in units:
        return None
    return float(match[1]) * units[match[2]]
