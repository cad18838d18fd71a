"""The anchor, or reference loop: a short fixed piece of Python, timed right after each round.

It takes most of the machine's drift out of comparisons of CPU-bound work. It must never be applied
to work that waits. Standard library only.
"""

from __future__ import annotations

import time

SWEEPS = 100
STEPS = 100
"""About 0.2 ms in all. Part of the saved format: a change makes old anchors incomparable."""
DIVISOR = 7


def anchor_ns() -> int:
    """Run the loop once and return how long it took.

    All its numbers are small ones that the interpreter caches: a loop that allocates varies by 10 %
    between memory layouts, this one by 1 %.
    """
    start_ns = time.perf_counter_ns()
    for _ in range(SWEEPS):
        hits = 0
        for step in range(STEPS):
            if step % DIVISOR == 0:
                hits += 1
    return time.perf_counter_ns() - start_ns
