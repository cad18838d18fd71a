"""A workload with a planted slowdown: PLANTED=1.05 makes every task 5 % longer.

tools/proof.py races it to learn how many real slowdowns duels and gates find.
"""

from __future__ import annotations

import math
import os

from raceway import Kind, Workload

FACTOR = float(os.environ.get("PLANTED", "1"))
LIMIT = 60
PRIMES = 17
"""How many lie below the limit."""


def sweep(sweeps: int) -> int:
    """Count primes `sweeps` times, plus the planted times; return the sum without the planted."""
    found = 0
    for number in range(round(sweeps * FACTOR)):
        primes = count_primes()
        found += primes if number < sweeps else 0
    return found


def count_primes() -> int:
    """Return how many primes lie below the limit, by trial division."""
    return sum(
        all(candidate % divisor for divisor in range(2, math.isqrt(candidate) + 1))
        for candidate in range(2, LIMIT)
    )


def expected(sweeps: int) -> int:
    """Return the right answer."""
    return sweeps * PRIMES


WORKLOAD = Workload(
    summary="trial division with a slowdown planted in it",
    kind=Kind.CPU,
    task=sweep,
    expected=expected,
    sizes={"3ms": (40,) * 2, "8ms": (60,) * 4, "30ms": (100,) * 8},
)
