"""Synthetic runs: whatever passes took is what the test says they took."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from raceway.analysis.results import Result, heat_of, results_of
from raceway.record import (
    SCHEMA_VERSION,
    Commit,
    Environment,
    Grade,
    Header,
    HeatResult,
    Launch,
    Machine,
    Noise,
    Peak,
    Record,
    Run,
    Status,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

TURNS = (0.999, 1.0, 1.001)
"""How much longer than the launch's pass the round of each turn takes."""
MACHINE = Machine(
    id="linux-x86_64-xeon-2c-3f9a1c",
    system="Linux",
    architecture="x86_64",
    cpu_model="Xeon",
    logical_cores=2,
    usable_cores=2,
    memory_bytes=8 * 2**30,
)


def a_launch(index: int, pass_s: float, **fields: Any) -> Launch:
    """Return a launch of one round a turn whose median pass takes `pass_s`."""
    rounds_ns = [round(pass_s * factor * 1e9) for factor in TURNS]
    seen = {"cold_s": 0.05, "cpu_s": sum(rounds_ns) / 1e9, "peak_memory_bytes": 50 * 2**20}
    return Launch(index=index, rounds_ns=rounds_ns, turns=[0, 1, 2], **{**seen, **fields})


def a_record(model: str = "serial", passes_s: Sequence[float] = (), **fields: Any) -> Record:
    """Return a case of four tasks in the heat primes-4000, one launch a pass time given."""
    names = {"workload": "primes", "size": "4000", "model": model, "kind": "cpu", "tasks": 4}
    case = {**names, **fields}
    number = f"w{case.get('workers', 1)}{case.get('device', '')}@{case.get('interpreter', '')}"
    case_id = f"{case['workload']}-{case['size']}-{model}-{number}"
    launches = [a_launch(index, pass_s) for index, pass_s in enumerate(passes_s)]
    case.setdefault("launches", launches)
    return Record(**{"id": case_id, "fullname": f"bench/test_cpu.py::test[{case_id}]", **case})


def some_heats(records: Iterable[Record], launches: int, fields: dict[str, Any]) -> list[HeatResult]:
    noise = Noise(
        grade=fields.get("grade", Grade.QUIET),
        reasons=fields.get("reasons", []),
        parallel_capacity=fields.get("capacity"),
    )
    return [
        HeatResult(
            heat=heat,
            launch=launch,
            started_at="2026-11-23T04:55:00+00:00",
            wall_s=1.0,
            noise=noise,
            launches={},
            longest_task_share=fields.get("longest_task_share"),
        )
        for launch in range(launches)
        for heat in dict.fromkeys(heat_of(record) for record in records if record.workload)
    ]


def a_run(records: Sequence[Record] = (), **fields: Any) -> Run:
    """Return a run of these records; every heat of every launch in the same conditions."""
    launches = max((len(record.launches) for record in records), default=1)
    labels = dict.fromkeys(record.interpreter for record in records) or {"current": None}
    header = Header(
        schema=SCHEMA_VERSION,
        run_id="3f9a1c",
        started_at="2026-11-23T04:55:00+00:00",
        machine=fields.get("machine", MACHINE),
        environments=[
            Environment(label=label, command="python", version="3.13.0", implementation="CPython")
            for label in labels
        ],
        commit=Commit(id="0123456789abcdef", branch="main", dirty=True),
        command_line=["pytest", "bench/"],
        profile="default",
        launches=launches,
        planned=[],
    )
    return Run(
        header=header,
        finished_at="2026-11-23T04:58:00+00:00",
        status=fields.get("status", Status.OK),
        records=list(records),
        heats=fields.get("heats", some_heats(records, launches, fields)),
        peaks=fields.get("peaks", []),
    )


@pytest.fixture(scope="session")
def launch() -> Callable[..., Launch]:
    return a_launch


@pytest.fixture(scope="session")
def record() -> Callable[..., Record]:
    return a_record


@pytest.fixture(scope="session")
def run() -> Callable[..., Run]:
    return a_run


@pytest.fixture(scope="session")
def results() -> Callable[..., list[Result]]:
    """Return what gives the results of records raced side by side."""
    return lambda *records, **fields: results_of(a_run(records, **fields))


