"""Heats of simulated lanes on a virtual clock."""

from __future__ import annotations

import asyncio
from itertools import chain, cycle, repeat
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from raceway.case import Kind
from raceway.errors import LaneError
from raceway.record import Status

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from raceway.case import Case
    from raceway.record import HeatResult, Launch

MODELS = ("serial", "threads", "pool", "asyncio")
STEPS = ("prepare", "open", "warm", "go", "close")


def of(result: HeatResult, model: str) -> Launch:
    """Return what a model did in the heat."""
    return next(launch for case, launch in result.launches.items() if f"-{model}-" in case)


def turns(track: Any, seats: int) -> list[list[str]]:
    """Return who went in each turn, in that order, if none has failed."""
    went = track.who_did("go")
    return [went[start : start + seats] for start in range(0, len(went), seats)]


async def test_every_seat_takes_part_in_every_turn(track: Any) -> None:
    await track.heat(*map(track.seat, MODELS)).run(0)

    assert [sorted(turn) for turn in turns(track, 4)] == [sorted(MODELS)] * 10


async def test_the_order_is_drawn_anew_for_each_turn(track: Any) -> None:
    await track.heat(*map(track.seat, MODELS), most_rounds=30).run(0)

    assert len({tuple(turn) for turn in turns(track, 4)}) > 10


async def test_every_order_can_come(track: Any) -> None:
    seats = [track.seat(model) for model in MODELS[:3]]
    await track.heat(*seats, most_rounds=100).run(0)

    assert len({tuple(turn) for turn in turns(track, 3)}) == 6


@pytest.mark.parametrize("step", ["open", "warm", "close"])
async def test_no_seat_is_always_the_first(track: Any, step: str) -> None:
    firsts = set()
    for seed in range(20):
        track.asked.clear()
        await track.heat(*map(track.seat, MODELS), seed=seed).run(0)
        firsts.add(track.who_did(step)[0])

    assert firsts == set(MODELS)


async def test_the_steps_come_in_their_order(track: Any) -> None:
    await track.heat(*map(track.seat, MODELS)).run(0)

    asked = [STEPS.index(do) for _, do, _ in track.asked]
    assert asked == sorted(asked)


async def test_lanes_are_prepared_at_the_same_time(track: Any) -> None:
    heat = track.heat(*map(track.seat, MODELS))
    arrived, fetch = asyncio.Barrier(len(MODELS)), heat.fetch

    async def fetch_together(case: Case) -> Any:
        async with asyncio.timeout(30):
            await arrived.wait()
        return await fetch(case)

    heat.fetch = fetch_together

    assert of(await heat.run(0), "pool").status is Status.OK


@pytest.mark.parametrize("step", ["open", "warm", "go"])
async def test_only_one_lane_at_a_time_does_what_is_timed(track: Any, step: str) -> None:
    heat = track.heat(*map(track.seat, MODELS))
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
    await heat.run(0)

    assert most == 1


@pytest.mark.parametrize("step", STEPS)
async def test_a_seat_that_fails_says_why(track: Any, step: str) -> None:
    broken = track.seat("pool", fails={step: "fell off"})

    launch = of(await track.heat(broken, track.seat("serial")).run(0), "pool")

    assert (launch.status, launch.reason) == (Status.FAILED, "fell off")


@pytest.mark.parametrize("step", STEPS)
async def test_a_seat_that_fails_is_not_asked_again(track: Any, step: str) -> None:
    broken = track.seat("pool", fails={step: "fell off"})
    await track.heat(broken, track.seat("serial")).run(0)

    assert [do for model, do, _ in track.asked if model == "pool"][-1] == step
    assert track.who_did(step).count("pool") == 1


@pytest.mark.parametrize("step", STEPS)
async def test_the_lane_of_a_seat_that_fails_is_ended(track: Any, step: str) -> None:
    broken = track.seat("pool", fails={step: "fell off"})
    await track.heat(broken, track.seat("serial")).run(0)

    assert track.discarded == ["pool"]


