"""The deadline of a race, for the session to keep its budget."""

from __future__ import annotations

import time

TAIL_S = 1.0
"""The least time after a race, for saving and the report."""


def race_end(start_s: float, budget_s: float, kept_back_s: float = 0.0) -> float:
    """Return the deadline, on the monotonic clock, of a race that begins now.

    `start_s` is when the session began. What follows the race takes about as long as what preceded
    it, mostly imports, so a slow machine reserves more; `kept_back_s` is for everything else.
    """
    before_s = time.monotonic() - start_s
    return start_s + budget_s - kept_back_s - TAIL_S - min(before_s, budget_s / 10)
