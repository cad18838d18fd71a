"""Who does what when, in a group of simulated lanes."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from raceway.measure.group.contender import Contender
from raceway.measure.group.phases import Phases
from raceway.record import Engine, Status

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from raceway.case import Case


MODELS = ("serial", "threads", "pool", "asyncio")
STEPS = ("prepare", "open", "warm", "go", "close")


def turns(track: Any, contenders: int) -> list[list[str]]:
    """Return who went in each turn, in that order, if none has failed."""
    went = track.who_did("go")
    return [went[start : start + contenders] for start in range(0, len(went), contenders)]


async def test_every_contender_takes_part_in_every_turn(track: Any) -> None:
    await track.group(*map(track.contender, MODELS)).run(0)

    assert [sorted(turn) for turn in turns(track, 4)] == [sorted(MODELS)] * 10


async def test_the_order_is_drawn_anew_for_each_turn(track: Any) -> None:
    await track.group(*map(track.contender, MODELS), most_rounds=30).run(0)

    assert len({tuple(turn) for turn in turns(track, 4)}) > 10


async def test_every_order_can_come(track: Any) -> None:
    contenders = [track.contender(model) for model in MODELS[:3]]
    await track.group(*contenders, most_rounds=100).run(0)

    assert len({tuple(turn) for turn in turns(track, 3)}) == 6


@pytest.mark.parametrize("step", ["open", "warm", "close"])
async def test_no_contender_is_always_the_first(track: Any, step: str) -> None:
    firsts = set()
    for seed in range(20):
        track.asked.clear()
        await track.group(*map(track.contender, MODELS), seed=seed).run(0)
        firsts.add(track.who_did(step)[0])

    assert firsts == set(MODELS)


async def test_the_steps_come_in_their_order(track: Any) -> None:
    await track.group(*map(track.contender, MODELS)).run(0)

    asked = [STEPS.index(do) for _, do, _ in track.asked]
    assert asked == sorted(asked)


async def test_lanes_are_prepared_at_the_same_time(track: Any) -> None:
    group = track.group(*map(track.contender, MODELS))
    arrived, fetch = asyncio.Barrier(len(MODELS)), group.fetch

    async def fetch_together(case: Case) -> Any:
        async with asyncio.timeout(30):
            await arrived.wait()
        return await fetch(case)

    group.fetch = fetch_together

    assert track.of(await group.run(0), "pool").status is Status.OK


@pytest.mark.parametrize("step", ["open", "warm", "go"])
async def test_only_one_lane_at_a_time_does_what_is_timed(track: Any, step: str) -> None:
    group = track.group(*map(track.contender, MODELS))
    busy, most = 0, 0

    def yielding(ask: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        async def slowly(do: str, *given: Any, **arguments: Any) -> Any:
            nonlocal busy, most
            busy += do == step
            most = max(most, busy)
            await asyncio.sleep(0)
            busy -= do == step
            return await ask(do, *given, **arguments)

        return slowly

    for lane in track.lanes.values():
        lane.ask = yielding(lane.ask)
    await group.run(0)

    assert most == 1


def test_the_same_case_on_several_interpreters_runs_side_by_side(track: Any) -> None:
    contenders = [track.contender(model) for model in "xyz"]
    twins = [
        Contender(replace(contender.entrant, case=replace(contender.case, interpreter="b")))
        for contender in contenders
    ]
    group = track.group(*contenders, *twins)

    orders = [[contender.case for contender in group.shuffled()] for _ in range(100)]

    models = [[case.model for case in order] for order in orders]
    assert all(order[0::2] == order[1::2] for order in models)
    assert len({order[0] for order in orders}) == 6


async def test_lanes_open_at_once_where_no_cold_start_is_measured(track: Any) -> None:
    group = track.group(*map(track.contender, MODELS))
    group.cold = False
    arrived = asyncio.Barrier(len(MODELS))

    def meeting(ask: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        async def met(do: str, *given: Any, **arguments: Any) -> Any:
            if do == "open":
                async with asyncio.timeout(30):
                    await arrived.wait()
            return await ask(do, *given, **arguments)

        return met

    for lane in track.lanes.values():
        lane.ask = meeting(lane.ask)
    launch = track.of(await group.run(0), "pool")

    assert (launch.status, launch.cold_s) == (Status.OK, None)


async def test_what_the_group_before_left_ends_before_anything_is_timed(track: Any) -> None:
    group = track.group(track.contender("serial"))

    async def end_lanes() -> None:
        await asyncio.sleep(0.01)
        track.asked.append(("before", "end", {}))

    group.meanwhile = end_lanes
    await group.run(0)

    done = [do for _, do, _ in track.asked]
    assert done.index("end") < done.index("open")


async def test_what_an_engine_tells_is_kept(track: Any) -> None:
    told = {"workers": 2, "hosts": 1, "round_trip_s": 0.002, "joined": True}
    engine = track.contender("dask", says={"open": {"engine": told}})

    result = await track.group(engine, track.contender("serial")).run(0)

    assert track.of(result, "dask").engine == Engine(**told)
    assert track.of(result, "serial").engine is None


async def test_a_group_tells_how_long_each_phase_took(track: Any) -> None:
    group = track.group(track.contender("serial"), track.contender("threads"))
    group.phases = Phases(track.clock.monotonic)
    result = await group.run(0)

    assert list(result.phases_s) == ["prepare", "open", "warm", "race", "close"]
    assert result.phases_s["warm"] == pytest.approx(2 * 0.01)
    assert sum(result.phases_s.values()) == pytest.approx(result.wall_s)