@pytest.mark.parametrize("step", STEPS)
async def test_the_others_go_on_when_a_seat_fails(track: Any, step: str) -> None:
    broken = track.seat("pool", fails={step: "fell off"})
    result = await track.heat(broken, track.seat("serial")).run(0)

    assert (of(result, "serial").status, len(of(result, "serial").rounds_ns)) == (Status.OK, 10)


async def test_a_seat_whose_lane_does_not_start_says_why(track: Any) -> None:
    heat = track.heat(track.seat("pool"), track.seat("serial"))
    fetch = heat.fetch

    async def refuse(case: Case) -> Any:
        if case.model == "pool":
            raise LaneError("cannot be started")
        return await fetch(case)

    heat.fetch = refuse
    result = await heat.run(0)

    assert of(result, "pool").reason == "cannot be started"
    assert of(result, "serial").status is Status.OK


async def test_a_heat_of_which_all_fail_ends(track: Any) -> None:
    seats = [track.seat(model, fails={"go": "fell off"}) for model in MODELS]
    result = await track.heat(*seats).run(0)

    assert {launch.status for launch in result.launches.values()} == {Status.FAILED}


async def test_a_seat_that_fails_half_way_keeps_its_rounds(track: Any) -> None:
    def three_rounds() -> Any:
        yield from (0.01,) * 4
        raise LaneError("fell off")

    result = await track.heat(track.seat("pool", three_rounds()), track.seat("serial")).run(0)

    assert (of(result, "pool").reason, len(of(result, "pool").rounds_ns)) == ("fell off", 3)


async def test_a_model_that_leaves_workers_behind_has_failed(track: Any) -> None:
    careless = track.seat("pool", says={"close": {"left_behind": ["Fork-1", "Fork-2"]}})

    launch = of(await track.heat(careless).run(0), "pool")

    assert (launch.status, launch.reason) == (
        Status.FAILED, "left workers behind: Fork-1, Fork-2",
    )  # fmt: skip


async def test_a_seat_without_a_lane_cannot_be_asked(track: Any) -> None:
    heat = track.heat(seat := track.seat("pool"))

    with pytest.raises(LaneError, match="has no lane"):
        await heat.ask(seat, "go")


UNEVEN_S = (0.1, 0.2, 0.15, 0.3)
"""Rounds that vary too much to be known soon."""


@pytest.mark.parametrize(("budget_s", "took"), [(0.0, 1), (0.3, 1), (0.5, 2), (3.0, 8), (9.0, 10)])
async def test_turns_are_taken_until_the_budget_is_spent(
    track: Any, budget_s: float, took: int
) -> None:
    seats = [track.seat("serial", 0.2), track.seat("pool", 0.2)]
    result = await track.heat(*seats, budget_s=budget_s).run(0)

    assert len(of(result, "pool").rounds_ns) == took


async def test_the_budget_does_not_pay_for_opening_and_warming(track: Any) -> None:
    slow_to_warm = track.seat("pool", iter([100.0, *[0.2] * 99]))
    result = await track.heat(slow_to_warm, budget_s=1.0).run(0)

    assert len(of(result, "pool").rounds_ns) == 5


async def test_a_few_turns_are_taken_whatever_the_budget(track: Any) -> None:
    result = await track.heat(track.seat("serial", 9.0), budget_s=0.0, fewest_turns=3).run(0)

    assert of(result, "serial").turns == [0, 1, 2]


async def test_a_heat_ends_when_every_median_is_known(track: Any) -> None:
    result = await track.heat(track.seat("serial", 0.05), precision=0.01, most_rounds=50).run(0)

    assert len(of(result, "serial").rounds_ns) == 4


