"""pytest-benchmark's statistics of the rounds we saved.

Definitions are those of pytest-benchmark 5.3.1 (`pytest_benchmark/stats.py`), even odd ones, so
that a saved file and a replay of the same rounds agree to the last digit.
"""

from __future__ import annotations

import statistics
from bisect import bisect_left, bisect_right
from itertools import chain
from typing import TYPE_CHECKING

from raceway.record import Stats

if TYPE_CHECKING:
    from collections.abc import Sequence

    from raceway.record import Record


def samples_of(record: Record) -> list[float]:
    """Return the seconds of one pass in each round, launch by launch."""
    return list(
        chain.from_iterable(
            (round_ns / launch.loops / 1e9 for round_ns in launch.timed_ns)
            for launch in record.launches
        )
    )


def stats_of(samples_s: Sequence[float], iterations: int) -> Stats:
    """Return pytest-benchmark's statistics of the samples; ValueError if there are none."""
    if not samples_s:
        raise ValueError("no statistics of an empty list of samples")
    ordered = sorted(samples_s)
    q1, q3 = _quartiles(ordered)
    iqr = q3 - q1
    low_fence, high_fence = q1 - 1.5 * iqr, q3 + 1.5 * iqr
    mean = statistics.mean(ordered)
    stddev = statistics.stdev(ordered) if len(ordered) > 1 else 0.0
    total = sum(samples_s)
    beyond_stddev = _count_outside(ordered, mean - stddev, mean + stddev)
    beyond_fences = _count_outside(ordered, low_fence, high_fence)
    return Stats(
        min=ordered[0],
        max=ordered[-1],
        mean=mean,
        stddev=stddev,
        rounds=len(ordered),
        median=statistics.median(ordered),
        iqr=iqr,
        q1=q1,
        q3=q3,
        iqr_outliers=beyond_fences,
        stddev_outliers=beyond_stddev,
        outliers=f"{beyond_stddev};{beyond_fences}",
        ld15iqr=ordered[bisect_left(ordered, low_fence)],
        hd15iqr=ordered[bisect_right(ordered, high_fence) - 1],
        ops=len(ordered) / total if total else 0.0,
        total=total,
        iterations=iterations,
    )


def _count_outside(ordered: Sequence[float], low: float, high: float) -> int:
    return bisect_left(ordered, low) + len(ordered) - bisect_right(ordered, high)


def _quartiles(ordered: Sequence[float]) -> tuple[float, float]:
    """Return Q1 and Q3: method 2 for even counts, method 3 for odd ones.

    https://en.wikipedia.org/wiki/Quartile#Computing_methods
    """
    count = len(ordered)
    if count == 1:
        return ordered[0], ordered[0]
    if count % 2 == 0:
        half = count // 2
        return statistics.median(ordered[:half]), statistics.median(ordered[half:])
    n = count // 4
    if count % 4 == 1:
        return (
            0.25 * ordered[n - 1] + 0.75 * ordered[n],
            0.75 * ordered[3 * n] + 0.25 * ordered[3 * n + 1],
        )
    return (
        0.75 * ordered[n] + 0.25 * ordered[n + 1],
        0.25 * ordered[3 * n + 1] + 0.75 * ordered[3 * n + 2],
    )
