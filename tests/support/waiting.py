"""Synthetic cases that wait, whose tasks were timed one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from support.synthetic import a_launch, a_record

if TYPE_CHECKING:
    from raceway.record import Record

TASKS = 100


def a_waiting_record(model: str, pass_s: float, slowest_s: float, **fields: Any) -> Record:
    """Return a case of a hundred tasks whose latencies rise evenly up to the slowest.

    Its three launches timed four passes each.
    """
    times_ns = [round(1e9 * slowest_s * place / TASKS) for place in range(1, TASKS + 1)]
    timed = {"latencies_ns": times_ns, "latency_count": 4 * TASKS}
    launches = [a_launch(index, pass_s, **timed) for index in range(3)]
    waits = {"kind": "io", "workload": "sleep", "size": "100", "tasks": TASKS}
    names = {"id": f"sleep-100-{model}-w{fields.get('workers', 1)}", "concurrency": TASKS}
    return a_record(model, launches=launches, **{**waits, **names, **fields})
