"""`concurrent.futures.ProcessPoolExecutor.map` with the start method `forkserver`."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from typing import TYPE_CHECKING

from raceway.case import Family, Model
from raceway.lap import over_executor

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from raceway.lap import Job, Runner


def process_pool(job: Job) -> AbstractContextManager[Runner]:
    """Fork the workers from a clean server process; the default on Linux since 3.14."""
    context = multiprocessing.get_context("forkserver")
    return over_executor(ProcessPoolExecutor(job.workers, mp_context=context), job)


MODEL = Model(
    summary="ProcessPoolExecutor.map, workers by forkserver, one task a message",
    open=process_pool,
    family=Family.PROCESSES,
    start_method="forkserver",
    fresh_workers=True,
    most_waiting_workers=8,
    colour="#14a4ff",
    shape="triangle-down",
    recipe="""
import multiprocessing
from concurrent.futures import ProcessPoolExecutor

def {name}(items):
    context = multiprocessing.get_context("forkserver")
    with ProcessPoolExecutor({workers}, mp_context=context{initializer}) as executor:
        return list(executor.map({function}, items))

# Call it below: if __name__ == "__main__":
""",
)
