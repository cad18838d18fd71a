from __future__ import annotations

from math import inf

import pytest

from raceway.analysis.prices.borders import Line, reigns_of

SERIAL = Line("serial", 0.0, 1_000.0)
POOL = Line("pool", 0.01, 500.0)


def test_the_border_is_where_two_lines_cross() -> None:
    first, second = reigns_of([SERIAL, POOL], 1.1)

    assert (first.model, second.model) == ("serial", "pool")
    assert first.to_s == second.from_s == pytest.approx(0.01 / 500)
    assert second.to_s == inf


def test_a_model_that_is_never_best_does_not_appear() -> None:
    never = Line("never", 0.02, 600.0)

    assert [each.model for each in reigns_of([SERIAL, never, POOL], 1.1)] == ["serial", "pool"]


def test_three_models_follow_one_another_in_the_order_of_their_slopes() -> None:
    late = Line("late", 0.5, 100.0)

    models = [each.model for each in reigns_of([late, POOL, SERIAL], 1.1)]

    assert models == ["serial", "pool", "late"]


def test_a_model_that_is_hardly_better_takes_nothing_over() -> None:
    hardly = Line("hardly", 0.02, 490.0)

    assert [each.model for each in reigns_of([SERIAL, POOL, hardly], 1.1)] == ["serial", "pool"]


def test_a_single_model_is_best_everywhere() -> None:
    (only,) = reigns_of([SERIAL], 1.1)

    assert (only.from_s, only.to_s) == (0.0, inf)


def test_the_best_one_of_each_range_is_the_fastest_there() -> None:
    lines = [SERIAL, POOL, Line("late", 0.5, 100.0), Line("odd", 0.2, 450.0)]
    for reign in reigns_of(lines, 1.0):
        inside = reign.from_s * 1.01 if reign.to_s == inf else (reign.from_s + reign.to_s) / 2
        assert min(lines, key=lambda line: line.at(inside)) is reign.line
