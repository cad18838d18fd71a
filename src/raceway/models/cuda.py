"""Tensor tasks queued on one GPU; the clock stops when it has finished them."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from raceway.case import Family, Kind, Model, Workers
from raceway.lap import synchronised

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raceway.lap import Job, Runner


@contextmanager
def device_queue(job: Job) -> Iterator[Runner]:
    """Queue the tasks on the case's device; free its memory at the end."""
    import torch  # noqa: PLC0415 (an extra: imported where it is needed)

    try:
        yield synchronised(
            lambda: [job.task(argument) for argument in job.arguments],
            lambda: torch.cuda.synchronize(job.device),
        )
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
