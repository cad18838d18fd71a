"""How long tasks take, and how much of it they wait."""

from __future__ import annotations

import itertools
import subprocess
import sys
import time
from types import ModuleType
from typing import TYPE_CHECKING

import pytest

from raceway.measure.lane.gauge import MOST_SAMPLED, gauged

if TYPE_CHECKING:
    from support.spoken import Put, SpokenLane


def waiting_share(told: dict[str, list[float]]) -> float:
    return sum(told["waits_s"]) / sum(told["walls_s"])


def burn(seconds: float) -> None:
    until_s = time.thread_time() + seconds
    while time.thread_time() < until_s:
        pass


def test_a_task_that_sleeps_waits() -> None:
    assert waiting_share(gauged(time.sleep, [0.01, 0.02], 1.0)) > 0.8


def test_a_task_that_computes_does_not_wait() -> None:
    assert waiting_share(gauged(burn, [0.01, 0.02], 1.0)) < 0.2


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not tell switches")
def test_time_that_a_host_takes_away_is_no_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    ticks = itertools.count()
    monkeypatch.setattr(time, "perf_counter", lambda: float(next(ticks)))

    assert gauged(abs, [1], 10.0)["waits_s"] == [0.0]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not tell what children used")
def test_a_program_that_computes_is_no_wait() -> None:
    def run(code: str) -> None:
        subprocess.run([sys.executable, "-Sc", code], check=True)

    code = "import time\nwhile time.process_time() < 0.3: pass"
    told = gauged(run, [code], 0.0)

    assert told["walls_s"][0] - told["waits_s"][0] > 0.29


def test_every_task_is_timed_if_there_is_time() -> None:
    assert gauged(abs, range(5), 10.0)["numbers"] == [0, 1, 2, 3, 4]


def test_of_many_tasks_some_from_everywhere_are_timed() -> None:
    numbers = gauged(abs, range(10 * MOST_SAMPLED), 10.0)["numbers"]

    assert len(numbers) == MOST_SAMPLED
    assert numbers[1] == 10


def test_what_takes_too_long_is_timed_once() -> None:
    calls = []

    def slow(number: int) -> None:
        calls.append(number)
        time.sleep(0.05)

    assert gauged(slow, [1, 2, 3], 0.02)["numbers"] == [0]
    assert calls == [1]


def test_a_slow_first_call_is_not_the_tasks_time() -> None:
    pauses = [0.2]

    def slow_at_first(_: int) -> None:
        time.sleep(pauses.pop() if pauses else 0.0)

    assert gauged(slow_at_first, [1], 10.0)["walls_s"][0] < 0.2


def test_what_a_first_call_imports_is_not_the_tasks_time(monkeypatch: pytest.MonkeyPatch) -> None:
    def imports_at_first(_: int) -> None:
        if "heavy" not in sys.modules:
            monkeypatch.setitem(sys.modules, "heavy", ModuleType("heavy"))
            time.sleep(0.2)

    told = gauged(imports_at_first, [1, 2], 0.1)
    assert (told["numbers"], max(told["walls_s"]) < 0.2) == ([0, 1], True)


def test_a_lane_times_the_tasks_of_a_workload(lane: SpokenLane, put_workload: Put) -> None:
    put_workload()

    told = lane.told("gauge", workload="odd-work", size="few", most_s=1.0)

    assert told["numbers"] == [0, 1]
