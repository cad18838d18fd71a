"""The same total of work in ever longer tasks: from which cost a task a model pays."""

from __future__ import annotations

from raceway.case import Kind, Scope, Workload

STEPS_A_US = 20
"""About as many as a core of 2024 does in a microsecond."""
TOTAL_US = 200_000


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


def tasks(cost_us: int) -> tuple[int, ...]:
    """Return the steps of each task, which together cost the total."""
    return (cost_us * STEPS_A_US,) * (TOTAL_US // cost_us)


WORKLOAD = Workload(
    summary="200 ms of bytecode, cut into tasks of about 10 µs to 100 ms",
    kind=Kind.CPU,
    task=spin,
    expected=summed,
    sizes={
        "10us": tasks(10),
        "100us": tasks(100),
        "1ms": tasks(1_000),
        "10ms": tasks(10_000),
        "100ms": tasks(100_000),
    },
    size_scopes={
        "10us": Scope.FULL,
        "100us": Scope.FULL,
        "1ms": Scope.FULL,
        "10ms": Scope.FULL,
        "100ms": Scope.FULL,
    },
)
