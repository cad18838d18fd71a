"""What a group asks of its lanes, and what it keeps of their replies."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from raceway.case import Kind
from raceway.measure.group.contender import Contender

STEPS = ("prepare", "open", "warm", "go", "close")


@pytest.mark.parametrize(("kind", "anchors"), [(Kind.CPU, 10), (Kind.IO, 0), (Kind.TENSOR, 10)])
async def test_only_computing_on_the_cpu_is_anchored(track: Any, kind: Kind, anchors: int) -> None:
    result = await track.group(track.contender("serial", kind=kind)).run(0)

    assert len(track.of(result, "serial").anchors_ns) == anchors


@pytest.mark.parametrize(
    ("kind", "concurrency", "is_reference"),
    [(Kind.CPU, 1, True), (Kind.CPU, 2, False), (Kind.IO, 1, False), (Kind.TENSOR, 1, False)],
)
async def test_computing_in_one_thread_is_the_reference(
    track: Any, kind: Kind, concurrency: int, *, is_reference: bool
) -> None:
    await track.group(track.contender("serial", kind=kind, concurrency=concurrency)).run(0)

    assert track.told("serial", "open")["reference"] is is_reference


@pytest.mark.parametrize(("concurrency", "share"), [(1, 0.25), (2, None)])
async def test_the_longest_share_is_that_of_the_reference(
    track: Any, concurrency: int, share: float | None
) -> None:
    contenders = [
        track.contender("pool", concurrency=3),
        track.contender("serial", concurrency=concurrency),
    ]

    assert (await track.group(*contenders).run(0)).longest_task_share == share


@pytest.mark.parametrize("audit", [True, False])
async def test_an_audit_is_passed_on(track: Any, *, audit: bool) -> None:
    await track.group(track.contender("serial"), audit=audit).run(0)

    assert track.told("serial", "open")["audit"] is audit


@pytest.mark.parametrize("step", STEPS)
async def test_every_question_has_the_time_limit(track: Any, step: str) -> None:
    await track.group(track.contender("serial"), timeout_s=7.0).run(0)

    assert track.told("serial", step)["timeout_s"] == 7.0


async def test_a_lane_is_told_what_to_race(track: Any) -> None:
    await track.group(track.contender("pool", concurrency=3)).run(0)

    assert track.told("pool", "prepare") == {
        "timeout_s": 60.0, "workload": "work", "size": "small", "device": "cpu",
        "model": "pool", "check": False,
    }  # fmt: skip
    opened = track.told("pool", "open")
    assert (opened["model"], opened["workers"]) == ("pool", 3)


async def test_what_a_lane_saw_is_saved(track: Any) -> None:
    launch = track.of(await track.group(track.contender("serial"), most_rounds=2).run(6), "serial")

    assert launch.index == 6
    assert launch.rounds_ns == [10_000_000] * 2
    assert (launch.loops, launch.cold_s, launch.peak_memory_bytes) == (3, 0.5, 4_096)


async def test_cpu_time_is_summed_over_the_turns(track: Any) -> None:
    launch = track.of(await track.group(track.contender("serial"), most_rounds=5).run(0), "serial")

    assert launch.cpu_s == pytest.approx(0.05)


async def test_cpu_time_that_was_once_not_known_is_not_known(track: Any) -> None:
    contender = track.contender("serial", says={"go": {"cpu_s": None}})

    assert track.of(await track.group(contender).run(0), "serial").cpu_s is None


async def test_a_case_without_rounds_has_no_cpu_time(track: Any) -> None:
    contender = track.contender("serial", fails={"go": "fell off"})

    assert track.of(await track.group(contender).run(0), "serial").cpu_s is None


async def test_a_group_tells_its_name_launch_and_length(track: Any) -> None:
    result = await track.group(track.contender("serial", 0.5), most_rounds=4).run(3)

    assert (result.id, result.launch) == ("work-small", 3)
    assert result.wall_s == pytest.approx(2.5)  # one round of warm-up, four of racing


async def test_the_share_of_the_cpu_is_that_of_single_threaded_computing(track: Any) -> None:
    contenders = [
        track.contender("serial", says={"go": {"cpu_s": 0.008}}),
        track.contender("pool", concurrency=2, says={"go": {"cpu_s": 0.0}}),
        track.contender("sleeper", kind=Kind.IO, says={"go": {"cpu_s": 0.0}}),
        track.contender("mute", says={"go": {"cpu_s": None}}),
    ]

    assert (await track.group(*contenders).run(0)).noise.serial_cpu_share == pytest.approx(0.8)


async def test_without_single_threaded_computing_no_share_of_the_cpu_is_known(track: Any) -> None:
    assert (
        await track.group(track.contender("s", kind=Kind.IO)).run(0)
    ).noise.serial_cpu_share is None


async def test_the_spread_of_anchors_is_that_of_single_threaded_computing(track: Any) -> None:
    contenders = [
        track.contender("serial", 0.05, says={"go": {"anchors_ns": [100]}}),
        track.contender("pool", 0.05, concurrency=2, says={"go": {"anchors_ns": [1, 2, 9]}}),
    ]

    assert (await track.group(*contenders).run(0)).noise.anchor_spread == 0.0


async def test_too_few_anchors_have_no_spread(track: Any) -> None:
    assert (
        await track.group(track.contender("s"), most_rounds=3).run(0)
    ).noise.anchor_spread is None


async def test_the_capacity_is_measured_once_a_group(track: Any) -> None:
    group, measured = track.group(track.contender("serial")), []

    async def capacity() -> float:
        measured.append(track.who_did("warm") and not track.who_did("go"))
        return 1.5

    group.capacity, group.usable_cores = capacity, 2
    result = await group.run(0)

    assert (result.noise.parallel_capacity, measured) == (1.5, [True])


@pytest.mark.parametrize(("concurrency", "anchors_ns"), [(2, [7, 7]), (1, [])])
async def test_the_parallel_anchor_is_timed_every_other_turn_where_something_computes_in_parallel(
    track: Any, concurrency: int, anchors_ns: list[int]
) -> None:
    async def parallel_anchor() -> int:
        return 7

    group = track.group(track.contender("pool", 0.5, concurrency=concurrency), most_rounds=4)
    group.parallel_anchor = parallel_anchor

    assert (await group.run(0)).parallel_anchors_ns == anchors_ns


async def test_what_computes_on_a_gpu_is_not_anchored(track: Any) -> None:
    contender = track.contender("cuda", kind=Kind.TENSOR)
    on_gpu = replace(contender.entrant, case=replace(contender.case, device="cuda:0"))

    result = await track.group(Contender(on_gpu)).run(0)

    assert track.of(result, "cuda").anchors_ns == []


async def test_what_computes_on_several_threads_of_its_own_tells_nothing_of_disturbance(
    track: Any,
) -> None:
    contender = track.contender("torch", kind=Kind.TENSOR, says={"go": {"cpu_s": 0.02}})
    on_two = replace(contender.entrant, case=replace(contender.case, workers=2))

    assert (await track.group(Contender(on_two)).run(0)).noise.serial_cpu_share is None


async def test_the_longest_share_is_looked_for_only_where_it_is_wanted(track: Any) -> None:
    group = track.group(track.contender("serial"))
    group.reference = False
    await group.run(0)

    assert track.told("serial", "open")["reference"] is False


@pytest.mark.parametrize(
    ("cpu_s", "queue_s", "told"),
    [(0.01, 0.0, ""), (0.002, 0.0, "waits 80%"), (0.002, 0.008, ""), (0.002, None, "")],
    ids=["computes", "waits", "had no CPU", "not known"],
)
async def test_waiting_work_that_is_declared_to_compute_is_named(
    track: Any, cpu_s: float, queue_s: float | None, told: str
) -> None:
    says = {"go": {"cpu_s": cpu_s, "queue_s": queue_s}}
    launch = track.of(await track.group(track.contender("serial", says=says)).run(0), "serial")

    assert told in launch.contradiction
    assert bool(launch.contradiction) is bool(told)


async def test_too_few_passes_call_no_kind_false(track: Any) -> None:
    says = {"go": {"cpu_s": 0.0, "queue_s": 0.0}}
    waiting = track.contender("serial", says=says)
    waiting.loops = 1
    track.lanes["serial"].says["warm"] = {"loops": 1}
    result = await track.group(waiting, most_rounds=2).run(0)

    assert track.of(result, "serial").contradiction == ""


async def test_a_pass_shorter_than_its_declared_waits_is_named(track: Any) -> None:
    contender = track.contender("asyncio", kind=Kind.IO, concurrency=2)
    demand = replace(contender.entrant.demand, tasks=2, waits_s=(0.06, 0.06))
    contender.entrant = replace(contender.entrant, demand=demand)
    launch = track.of(await track.group(contender).run(0), "asyncio")

    assert launch.contradiction == "60 ms of declared waits took 3.33 ms: fix wait_s"


async def test_what_a_lane_found_false_is_saved(track: Any) -> None:
    says = {"prepare": {"contradiction": "mend it"}}
    launch = track.of(await track.group(track.contender("serial", says=says)).run(0), "serial")

    assert launch.contradiction == "mend it"
