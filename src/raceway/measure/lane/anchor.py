"""A short fixed piece of pure Python, timed right after each round: the machine's pulse.

It takes most of the machine's drift out of comparisons of CPU-bound work. It must never be
applied to waiting. Standard library only.
"""

from __future__ import annotations

import time

SWEEPS = 100
STEPS = 100
"""Together about 0.2 ms. Part of the saved format: a change makes old anchors incomparable."""
DIVISOR = 7


def anchor_ns() -> int:
    """Run the fixed piece once and return how long it took.

    All its numbers are small ones that the interpreter keeps: a piece that allocates varies by
    10 % from one memory layout to the next, and this one by 1 %.
    """
    start_ns = time.perf_counter_ns()
    for _ in range(SWEEPS):
        hits = 0
        for step in range(STEPS):
            if step % DIVISOR == 0:
                hits += 1
    return time.perf_counter_ns() - start_ns
