"""Greenlets of gevent: blocking code made to wait together, by patching the standard library."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from raceway.case import Family, Kind, Model, Scope
from raceway.lap import over_executor

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raceway.lap import Job, Runner


@contextmanager
def greenlets(job: Job) -> Iterator[Runner]:
    """Patch this lane, where nothing else runs: a pool of threads is one of greenlets then."""
    from gevent import monkey  # noqa: PLC0415 (an extra: imported where it is needed)

    monkey.patch_all()
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 (once it is patched)

    with over_executor(ThreadPoolExecutor(job.workers), job) as runner:
        yield runner


MODEL = Model(
    summary="ThreadPoolExecutor.map, its threads made greenlets by gevent",
    open=greenlets,
    family=Family.EVENT_LOOP,
    kinds=frozenset({Kind.IO}),
    scope=Scope.FULL,
    most_waiting_workers=10_000,
    requires=("gevent",),
    extra="gevent",
    colour="#18b147",
    shape="M-1,-0.9L0,0.9L1,-0.9L0,-0.3Z",
    recipe="""
from gevent import monkey; monkey.patch_all()  # before anything else is imported
from concurrent.futures import ThreadPoolExecutor

def {name}(items):
    with ThreadPoolExecutor({workers}) as executor:
        return list(executor.map({function}, items))
""",
)
