"""Which cases of a group may be the fastest, and what holds for all that one may choose from."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING

from raceway.analysis.run.peers import ERROR

if TYPE_CHECKING:
    from collections.abc import Sequence

    from raceway.analysis.run.results import Result
    from raceway.analysis.stats.intervals import Estimate
    from raceway.record import Record

APART = 1.01
"""The least ratio of times that anybody would care about."""


@dataclass(frozen=True, slots=True)
class Known:
    """What holds for every model of a family, whichever is best."""

    family: str
    least: float
    """All of them beat serial by this at least."""


def best_of(contenders: Sequence[Result]) -> list[Result]:
    """Return the cases that no other is shown to be faster than.

    One of k that has k - 1 others to lose against gets that share of the error in each
    comparison, so that the fastest stays with the chance wanted (Bonferroni).
    """
    rivals = max(len(contenders) - 1, 1)

    def is_beaten(one: Result) -> bool:
        share = one.error / rivals
        return any(is_slower(one, each, share) for each in contenders if each is not one)

    return [each for each in contenders if not is_beaten(each)]


def is_slower(slow: Result, fast: Result, error: float = ERROR) -> bool:
    """Whether `slow` is shown to be slower than `fast`: the whole interval lies beyond `APART`.

    Where noise may have slowed it more than the other, beyond that.
    """
    ratio = slow.peers.estimate(slow.record, fast.record, error)
    excuse = max(slow.bias.slowed / fast.bias.slowed, 1.0)
    return ratio is not None and ratio.low is not None and ratio.low > APART * excuse


def surest(results: Sequence[Result], over: Result | None, error: float) -> list[Result]:
    """Return the cases by the lower ends of their speedups over one serial, the largest first.

    The best of several flatters itself, so each has its share of the error.
    """

    def least(result: Result) -> float:
        speedup = over and over.peers.estimate(over.record, result.record, error)
        return -inf if not speedup or speedup.low is None else speedup.low

    return sorted(results, key=least, reverse=True)


def known_of(paying: Sequence[Result], contenders: Sequence[Result], error: float) -> Known | None:
    """Return what holds for the whole family of the cases that pay; None if it is no family.

    A family is two models at least, of which every case raced here pays.
    """
    families = {family_of(each.record) for each in paying}
    if len(families) != 1:
        return None
    family = families.pop()
    members = [each for each in contenders if family_of(each.record) == family]
    if len({each.record.model for each in members}) < 2:  # noqa: PLR2004 (one is no family)
        return None
    lows = [_low(each.speedup_at(error)) for each in members]
    return Known(family, min(lows)) if min(lows) > 1 else None


def family_of(record: Record) -> str:
    """Return the family of a case's model; one that nobody told is its own."""
    return record.family or record.model


def _low(speedup: Estimate | None) -> float:
    return speedup.low if speedup and speedup.low is not None else 0.0