CPU_MODELS = {
    # Speedup at best, seconds a task that dispatch costs, cold start.
    "serial": (1.0, 0.0, 0.0005),
    "threads": (0.99, 7e-6, 0.001),
    "processes-fork": (1.94, 90e-6, 0.006),
    "processes-forkserver": (1.95, 90e-6, 0.049),
    "processes-spawn": (1.93, 90e-6, 0.072),
    "pool": (1.92, 4e-6, 0.020),
    "asyncio": (0.995, 3e-6, 0.001),
}


def field_records(seed: int, launches: int) -> list[Record]:
    """Return the cases of a whole session: CPU-bound, waiting and tensor heats, all noisy."""
    draw = random.Random(seed)  # noqa: S311 (an example, not a secret)

    def passes_s(pass_s: float, spread: float = 0.008) -> list[float]:
        return [pass_s * draw.lognormvariate(0, spread) for _ in range(launches)]

    records = []
    for workload, size, tasks, task_s in (
        ("primes", "100", 128, 15e-6),
        ("primes", "1000", 64, 0.21e-3),
        ("primes", "4000", 32, 1.6e-3),
        ("factorial", "seed", 3, 0.4e-6),
        ("factorial", "2000", 32, 0.3e-3),
    ):
        for model, (gain, dispatch_s, cold_s) in CPU_MODELS.items():
            times_s = passes_s(tasks * (task_s / gain + dispatch_s))
            record = a_record(
                model, times_s, workload=workload, size=size, tasks=tasks,
                workers=1 if model in {"serial", "asyncio"} else 2,
            )  # fmt: skip
            records.append(with_seen(record, cold_s=cold_s * draw.uniform(0.9, 1.2)))
    for size, tasks in (("seed", 3), ("100", 100), ("1000", 1000)):
        for model, workers in (("serial", 1), ("threads", min(tasks, 64)), ("asyncio", 1)):
            overlap = {"serial": 1, "threads": workers, "asyncio": tasks}[model]
            floor_s = 0.01 * -(-tasks // overlap)
            fields = {"workload": "sleep", "size": size, "kind": "io", "tasks": tasks}
            fields |= {"workers": workers, "shortest_wait_s": floor_s}
            if model == "serial" and size == "1000":
                records.append(a_record(model, computed_s=floor_s, **fields))
            else:
                records.append(a_record(model, passes_s(floor_s + 3e-6 * tasks), **fields))
    for model, gain in (("serial", 1.0), ("threads", 1.3), ("torch", 1.7)):
        fields = {"workload": "matmul", "size": "1024", "kind": "tensor", "flops": 8.6e9}
        fields |= {"workers": 1 if model == "serial" else 2}
        records.append(a_record(model, passes_s(0.055 / gain, 0.04), **fields))
    reason = "no cuda device"
    for size in ("1024", "2048"):
        fields = {"workload": "matmul", "size": size, "kind": "tensor", "device": "cuda:0"}
        records.append(a_record("cuda", status=Status.SKIPPED, reason=reason, **fields))
    return records


def with_seen(record: Record, **fields: Any) -> Record:
    launches = [msgspec.structs.replace(launch, **fields) for launch in record.launches]
    return msgspec.structs.replace(record, launches=launches)


def plain_record(name: str, round_s: float, rounds: int = 9) -> Record:
    rounds_ns = [round(round_s * 1e9 * (1 + 0.01 * (index % 5))) for index in range(rounds)]
    fullname = f"bench/test_event_loop.py::{name}"
    return Record(id=fullname, fullname=fullname, launches=[Launch(index=0, rounds_ns=rounds_ns)])


@pytest.fixture(scope="session")
def field_run() -> Callable[..., Run]:
    """Return a factory of whole sessions."""

    def make(seed: int = 1, launches: int = 5, **fields: Any) -> Run:
        plain = [
            plain_record("test_gather[asyncio]", 299e-6),
            plain_record("test_gather[uvloop]", 185e-6),
        ]
        peak = Peak(
            device="cpu", interpreter="current", precision="fp32",
            flops_per_s=320e9, bytes_per_s=2e10, workers=2,
        )  # fmt: skip
        records = [*field_records(seed, launches), *plain]
        return a_run(records, **{"capacity": 1.93, "peaks": [peak], **fields})

    return make
