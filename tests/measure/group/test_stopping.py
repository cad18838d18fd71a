"""When a group has seen enough, on a virtual clock."""

from __future__ import annotations

import asyncio
from itertools import chain, cycle, repeat
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

UNEVEN_S = (0.1, 0.2, 0.15, 0.3)
"""Rounds that vary too much to be known soon."""


@pytest.mark.parametrize(("budget_s", "took"), [(0.0, 1), (0.3, 1), (0.5, 2), (3.0, 8), (9.0, 10)])
async def test_turns_are_taken_until_the_budget_is_spent(
    track: Any, budget_s: float, took: int
) -> None:
    contenders = [track.contender("serial", 0.2), track.contender("pool", 0.2)]
    result = await track.group(*contenders, budget_s=budget_s).run(0)

    assert len(track.of(result, "pool").rounds_ns) == took


async def test_the_budget_does_not_pay_for_opening_and_warming(track: Any) -> None:
    slow_to_warm = track.contender("pool", iter([100.0, *[0.2] * 99]))
    result = await track.group(slow_to_warm, budget_s=1.0).run(0)

    assert len(track.of(result, "pool").rounds_ns) == 5


async def test_a_few_turns_are_taken_whatever_the_budget(track: Any) -> None:
    result = await track.group(track.contender("serial", 9.0), budget_s=0.0, fewest_turns=3).run(0)

    assert track.of(result, "serial").turns == [0, 1, 2]


async def test_a_group_ends_when_every_median_is_known(track: Any) -> None:
    result = await track.group(track.contender("serial", 0.05), precision=0.01, most_rounds=50).run(
        0
    )

    assert len(track.of(result, "serial").rounds_ns) == 4


async def test_a_group_goes_on_while_one_median_is_not_known(track: Any) -> None:
    contenders = [track.contender("serial", 0.05), track.contender("pool", cycle(UNEVEN_S))]
    result = await track.group(*contenders, precision=0.01, most_rounds=50).run(0)

    assert len(track.of(result, "serial").rounds_ns) == 50


async def test_a_median_gets_known_with_more_rounds(track: Any) -> None:
    result = await track.group(
        track.contender("pool", cycle(UNEVEN_S)), precision=0.2, most_rounds=500
    ).run(0)

    assert 4 < len(track.of(result, "pool").rounds_ns) < 100


async def test_a_contender_that_failed_is_not_waited_for(track: Any) -> None:
    broken = track.contender("pool", cycle(UNEVEN_S), fails={"go": "fell off"})
    result = await track.group(
        broken, track.contender("serial", 0.05), precision=0.01, most_rounds=50
    ).run(0)

    assert len(track.of(result, "serial").rounds_ns) == 4


async def test_short_rounds_are_run_several_in_a_turn(track: Any) -> None:
    result = await track.group(
        track.contender("serial", 0.002), fewest_turns=4, budget_s=0.035, most_rounds=100
    ).run(0)

    assert track.of(result, "serial").turns == [0] * 5 + [1] * 5 + [2] * 5 + [3] * 5


async def test_rounds_that_turn_out_faster_do_not_overrun(track: Any) -> None:
    faster = track.contender("serial", chain([0.004], repeat(0.0004)))
    result = await track.group(faster, budget_s=0.32, most_rounds=50).run(0)

    assert len(track.of(result, "serial").rounds_ns) == 50


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
    contenders = [
        track.contender(f"m{number}", chain([round_s], repeat(round_s / faster)))
        for number, round_s in enumerate(warm_s)
    ]
    result = asyncio.run(track.group(*contenders, **pace).run(0))

    for launch in result.launches.values():
        assert pace["fewest_turns"] <= len(launch.rounds_ns) <= pace["most_rounds"]
        assert len(set(launch.turns)) == launch.turns[-1] + 1 >= pace["fewest_turns"]
