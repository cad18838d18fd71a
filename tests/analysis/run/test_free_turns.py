"""Cases are paired by the turns in which the cores were free."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from raceway.analysis.run.free_turns import free_turns, on_free_turns
from raceway.analysis.run.results import results_of
from raceway.analysis.run.timing import timing_of
from raceway.record import GroupResult, Launch, Noise

if TYPE_CHECKING:
    from raceway.record import Record
    from support.synthetic import MakeRecord, MakeRun

ONE_S = 1_000_000_000
ALL = 1.5 ** (1 / 3)
"""Over three turns with the ratios 2, 1 and 1, of which the first counts as 1.5."""


def launches(*rounds_s: list[float]) -> list[Launch]:
    """Return launches of one round a turn."""
    return [
        Launch(
            index=index,
            rounds_ns=[round(each * ONE_S) for each in rounds],
            turns=list(range(len(rounds))),
        )
        for index, rounds in enumerate(rounds_s)
    ]


def taken(launch: int, *cores: float) -> GroupResult:
    return GroupResult(
        id="primes-4000", launch=launch, started_at="2026-11-23T04:55:00+00:00", wall_s=1.0,
        noise=Noise(), launches={}, cores_taken=list(cores),
    )  # fmt: skip


@pytest.fixture
def disturbed(record: MakeRecord) -> list[Record]:
    """Return serial and a pool that is twice as fast, except in the second turn of each launch."""
    return [
        record(launches=launches(*[[2.0, 2.0, 2.0]] * 3)),
        record("pool", launches=launches(*[[1.0, 2.0, 2.0]] * 3)),
    ]


def test_turns_in_which_others_took_a_core_do_not_count(
    run: MakeRun, disturbed: list[Record]
) -> None:
    groups = [taken(launch, 0.05, 0.9, 0.7) for launch in range(3)]
    _, pool = results_of(run(disturbed, groups=groups))

    assert pool.speedup
    assert pool.speedup.centre == pytest.approx(2.0)
    assert pool.speedup.launches == 3


def test_without_this_knowledge_all_turns_count(run: MakeRun, disturbed: list[Record]) -> None:
    groups = [taken(launch) for launch in range(3)]
    _, pool = results_of(run(disturbed, groups=groups))

    assert pool.speedup
    assert pool.speedup.centre == pytest.approx(ALL)


def test_launches_without_a_free_turn_do_not_count(run: MakeRun, disturbed: list[Record]) -> None:
    groups = [taken(0, 0.0, 0.9, 0.9), taken(1, 0.9, 0.9, 0.9), taken(2, 0.0, 0.9, 0.9)]
    _, pool = results_of(run(disturbed, groups=groups))

    assert pool.speedup
    assert (pool.speedup.centre, pool.speedup.launches) == (pytest.approx(2.0), 2)
    assert pool.per_pass_s == pytest.approx(2.0)


def test_on_a_machine_that_is_always_taken_all_turns_count(
    run: MakeRun, disturbed: list[Record]
) -> None:
    groups = [taken(0, 0.0, 0.9, 0.9), *(taken(launch, 0.9, 0.9, 0.9) for launch in (1, 2))]
    _, pool = results_of(run(disturbed, groups=groups))

    assert pool.speedup
    assert (pool.speedup.centre, pool.speedup.launches) == (pytest.approx(ALL), 3)


def test_all_turns_of_waiting_count(run: MakeRun, record: MakeRecord) -> None:
    waiting = [
        record(kind="io", launches=launches([2.0, 2.0, 2.0], [2.0, 2.0, 2.0])),
        record("pool", kind="io", launches=launches([1.0, 2.0, 2.0], [1.0, 2.0, 2.0])),
    ]
    groups = [taken(launch, 0.0, 0.9, 0.9) for launch in (0, 1)]
    _, pool = results_of(run(waiting, groups=groups))

    assert pool.speedup
    assert pool.speedup.centre == pytest.approx(ALL)


def test_a_launch_of_which_nothing_is_known_counts_whole(record: MakeRecord) -> None:
    timing = timing_of(record(launches=launches([1.0, 2.0], [1.0, 2.0], [1.0, 2.0])))
    kept = on_free_turns(record(), timing, {0: {0}, 2: set()})

    assert {index: set(launch.by_turn_s) for index, launch in kept.launches.items()} == {
        0: {0},
        1: {0, 1},
    }


def test_turns_are_known_by_group_and_launch(run: MakeRun) -> None:
    assert free_turns(run(groups=[taken(0, 0.1, 0.5), taken(1), taken(2, 0.3)])) == {
        "primes-4000": {0: {0}, 2: set()}
    }
