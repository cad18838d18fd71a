from __future__ import annotations

import numpy as np
import pytest

from raceway.analysis.prices.fit import fitted


def amounts() -> list[tuple[float, float]]:
    return [(1.0, tasks) for tasks in (1.0, 10.0, 100.0, 1_000.0, 10_000.0)]


def test_prices_without_noise_are_found_as_they_are() -> None:
    fit = fitted(amounts(), [0.5 + 0.01 * tasks for _, tasks in amounts()], [0.0] * 5)

    assert fit.prices == pytest.approx((0.5, 0.01))
    assert fit.degrees == 3
    assert fit.scatter == pytest.approx(0.0, abs=1e-9)


def test_what_is_given_costs_nothing_more() -> None:
    given = [0.25 * tasks for _, tasks in amounts()]
    fit = fitted(amounts(), [2.0 + each for each in given], given)

    assert fit.prices == pytest.approx((2.0, 0.0))


def test_no_price_is_negative() -> None:
    fit = fitted(amounts(), [0.01 * tasks - 0.005 for _, tasks in amounts()], [0.0] * 5)

    assert fit.prices[0] == 0.0
    assert fit.prices[1] > 0


def test_short_cases_weigh_as_much_as_long_ones() -> None:
    times = [0.5 + 0.01 * tasks for _, tasks in amounts()]
    times[-1] *= 1.2  # as far off as it may be, it tells little of what a pass costs
    fit = fitted(amounts(), times, [0.0] * 5)

    assert fit.prices[0] == pytest.approx(0.5, rel=0.1)


def test_with_as_many_cases_as_prices_nothing_is_known_of_the_error() -> None:
    fit = fitted(amounts()[:2], [0.51, 0.6], [0.0] * 2)

    assert fit.degrees == 0
    assert fit.price(0).low is None
    assert fit.predicted((1.0, 5.0)).high is None


def test_the_interval_of_a_price_holds_the_truth_nineteen_times_in_twenty() -> None:
    draw = np.random.default_rng(3)
    truth = np.array([0.5, 0.01])
    rows = np.array(amounts() * 2)
    held = 0
    for _ in range(400):
        times = rows @ truth * np.exp(draw.normal(0, 0.05, len(rows)))
        price = fitted(rows.tolist(), times.tolist(), [0.0] * len(rows)).price(1)
        held += (
            price.low is not None and price.high is not None and (price.low <= 0.01 <= price.high)
        )

    assert 0.92 <= held / 400 <= 0.985


def test_the_interval_of_a_prediction_holds_a_new_case_nineteen_times_in_twenty() -> None:
    draw = np.random.default_rng(5)
    truth = np.array([0.5, 0.01])
    rows = np.array(amounts() * 2)
    held = 0
    for _ in range(400):
        times = rows @ truth * np.exp(draw.normal(0, 0.05, len(rows)))
        fit = fitted(rows.tolist(), times.tolist(), [0.0] * len(rows))
        new_s = (0.5 + 0.01 * 50) * float(np.exp(draw.normal(0, 0.05)))
        told = fit.predicted((1.0, 50.0))
        held += told.low is not None and told.high is not None and told.low <= new_s <= told.high

    assert 0.92 <= held / 400 <= 0.985
