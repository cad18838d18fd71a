"""Tensor tasks captured once as a CUDA graph, and replayed: one launch for a whole pass."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from raceway.case import Family, Kind, Model, Workers
from raceway.lap import synchronised

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raceway.lap import Job, Runner

WARM_UPS = 3
"""Passes before the capture: libraries make their workspaces and choose their kernels in them."""


@contextmanager
def captured(job: Job) -> Iterator[Runner]:
    """Capture one pass on the case's device, and replay it; free its memory at the end."""
    import torch  # noqa: PLC0415 (an extra: imported where it is needed)

    def pass_once() -> list[Any]:
        return [job.task(argument) for argument in job.arguments]

    with torch.cuda.device(job.device):
        stream = torch.cuda.Stream()
        with torch.cuda.stream(stream):
            for _ in range(WARM_UPS):
                pass_once()
        torch.cuda.synchronize()
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph, stream=stream):
            answers = pass_once()

        def replay() -> list[Any]:
            graph.replay()
            return answers

        try:
            yield synchronised(replay, torch.cuda.synchronize)
        finally:
            graph.reset()
            torch.cuda.empty_cache()


MODEL = Model(
    summary="torch on a CUDA device, a pass captured as a graph and replayed",
    open=captured,
    family=Family.TENSOR,
    workers=Workers.ONE,
    kinds=frozenset({Kind.TENSOR}),
    devices=frozenset({"cuda"}),
    needs=("capturable",),
    requires=("torch",),
    extra="torch",
    colour="#58693c",
    shape="wedge",
)
