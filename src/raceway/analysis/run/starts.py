"""How long models take to start, beside one another: the cold start less a pass."""

from __future__ import annotations

from math import log
from statistics import median
from typing import TYPE_CHECKING

from raceway.analysis.stats.intervals import centre_of, estimate_around

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from raceway.analysis.run.results import Result
    from raceway.analysis.stats.intervals import Estimate


def start_s(result: Result) -> float | None:
    """Return the seconds from opening the model to its first answer, less a pass."""
    known = starts_of(result)
    return median(known.values()) if known else None


def starts_of(result: Result) -> Mapping[int, float]:
    """Return the same by launch; later launches of a run do not tell."""
    starts = {}
    for launch in result.record.launches:
        timed = result.timing.launches.get(launch.index)
        if launch.cold_s is not None and timed and launch.cold_s > timed.pass_s:
            starts[launch.index] = launch.cold_s - timed.pass_s
    return starts


def start_ratio(pairs: Iterable[tuple[Result, Result]]) -> Estimate | None:
    """Return how many times as long the first of each pair takes to start as the second.

    A launch is one observation: the median over all pairs. None with fewer than two.
    """
    logs: dict[int, list[float]] = {}
    for slow, fast in pairs:
        first, second = starts_of(slow), starts_of(fast)
        for index in first.keys() & second.keys():
            logs.setdefault(index, []).append(log(first[index] / second[index]))
    centre = centre_of([median(each) for each in logs.values()])
    return estimate_around(centre) if centre else None
