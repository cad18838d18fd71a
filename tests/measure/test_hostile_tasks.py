"""Tasks that misbehave in threads only: their case fails alone, and says why."""

from __future__ import annotations

import os
import random
import sys
from typing import TYPE_CHECKING, Any

import pytest

from raceway.case import Case, Kind
from raceway.demand import Demand
from raceway.measure.control.lanes import Lanes
from raceway.measure.group.contender import Contender, Pace
from raceway.measure.group.group import Group
from raceway.plan.selection import Entrant
from raceway.record import Status

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from raceway.measure.scratch.reaper import Reaper
    from raceway.record import GroupResult, Launch
    from support.brought import Bring
    from support.lanes import Strays

    RaceTasks = Callable[..., Awaitable[dict[str, Launch]]]

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs signals")

SOURCE = """
import ctypes, os, signal, sys, threading, time
def flood(line):
    for descriptor in range(3, 99):
        try:
            os.write(descriptor, line)
        except OSError:
            pass
def task(number):
    if threading.current_thread() is not threading.main_thread():
        {misbehaviour}
    return number
WORKLOAD = Workload(summary="", kind=Kind.CPU, task=task, expected=int, sizes={{"few": (1, 2)}})
"""


@pytest.fixture
def race_tasks(bring: Bring, reaper: Reaper, temporary: Any) -> RaceTasks:  # noqa: ARG001
    """Return a function that races a misbehaviour, and returns what each model did."""

    async def make(misbehaviour: str, timeout_s: float = 60.0) -> dict[str, Launch]:
        catalogue = bring(SOURCE.format(misbehaviour=misbehaviour))
        lanes = Lanes({"current": (sys.executable,)}, catalogue, reaper)
        contenders = [
            Contender(Entrant(Case("mine", "few", model, 2), Kind.CPU, Demand(tasks=2), 2))
            for model in ("serial", "threads")
        ]
        pace = Pace(0.0, timeout_s, precision=1.0, fewest_turns=2, most_rounds=4)
        draw = random.Random(1)  # noqa: S311 (an order to race in)
        result: GroupResult = await Group(contenders, pace, draw, lanes.fetch, lanes.discard).run(0)
        await lanes.end_launch()
        return dict(zip(("serial", "threads"), result.launches.values(), strict=True))

    return make


MISBEHAVIOURS = {
    "os._exit(7)": "the lane exited with code 7",
    "ctypes.string_at(0)": "the lane was killed by SIGSEGV",
    "os.kill(os.getpid(), signal.SIGTERM); time.sleep(600)": "the lane was killed by SIGTERM",
    "return -number": "mine-few by threads: wrong answer: task 1 of 2 gave -1, expected 1",
    "return None": "mine-few by threads: wrong answer: task 1 of 2 gave None, expected 1",
    "raise ValueError('bad luck')": "ValueError: bad luck",
    "sys.exit(3)": "SystemExit: 3",
    "sys.exit()": "SystemExit",
    "flood(b'{}\\n')": r"broke the protocol: b'{}\n' is not a reply",
    "flood(b'[' * 100_000 + b'\\n')": "broke the protocol: b'[[[",
    "flood(b'\\xff\\n')": r"broke the protocol: b'\xff\n' is not a reply",
    'flood(b\'{"number": 3, "cold_s": -1}\\n\')': "broke the protocol: b'{",
    'flood(b\'{"number": 3, "cold_s": 0.1}\\n\' * 2)': "broke the protocol: b'{",
    'flood(b\'{"number": 3, "error": "\\\\u001b[2J"}\\n\')': r"\x1b[2J",
}


@pytest.mark.parametrize("misbehaviour", MISBEHAVIOURS)
async def test_a_task_that_misbehaves_fails_its_case_alone(
    race_tasks: RaceTasks, strays: Strays, misbehaviour: str
) -> None:
    launches = await race_tasks(misbehaviour)

    assert launches["serial"].status is Status.OK
    assert launches["threads"].status is Status.FAILED
    assert launches["threads"].reason.startswith(MISBEHAVIOURS[misbehaviour])
    assert strays() == []


@pytest.mark.parametrize(
    "behaviour",
    ["print('x' * 3_000_000)", "sys.stdin.read()", "sys.stderr.write('x' * 3_000_000)"],
)
async def test_a_task_that_prints_or_reads_is_raced_like_any_other(
    race_tasks: RaceTasks, behaviour: str
) -> None:
    assert (await race_tasks(behaviour))["threads"].status is Status.OK
