"""How far sessions lie apart, and what that does to comparisons of runs measured apart."""

from __future__ import annotations

import random
from math import log
from typing import TYPE_CHECKING

import pytest

from raceway.analysis.comparison.comparison import compare_sides
from raceway.analysis.comparison.normalisation import Normalisation
from raceway.analysis.comparison.sessions import (
    FEWEST_RUNS,
    PRIOR_ON_CORES,
    PRIORS,
    SessionSpread,
    apart,
    prior_spread,
    spread_seen,
)
from raceway.analysis.stats.intervals import Centre

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from raceway.analysis.comparison.comparison import Comparison
    from raceway.analysis.comparison.samples import Side
    from support.synthetic import Compare, MakeRecord


QUIET = Centre(0.1, 0.001, 4.0, 5)


def drawn(deviation: float, runs: int, seed: int = 1) -> list[float]:
    draw = random.Random(seed)  # noqa: S311 (no secret)
    return [draw.gauss(0.0, deviation) for _ in range(runs)]


@pytest.mark.parametrize("kind", ["io", "cpu", "tensor"])
def test_what_is_stated_depends_on_kind_and_cores(kind: str) -> None:
    assert prior_spread(kind, on_cores=False).variance == PRIORS[kind] ** 2
    assert prior_spread(kind, on_cores=True).variance == PRIOR_ON_CORES**2


def test_an_unknown_kind_is_taken_for_the_widest() -> None:
    assert prior_spread("", on_cores=False).variance == max(PRIORS.values()) ** 2


def test_too_few_like_runs_tell_nothing() -> None:
    prior = prior_spread("cpu", on_cores=False)

    assert spread_seen([drawn(0.05, FEWEST_RUNS - 1)], 0.0, prior) is prior
    assert spread_seen([], 0.0, None) is None


def test_like_runs_tell_how_far_sessions_lie_apart() -> None:
    series = [drawn(0.03, 9, seed) for seed in range(40)]
    seen = spread_seen(series, 0.0, None)

    assert seen
    assert seen.variance**0.5 == pytest.approx(0.03, rel=0.35)
    assert (seen.degrees, seen.seen) == (8.0, True)


def test_a_step_in_the_code_hardly_counts() -> None:
    series = [[each + (0.5 if place > 4 else 0.0) for place, each in enumerate(drawn(0.01, 9, s))]
              for s in range(40)]  # fmt: skip
    seen = spread_seen(series, 0.0, None)

    assert seen
    assert seen.variance**0.5 < 0.02


def test_what_launches_explain_is_taken_off() -> None:
    series = [drawn(0.03, 9, seed) for seed in range(40)]
    prior = SessionSpread(0.0, 0.001)
    all_of_it, nothing = (spread_seen(series, variance, prior) for variance in (0.0, 1.0))

    assert all_of_it
    assert nothing
    assert all_of_it.variance > nothing.variance == 0.0


def test_what_was_seen_and_what_is_stated_are_weighed_by_their_sessions() -> None:
    prior = SessionSpread(0.0004, 8.0)
    seen = spread_seen([[0.0] * 9], 0.0, prior)

    assert seen == SessionSpread(0.0002, 16.0, seen=True)


def test_the_spread_of_sessions_adds_to_the_error_of_both_sides() -> None:
    wide = apart(QUIET, SessionSpread(0.0004, 12.0), (1, 4))

    assert wide.error**2 == pytest.approx(QUIET.error**2 + 0.0004 * 1.25)
    assert wide.log == QUIET.log
    assert wide.degrees == pytest.approx(12.0, abs=0.2)


def test_without_a_spread_the_error_stays() -> None:
    assert apart(QUIET, None, (1, 1)) is QUIET


def width(comparison: Comparison) -> float:
    (row,) = comparison.rows
    assert row.estimate
    return log((row.estimate.high or 0) / (row.estimate.low or 1))


def test_runs_measured_apart_have_wider_intervals_than_a_duel(
    comparison: Compare, record: MakeRecord, steady: Sequence[float]
) -> None:
    records = [record("threads", steady, kind="io")]
    together, separate = comparison(records, records, duel="d"), comparison(records, records)

    assert width(together) == 0
    assert width(separate) > 2 * PRIORS["io"]
    assert together.overall
    assert separate.overall
    assert separate.overall.high > together.overall.high


def test_like_runs_that_scatter_widen_a_comparison(
    side: Callable[..., Side], record: MakeRecord, steady: Sequence[float]
) -> None:
    records = [record("threads", steady, kind="io")]
    a, b = side(records, "A"), side(records, "B")
    past = {Normalisation.RAW: {records[0].id: drawn(0.1, 9)}}

    assert width(compare_sides(a, b, past=past)) > 2 * width(compare_sides(a, b))


def test_a_shift_as_large_as_like_runs_show_is_no_regression(
    side: Callable[..., Side], record: MakeRecord, steady: Sequence[float]
) -> None:
    slower = [1.05 * each for each in steady]
    a, b = (
        side([record("threads", steady, kind="io")], "A"),
        side([record("threads", slower, kind="io")], "B"),
    )
    past = {Normalisation.RAW: {b.runs[0].records[0].id: drawn(0.05, 9)}}

    assert [row.verdict for row in compare_sides(a, b).rows] == ["slower"]
    assert [row.verdict for row in compare_sides(a, b, past=past).rows] == ["unclear"]


def test_like_runs_tell_how_far_a_machine_drifts_where_no_loop_does(
    side: Callable[..., Side], record: MakeRecord, steady: Sequence[float]
) -> None:
    slower = [1.08 * each for each in steady]
    a, b = side([record("pool", steady)], "A"), side([record("pool", slower)], "B")
    past = {Normalisation.RAW: {b.runs[0].records[0].id: drawn(0.004, 12)}}

    assert [row.verdict for row in compare_sides(a, b).rows] == ["unclear"]
    assert [row.verdict for row in compare_sides(a, b, past=past).rows] == ["slower"]
