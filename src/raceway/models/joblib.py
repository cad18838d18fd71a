"""`joblib.Parallel`, which groups short tasks into batches by itself."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from raceway.case import Family, Kind, Model, Scope
from raceway.lap import timed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raceway.lap import Job, Runner


@contextmanager
def batching_processes(job: Job) -> Iterator[Runner]:
    """Keep joblib's workers over all passes; end them, since they would wait for more otherwise."""
    import joblib  # noqa: PLC0415 (an extra: imported where it is needed)
    from joblib.externals.loky import get_reusable_executor  # noqa: PLC0415 (as above)

    task = joblib.delayed(job.task)
    try:
        with joblib.Parallel(n_jobs=job.workers) as parallel:
            yield timed(lambda: parallel(map(task, job.arguments)))
    finally:
        get_reusable_executor().shutdown(wait=True, kill_workers=True)


MODEL = Model(
    summary="joblib.Parallel, workers started afresh, tasks in batches",
    open=batching_processes,
    family=Family.PROCESSES,
    kinds=frozenset({Kind.CPU, Kind.IO}),
    scope=Scope.FULL,
    fresh_workers=True,
    most_waiting_workers=8,
    requires=("joblib",),
    extra="joblib",
    colour="#aa5bd3",
    shape="M-0.8,-1L0,-0.2L0.8,-1L0.8,1L0,0.2L-0.8,1Z",
    recipe="""
from joblib import Parallel, delayed

def {name}(items):
    return Parallel(n_jobs={workers})(delayed({function})(item) for item in items)
""",
)
