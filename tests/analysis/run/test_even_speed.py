"""Cases are compared as if the cores had kept one speed."""

from __future__ import annotations

import math
import random
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from raceway.analysis.run.even_speed import at_even_speed
from raceway.analysis.run.results import results_of
from raceway.analysis.run.timing import timing_of
from raceway.record import Launch

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from raceway.analysis.run.timing import Timing
    from support.synthetic import MakeRecord, MakeRun

LOOP_NS = 100_000
SLOW_CORE = 2
"""The second core always takes so many times as long."""
TURNS, LAUNCHES = 6, 3


def launches(
    pass_s: Sequence[float], slow: Sequence[float], slope: float = 1.0,
    *, core: int = 0, told: bool = True,
) -> list[Launch]:  # fmt: skip
    """Return launches of one round a turn, at cores so many times as slow as usual."""
    rounds_ns = [round(1e9 * each * by**slope) for each, by in zip(pass_s, slow, strict=True)]
    loops_ns = [[round(LOOP_NS * by), round(SLOW_CORE * LOOP_NS * by)] for by in slow]
    parts = [slice(at, at + TURNS) for at in range(0, len(slow), TURNS)]
    return [
        Launch(
            index=index,
            rounds_ns=rounds_ns[part],
            turns=list(range(TURNS)),
            core_loops_ns=loops_ns[part] if told else [],
            cores=[core] * TURNS,
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


def test_several_workers_follow_the_mean_of_all_cores_and_one_its_own(record: MakeRecord) -> None:
    passes = [2.0, 2.0 * 1.2**0.5] * 9
    loops_ns = [[LOOP_NS, LOOP_NS], [round(1.2 * LOOP_NS), LOOP_NS]] * (TURNS // 2)
    told = [
        replace(each, core_loops_ns=loops_ns, cores=[1] * TURNS)
        for each in launches(passes, [1.0] * 18)
    ]
    several, one = record("pool", workers=2, launches=told), record("asyncio", launches=told)
    even = at_even_speed([(several, timing_of(several)), (one, timing_of(one))])

    assert spread_of(even[several.id]) == pytest.approx(1.0)
    assert even[one.id] == timing_of(one)  # its own core kept its speed


def test_a_core_that_is_always_slower_is_what_its_cases_have(
    record: MakeRecord, run: MakeRun, speeds: Callable[[], list[float]]
) -> None:
    passes = [2.0] * TURNS * LAUNCHES
    fast = record(launches=launches(passes, speeds(), core=0))
    longer = [SLOW_CORE * each for each in passes]
    slow = record("asyncio", launches=launches(longer, speeds(), core=1))
    _, found = results_of(run([fast, slow]))

    assert found.speedup
    assert found.speedup.centre == pytest.approx(1 / SLOW_CORE, rel=1e-3)


@pytest.mark.parametrize(
    "details",
    [
        {"cores": [7] * TURNS},
        {"cores": []},
        {"core_loops_ns": [[0, 0]] * TURNS},
        {"core_loops_ns": [[LOOP_NS]] * TURNS},
        {"core_loops_ns": [[]] * TURNS},
    ],
)
def test_what_files_tell_wrongly_changes_nothing(
    record: MakeRecord, speeds: Callable[[], list[float]], details: dict[str, Any]
) -> None:
    slow = speeds()
    wrong = [replace(each, **details) for each in launches([2.0] * 18, slow)]
    case, right = record(launches=wrong), record("asyncio", launches=launches([2.0] * 18, slow))
    even = at_even_speed([(each, timing_of(each)) for each in (case, right)])

    assert even[case.id] == timing_of(case)
    assert spread_of(even[right.id]) == pytest.approx(1.0, rel=1e-3)
