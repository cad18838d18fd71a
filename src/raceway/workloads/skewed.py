"""A few long tasks among many short ones: what chunks and queues make of that."""

from __future__ import annotations

from raceway.case import Kind, Scope, Workload

SHORT, LONG = 2_000, 60_000
"""Steps; about 0.1 and 3 ms on a core of 2024."""
EVERY = 16
"""One in so many tasks is long."""


def spin(steps: int) -> int:
    """Sum the squares modulo 7 of the first `steps` integers, one by one."""
    total = 0
    for number in range(steps):
        total += number * number % 7
    return total


def summed(steps: int) -> int:
    """Return the same at once: the squares repeat after seven numbers."""
    whole, rest = divmod(steps, 7)
    return 14 * whole + sum(number * number % 7 for number in range(rest))


def tasks(count: int) -> tuple[int, ...]:
    """Return the steps of each task: the long ones come first in their sixteen."""
    return tuple(SHORT if number % EVERY else LONG for number in range(count))


WORKLOAD = Workload(
    summary="one task in sixteen is thirty times as long, bytecode",
    kind=Kind.CPU,
    task=spin,
    expected=summed,
    sizes={"64": tasks(64), "512": tasks(512)},
    size_scopes={"64": Scope.DEFAULT, "512": Scope.FULL},
)
