"""Compares two cases of a run launch by launch, with errors steadied by like cases.

Like cases are those of the same two models on the same kind of work. The usual variance is the
median of theirs; if they are too few, a prior: the median over nine runs on two cores.
"""

from __future__ import annotations

import math
from statistics import median, variance
from typing import TYPE_CHECKING

from raceway.analysis.run.speedup import launch_ratios
from raceway.analysis.stats.intervals import CONFIDENCE, Estimate, estimate_around
from raceway.analysis.stats.shrinkage import FEWEST_CASES, moderated
from raceway.case import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from raceway.analysis.run.timing import Timing
    from raceway.analysis.stats.intervals import Centre
    from raceway.record import Record

ERROR = 1 - CONFIDENCE
"""The probability that an interval misses the truth, in a run of fixed length."""
PRIORS = {
    (Kind.CPU, False): 0.02,
    (Kind.CPU, True): 0.08,
    (Kind.IO, False): 0.01,
    (Kind.IO, True): 0.10,
    (Kind.TENSOR, False): 0.01,
    (Kind.TENSOR, True): 0.06,
}
"""The usual scatter of launches' log ratios, by kind and whether several cores were busy."""
ONE_CORE = 1.2
"""CPU time over wall time that still means one core."""

Runner = tuple[str, str, str, str]
"""Kind, model, device, interpreter."""


class Peers:
    """All cases of a run; compares any two of a group."""

    def __init__(self, raced: Iterable[tuple[Record, Timing, float | None]] = ()) -> None:
        """Take each case with its times and, if known, the cores it kept busy."""
        self._timings: dict[str, Timing] = {}
        self._busy: dict[str, bool] = {}
        self._groups: dict[Runner, dict[str, list[Record]]] = {}
        self._logs: dict[tuple[str, str], list[float]] = {}
        self._usual: dict[tuple[Runner, Runner], float | None] = {}
        for record, timing, cores in raced:
            self._timings[record.id] = timing
            self._busy[record.id] = (record.workers if cores is None else cores) > ONE_CORE
            groups = self._groups.setdefault(_runner(record), {})
            groups.setdefault(record.group, []).append(record)

    def estimate(self, slow: Record, fast: Record, error: float = ERROR) -> Estimate | None:
        """Return slow's time over fast's, with its interval; None if they share no launch."""
        logs = self._logs_of(slow, fast)
        centre = self.centre(slow, fast)
        if centre is None:
            return Estimate(math.exp(logs[0]), None, None, 1) if logs else None
        return estimate_around(centre, 1 - error)

    def centre(self, slow: Record, fast: Record) -> Centre | None:
        """Return the log ratio with its error; None for fewer than two launches."""
        logs = self._logs_of(slow, fast)
        return moderated(logs, self._usual_of(slow, fast)) if len(logs) > 1 else None

    def by_launch(self, slow: Record, fast: Record) -> dict[int, float]:
        """Return slow's time over fast's in each launch that they share."""
        return launch_ratios(self._timings[slow.id], self._timings[fast.id])

    def _logs_of(self, slow: Record, fast: Record) -> list[float]:
        pair = slow.id, fast.id
        if pair not in self._logs:
            self._logs[pair] = list(map(math.log, self.by_launch(slow, fast).values()))
        return self._logs[pair]

    def _usual_of(self, slow: Record, fast: Record) -> float:
        """Return the usual variance of such a pair's launches."""
        pair = _runner(slow), _runner(fast)
        if pair not in self._usual:
            known = [variance(logs) for logs in self._like(*pair) if len(logs) > 1]
            self._usual[pair] = median(known) if len(known) >= FEWEST_CASES else None
        usual = self._usual[pair]
        return self._prior(slow, fast) if usual is None else usual

    def _like(self, slow: Runner, fast: Runner) -> Iterator[list[float]]:
        others = self._groups[fast]
        for group, records in self._groups[slow].items():
            for one in records:
                yield from (self._logs_of(one, other) for other in others.get(group, ()))

    def _prior(self, slow: Record, fast: Record) -> float:
        several = self._busy[slow.id] or self._busy[fast.id]
        kind = slow.kind if slow.kind in set(Kind) else Kind.CPU
        return PRIORS[Kind(kind), several] ** 2


def _runner(record: Record) -> Runner:
    return (record.kind, record.model, record.device, record.interpreter)
