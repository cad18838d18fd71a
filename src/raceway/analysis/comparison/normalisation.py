"""The normalisation of times when runs are compared: raw, or over an anchor.

The machine drifts by several percent within minutes. An anchor is a fixed piece of work timed
beside the rounds; a time divided by it drifts less. But anchors have noise of their own, and for
waiting they do harm. So each kind of work is compared by whichever has the smaller error.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import inf, isnan, log, nan
from statistics import median, stdev
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from raceway.record import Launch


Key = TypeVar("Key")
FEWEST = 3
"""Launches needed to estimate a spread."""


class Normalisation(StrEnum):
    """How the times of a case were compared."""

    RAW = "raw"
    """Seconds as measured."""
    ANCHOR = "anchor"
    """Over a fixed piece of bytecode, timed beside each round."""
    PARALLEL = "parallel anchor"
    """Over a fixed piece of work on all cores at once, timed after each turn of the group."""
    SERIAL = "serial"
    """Over the serial case of the same launch: without a unit, so it compares across machines."""


ANCHORS = (Normalisation.ANCHOR, Normalisation.PARALLEL)


@dataclass(frozen=True, slots=True)
class Allowance:
    """How far times over an anchor may scatter if the anchor is to be used."""

    of_raw: float
    """As a share of the scatter of raw times."""
    always: float = 0.0
    """Always allowed, however little raw times scatter."""


WITHIN_RUNS = Allowance(1.5, always=0.03)
"""For launches: their scatter does not show the drift between runs, for which anchors are made. So
an anchor may add some noise."""
ACROSS_RUNS = Allowance(0.8)
"""For runs, whose scatter shows the drift: an anchor must be clearly better."""


def anchor_of(launch: Launch) -> float | None:
    """Return the logarithm of the launch's median anchor; None if it has none."""
    known = [anchor_ns for anchor_ns in launch.anchors_ns if anchor_ns > 0]
    usual_ns = median(known) if known else around_rounds_ns(launch)
    return log(usual_ns) if usual_ns else None


def around_rounds_ns(launch: Launch) -> float:
    """Return the usual anchor before and after all rounds of a launch; 0 if it has none."""
    known = [anchor_ns for anchor_ns in launch.beside_ns if anchor_ns > 0]
    return float(median(known)) if known else 0.0


def relative_to(logs: Mapping[Key, float], reference: Mapping[Key, float]) -> dict[Key, float]:
    """Return the logarithms less the reference's in the same launch."""
    return {key: value - reference[key] for key, value in logs.items() if key in reference}


def spread_of(samples: Sequence[Mapping[Key, float]]) -> float | None:
    """Return the usual deviation between launches of a case on one side; None if unknown.

    It is the median over cases and sides, so that one outlier does not decide for all.
    """
    deviations = [stdev(each.values()) for each in samples if len(each) >= FEWEST]
    return median(deviations) if deviations else None


def chosen(
    spreads: Mapping[Normalisation, float], allowance: Allowance = WITHIN_RUNS
) -> Normalisation:
    """Return the better anchor if its spread is within the allowance, else raw.

    Normalisations that are missing in `spreads`, or NaN, are unknown.
    """
    known = {each: spreads[each] for each in ANCHORS if not isnan(spreads.get(each, nan))}
    best = min(known, key=known.__getitem__, default=Normalisation.RAW)
    allowed = max(allowance.of_raw * spreads.get(Normalisation.RAW, inf), allowance.always)
    return best if known.get(best, inf) < allowed else Normalisation.RAW
