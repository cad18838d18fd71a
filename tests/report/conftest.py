"""The synthetic runs of tests/analysis, a whole session, and a console that remembers."""

from __future__ import annotations

import io
import random
from pathlib import Path
from runpy import run_path
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from rich.console import Console

from raceway.record import Launch, Peak, Record, Run, Status
from raceway.report.terminal import show

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ANALYSIS = run_path(str(Path(__file__).parents[1] / "analysis" / "conftest.py"))
launch, record, run = ANALYSIS["launch"], ANALYSIS["record"], ANALYSIS["run"]
results = ANALYSIS["results"]
a_record, a_run = ANALYSIS["a_record"], ANALYSIS["a_run"]


@pytest.fixture
def screen() -> Callable[..., str]:
    """Return what gives the report of a run as text, by default 80 columns wide and piped."""

    def shown(run: Run, width: int = 80, encoding: str = "utf-8", **options: bool) -> str:
        file = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
        show(run, Path("a/b/run.json"), Console(file=file, width=width, **options))
        file.seek(0)
        return file.read()

    return shown


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
