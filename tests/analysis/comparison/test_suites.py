"""Plain benchmarks with launches are judged as raced cases are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from raceway.analysis.comparison.normalisation import Normalisation
from raceway.analysis.comparison.verdicts import Verdict
from raceway.record import Grade, GroupResult, Noise, Record
from support.compared import STEADY_ANCHORS, longer, only
from support.synthetic import anchored_launches

if TYPE_CHECKING:
    from collections.abc import Sequence

    from support.synthetic import Compare, MakeSide


def benchmark(passes_s: Sequence[float], anchors_s: Sequence[float], kind: str = "cpu") -> Record:
    """Return a suite's benchmark, with reference loops before and after its rounds."""
    launches = [
        msgspec.structs.replace(each, anchors_ns=[], turns=[], beside_ns=each.anchors_ns[:2])
        for each in anchored_launches(passes_s, anchors_s[: len(passes_s)])
    ]
    return Record(id="test_it", fullname="test_it", kind=kind, launches=launches)


def test_a_change_of_the_code_is_told(comparison: Compare, steady: list[float]) -> None:
    a = benchmark(steady, STEADY_ANCHORS)
    b = benchmark(longer(steady, 1.1), STEADY_ANCHORS)

    row = only(comparison([a], [b]))

    assert (row.verdict, row.matchup.normalisation) == (Verdict.SLOWER, Normalisation.ANCHOR)


def test_the_loops_around_the_rounds_take_the_machines_drift_away(
    comparison: Compare, steady: list[float]
) -> None:
    a = benchmark(steady, STEADY_ANCHORS)
    b = benchmark(longer(steady, 1.08), longer(STEADY_ANCHORS, 1.08))

    assert only(comparison([a], [b])).verdict is Verdict.SAME


def test_launches_of_a_benchmark_that_was_disturbed_too_much_do_not_count(
    side: MakeSide, steady: list[float]
) -> None:
    record = benchmark(steady, STEADY_ANCHORS)
    groups = [
        GroupResult(
            id=record.id, launch=index, started_at="", wall_s=1.0, launches={},
            noise=Noise(grade=Grade.NOISY if index == 2 else Grade.QUIET),
        )
        for index in range(len(steady))
    ]  # fmt: skip
    (sample,) = side([record], groups=groups).samples().values()

    assert (sample.launches, sample.noisy, sample.grade) == (len(steady) - 1, 1, Grade.QUIET)


@pytest.mark.parametrize("launches", [1, 2])
def test_fewer_than_three_launches_are_judged_by_a_wide_prior(
    comparison: Compare, steady: list[float], launches: int
) -> None:
    a, b = (benchmark(steady[:launches], STEADY_ANCHORS) for _ in "ab")

    row = only(comparison([a], [b]))

    assert (row.verdict, row.reason) == (Verdict.UNCLEAR, "the interval is too wide")