async def test_a_heat_goes_on_while_one_median_is_not_known(track: Any) -> None:
    seats = [track.seat("serial", 0.05), track.seat("pool", cycle(UNEVEN_S))]
    result = await track.heat(*seats, precision=0.01, most_rounds=50).run(0)

    assert len(of(result, "serial").rounds_ns) == 50


async def test_a_median_gets_known_with_more_rounds(track: Any) -> None:
    result = await track.heat(
        track.seat("pool", cycle(UNEVEN_S)), precision=0.2, most_rounds=500
    ).run(0)

    assert 4 < len(of(result, "pool").rounds_ns) < 100


async def test_a_seat_that_failed_is_not_waited_for(track: Any) -> None:
    broken = track.seat("pool", cycle(UNEVEN_S), fails={"go": "fell off"})
    result = await track.heat(
        broken, track.seat("serial", 0.05), precision=0.01, most_rounds=50
    ).run(0)

    assert len(of(result, "serial").rounds_ns) == 4


async def test_short_rounds_are_run_several_in_a_turn(track: Any) -> None:
    result = await track.heat(
        track.seat("serial", 0.004), fewest_turns=4, budget_s=0.08, most_rounds=100
    ).run(0)

    assert of(result, "serial").turns == [0] * 5 + [1] * 5 + [2] * 5 + [3] * 5


PACES = st.builds(
    lambda budget_s, fewest, more: {
        "budget_s": budget_s, "fewest_turns": fewest, "most_rounds": fewest + more,
    },
    st.floats(0.0, 30.0), st.integers(1, 5), st.integers(0, 40),
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    warm_s=st.lists(st.floats(1e-4, 2.0), min_size=1, max_size=4),
    faster=st.floats(0.1, 10.0),
    pace=PACES,
)
def test_no_case_has_more_rounds_than_allowed_or_fewer_than_needed(
    track: Any, warm_s: list[float], faster: float, pace: dict[str, Any]
) -> None:
    seats = [
        track.seat(f"m{number}", chain([round_s], repeat(round_s / faster)))
        for number, round_s in enumerate(warm_s)
    ]
    result = asyncio.run(track.heat(*seats, **pace).run(0))

    for launch in result.launches.values():
        assert pace["fewest_turns"] <= len(launch.rounds_ns) <= pace["most_rounds"]
        assert len(set(launch.turns)) == launch.turns[-1] + 1 >= pace["fewest_turns"]


@pytest.mark.parametrize(("kind", "anchors"), [(Kind.CPU, 10), (Kind.IO, 0), (Kind.TENSOR, 0)])
async def test_only_computing_in_the_interpreter_is_anchored(
    track: Any, kind: Kind, anchors: int
) -> None:
    result = await track.heat(track.seat("serial", kind=kind)).run(0)

    assert len(of(result, "serial").anchors_ns) == anchors


@pytest.mark.parametrize(
    ("kind", "concurrency", "is_reference"),
    [(Kind.CPU, 1, True), (Kind.CPU, 2, False), (Kind.IO, 1, False), (Kind.TENSOR, 1, False)],
)
async def test_computing_in_one_thread_is_the_reference(
    track: Any, kind: Kind, concurrency: int, *, is_reference: bool
) -> None:
    await track.heat(track.seat("serial", kind=kind, concurrency=concurrency)).run(0)

    assert track.told("serial", "open")["reference"] is is_reference


@pytest.mark.parametrize(("concurrency", "share"), [(1, 0.25), (2, None)])
async def test_the_longest_share_is_that_of_the_reference(
    track: Any, concurrency: int, share: float | None
) -> None:
    seats = [track.seat("pool", concurrency=3), track.seat("serial", concurrency=concurrency)]

    assert (await track.heat(*seats).run(0)).longest_task_share == share


@pytest.mark.parametrize("audit", [True, False])
async def test_an_audit_is_passed_on(track: Any, *, audit: bool) -> None:
    await track.heat(track.seat("serial"), audit=audit).run(0)

    assert track.told("serial", "open")["audit"] is audit


