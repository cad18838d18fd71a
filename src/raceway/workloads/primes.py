"""Counting primes by trial division: interpreted bytecode only."""

from __future__ import annotations

import math

from raceway.case import Kind, Workload


def count_primes(limit: int) -> int:
    """Return the number of primes below `limit`."""
    count = 0
    for candidate in range(2, limit):
        for divisor in range(2, math.isqrt(candidate) + 1):
            if candidate % divisor == 0:
                break
        else:
            count += 1
    return count


def sieve_count(limit: int) -> int:
    """Return the same by the sieve of Eratosthenes: fast, and independent of the task."""
    is_prime = bytearray([0, 0]) + bytearray([1]) * (limit - 2)
    for number in range(2, math.isqrt(limit) + 1):
        if is_prime[number]:
            multiples = range(number * number, limit, number)
            is_prime[multiples.start :: number] = bytes(len(multiples))
    return sum(is_prime)


WORKLOAD = Workload(
    summary="trial division, pure bytecode",
    kind=Kind.CPU,
    task=count_primes,
    expected=sieve_count,
    sizes={
        "100": (100,) * 128,
        "1000": (1_000,) * 64,
        "4000": (4_000,) * 32,
        "16000": (16_000,) * 8,
    },
)
