"""Cases are compared as if the cores had kept one speed."""

from __future__ import annotations

import math
import random
from typing import TYPE_CHECKING

import pytest

from raceway.analysis.run.even_speed import at_even_speed
from raceway.analysis.run.results import results_of
from raceway.analysis.run.timing import timing_of
from raceway.record import Launch

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from raceway.analysis.run.timing import Timing
    from support.synthetic import MakeRecord, MakeRun

LOOP_NS = 100_000
TURNS, LAUNCHES = 6, 3


def launches(
    pass_s: Sequence[float], slow: Sequence[float], slope: float = 1.0, *, told: bool = True
) -> list[Launch]:
    """Return launches of one round a turn, at cores so many times as slow as usual."""
    rounds_ns = [round(1e9 * each * by**slope) for each, by in zip(pass_s, slow, strict=True)]
    loops_ns = [round(LOOP_NS * by) for by in slow]
    parts = [slice(at, at + TURNS) for at in range(0, len(slow), TURNS)]
    return [
        Launch(
            index=index,
            rounds_ns=rounds_ns[part],
            turns=list(range(TURNS)),
            own_core_ns=loops_ns[part] if told else [],
            all_cores_ns=loops_ns[part] if told else [],
        )
        for index, part in enumerate(parts)
    ]


@pytest.fixture
def speeds() -> Callable[[], list[float]]:
    """Return a function that draws how slow the cores are in each turn: as usual, or by half."""
    draw = random.Random(7)  # noqa: S311 (a simulation)
    return lambda: [draw.choice((1.0, 1.5)) for _ in range(TURNS * LAUNCHES)]


def spread_of(timing: Timing) -> float:
    """Return the largest over the smallest time of a case's turns."""
    times = [each for launch in timing.launches.values() for each in launch.by_turn_s.values()]
    return max(times) / min(times)


@pytest.mark.parametrize("slope", [1.0, 0.7, 0.0])
def test_each_workload_follows_the_cores_as_far_as_its_own_turns_tell(
    record: MakeRecord, run: MakeRun, speeds: Callable[[], list[float]], slope: float
) -> None:
    passes = [2.0] * TURNS * LAUNCHES
    cases = [
        record(launches=launches(passes, speeds(), slope)),
        record("asyncio", launches=launches(passes, speeds(), slope)),
    ]
    even = at_even_speed([(each, timing_of(each)) for each in cases])
    _, found = results_of(run(cases))

    for case in cases:
        assert spread_of(timing_of(case)) == pytest.approx(1.5**slope, rel=1e-6)
        assert spread_of(even[case.id]) == pytest.approx(1.0, rel=1e-3)
    assert found.speedup
    assert found.speedup.centre == pytest.approx(1.0, rel=1e-3)


def test_a_case_that_met_slow_cores_by_chance_is_not_slower(
    record: MakeRecord, run: MakeRun, speeds: Callable[[], list[float]]
) -> None:
    draw = random.Random(3)  # noqa: S311 (a simulation)
    passes = [2.0 * math.exp(draw.gauss(0, 0.02)) for _ in range(TURNS * LAUNCHES)]
    unlucky = [1.5 if at % 3 else each for at, each in enumerate(speeds())]
    pairs = [
        [
            record(launches=launches(passes, speeds(), told=told)),
            record("asyncio", launches=launches(passes[::-1], unlucky, told=told)),
        ]
        for told in (True, False)
    ]
    (_, even), (_, uneven) = (results_of(run(cases)) for cases in pairs)

    assert even.speedup
    assert uneven.speedup
    assert even.speedup.centre == pytest.approx(1.0, abs=0.03)
    assert uneven.speedup.centre < 0.9
    assert (even.speedup.high or 9) / (even.speedup.low or 1) < 1.2


def test_times_of_launches_stay_as_measured(
    record: MakeRecord, run: MakeRun, speeds: Callable[[], list[float]]
) -> None:
    case = record(launches=launches([2.0] * TURNS * LAUNCHES, speeds()))
    even = at_even_speed([(case, timing_of(case))])
    (found,) = results_of(run([case]))

    assert [each.pass_s for each in even[case.id].launches.values()] == [
        each.pass_s for each in timing_of(case).launches.values()
    ]
    assert found.per_pass_s == timing_of(case).pass_s


@pytest.mark.parametrize("details", [{"kind": "io"}, {"device": "cuda:0"}])
def test_waiting_and_other_devices_do_not_follow_the_cores(
    record: MakeRecord, speeds: Callable[[], list[float]], details: dict[str, str]
) -> None:
    case = record(launches=launches([2.0] * TURNS * LAUNCHES, speeds()), **details)

    assert at_even_speed([(case, timing_of(case))]) == {case.id: timing_of(case)}


def test_too_few_turns_tell_nothing(record: MakeRecord, speeds: Callable[[], list[float]]) -> None:
    case = record(launches=launches([2.0] * TURNS, speeds()[:TURNS]))

    assert at_even_speed([(case, timing_of(case))]) == {case.id: timing_of(case)}


def test_cores_that_kept_their_speed_change_nothing(record: MakeRecord) -> None:
    passes = [2.0, 2.1, 1.9] * 6
    case = record(launches=launches(passes, [1.0] * len(passes)))

    assert at_even_speed([(case, timing_of(case))]) == {case.id: timing_of(case)}


def test_several_workers_follow_the_mean_of_all_cores(record: MakeRecord) -> None:
    slow = [1.0, 1.5] * 9
    own_ns = [LOOP_NS * 3] * TURNS
    told = [
        Launch(
            index=each.index, rounds_ns=each.rounds_ns, turns=each.turns,
            own_core_ns=own_ns, all_cores_ns=each.all_cores_ns,
        )
        for each in launches([2.0] * 18, slow)
    ]  # fmt: skip
    case = record("pool", workers=2, launches=told)
    even = at_even_speed([(case, timing_of(case))])

    assert spread_of(even[case.id]) == pytest.approx(1.0)
