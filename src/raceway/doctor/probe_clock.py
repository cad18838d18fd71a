"""Reads the clock continuously: how fine it is, and how often we were not running."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from raceway.doctor.facts import Clock

if TYPE_CHECKING:
    from collections.abc import Callable

GAP_NS = 1_000_000
"""Longer than any reading or garbage collection of a small heap: something else ran instead."""


def watch_clock(
    watch_s: float, source: str = "", read_ns: Callable[[], int] = time.perf_counter_ns
) -> Clock:
    """Read the clock for so long, and return what the steps between readings show."""
    gaps_ns: list[int] = []
    readings = 0
    finest_ns = GAP_NS
    start_ns = last_ns = read_ns()
    end_ns = start_ns + round(watch_s * 1e9)
    while last_ns < end_ns:
        now_ns = read_ns()
        step_ns = now_ns - last_ns
        if step_ns > GAP_NS:
            gaps_ns.append(step_ns)
        else:
            readings += 1
            if 0 < step_ns < finest_ns:
                finest_ns = step_ns
        last_ns = now_ns
    watched_ns = last_ns - start_ns
    return Clock(
        source=source,
        watched_s=watched_ns / 1e9,
        reading_s=(watched_ns - sum(gaps_ns)) / max(readings, 1) / 1e9,
        finest_s=finest_ns / 1e9,
        gaps_s=tuple(gap_ns / 1e9 for gap_ns in sorted(gaps_ns, reverse=True)),
    )
