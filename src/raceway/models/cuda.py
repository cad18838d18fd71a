"""Tensor tasks queued on one GPU; the clock stops when it has finished them."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from raceway.case import Family, Kind, Model, Workers
from raceway.lap import Lap

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from raceway.lap import Job, Runner


def synchronised(job: Job, synchronise: Callable[[], None]) -> Runner:
    """Return a runner that waits for the device before each reading of the clock."""

    def lap(loops: int) -> Lap:
        answers: list[Any] = []
        synchronise()
        start_ns = time.perf_counter_ns()
        for _ in range(loops):
            answers = [job.task(argument) for argument in job.arguments]
        synchronise()
        elapsed_ns = time.perf_counter_ns() - start_ns
        return Lap(elapsed_ns, [float(answer) for answer in answers])

    return lap


@contextmanager
def device_queue(job: Job) -> Iterator[Runner]:
    """Queue the tasks on the case's device; free its memory at the end."""
    import torch  # noqa: PLC0415 (an extra: imported where it is needed)

    try:
        yield synchronised(job, lambda: torch.cuda.synchronize(job.device))
    finally:
        torch.cuda.empty_cache()


MODEL = Model(
    summary="torch on a CUDA device",
    open=device_queue,
    family=Family.TENSOR,
    workers=Workers.ONE,
    kinds=frozenset({Kind.TENSOR}),
    devices=frozenset({"cuda"}),
    requires=("torch",),
    extra="torch",
    colour="#5aaf66",
    shape="triangle-left",
)
