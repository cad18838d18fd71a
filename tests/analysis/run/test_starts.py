"""How long models take to start, beside one another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from raceway.analysis.run.starts import start_ratio, start_s

if TYPE_CHECKING:
    from raceway.record import Launch, Record
    from support.synthetic import MakeLaunch, MakeRecord, Results


@pytest.fixture
def started(record: MakeRecord, launch: MakeLaunch) -> object:
    """Return a factory of cases of passes of 10 ms that took so long to start, launch by launch."""

    def make(model: str, starts_s: list[float | None], **fields: object) -> Record:
        def one(index: int, started_s: float | None) -> Launch:
            cold_s = None if started_s is None else 0.01 + started_s
            return launch(index, 0.01, cold_s=cold_s)

        launches = [one(index, each) for index, each in enumerate(starts_s)]
        return record(model, launches=launches, **fields)

    return make


def test_a_start_is_a_cold_start_without_its_pass(results: Results, started: MakeRecord) -> None:
    (pool,) = results(started("pool", [0.02, 0.03, 0.04]))

    assert start_s(pool) == pytest.approx(0.03)


def test_launches_that_do_not_tell_do_not_count(results: Results, started: MakeRecord) -> None:
    (pool,) = results(started("pool", [0.02, None, -0.005]))

    assert start_s(pool) == pytest.approx(0.02)


def test_a_case_whose_start_is_unknown_has_none(results: Results, started: MakeRecord) -> None:
    (pool,) = results(started("pool", [None, None]))

    assert start_s(pool) is None


def test_starts_are_compared_launch_by_launch(results: Results, started: MakeRecord) -> None:
    slow, fast = results(
        started("processes-spawn", [0.06, 0.12, 0.09]), started("pool", [0.02, 0.04, 0.03])
    )

    ratio = start_ratio([(slow, fast)])

    assert ratio is not None
    assert (ratio.centre, ratio.launches) == (pytest.approx(3), 3)
    assert ratio.low == pytest.approx(3)


def test_the_groups_of_a_launch_are_one_observation(results: Results, started: MakeRecord) -> None:
    pairs = [
        tuple(results(
            started("processes-spawn", [0.06, 0.06 + 0.01 * size], size=str(size)),
            started("pool", [0.02, 0.02], size=str(size)),
        ))
        for size in (1, 2, 3)
    ]  # fmt: skip

    ratio = start_ratio([(slow, fast) for slow, fast in pairs])

    assert ratio is not None
    assert ratio.launches == 2


def test_a_single_launch_compares_no_starts(results: Results, started: MakeRecord) -> None:
    slow, fast = results(started("processes-spawn", [0.06]), started("pool", [0.02]))

    assert start_ratio([(slow, fast)]) is None
