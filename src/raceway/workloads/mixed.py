"""Waiting, then computing, in several ratios: what services do."""

from __future__ import annotations

import asyncio
import time

from raceway.case import Kind, Scope, Workload

STEPS_A_MS = 20_000
"""About as many as a core of 2024 does in a millisecond."""
TASKS = 32


def spin(steps: int) -> int:
    """Sum the squares modulo 7 of the first `steps` integers, one by one."""
    total = 0
    for number in range(steps):
        total += number * number % 7
    return total


def summed(task: tuple[float, int]) -> int:
    """Return the sum at once: the squares repeat after seven numbers."""
    whole, rest = divmod(task[1], 7)
    return 14 * whole + sum(number * number % 7 for number in range(rest))


def wait_and_compute(task: tuple[float, int]) -> int:
    """Wait for so many seconds, then compute so many steps."""
    wait_s, steps = task
    time.sleep(wait_s)
    return spin(steps)


async def wait_and_compute_async(task: tuple[float, int]) -> int:
    """Do the same, with the event loop free while it waits."""
    wait_s, steps = task
    await asyncio.sleep(wait_s)
    return spin(steps)


def waiting(task: tuple[float, int]) -> float:
    """Return the seconds a task waits."""
    return task[0]


def tasks(wait_ms: float, compute_ms: float) -> tuple[tuple[float, int], ...]:
    """Return tasks that wait and compute for about so long."""
    return ((wait_ms / 1e3, round(compute_ms * STEPS_A_MS)),) * TASKS


WORKLOAD = Workload(
    summary="10 ms in all a task: part waiting, the rest bytecode",
    kind=Kind.IO,
    task=wait_and_compute,
    async_task=wait_and_compute_async,
    expected=summed,
    wait_s=waiting,
    then_computes=True,
    sizes={"99-waiting": tasks(9.9, 0.1), "90-waiting": tasks(9, 1), "50-waiting": tasks(5, 5)},
    size_scopes={"99-waiting": Scope.FULL, "90-waiting": Scope.DEFAULT, "50-waiting": Scope.FULL},
)
