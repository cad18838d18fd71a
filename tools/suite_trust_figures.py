"""Shares with their intervals."""

from __future__ import annotations

from math import sqrt

Z = 1.959964
"""Standard errors of a 95 % interval."""


def wilson(successes: int, trials: int) -> tuple[float, float]:
    """Return the 95 % interval of a share (Wilson, JASA 22, 1927)."""
    if not trials:
        return 0.0, 1.0
    seen, widening = successes / trials, Z**2 / trials
    centre = (seen + widening / 2) / (1 + widening)
    half = Z * sqrt(seen * (1 - seen) / trials + widening / (4 * trials)) / (1 + widening)
    return max(0.0, centre - half), min(1.0, centre + half)


def share(successes: int, trials: int) -> str:
    """Return a share in words: `3 of 20 (15 %, 5 to 36 %)`."""
    if not trials:
        return "0 of 0"
    low, high = wilson(successes, trials)
    part = successes / trials
    return f"{successes} of {trials} ({part:.1%}; 95 %: {low:.1%} to {high:.1%})"
