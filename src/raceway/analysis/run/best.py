"""The cases of a group that may be fastest, and what holds for their whole family."""

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
"""The smallest ratio of times that matters."""


@dataclass(frozen=True, slots=True)
class Known:
    """What holds for every model of a family, whichever is best."""

    family: str
    least: float
    """The smallest speedup that any of them may have."""


def best_of(contenders: Sequence[Result]) -> list[Result]:
    """Return the cases that no other is shown to beat.

    Each comparison with one of k - 1 others gets that share of the error (Bonferroni), so that the
    fastest case is kept with the confidence wanted.
    """
    rivals = max(len(contenders) - 1, 1)

    def is_beaten(one: Result) -> bool:
        share = one.error / rivals
        return any(is_slower(one, each, share) for each in contenders if each is not one)

    return [each for each in contenders if not is_beaten(each)]


def is_slower(slow: Result, fast: Result, error: float = ERROR) -> bool:
    """Whether `slow` is shown to be slower than `fast`: the interval lies beyond `APART`.

    If noise may have slowed it more than the other, it must lie beyond that as well.
    """
    ratio = slow.peers.estimate(slow.record, fast.record, error)
    excuse = max(slow.bias.slowed / fast.bias.slowed, 1.0)
    return ratio is not None and ratio.low is not None and ratio.low > APART * excuse


def surest(results: Sequence[Result], over: Result | None, error: float) -> list[Result]:
    """Return the cases by the lower ends of their speedups over `over`, largest first.

    `error` is each case's share, since the best of several looks better than it is.
    """

    def least(result: Result) -> float:
        speedup = over and over.peers.estimate(over.record, result.record, error)
        return -inf if not speedup or speedup.low is None else speedup.low

    return sorted(results, key=least, reverse=True)


def known_of(paying: Sequence[Result], contenders: Sequence[Result], error: float) -> Known | None:
    """Return what holds for the family of the paying cases; None unless it is one family.

    At least two of its models were raced, and all their cases pay.
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
    """Return the family of a case's model; without one, the model itself."""
    return record.family or record.model


def _low(speedup: Estimate | None) -> float:
    return speedup.low if speedup and speedup.low is not None else 0.0
