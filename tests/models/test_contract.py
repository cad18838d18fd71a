"""What every model keeps to, whatever it is: found by discovery, raced in real lanes."""

from __future__ import annotations

import math
import multiprocessing
import os
import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from raceway.case import Kind
from raceway.lap import Job
from raceway.measure.control import ending
from raceway.measure.lane.facts import interpreter_facts
from raceway.plan.catalogue import discover
from raceway.plan.profile import SMOKE
from raceway.plan.selection import Interpreter, Selection, select
from support.lanes import PATIENCE_S

if TYPE_CHECKING:
    from raceway.case import Model
    from raceway.measure.control.client import LaneClient
    from raceway.plan.catalogue import Catalogue
    from raceway.plan.selection import Entrant
    from support.brought import Bring
    from support.lanes import StartLane, Strays


BUILT_IN = discover()
BROUGHT = {
    "computes": """
def task(number):
    return [number, {"squared": number**2}]
WORKLOAD = Workload(summary="", kind=Kind.CPU, task=task, sizes={"few": range(7)})
""",
    "waits": """
import asyncio, time
def task(wait_s):
    time.sleep(wait_s)
    return f"waited {wait_s} s"
async def task_async(wait_s):
    await asyncio.sleep(wait_s)
    return f"waited {wait_s} s"
WORKLOAD = Workload(
    summary="", kind=Kind.IO, task=task, async_task=task_async, sizes={"few": (0.003, 0.001, 0.002)}
)
""",
    "connects": """
import asyncio, os, threading
from contextlib import asynccontextmanager, contextmanager
@contextmanager
def server():
    yield "address"
@contextmanager
def setup(address):
    yield address, os.getpid(), threading.get_ident()
@asynccontextmanager
async def async_setup(address):
    yield address, os.getpid(), id(asyncio.get_running_loop())
def task(number, resource):
    assert resource == ("address", os.getpid(), threading.get_ident())
    return -number
async def task_async(number, resource):
    await asyncio.sleep(0)
    assert resource == ("address", os.getpid(), id(asyncio.get_running_loop()))
    return -number
WORKLOAD = Workload(
    summary="", kind=Kind.IO, task=task, async_task=task_async, sizes={"few": range(9)},
    server=server, setup=setup, async_setup=async_setup,
)
""",
    "changes": """
def task(numbers):
    numbers.sort()
    return numbers
WORKLOAD = Workload(
    summary="", kind=Kind.CPU, task=task, expected=sorted, fresh=list,
    sizes={"few": ([3, 1, 2], [2, 1])},
)
""",
    "multiplies": """
def task(number, device):
    return number * len(device)
def audit(number, device):
    return task(number, device) > 0
WORKLOAD = Workload(
    summary="", kind=Kind.TENSOR, task=task, audit=audit, sizes={"few": (1.0, 2.0, 3.0)}
)
""",
}
"""Work without expected answers: in a lane, those of a plain loop are expected then."""

ORDINARY = {
    name: model
    for name, model in BUILT_IN.models.items()
    if "cpu" in model.devices and not set(model.needs) - {"kernel"}
}
"""The models that can run any function."""
COMPILING = 10
"""How many times as long a lane may take that compiles on a machine with much else to do."""
GPU_IS_REQUIRED = os.environ.get("REQUIRE_CUDA", "") not in {"", "0"}


def smallest(catalogue: Catalogue, model: str, workload: str) -> Entrant:
    """Return the smallest case of a model and a workload; skip where it cannot race here."""
    here = Interpreter("current", (), interpreter_facts(catalogue.required()))
    sizes = tuple(catalogue.workloads[workload].sizes)
    wanted = Selection(models=(model,), workloads=(workload,), sizes=sizes)
    profile = replace(SMOKE, longest_round_s=1e9)
    entrants = select(catalogue, wanted, [here], profile, usable_cores=2)
    if not entrants:
        pytest.skip(f"{model} does not race {catalogue.workloads[workload].kind} work")
    if entrants[0].reason and model not in ORDINARY and GPU_IS_REQUIRED:
        pytest.fail(entrants[0].reason)
    if entrants[0].reason:
        pytest.skip(entrants[0].reason)
    return entrants[0]


