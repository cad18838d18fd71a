"""`concurrent.futures.ThreadPoolExecutor.map`."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from raceway.case import Family, Model
from raceway.lap import over_executor

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from raceway.lap import Job, Runner


def thread_pool(job: Job) -> AbstractContextManager[Runner]:
    """Start a thread pool; its default size changed in 3.13, so the size is always given."""
    return over_executor(ThreadPoolExecutor(job.workers), job)


MODEL = Model(
    summary="ThreadPoolExecutor.map",
    open=thread_pool,
    family=Family.THREADS,
    most_waiting_workers=1_000,
    colour="#0556f4",
    shape="circle",
    recipe="""
from concurrent.futures import ThreadPoolExecutor

def {name}(items):
    with ThreadPoolExecutor({workers}) as executor:
        return list(executor.map({function}, items))
""",
)
