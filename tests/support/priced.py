"""Synthetic runs of a machine whose prices are known: what passes took follows from them."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Any

from raceway.demand import Demand
from support.synthetic import MODELS, a_launch, a_record, a_run

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from raceway.record import Record, Run

MIB = 2**20
CORES = 2
LAUNCHES = 3


@dataclass(frozen=True, slots=True)
class Ask:
    """What a model asks for: seconds a pass, a task, a MiB, to start; how far work stretches."""

    a_pass: float = 0.0
    task: float = 0.0
    work: float = 1.0
    mib: float = 0.0
    start: float = 0.0
    memory: int = 0
    waiting_task: float = 0.0


TRUE: Mapping[str, Ask] = {
    "threads": Ask(40e-6, 8e-6, 1.02, start=1e-4, waiting_task=60e-6),
    "asyncio": Ask(60e-6, 4e-6, start=3e-4, waiting_task=8e-6),
    "pool": Ask(150e-6, 1e-6, 1.05, mib=2e-3, start=8e-3, memory=10 * MIB, waiting_task=30e-6),
    "processes-fork": Ask(
        200e-6, 90e-6, 1.01, mib=4e-3, start=6e-3, memory=12 * MIB, waiting_task=100e-6
    ),
}
WORKERS = {"serial": 1, "asyncio": 1, "threads": 2, "pool": 2, "processes-fork": 2}
WAITING = {"serial": 1, "asyncio": 1, "threads": 1_000, "pool": 8, "processes-fork": 8}
COSTS = {
    "primes": {"100": (128, 15e-6), "1000": (64, 5e-4), "4000": (32, 3e-3), "16000": (8, 3e-2)},
    "factorial": {"1000": (64, 22e-6), "10000": (16, 9e-4), "30000": (4, 1e-2)},
}
WAITS = {"seed": 3, "10": 10, "100": 100, "1000": 1_000}
WAIT_S = 0.01
PAYLOADS = {"64KiB": (32, 2**16), "1MiB": (8, 2**20), "16MiB": (2, 2**24)}
ECHO_S = 1e-7


def a_priced_run(*workloads: str, noise: Mapping[str, float] = {}, **fields: Any) -> Run:
    """Return a run of these workloads, all of them if none is named.

    `noise` is by how much a model takes longer than its prices say, one group in two.
    """
    chosen = workloads or (*COSTS, "sleep", "echo")
    records = [record for each in chosen for record in _records(each, noise)]
    return a_run(records, **{"capacity": float(CORES), **fields})


def computing_s(model: str, tasks: int, task_s: float, mib: float = 0.0) -> float:
    """Return what computing tasks take by the true prices."""
    if model == "serial":
        return tasks * task_s
    ask = TRUE[model]
    workers = 2 if model in {"pool", "processes-fork"} else 1
    own_s = task_s * ceil(tasks / workers)
    return ask.a_pass + tasks * ask.task + own_s * ask.work + mib * ask.mib


def waiting_s(model: str, tasks: int, wait_s: float = WAIT_S) -> float:
    """Return what waiting tasks take by the true prices."""
    if model == "serial":
        return tasks * wait_s
    at_once = tasks if model == "asyncio" else min(WAITING[model], tasks)
    return TRUE[model].a_pass + tasks * TRUE[model].waiting_task + ceil(tasks / at_once) * wait_s


def _records(workload: str, noise: Mapping[str, float]) -> Iterator[Record]:
    if workload == "sleep":
        for size, tasks in WAITS.items():
            for model in WORKERS:
                yield _waiting(size, tasks, model)
        return
    sizes = COSTS.get(workload) or {size: (tasks, ECHO_S) for size, (tasks, _) in PAYLOADS.items()}
    for number, (size, (tasks, task_s)) in enumerate(sizes.items()):
        payload = PAYLOADS[size][1] * tasks if workload == "echo" else 0
        for model, workers in WORKERS.items():
            extra = 1 + noise.get(model, 0.0) * (number % 2)
            pass_s = computing_s(model, tasks, task_s, payload / MIB) * extra
            yield _record(
                model, pass_s, workload=workload, size=size, tasks=tasks,
                workers=workers, payload_bytes=float(payload),
                concurrency=tasks if model == "asyncio" else workers,
            )  # fmt: skip


def _waiting(size: str, tasks: int, model: str) -> Record:
    workers = 1 if model == "asyncio" else min(WAITING[model], tasks)
    at_once = tasks if model == "asyncio" else workers
    demand = Demand(tasks=tasks, waits_s=(WAIT_S,) * tasks)
    return _record(
        model, waiting_s(model, tasks), workload="sleep", size=size, tasks=tasks, kind="io",
        workers=workers, concurrency=at_once, shortest_wait_s=demand.shortest_wait_s(at_once),
    )  # fmt: skip


def _record(model: str, pass_s: float, **fields: Any) -> Record:
    ask = TRUE.get(model, Ask())
    launches = [
        a_launch(
            index, pass_s, cold_s=pass_s + ask.start, cpu_s=None,
            peak_memory_bytes=50 * MIB + fields["workers"] * ask.memory,
        )
        for index in range(LAUNCHES)
    ]  # fmt: skip
    family = MODELS[model].family.value
    return a_record(model, launches=launches, family=family, **fields)