@pytest.fixture
def _much_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a lane take its time to end by itself, however busy the machine is."""
    monkeypatch.setattr(ending, "END_GRACE_S", PATIENCE_S)


async def raced(lane: LaneClient, entrant: Entrant) -> dict[str, Any]:
    """Race a case from its opening to its closing, and return the last reply."""
    case = entrant.case
    compiles = BUILT_IN.models[case.model].compiles
    patience_s = COMPILING * PATIENCE_S if compiles else PATIENCE_S

    async def ask(do: str, **arguments: Any) -> dict[str, Any]:
        return await lane.ask(do, patience_s, **arguments)

    await ask("prepare", workload=case.workload, size=case.size, device=case.device)
    await ask("open", model=case.model, workers=case.workers, reference=False, audit=True)
    await ask("warm", round_s=1e-4, warm_s=1e-4)
    await ask("go", rounds=2, anchored=True)
    return await ask("close")


def takes_long(model: str, workload: str) -> bool:
    """Whether a pair is for CI alone: tensor work other than matmul's, and what compiles."""
    known = BUILT_IN.workloads.get(workload)
    tensor = known is not None and known.kind is Kind.TENSOR and workload != "matmul"
    return tensor or BUILT_IN.models[model].compiles


@pytest.mark.parametrize(
    ("model", "workload"),
    [
        pytest.param(
            model, workload, marks=[pytest.mark.slow] if takes_long(model, workload) else []
        )
        for model in BUILT_IN.models
        for workload in (*BROUGHT, *BUILT_IN.workloads)
    ],
)
@pytest.mark.usefixtures("_much_patience")
async def test_a_model_answers_as_a_plain_loop_does_and_stops_cleanly(
    bring: Bring, start: StartLane, strays: Strays, model: str, workload: str
) -> None:
    catalogue = bring(BROUGHT[workload], workload) if workload in BROUGHT else BUILT_IN
    entrant = smallest(catalogue, model, workload)
    lane = await start(catalogue)

    closed = await raced(lane, entrant)
    await lane.quit()

    assert closed["left_behind"] == []
    assert lane.process.returncode == 0
    assert strays() == []


@pytest.fixture
def opened(request: pytest.FixtureRequest) -> Model:
    """Return the model of that name; skip where it cannot be opened here."""
    model: Model = ORDINARY[request.param]
    for package in model.requires:
        pytest.importorskip(package, reason=f"{package} is not installed")
    if model.start_method not in {None, *multiprocessing.get_all_start_methods()}:
        pytest.skip(f"this system has no start method {model.start_method}")
    return model


in_process = pytest.mark.parametrize("opened", ORDINARY, indirect=True)


@in_process
def test_a_model_answers_in_the_order_of_its_tasks(opened: Model) -> None:
    with opened.open(Job(math.factorial, range(20), workers=2)) as runner:
        assert runner(3).answers == list(map(math.factorial, range(20)))


@in_process
def test_a_model_can_run_lap_after_lap(opened: Model) -> None:
    with opened.open(Job(abs, (-1, -2), workers=2)) as runner:
        laps = [runner(loops) for loops in (1, 2, 3)]

    assert [lap.answers for lap in laps] == [[1, 2]] * 3
    assert all(lap.elapsed_ns > 0 for lap in laps)


@in_process
def test_an_error_in_a_task_comes_through(opened: Model) -> None:
    job = Job(int, ("1", "x"), workers=2)
    with opened.open(job) as runner, pytest.raises(ValueError, match="invalid literal for int"):
        runner(1)


@in_process
def test_a_model_leaves_no_worker_behind(opened: Model) -> None:
    threads = set(threading.enumerate())
    with opened.open(Job(abs, range(9), workers=3)) as runner:
        runner(1)

    assert multiprocessing.active_children() == []
    assert set(threading.enumerate()) <= threads


@in_process
def test_a_model_whose_task_failed_leaves_no_worker_behind(opened: Model) -> None:
    threads = set(threading.enumerate())
    job = Job(int, ("x", "y", "1"), workers=3)
    with pytest.raises(ValueError, match="invalid literal"), opened.open(job) as runner:
        runner(1)

    assert multiprocessing.active_children() == []
    assert set(threading.enumerate()) <= threads


@in_process
def test_a_model_that_is_never_used_can_be_closed(opened: Model) -> None:
    with opened.open(Job(abs, (1,), workers=2)):
        pass

    assert multiprocessing.active_children() == []
