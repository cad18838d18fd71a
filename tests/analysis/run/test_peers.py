"""Two cases compared launch by launch, steadied by like cases."""

from __future__ import annotations

import random
from statistics import stdev
from typing import TYPE_CHECKING

import pytest

from raceway.analysis.stats.shrinkage import moderated

if TYPE_CHECKING:
    from raceway.analysis.run.results import Result
    from raceway.record import Record
    from support.synthetic import MakeRecord, Results


CALM = [0.5] * 5
WILD = [0.4, 0.6, 0.45, 0.55, 0.5]


def width(result: Result) -> float:
    speedup = result.speedup
    assert speedup
    return (speedup.high or 0) / (speedup.low or 1)


def sizes(record: MakeRecord, *passes_s: list[float]) -> list[Record]:
    """Return serial and a pool at as many sizes as there are passes of the pool."""
    return [
        record(model, each, size=str(number))
        for number, pool in enumerate(passes_s)
        for model, each in (("serial", [1.0] * 5), ("pool", pool))
    ]


def test_a_calm_case_among_wild_ones_is_trusted_less(results: Results, record: MakeRecord) -> None:
    wild = results(*sizes(record, CALM, WILD, WILD, WILD))
    calm = results(*sizes(record, CALM, CALM, CALM, CALM))

    assert width(wild[1]) > 1.1 * width(calm[1])


def test_a_wild_case_among_calm_ones_is_trusted_more(results: Results, record: MakeRecord) -> None:
    calm = results(*sizes(record, WILD, CALM, CALM, CALM))
    wild = results(*sizes(record, WILD, WILD, WILD, WILD))

    assert width(calm[1]) < width(wild[1])


def test_too_few_like_cases_are_helped_by_what_is_usual_elsewhere(
    results: Results, record: MakeRecord
) -> None:
    alone = results(*sizes(record, CALM))
    four = results(*sizes(record, CALM, CALM, CALM, CALM))

    assert width(alone[1]) > 1.01
    assert width(four[1]) < 1.001


def test_swapping_the_sides_inverts_the_interval(results: Results, record: MakeRecord) -> None:
    serial, pool = results(*sizes(record, WILD))
    there = pool.peers.estimate(serial.record, pool.record)
    back = pool.peers.estimate(pool.record, serial.record)

    assert there
    assert back
    assert there.low
    assert there.high
    assert (1 / there.high, 1 / there.low) == pytest.approx((back.low, back.high))


@pytest.mark.parametrize("launches", [2, 3, 5])
def test_an_interval_covers_as_often_as_it_says(launches: int) -> None:
    draw = random.Random(20261126)  # noqa: S311 (a simulation)
    covered = 0
    for _ in range(2_000):
        logs = [draw.gauss(0, 0.05) for _ in range(launches)]
        usual = sorted(stdev(draw.gauss(0, 0.05) for _ in range(5)) ** 2 for _ in range(8))
        centre = moderated(logs, (usual[3] + usual[4]) / 2)
        covered += abs(centre.log) < centre.half_width()

    assert 0.925 < covered / 2_000 < 0.975
