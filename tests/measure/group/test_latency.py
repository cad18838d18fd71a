"""When a group has single tasks timed, and what it keeps of that."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from raceway.case import Kind
from raceway.measure.group.group import LATENCY_S, LONGEST_PASS_S
from raceway.record import Status

if TYPE_CHECKING:
    from raceway.measure.group.group import Group


@pytest.fixture
def waiting(track: Any) -> Any:
    """Return what gives a contender whose tasks wait."""
    return partial(track.contender, kind=Kind.IO)


def timing(track: Any, *contenders: Any) -> Group:
    group: Group = track.group(*contenders)
    group.times_tasks = True
    return group


async def test_the_tasks_of_waiting_work_are_timed_and_kept(track: Any, waiting: Any) -> None:
    launch = track.of(await timing(track, waiting("threads")).run(0), "threads")

    assert (launch.latencies_ns, launch.latency_count) == ([10_000_000] * 2, 4)
    assert track.told("threads", "latency")["model"] == "threads"


@pytest.mark.parametrize(("budget_s", "most_s"), [(0.2, LATENCY_S), (3.0, 1.5)])
async def test_it_may_last_as_long_as_the_rounds_of_a_case(
    track: Any, waiting: Any, budget_s: float, most_s: float
) -> None:
    group = track.group(waiting("threads"), waiting("asyncio"), budget_s=budget_s)
    group.times_tasks = True
    await group.run(0)

    assert track.told("threads", "latency")["most_s"] == most_s


async def test_no_rounds_come_of_it(track: Any, waiting: Any) -> None:
    launch = track.of(await timing(track, waiting("threads")).run(0), "threads")

    assert len(launch.rounds_ns) == 10


@pytest.mark.parametrize("kind", [Kind.CPU, Kind.TENSOR])
async def test_tasks_that_compute_are_not_timed_one_by_one(track: Any, kind: Kind) -> None:
    await timing(track, track.contender("threads", kind=kind)).run(0)

    assert track.who_did("latency") == []


async def test_no_tasks_are_timed_where_that_is_not_wanted(track: Any, waiting: Any) -> None:
    await track.group(waiting("threads")).run(0)

    assert track.who_did("latency") == []


async def test_it_begins_when_all_cases_are_closed(track: Any, waiting: Any) -> None:
    await timing(track, *map(waiting, ("threads", "asyncio", "serial"))).run(0)

    assert [do for _, do, _ in track.asked[-6:]] == ["close"] * 3 + ["latency"] * 3


@pytest.mark.parametrize(("over", "asked"), [(1.0, ["threads"]), (1.01, [])])
async def test_passes_that_take_too_long_are_not_made_again(
    track: Any, waiting: Any, over: float, asked: list[str]
) -> None:
    loops = 3
    slow = waiting("threads", over * loops * LONGEST_PASS_S)
    await timing(track, slow).run(0)

    assert track.who_did("latency") == asked


async def test_a_model_that_starts_slowly_is_not_started_again(track: Any, waiting: Any) -> None:
    quick = waiting("threads", says={"open": {"cold_s": 0.1}})
    slowest = waiting("spawn", says={"open": {"cold_s": 10.0}})
    await timing(track, quick, waiting("pool"), slowest).run(0)

    assert sorted(track.who_did("latency")) == ["pool", "threads"]


async def test_a_case_that_fails_there_has_failed(track: Any, waiting: Any) -> None:
    fails = waiting("threads", fails={"latency": "wrong answer"})
    result = await timing(track, fails, waiting("asyncio")).run(0)

    assert (track.of(result, "threads").status, track.of(result, "threads").reason) == (
        Status.FAILED, "wrong answer",
    )  # fmt: skip
    assert track.of(result, "asyncio").latency_count == 4


async def test_processes_left_behind_there_fail_the_case(track: Any, waiting: Any) -> None:
    leaves = waiting("threads", says={"latency": {"left_behind": ["straggler"]}})
    result = await timing(track, leaves).run(0)

    assert track.of(result, "threads").reason == "left processes behind: straggler"
