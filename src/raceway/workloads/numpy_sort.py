"""Sorting with numpy: a library in C that releases the GIL."""

from __future__ import annotations

from raceway.case import Family, Kind, Scope, Workload


def middle(task: tuple[int, int]) -> float:
    """Sort random numbers, `task` being their seed and how many; return the one in the middle."""
    import numpy as np  # noqa: PLC0415 (other interpreters may lack it)

    seed, count = task
    numbers = np.random.default_rng(seed).random(count)
    numbers.sort()
    return float(numbers[count // 2])


WORKLOAD = Workload(
    summary="numpy's sort of random numbers, C that releases the GIL",
    kind=Kind.CPU,
    task=middle,
    sizes={
        "10k": tuple((seed, 10_000) for seed in range(64)),
        "1M": tuple((seed, 1_000_000) for seed in range(4)),
    },
    size_scopes={"10k": Scope.FULL, "1M": Scope.FULL},
    requires=("numpy",),
    families=frozenset(Family) - {Family.INTERPRETERS},
    releases_gil=True,
)
