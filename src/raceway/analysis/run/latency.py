"""How long single tasks took, from being handed over to their answers."""

from __future__ import annotations

import math
from bisect import bisect_left
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from raceway.analysis.run.timing import MEASURED
from raceway.record import Status

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raceway.record import Record

FEWEST_FOR_P99 = 1_000
"""Times from which on the slowest hundredth is more than a few odd ones."""
A_DECADE = 8
"""Points of a curve for each tenth part of the tasks left."""


@dataclass(frozen=True, slots=True)
class Latency:
    """The times of a case's tasks over all launches, sorted; a kept time may stand for several."""

    times_s: tuple[float, ...]
    by_then: tuple[float, ...]
    """How many tasks had their answer within each of these times."""

    @property
    def count(self) -> int:
        """How many tasks were timed."""
        return round(self.by_then[-1])

    @property
    def p50_s(self) -> float:
        """Seconds within which half of the tasks had their answer."""
        return self.percentile_s(0.5)

    @property
    def p95_s(self) -> float:
        """The same of 95 % of them."""
        return self.percentile_s(0.95)

    @property
    def p99_s(self) -> float | None:
        """The same of 99 %; None below 1,000 times."""
        return self.percentile_s(0.99) if self.count >= FEWEST_FOR_P99 else None

    @property
    def largest_s(self) -> float:
        """Seconds of the slowest task."""
        return self.times_s[-1]

    def percentile_s(self, share: float) -> float:
        """Return the shortest time within which such a share of the tasks had their answer.

        It is a time that was measured (the nearest rank), not one between two.
        """
        place = bisect_left(self.by_then, share * self.by_then[-1] * (1 - 1e-12))
        return self.times_s[min(place, len(self.times_s) - 1)]

    def curve(self) -> Iterator[tuple[float, float]]:
        """Yield shares of tasks and the seconds within which they were answered.

        The shares draw near to 1 in equal steps of the logarithm of what is left. The slowest task
        stands where it is all that is left.
        """
        steps = math.ceil(A_DECADE * math.log10(self.count) - 1e-9)
        for step in range(steps):
            share = 1 - 10 ** (-step / A_DECADE)
            yield share, self.percentile_s(share)
        yield 1 - 1 / self.count, self.largest_s


def latency_of(record: Record) -> Latency | None:
    """Return the latency of a case; None if its tasks were not timed one by one."""
    if record.status not in MEASURED:
        return None
    launches = [each for each in record.launches if each.status is Status.OK and each.latencies_ns]
    weighted = sorted(
        (time_ns, max(launch.latency_count, len(launch.latencies_ns)) / len(launch.latencies_ns))
        for launch in launches
        for time_ns in launch.latencies_ns
    )
    if not weighted:
        return None
    times_ns, weights = zip(*weighted, strict=True)
    return Latency(tuple(each / 1e9 for each in times_ns), tuple(accumulate(weights)))