@pytest.mark.parametrize("step", STEPS)
async def test_every_question_has_the_time_limit(track: Any, step: str) -> None:
    await track.heat(track.seat("serial"), timeout_s=7.0).run(0)

    assert track.told("serial", step)["timeout_s"] == 7.0


async def test_a_lane_is_told_what_to_race(track: Any) -> None:
    await track.heat(track.seat("pool", concurrency=3)).run(0)

    assert track.told("pool", "prepare") == {
        "timeout_s": 60.0, "workload": "work", "size": "small", "device": "cpu",
    }  # fmt: skip
    opened = track.told("pool", "open")
    assert (opened["model"], opened["workers"]) == ("pool", 3)


async def test_what_a_lane_saw_is_saved(track: Any) -> None:
    launch = of(await track.heat(track.seat("serial"), most_rounds=2).run(6), "serial")

    assert launch.index == 6
    assert launch.rounds_ns == [10_000_000] * 2
    assert (launch.loops, launch.cold_s, launch.peak_memory_bytes) == (3, 0.5, 4_096)


async def test_cpu_time_is_summed_over_the_turns(track: Any) -> None:
    launch = of(await track.heat(track.seat("serial"), most_rounds=5).run(0), "serial")

    assert launch.cpu_s == pytest.approx(0.05)


async def test_cpu_time_that_was_once_not_known_is_not_known(track: Any) -> None:
    seat = track.seat("serial", says={"go": {"cpu_s": None}})

    assert of(await track.heat(seat).run(0), "serial").cpu_s is None


async def test_a_case_without_rounds_has_no_cpu_time(track: Any) -> None:
    seat = track.seat("serial", fails={"go": "fell off"})

    assert of(await track.heat(seat).run(0), "serial").cpu_s is None


async def test_a_heat_tells_its_name_launch_and_length(track: Any) -> None:
    result = await track.heat(track.seat("serial", 0.5), most_rounds=4).run(3)

    assert (result.heat, result.launch) == ("work-small", 3)
    assert result.wall_s == pytest.approx(2.5)  # one round of warm-up, four of racing


async def test_the_share_of_the_cpu_is_that_of_single_threaded_computing(track: Any) -> None:
    seats = [
        track.seat("serial", says={"go": {"cpu_s": 0.008}}),
        track.seat("pool", concurrency=2, says={"go": {"cpu_s": 0.0}}),
        track.seat("sleeper", kind=Kind.IO, says={"go": {"cpu_s": 0.0}}),
        track.seat("mute", says={"go": {"cpu_s": None}}),
    ]

    assert (await track.heat(*seats).run(0)).noise.serial_cpu_share == pytest.approx(0.8)


async def test_without_single_threaded_computing_no_share_of_the_cpu_is_known(track: Any) -> None:
    assert (await track.heat(track.seat("s", kind=Kind.IO)).run(0)).noise.serial_cpu_share is None


async def test_the_spread_of_anchors_is_that_of_single_threaded_computing(track: Any) -> None:
    seats = [
        track.seat("serial", 0.05, says={"go": {"anchors_ns": [100]}}),
        track.seat("pool", 0.05, concurrency=2, says={"go": {"anchors_ns": [1, 2, 9]}}),
    ]

    assert (await track.heat(*seats).run(0)).noise.anchor_spread == 0.0


async def test_too_few_anchors_have_no_spread(track: Any) -> None:
    assert (await track.heat(track.seat("s"), most_rounds=3).run(0)).noise.anchor_spread is None


async def test_the_capacity_is_measured_once_a_heat(track: Any) -> None:
    heat, measured = track.heat(track.seat("serial")), []

    async def capacity() -> float:
        measured.append(track.who_did("warm") and not track.who_did("go"))
        return 1.5

    heat.capacity, heat.usable_cores = capacity, 2
    result = await heat.run(0)

    assert (result.noise.parallel_capacity, measured) == (1.5, [True])
