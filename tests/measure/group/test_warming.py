"""What lanes are told of earlier launches as they warm up, and which do so at the same time."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from raceway.measure.group.group import LONG_ROUND_S, WARM_S

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

MODELS = ("serial", "threads", "pool")


@pytest.mark.parametrize(
    ("pass_s", "loops", "laps"),
    [(0.0004, 28, 3), (0.006, 2, 3), (0.5, 1, 1), (7e-10, 10**6, 43)],
)
async def test_a_case_warms_up_in_the_loops_that_earlier_launches_tell(
    track: Any, pass_s: float, loops: int, laps: int
) -> None:
    contender = track.contender("serial", says={"warm": {"loops": loops}})
    contender.usual_pass_s = pass_s
    result = await track.group(contender).run(1)

    told = track.told("serial", "warm")
    assert (told["loops"], told["laps"], told["warm_s"]) == (loops, laps, WARM_S)
    assert told["round_s"] == pytest.approx(loops * pass_s)
    assert track.of(result, "serial").loops == loops


async def test_a_case_that_never_raced_finds_its_loops_itself(track: Any) -> None:
    await track.group(track.contender("serial")).run(0)

    told = track.told("serial", "warm")
    assert (told["round_s"], told["warm_s"], "loops" in told) == (LONG_ROUND_S, WARM_S, False)


def counting(ask: Callable[..., Awaitable[Any]], busy: list[int]) -> Callable[..., Awaitable[Any]]:
    """Return the same that also notes how many lanes were warming up."""

    async def slowly(do: str, *given: Any, **arguments: Any) -> Any:
        busy.append((busy[-1] if busy else 0) + (do == "warm"))
        await asyncio.sleep(0)
        busy.append(busy[-1] - (do == "warm"))
        return await ask(do, *given, **arguments)

    return slowly


@pytest.mark.parametrize(("known", "at_once"), [(3, 3), (2, 1), (0, 1)])
async def test_lanes_warm_up_at_once_if_none_has_to_find_its_loops(
    track: Any, known: int, at_once: int
) -> None:
    contenders = [track.contender(model) for model in MODELS]
    for contender in contenders[:known]:
        contender.usual_pass_s = 0.01
    busy: list[int] = []
    for lane in track.lanes.values():
        lane.ask = counting(lane.ask, busy)
    await track.group(*contenders).run(1)

    assert max(busy) == at_once
