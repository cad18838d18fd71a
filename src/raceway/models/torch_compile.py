"""Tensor tasks whose kernel torch.compile has fused; compiling is part of the cold start."""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

from raceway.case import Family, Kind, Model, Scope, Workers
from raceway.lap import synchronised

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from raceway.lap import Job, Runner


@contextmanager
def compiled(job: Job) -> Iterator[Runner]:
    """Compile the kernel, anew and in this process, on one thread; free the memory at the end."""
    import torch  # noqa: PLC0415 (an extra: imported where it is needed)

    on_gpu = job.device != "cpu"
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with compiling_anew() if job.kernel else nullcontext():
            yield synchronised(
                passes(job, torch.compile),
                (lambda: torch.cuda.synchronize(job.device)) if on_gpu else no_queue,
            )
    finally:
        torch.set_num_threads(threads)
        if on_gpu:
            torch.cuda.empty_cache()


@contextmanager
def compiling_anew() -> Iterator[None]:
    """Keep what is compiled in a folder of its own, and start no processes to compile in."""
    from torch._inductor import config  # noqa: PLC0415 (torch.compile's own options)
    from torch._inductor.utils import fresh_inductor_cache  # noqa: PLC0415 (likewise)

    options = {"compile_threads": 1, "cpp_cache_precompile_headers": False}
    known = {name: value for name, value in options.items() if hasattr(config, name)}
    with fresh_inductor_cache(), config.patch(known):
        yield


def passes(job: Job, make: Callable[..., Any]) -> Callable[[], list[Any]]:
    """Return a pass over the tasks, their kernel compiled by `make`, their inputs made before.

    An audit is a job without inputs, and is given the kernel that it checks.
    """
    if job.kernel is None:
        return lambda: [job.task(argument) for argument in job.arguments]
    kernel = make(job.kernel, fullgraph=True, dynamic=False)
    if job.inputs is None:
        audit: Callable[..., Any] = job.task
        return lambda: [audit(argument, kernel=kernel) for argument in job.arguments]
    inputs = [job.inputs(argument) for argument in job.arguments]
    return lambda: [kernel(*each) for each in inputs]


def no_queue() -> None:
    """Wait for nothing: a CPU has finished when a call returns."""


MODEL = Model(
    summary="torch.compile: the task's kernel fused, on one thread or a CUDA device",
    open=compiled,
    family=Family.TENSOR,
    workers=Workers.ONE,
    kinds=frozenset({Kind.TENSOR}),
    devices=frozenset({"cpu", "cuda"}),
    scope=Scope.FULL,
    needs=("kernel",),
    compiles=True,
    requires=("torch",),
    extra="torch",
    colour="#8842ae",
    shape="M0,-1L0.3,-0.3L1,0L0.3,0.3L0,1L-0.3,0.3L-1,0L-0.3,-0.3Z",
)
