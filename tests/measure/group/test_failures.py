"""A contender that fails leaves the group, and the others go on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from raceway.errors import LaneError
from raceway.record import Status

if TYPE_CHECKING:
    from raceway.case import Case


MODELS = ("serial", "threads", "pool", "asyncio")
STEPS = ("prepare", "open", "warm", "go", "close")


@pytest.mark.parametrize("step", STEPS)
async def test_a_contender_that_fails_says_why(track: Any, step: str) -> None:
    broken = track.contender("pool", fails={step: "fell off"})

    launch = track.of(await track.group(broken, track.contender("serial")).run(0), "pool")

    assert (launch.status, launch.reason) == (Status.FAILED, "fell off")


@pytest.mark.parametrize("step", STEPS)
async def test_a_contender_that_fails_is_not_asked_again(track: Any, step: str) -> None:
    broken = track.contender("pool", fails={step: "fell off"})
    await track.group(broken, track.contender("serial")).run(0)

    assert [do for model, do, _ in track.asked if model == "pool"][-1] == step
    assert track.who_did(step).count("pool") == 1


@pytest.mark.parametrize("step", STEPS)
async def test_the_lane_of_a_contender_that_fails_is_ended(track: Any, step: str) -> None:
    broken = track.contender("pool", fails={step: "fell off"})
    await track.group(broken, track.contender("serial")).run(0)

    assert track.discarded == ["pool"]


@pytest.mark.parametrize("step", STEPS)
async def test_the_others_go_on_when_a_contender_fails(track: Any, step: str) -> None:
    broken = track.contender("pool", fails={step: "fell off"})
    result = await track.group(broken, track.contender("serial")).run(0)

    assert (track.of(result, "serial").status, len(track.of(result, "serial").rounds_ns)) == (
        Status.OK,
        10,
    )


async def test_a_contender_whose_lane_does_not_start_says_why(track: Any) -> None:
    group = track.group(track.contender("pool"), track.contender("serial"))
    fetch = group.fetch

    async def refuse(case: Case) -> Any:
        if case.model == "pool":
            raise LaneError("cannot be started")
        return await fetch(case)

    group.fetch = refuse
    result = await group.run(0)

    assert track.of(result, "pool").reason == "cannot be started"
    assert track.of(result, "serial").status is Status.OK


async def test_a_group_of_which_all_fail_ends(track: Any) -> None:
    contenders = [track.contender(model, fails={"go": "fell off"}) for model in MODELS]
    result = await track.group(*contenders).run(0)

    assert {launch.status for launch in result.launches.values()} == {Status.FAILED}


async def test_a_contender_that_fails_half_way_keeps_its_rounds(track: Any) -> None:
    def three_rounds() -> Any:
        yield from (0.01,) * 4
        raise LaneError("fell off")

    result = await track.group(
        track.contender("pool", three_rounds()), track.contender("serial")
    ).run(0)

    assert (track.of(result, "pool").reason, len(track.of(result, "pool").rounds_ns)) == (
        "fell off",
        3,
    )


async def test_a_model_that_leaves_workers_behind_has_failed(track: Any) -> None:
    careless = track.contender("pool", says={"close": {"left_behind": ["Fork-1", "Fork-2"]}})

    launch = track.of(await track.group(careless).run(0), "pool")

    assert (launch.status, launch.reason) == (
        Status.FAILED, "left processes behind: Fork-1, Fork-2",
    )  # fmt: skip


async def test_a_contender_without_a_lane_cannot_be_asked(track: Any) -> None:
    group = track.group(contender := track.contender("pool"))

    with pytest.raises(LaneError, match="has no lane"):
        await group.ask(contender, "go")
