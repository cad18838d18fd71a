"""What every model keeps to on every workload, both found by discovery: raced in real lanes."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from raceway.case import CURRENT, Family, Kind
from raceway.measure.control import ending
from raceway.measure.lane.facts import interpreter_facts
from raceway.plan.catalogue import discover
from raceway.plan.profile import SMOKE
from raceway.plan.scope import suits
from raceway.plan.selection import Interpreter, Selection, select
from support.interpreters import given_interpreters
from support.lanes import PATIENCE_S

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from raceway.case import Model
    from raceway.measure.control.client import LaneClient
    from raceway.plan.catalogue import Catalogue
    from raceway.plan.selection import Entrant
    from support.brought import Bring
    from support.lanes import StartLane, Strays


BUILT_IN = discover()
INTERPRETERS = given_interpreters()
"""The one that runs the tests, and those of the variable TEST_INTERPRETERS."""
FACTS: dict[str, Mapping[str, Any]] = {}
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

USUAL = ("serial", "threads", "processes-forkserver", "asyncio")
"""The models that every workload is tried with each time."""
PLAIN = ("computes", "waits")
"""The work that every model is tried with each time."""
PLAIN_TENSOR = ("multiplies", "matmul")
"""The same for models of tensors."""
MOST_TASKS = 1_000
"""Work of more tasks in its smallest size is for CI alone."""
SLOW = {"postgres"}
"""Workloads whose server takes seconds to start."""
MUCH_LONGER = 10
"""How many times as long a lane may take that compiles, or pays a millisecond a task to an engine,
on a machine with much else to do."""
GPU_IS_REQUIRED = os.environ.get("REQUIRE_CUDA", "") not in {"", "0"}


def could_race(model: str, workload: str) -> bool:
    """Whether a model can run a workload anywhere; what was brought, the selection will tell."""
    known, work = BUILT_IN.models[model], BUILT_IN.workloads.get(workload)
    if work is None:
        return True
    devices = ("cpu", "cuda:0")
    return known.family in work.families and any(suits(known, work, each) for each in devices)


def takes_long(model: Model) -> bool:
    """Whether a model takes much longer than others, whatever it races."""
    return model.compiles or model.family is Family.ENGINES


def is_tried_always(model: str, workload: str) -> bool:
    """Whether a pair is no matter for CI alone, where all are tried."""
    known, work = BUILT_IN.models[model], BUILT_IN.workloads.get(workload)
    if takes_long(known) or workload in SLOW:
        return False
    if known.family is Family.TENSOR:
        return workload in PLAIN_TENSOR
    heavy = work is not None and (
        work.kind is Kind.TENSOR or len(next(iter(work.sizes.values()))) > MOST_TASKS
    )
    return workload in PLAIN or (model in USUAL and not heavy)


PAIRS = [
    pytest.param(
        model, workload, marks=[] if is_tried_always(model, workload) else [pytest.mark.slow]
    )
    for model in BUILT_IN.models
    for workload in (*BROUGHT, *BUILT_IN.workloads)
    if could_race(model, workload)
]


def smallest(catalogue: Catalogue, model: str, workload: str, facts: Mapping[str, Any]) -> Entrant:
    """Return the smallest case of a model and a workload; skip where it cannot race there."""
    there = Interpreter(CURRENT, (), facts)
    sizes = tuple(catalogue.workloads[workload].sizes)
    if BUILT_IN.models[model].family is Family.ENGINES:  # pays a millisecond or more a task
        sizes = (min(sizes, key=lambda size: len(catalogue.workloads[workload].sizes[size])),)
    wanted = Selection(models=(model,), workloads=(workload,), sizes=sizes)
    profile = replace(SMOKE, longest_round_s=1e9)
    entrants = select(catalogue, wanted, [there], profile, usable_cores=2)
    if not entrants:
        pytest.skip(f"{model} does not race {catalogue.workloads[workload].kind} work")
    if entrants[0].reason and GPU_IS_REQUIRED and "cpu" not in BUILT_IN.models[model].devices:
        pytest.fail(entrants[0].reason)
    if entrants[0].reason:
        pytest.skip(entrants[0].reason)
    return entrants[0]


@dataclass(frozen=True, slots=True)
class There:
    """An interpreter in which lanes can be started."""

    facts: Mapping[str, Any]
    lane: Callable[[Catalogue], Awaitable[LaneClient]]


@pytest.fixture(params=INTERPRETERS)
async def there(request: pytest.FixtureRequest, start: StartLane) -> There:
    """Return an interpreter, which is asked for its facts once."""
    label, command = request.param, INTERPRETERS[request.param]
    if label not in FACTS and label == CURRENT:
        FACTS[label] = interpreter_facts(BUILT_IN.required())
    elif label not in FACTS:
        lane = await start(BUILT_IN, command)
        FACTS[label] = lane.facts
        await lane.quit()
    return There(FACTS[label], partial(start, command=command))


@pytest.fixture
def _much_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a lane take its time to end by itself, however busy the machine is."""
    monkeypatch.setattr(ending, "END_GRACE_S", PATIENCE_S)


async def raced(lane: LaneClient, entrant: Entrant) -> list[dict[str, Any]]:
    """Race a case from its opening to its closing, and return the replies of stopped models.

    Tasks that wait are timed one by one in the end.
    """
    case = entrant.case
    patience_s = PATIENCE_S * (MUCH_LONGER if takes_long(BUILT_IN.models[case.model]) else 1)

    async def ask(do: str, **arguments: Any) -> dict[str, Any]:
        return await lane.ask(do, patience_s, **arguments)

    await ask("prepare", workload=case.workload, size=case.size, device=case.device)
    await ask("open", model=case.model, workers=case.workers, reference=False, audit=True)
    await ask("warm", round_s=1e-4, warm_s=1e-4)
    await ask("go", rounds=2, anchored=True)
    closed = await ask("close")
    if entrant.kind is not Kind.IO:
        return [closed]
    model = {"model": case.model, "workers": case.workers}
    timed = await ask("latency", **model, times=1, kept=200, most_s=0.0)
    assert timed["latency_count"] == entrant.demand.tasks
    return [closed, timed]


@pytest.mark.parametrize(("model", "workload"), PAIRS)
@pytest.mark.usefixtures("_much_patience")
async def test_a_model_answers_as_a_plain_loop_does_and_stops_cleanly(
    bring: Bring, there: There, strays: Strays, model: str, workload: str
) -> None:
    catalogue = bring(BROUGHT[workload], workload) if workload in BROUGHT else BUILT_IN
    entrant = smallest(catalogue, model, workload, there.facts)
    lane = await there.lane(catalogue)

    stopped = await raced(lane, entrant)
    await lane.quit()

    assert [each["left_behind"] for each in stopped] == [[]] * len(stopped)
    assert lane.process.returncode == 0
    assert strays() == []
