"""One tensor task after another, each spread over torch's intra-op threads."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from raceway.case import Family, Kind, Model
from raceway.lap import timed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raceway.lap import Job, Runner


@contextmanager
def intra_op_threads(job: Job) -> Iterator[Runner]:
    """Let torch use one thread per worker inside each operation."""
    import torch  # noqa: PLC0415 (an extra: imported where it is needed)

    before = torch.get_num_threads()
    torch.set_num_threads(job.workers)
    try:
        yield timed(lambda: [job.task(argument) for argument in job.arguments])
    finally:
        torch.set_num_threads(before)


MODEL = Model(
    summary="torch on the CPU, intra-op threads",
    open=intra_op_threads,
    family=Family.TENSOR,
    kinds=frozenset({Kind.TENSOR}),
    requires=("torch",),
    extra="torch",
    threads_per_task=True,
    colour="#864f89",
    shape="triangle-right",
)
