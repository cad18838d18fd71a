"""A whole session as it might be in the field, and a comparison that knows every verdict."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias

from raceway.record import Launch, Peak, Record, Run, Status
from support.synthetic import a_comparison, a_record, a_run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raceway.analysis.comparison.comparison import Comparison

PassesOf: TypeAlias = Callable[[float], list[float]]
"""What gives the passes of each launch of a case that takes so many seconds."""
FieldRun: TypeAlias = Callable[..., Run]

CPU_GROUPS = (
    ("primes", "100", 128, 15e-6),
    ("primes", "1000", 64, 0.21e-3),
    ("primes", "4000", 32, 1.6e-3),
    ("factorial", "seed", 3, 0.4e-6),
    ("factorial", "2000", 32, 0.3e-3),
)
"""Workload, size, tasks, seconds a task."""
CPU_MODELS = {
    "serial": (1.0, 0.0),
    "threads": (0.99, 7e-6),
    "processes-fork": (1.94, 90e-6),
    "processes-forkserver": (1.95, 90e-6),
    "processes-spawn": (1.93, 90e-6),
    "pool": (1.92, 4e-6),
    "asyncio": (0.995, 3e-6),
}
"""Speedup at best, seconds a task that dispatching costs."""
PEAK = Peak(
    device="cpu",
    interpreter="current",
    precision="fp32",
    flops_per_s=320e9,
    bytes_per_s=2e10,
    workers=2,
)


def cpu_records(passes_s: PassesOf) -> Iterator[Record]:
    """Yield the CPU-bound cases."""
    for workload, size, tasks, task_s in CPU_GROUPS:
        for model, (gain, dispatch_s) in CPU_MODELS.items():
            workers = 1 if model in {"serial", "asyncio"} else 2
            fields = {"workload": workload, "size": size, "tasks": tasks, "workers": workers}
            yield a_record(model, passes_s(tasks * (task_s / gain + dispatch_s)), **fields)


def waiting_records(passes_s: PassesOf) -> Iterator[Record]:
    """Yield the cases that wait."""
    for tasks in (3, 100, 1000):
        for model, workers, at_once in (
            ("serial", 1, 1),
            ("threads", 64, 64),
            ("asyncio", 1, tasks),
        ):
            floor_s = 0.01 * -(-tasks // at_once)
            fields: dict[str, Any] = {"workload": "sleep", "size": str(tasks), "kind": "io"}
            fields |= {"tasks": tasks, "workers": workers, "shortest_wait_s": floor_s}
            if floor_s > 5:
                yield a_record(model, computed_s=floor_s, **fields)
            else:
                yield a_record(model, passes_s(floor_s + 3e-6 * tasks), **fields)


def tensor_records(passes_s: PassesOf) -> Iterator[Record]:
    """Yield the cases of tensors, one of them skipped."""
    fields: dict[str, Any] = {"workload": "matmul", "size": "1024", "kind": "tensor"}
    for model, workers, gain in (("serial", 1, 1.0), ("threads", 2, 1.3), ("torch", 2, 1.7)):
        yield a_record(model, passes_s(0.055 / gain), flops=8.6e9, workers=workers, **fields)
    fields |= {"device": "cuda:0", "status": Status.SKIPPED, "reason": "no cuda device"}
    yield a_record("cuda", **fields)


def plain_record(name: str, round_s: float) -> Record:
    """Return a benchmark that is no race."""
    rounds_ns = [round(round_s * 1e9 * (1 + 0.01 * (index % 5))) for index in range(9)]
    fullname = f"bench/test_event_loop.py::{name}"
    return Record(id=fullname, fullname=fullname, launches=[Launch(index=0, rounds_ns=rounds_ns)])


def a_field_run(launches: int = 5) -> Run:
    """Return a whole session: CPU-bound, waiting, tensor and plain."""
    draw = random.Random(20261123)  # noqa: S311 (an example, not a secret)

    def passes_s(pass_s: float) -> list[float]:
        return [pass_s * draw.lognormvariate(0, 0.008) for _ in range(launches)]

    raced = [*cpu_records(passes_s), *waiting_records(passes_s), *tensor_records(passes_s)]
    loops = (("asyncio", 299e-6), ("uvloop", 185e-6))
    plain = [plain_record(f"test_gather[{loop}]", round_s) for loop, round_s in loops]
    return a_run([*raced, *plain], capacity=1.93, peaks=[PEAK])


def waiting_case(size: str, passes_s: list[float], **fields: Any) -> Record:
    """Return a case of threads that wait."""
    names = {"id": f"sleep-{size}-threads-w64", "workload": "sleep", "size": size, "kind": "io"}
    return a_record("threads", passes_s, **{**names, **fields})


def every_verdict() -> Comparison:
    """Return a comparison in which each verdict is given once, and a case failed on side B."""
    passes_s = [0.1, 0.1001, 0.0999, 0.10005, 0.09995]
    scattered_s = [0.08, 0.13, 0.1, 0.09, 0.12]
    a = [waiting_case(size, passes_s) for size in ("slower", "faster", "same", "missing")]
    b = [
        waiting_case("slower", [1.2 * each for each in passes_s]),
        waiting_case("faster", [0.4 * each for each in passes_s]),
        waiting_case("same", passes_s),
        waiting_case("unclear", scattered_s),
        waiting_case("new", passes_s),
        waiting_case("missing", [], status=Status.FAILED, reason="a wrong answer"),
    ]
    return a_comparison([*a, waiting_case("unclear", scattered_s)], b)
