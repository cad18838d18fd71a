"""Inside a lane: how long the tasks of a workload take, and how much of it they wait.

For work of which nothing is declared. Standard library only.
"""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any

from raceway.measure.lane.tree import text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

MOST_SAMPLED = 200
"""Tasks timed, spread over all."""
TIMES = 3
"""Each is timed so often if there is time, since a first call may import or fill a cache."""

Took = tuple[float, float]
"""Wall time of a task, and how much of it was waiting."""


def gauged(task: Callable[[Any], Any], arguments: Sequence[Any], most_s: float) -> dict[str, Any]:
    """Time tasks one by one for about `most_s`, and return the fastest time of each.

    `walls_s` and `waits_s` belong to the arguments at the positions `numbers`. A wait is the wall
    time in which the process neither ran nor wanted to.
    """
    took: dict[int, Took] = {}
    step = -(-len(arguments) // MOST_SAMPLED)
    start_s, known = time.perf_counter(), len(sys.modules)
    first = alone(task, arguments, 0)
    if len(sys.modules) > known:  # what it imported takes no time in the next call
        start_s = time.perf_counter()
        first = alone(task, arguments, 0)
    for _ in range(TIMES):
        for number in range(0, len(arguments), step):
            if time.perf_counter() - start_s > most_s:
                return told(took or {0: first})
            now = alone(task, arguments, number)
            took[number] = min(now, took.get(number, now))
    return told(took)


def told(took: dict[int, Took]) -> dict[str, Any]:
    """Return the times as a reply."""
    numbers = sorted(took)
    return {
        "numbers": numbers,
        "walls_s": [took[number][0] for number in numbers],
        "waits_s": [took[number][1] for number in numbers],
    }


def alone(task: Callable[[Any], Any], arguments: Sequence[Any], number: int) -> Took:
    """Time one task; its exception tells the item.

    Without a voluntary switch it did not wait, whatever a host took from the machine meanwhile.
    """
    switched, queued_s, ran_s, start_s = switches(), queue_s(), cpu_s(), time.perf_counter()
    try:
        task(arguments[number])
    except Exception as error:
        error.add_note(f"item {number + 1} of {len(arguments)}")
        raise
    wall_s = time.perf_counter() - start_s
    busy_s = cpu_s() - ran_s + queue_s() - queued_s
    waited = switched is None or switches() != switched
    return wall_s, max(0.0, wall_s - busy_s) if waited else 0.0


def cpu_s() -> float:
    """Return the CPU seconds of this process and its children that have ended."""
    try:
        import resource  # noqa: PLC0415 (not on Windows)
    except ImportError:
        return time.process_time()
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def switches() -> int | None:
    """Return how often this process has given up its CPU by itself; None if unknown."""
    try:
        import resource  # noqa: PLC0415 (not on Windows)
    except ImportError:
        return None
    return resource.getrusage(resource.RUSAGE_SELF).ru_nvcsw


def queue_s() -> float:
    """Return the seconds in which this thread was ready to run but had no CPU; 0 if unknown."""
    try:
        return int(text_of("/proc/thread-self/schedstat").split()[1]) / 1e9
    except (OSError, IndexError, ValueError):
        return 0.0
