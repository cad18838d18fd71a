"""Ever more tasks of the same cost: from how many on a model pays."""

from __future__ import annotations

from raceway.case import Kind, Scope, Workload

STEPS = 2_000
"""About 0.1 ms on a core of 2024."""


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


COUNTS = (1, 10, 100, 1_000, 10_000)

WORKLOAD = Workload(
    summary="1 to 10,000 tasks of about 0.1 ms of bytecode",
    kind=Kind.CPU,
    task=spin,
    expected=summed,
    sizes={str(count): (STEPS,) * count for count in COUNTS},
    size_scopes=dict.fromkeys(map(str, COUNTS), Scope.FULL),
)
