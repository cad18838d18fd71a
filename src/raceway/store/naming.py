"""Names of files in the results folder: readable, unique, sorted by time."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from raceway.errors import StoreError

if TYPE_CHECKING:
    from raceway.record import Header

_NAME = re.compile(r"\d{8}T\d{6}Z_(?P<commit>[^_]+)_(?P<run_id>[^_]+)(_\d+)?")
_UNSAFE = re.compile(r"[^A-Za-z0-9.-]+")
_LONGEST_PART = 40


def stem_of(header: Header) -> str:
    """Return `<UTC>_<commit>_<run id>`; StoreError if the start is not an ISO 8601 time."""
    start = _compact_utc(header.started_at)
    return f"{start}_{_safe(header.commit.short)}_{_safe(header.run_id)}"


def run_id_in(stem: str) -> str | None:
    """Return the run id in the name of one of our files; None for other names."""
    match = _NAME.fullmatch(stem)
    return match["run_id"] if match else None


def commit_in(stem: str) -> str | None:
    """Return the short commit id in the name of one of our files; None for other names."""
    match = _NAME.fullmatch(stem)
    return match["commit"] if match else None


def _compact_utc(started_at: str) -> str:
    try:
        start = datetime.fromisoformat(started_at)
        start_utc = start.astimezone(UTC) if start.tzinfo else start
    except (ValueError, OverflowError):
        message = f"the run's start {started_at!r} is not a time. Write it as ISO 8601 in UTC."
        raise StoreError(message) from None
    return f"{start_utc:%Y%m%dT%H%M%SZ}"


def _safe(part: str) -> str:
    return _UNSAFE.sub("-", part)[:_LONGEST_PART].strip("-.") or "unknown"
