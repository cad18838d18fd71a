"""loky's reusable executor: workers that start afresh, and a cloudpickle for every function."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from raceway.case import Family, Kind, Model, Scope
from raceway.lap import timed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raceway.lap import Job, Runner


@contextmanager
def reusable_executor(job: Job) -> Iterator[Runner]:
    """Start loky's workers; let them end, since they would wait for more work otherwise.

    Killing them would hide what their tasks leave behind, which loky then kills, too.
    """
    import loky  # noqa: PLC0415 (an extra: imported where it is needed)

    executor = loky.get_reusable_executor(max_workers=job.workers)
    try:
        yield timed(lambda: list(executor.map(job.task, job.arguments)))
    finally:
        executor.shutdown(wait=True)


MODEL = Model(
    summary="loky.get_reusable_executor().map, workers started afresh",
    open=reusable_executor,
    family=Family.PROCESSES,
    kinds=frozenset({Kind.CPU, Kind.IO}),
    scope=Scope.FULL,
    fresh_workers=True,
    most_waiting_workers=8,
    requires=("loky",),
    extra="loky",
    colour="#1b9661",
    shape="M-1,-0.8L1,-0.8L0.2,0L1,0.8L-1,0.8L-0.2,0Z",
    recipe="""
from loky import get_reusable_executor

def {name}(items):
    executor = get_reusable_executor(max_workers={workers}{initializer})
    return list(executor.map({function}, items))
""",
)
