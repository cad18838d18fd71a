"""Inside a lane: runs a case warm, and finds how often a round loops its passes.

Standard library only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from raceway.measure.lane.server import OpenCase

MOST_LOOPS = 1_000_000
LONG_PASS = 3.0
"""A pass that takes longer than this multiple of the warm-up time is warm-up enough."""


def warm_up(case: OpenCase, round_s: float, warm_s: float) -> float:
    """Run untimed for about `warm_s`, and choose loops so that a round lasts `round_s`.

    Return how long the last round took. A first pass that took much longer was warm-up enough.
    """
    if case.first_lap_s > LONG_PASS * warm_s:
        return case.first_lap_s
    spent_s, last_s = 0.0, 0.0
    while spent_s < warm_s or (last_s < round_s and case.loops < MOST_LOOPS):
        if 0.0 < last_s < round_s:
            wanted = min(16.0, max(2.0, 1.1 * round_s / last_s))
            case.loops = min(int(case.loops * wanted), MOST_LOOPS)
        last_s = max(case.lap_ns(), 1) / 1e9
        spent_s += last_s
    return last_s


def warm_up_again(case: OpenCase, warm_s: float, loops: int, laps: int) -> None:
    """Run as many laps as should take `warm_s`, in loops that earlier launches have found.

    Nothing is timed, so that other lanes may do so at the same time.
    """
    case.loops = loops
    if case.first_lap_s <= LONG_PASS * warm_s:
        for _ in range(laps):
            case.lap_ns()
