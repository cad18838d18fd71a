"""Whether a case pays, and how many launches it would take to know."""

from __future__ import annotations

from enum import StrEnum
from math import inf, log
from typing import TYPE_CHECKING

from raceway.analysis.stats.intervals import student_t

if TYPE_CHECKING:
    from raceway.analysis.stats.intervals import Centre, Estimate

PAYS = 1.05
"""The smallest speedup over serial that pays; the fastest of many may reach less by luck."""
COULD_PAY = 1.10
"""An interval below this rules out a speedup that pays."""
MOST_LAUNCHES = 40
"""Nobody would measure more to answer one question."""


class Payoff(StrEnum):
    """What the interval of a paired speedup says."""

    PAYS = "pays"
    AS_SERIAL = "as serial"
    """Serial is as good, or better."""
    UNCLEAR = "unclear"


def payoff_of(speedup: Estimate | None, *, flattered: float = 1.0, slowed: float = 1.0) -> Payoff:
    """Return what an interval says even if noise biased it.

    The speedup may be too large by the factor `flattered`, or too small by `slowed`; an answer that
    this bias could have made is unclear.
    """
    if speedup is None or speedup.low is None or speedup.high is None:
        return Payoff.UNCLEAR
    if speedup.low > 1 and speedup.centre >= PAYS:
        stands = speedup.low / flattered > 1 and speedup.centre / flattered >= PAYS
        return Payoff.PAYS if stands else Payoff.UNCLEAR
    return Payoff.AS_SERIAL if speedup.high * slowed < COULD_PAY else Payoff.UNCLEAR


def launches_to_tell(speedup: Centre, error: float) -> int | None:
    """Return the total number of launches that would tell, if the speedup is what it seems.

    The scatter is assumed to stay the same. None if it would take too many.
    """
    pays = speedup.log >= log(PAYS)
    room = speedup.log if pays else log(COULD_PAY) - speedup.log
    for launches in range(speedup.launches + 1, MOST_LAUNCHES + 1):
        degrees = speedup.degrees + launches - speedup.launches
        width = student_t(degrees, 1 - error) * (speedup.variance / launches) ** 0.5
        if width < (room if room > 0 else -inf):
            return launches
    return None
