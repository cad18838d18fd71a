"""Finds changes of level in a series: steps, and stretches that ended again.

It scans rank sums (`rank_scan`) of logarithms, so that effects are ratios. Several changes are
found by binary segmentation (Scott and Knott, Biometrics 30, 1974), and each is judged again
between its neighbours. tools/scoreboard.py compares it with other detectors.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from raceway.analysis.stats.rank_scan import (
    LENGTHS,
    Parting,
    corrected,
    step_in,
    step_quantile,
    stretch_in,
    stretch_quantile,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from raceway.analysis.stats.rank_scan import Floats

SMALLEST_EFFECT = 0.015
"""Smaller changes of the median are not reported."""
SMALLEST_SHIFT = math.log1p(SMALLEST_EFFECT)
FEWEST_POINTS = LENGTHS[0]
"""With fewer points, no order is rare enough."""
ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Change:
    """One change of level."""

    index: int
    """The first point after it."""
    before: float
    """The median since the previous change, in the unit of the values."""
    after: float
    """The median until the next change."""
    score: float
    """Standardised rank sum, corrected for autocorrelation; chance alone seldom exceeds 3.7."""

    @property
    def ratio(self) -> float:
        """`after` over `before`."""
        return self.after / self.before


def find_changes(values: Sequence[float] | Floats) -> list[Change]:
    """Return the changes of level in a series, oldest first; ValueError unless all are above 0.

    A series without a change yields one in at most 1 % of cases, however heavy its tails. It takes
    `FEWEST_POINTS` points, and about five after a step, to find it.
    """
    known = np.asarray(values, dtype=np.float64)
    if not ((known > 0) & (known < math.inf)).all():
        message = "changes are ratios: all values must be finite and above zero"
        raise ValueError(message)
    logs = np.log(known)
    kept = _confirmed(logs, _segmented(logs))
    edges = [0, *(cut for cut, _ in kept), len(logs)]
    levels = [float(np.median(logs[start:stop])) for start, stop in pairwise(edges)] if kept else []
    return [
        Change(cut, math.exp(before), math.exp(after), score)
        for (cut, score), (before, after) in zip(kept, pairwise(levels), strict=True)
    ]


def _segmented(logs: Floats) -> list[int]:
    """Return the cuts of the clearest parting beyond chance and, recursively, of its parts.

    The parts come first: another change in one of them must not look like correlation when this
    parting is judged.
    """
    for scan, quantile in ((step_in, step_quantile), (stretch_in, stretch_quantile)):
        parting = scan(logs) if len(logs) >= FEWEST_POINTS else None
        if parting is None or not _is_candidate(parting, quantile(len(logs))):
            continue
        parts = pairwise([0, *parting.cuts, len(logs)])
        inner = [start + cut for start, stop in parts for cut in _segmented(logs[start:stop])]
        if corrected(parting, logs, inner).score + ROUNDING >= quantile(len(logs)):
            return sorted([*parting.cuts, *inner])
    return []


def _is_candidate(parting: Parting, quantile: float) -> bool:
    """Whether a parting may pass; correcting for autocorrelation only lowers its score."""
    return parting.score + ROUNDING >= quantile and abs(parting.shift) >= SMALLEST_SHIFT


def _confirmed(logs: Floats, cuts: list[int]) -> list[tuple[int, float]]:
    """Return the cuts that hold between their neighbours, each with its score.

    Each is placed again there, since other changes may have displaced it. The weakest cut is
    dropped until none is weak.
    """
    while cuts:
        judged = _judged(logs, cuts)
        if all(margin >= 1 for margin, _ in judged.values()):
            return [(cut, judged[cut][1]) for cut in sorted(judged)]
        weakest = min(judged, key=lambda cut: judged[cut][0])
        cuts = sorted(judged.keys() - {weakest})
    return []


def _judged(logs: Floats, cuts: list[int]) -> dict[int, tuple[float, float]]:
    """Return the best cut between the neighbours of each, with its margin and its score."""
    return {
        start + parting.cuts[0]: _margin(parting, logs[start:stop])
        for start, stop in zip([0, *cuts[:-1]], [*cuts[1:], len(logs)], strict=True)
        if (parting := step_in(logs[start:stop]))
    }


def _margin(parting: Parting, logs: Floats) -> tuple[float, float]:
    """Return a step's margin over the requirements, 1 being just enough, and its score."""
    score = corrected(parting, logs).score
    effect = abs(parting.shift) / SMALLEST_SHIFT
    return min((score + ROUNDING) / step_quantile(len(logs)), effect), score
