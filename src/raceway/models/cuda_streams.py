"""Tensor tasks spread over several queues of one GPU, so that they may overlap there."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from raceway.case import Family, Kind, Model
from raceway.lap import synchronised

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raceway.lap import Job, Runner


@contextmanager
def device_streams(job: Job) -> Iterator[Runner]:
    """Give each worker a stream, and the tasks to them in turn; free the memory at the end.

    One pass runs on a single stream before, so that no stream uses what another is still making.
    """
    import torch  # noqa: PLC0415 (an extra: imported where it is needed)

    with torch.cuda.device(job.device):
        streams = [torch.cuda.Stream() for _ in range(job.workers)]
        for argument in job.arguments:
            job.task(argument)
        torch.cuda.synchronize()

        def run() -> list[Any]:
            answers = []
            for number, argument in enumerate(job.arguments):
                with torch.cuda.stream(streams[number % len(streams)]):
                    answers.append(job.task(argument))
            return answers

        try:
            yield synchronised(run, torch.cuda.synchronize)
        finally:
            torch.cuda.empty_cache()


MODEL = Model(
    summary="torch on a CUDA device, tasks in turn on a stream per worker",
    open=device_streams,
    family=Family.TENSOR,
    usual_workers=4,
    kinds=frozenset({Kind.TENSOR}),
    devices=frozenset({"cuda"}),
    requires=("torch",),
    extra="torch",
    colour="#347dff",
    shape="arrow",
)
