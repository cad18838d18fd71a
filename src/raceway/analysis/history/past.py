"""The runs that count, oldest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from math import inf, nan
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from raceway.analysis.comparison.launch_logs import Floats
    from raceway.analysis.history.digest import Digest

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Past:
    """Runs in order of time, and their times in seconds since 1970."""

    runs: Sequence[tuple[Path, Digest]]
    started: Floats
    """When each began; minus infinity if unknown."""
    committed: Floats
    """When its code was committed; NaN if unknown."""


def past_of(digests: Iterable[tuple[Path, Digest]]) -> Past:
    """Return the runs that count: one of all copies, and none that was resumed by another."""
    each = {
        (digest.header.machine.id, digest.header.run_id, digest.header.started_at): (path, digest)
        for path, digest in sorted(digests, key=lambda one: str(one[0]), reverse=True)
    }
    replaced = {digest.header.resumed_from for _, digest in each.values()}
    kept = [one for one in each.values() if one[1].header.run_id not in replaced]
    timed = [(_seconds(digest.header.started_at), str(path), (path, digest))
             for path, digest in kept]  # fmt: skip
    timed.sort(key=lambda one: one[:2])
    commits = [digest.header.commit.time for _, _, (_, digest) in timed]
    return Past(
        runs=[one for _, _, one in timed],
        started=np.array([seconds for seconds, _, _ in timed], np.float64),
        committed=np.array([_seconds(time) if time else nan for time in commits], np.float64),
    )


def moment(iso: str) -> datetime:
    """Return a time, in UTC if it names no zone; the earliest possible if invalid."""
    try:
        time = datetime.fromisoformat(iso)
        return time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return NEVER


def _seconds(iso: str) -> float:
    time = moment(iso)
    return -inf if time == NEVER else (time - EPOCH).total_seconds()
