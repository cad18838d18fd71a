"""What a launch is measured by when runs are compared: its time as it is, or against an anchor.

The machine drifts by several percent within minutes. An anchor is a fixed piece of work timed
beside the rounds; a time divided by it drifts less. But an anchor has noise of its own, and for
waiting it does harm, so each kind of work is compared by whichever has shown the smaller error.
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
"""Launches whose spread tells anything."""


class Normalisation(StrEnum):
    """What the times of a case were compared by."""

    RAW = "raw"
    """Seconds as measured."""
    ANCHOR = "anchor"
    """Against a fixed piece of bytecode, timed beside each round."""
    PARALLEL = "parallel anchor"
    """Against a fixed piece of work on all cores at once, timed after each turn of the group."""
    SERIAL = "serial"
    """Against the serial case of the same launch: has no unit, so it may cross machines."""


ANCHORS = (Normalisation.ANCHOR, Normalisation.PARALLEL)


@dataclass(frozen=True, slots=True)
class Allowance:
    """How far times over an anchor may scatter, for the anchor to be used."""

    of_raw: float
    """As a share of how far the raw times scatter."""
    always: float = 0.0
    """What is allowed however little those scatter."""


WITHIN_RUNS = Allowance(1.5, always=0.03)
"""For launches. How far the machine drifts from one run to the next, which is what an anchor is
for, their scatter does not show; so an anchor may bring some noise of its own."""
ACROSS_RUNS = Allowance(0.8)
"""For one run to the next, which shows the drift: an anchor must be clearly better."""


def anchor_of(launch: Launch) -> float | None:
    """Return the logarithm of the launch's usual anchor; None if it has none above zero."""
    known = [anchor_ns for anchor_ns in launch.anchors_ns if anchor_ns > 0]
    return log(median(known)) if known else None


def relative_to(logs: Mapping[Key, float], reference: Mapping[Key, float]) -> dict[Key, float]:
    """Return the logarithms less those of the reference in the same launch."""
    return {key: value - reference[key] for key, value in logs.items() if key in reference}


def spread_of(samples: Sequence[Mapping[Key, float]]) -> float | None:
    """Return the usual deviation between launches of one case on one side; None if not known.

    The median over cases and sides, so that one wild case does not decide for all.
    """
    deviations = [stdev(each.values()) for each in samples if len(each) >= FEWEST]
    return median(deviations) if deviations else None


def chosen(
    spreads: Mapping[Normalisation, float], allowance: Allowance = WITHIN_RUNS
) -> Normalisation:
    """Return the normalisation by which times scatter least: the better anchor, if it is allowed.

    What is not among `spreads`, or NaN, is not known.
    """
    known = {each: spreads[each] for each in ANCHORS if not isnan(spreads.get(each, nan))}
    best = min(known, key=known.__getitem__, default=Normalisation.RAW)
    allowed = max(allowance.of_raw * spreads.get(Normalisation.RAW, inf), allowance.always)
    return best if known.get(best, inf) < allowed else Normalisation.RAW
