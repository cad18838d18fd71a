"""What every workload keeps to, whatever it is: found by discovery, its tasks run right here."""

from __future__ import annotations

import pickle
import sys
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from raceway.case import Kind
from raceway.measure.lane.resource import leave_all
from raceway.measure.lane.verification import Tasks
from raceway.plan.catalogue import discover
from raceway.plan.scope import suits

if TYPE_CHECKING:
    from collections.abc import Iterator

BUILT_IN = discover()
HERE = ("serial", "threads", "asyncio", "taskgroup", "eager", "uvloop", "trio")
"""Models that run tasks in this process: each kind of task a workload may have."""
FEW = 50
SLOW = {"postgres"}
"""Its server takes seconds to start."""
PAIRS = [
    pytest.param(name, model, marks=[pytest.mark.slow] if name in SLOW else [])
    for name, work in BUILT_IN.workloads.items()
    for model in HERE
    if work.kind is not Kind.TENSOR
    and suits(BUILT_IN.models[model], work, "cpu")
    and BUILT_IN.models[model].family in work.families
]


@pytest.fixture
def tasks(workload: str, model: str) -> Iterator[Tasks]:
    """Return some tasks of a workload's smallest size, its server running."""
    work, known = BUILT_IN.workloads[workload], BUILT_IN.models[model]
    if sys.version_info < known.python:
        pytest.skip(f"needs Python {known.python[0]}.{known.python[1]}")
    work = replace(work, sizes={"few": next(iter(work.sizes.values()))[:FEW]})
    for package in (*work.requires, *known.requires):
        pytest.importorskip(package, reason=f"{package} is not installed")
    if lacking := work.obstacle() if work.obstacle else "":
        pytest.skip(lacking)
    with ExitStack() as serving:
        given = (serving.enter_context(work.server()),) if work.server else ()
        yield Tasks.of(work, workload, "few", "cpu", given)
        leave_all()


@pytest.mark.parametrize(("workload", "model"), PAIRS)
def test_tasks_answer_as_expected_pass_after_pass(tasks: Tasks, workload: str, model: str) -> None:
    with BUILT_IN.models[model].open(tasks.job(2)) as runner:
        times_ns = [tasks.timed_ns(runner, 1, workload) for _ in range(2)]

    assert all(each > 0 for each in times_ns)
    tasks.before.check()


LIGHT_BYTES = 2**20


@pytest.mark.parametrize("workload", BUILT_IN.workloads)
def test_the_arguments_of_a_workload_are_light(workload: str) -> None:
    """Every process that imports it holds them, and a traceback may show them."""
    assert len(pickle.dumps(dict(BUILT_IN.workloads[workload].sizes))) < LIGHT_BYTES
