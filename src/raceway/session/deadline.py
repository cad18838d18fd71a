"""When a race must be over for the session to keep its budget."""

from __future__ import annotations

import time

TAIL_S = 1.0
"""What a session takes at least after its race: saving, and the report."""


def race_end(start_s: float, budget_s: float, kept_back_s: float = 0.0) -> float:
    """Return the moment, by the monotonic clock, at which a race that begins now must be over.

    `start_s` is when the session began. What comes afterwards takes about as long as what came
    before, imports mostly, so a slow machine keeps back more; `kept_back_s` is for all else.
    """
    before_s = time.monotonic() - start_s
    return start_s + budget_s - kept_back_s - TAIL_S - min(before_s, budget_s / 10)
