"""One figure from those of several cases."""

from __future__ import annotations

import math
import random

import pytest

from raceway.analysis.stats.intervals import Centre, centre_of, student_t
from raceway.analysis.stats.pooled import mean_of


def test_of_nothing_there_is_no_mean() -> None:
    assert mean_of([]) is None


def test_the_mean_of_one_is_itself() -> None:
    one = Centre(log=0.2, error=0.01, degrees=4, launches=5)

    assert mean_of([one]) == one


def test_several_that_are_as_sure_are_surer_together() -> None:
    mean = mean_of([Centre(log, 0.02, 4, 5) for log in (0.1, 0.2, 0.3, 0.4)])

    assert mean is not None
    assert mean.log == pytest.approx(0.25)
    assert mean.error == pytest.approx(0.01)
    assert mean.degrees == pytest.approx(16)


def test_one_that_is_unsure_alone_decides_how_sure_the_mean_is() -> None:
    mean = mean_of([Centre(0.1, 0.3, 4, 5), Centre(0.1, 1e-9, 4, 5)])

    assert mean is not None
    assert mean.degrees == pytest.approx(4)
    assert mean.error == pytest.approx(0.15)


def test_without_any_error_the_mean_has_none() -> None:
    mean = mean_of([Centre(0.1, 0.0, 4, 5), Centre(0.3, 0.0, 4, 5)])

    assert mean is not None
    assert (mean.error, mean.degrees) == (0.0, math.inf)
    assert mean.half_width() == 0.0


def test_its_interval_covers_the_truth_as_often_as_it_says() -> None:
    draw, missed, tries = random.Random(13), 0, 1_500  # noqa: S311 (a simulation)
    for _ in range(tries):
        centres = [
            centre_of([draw.gauss(0, scatter) for _ in range(4)]) for scatter in (0.01, 0.02, 0.05)
        ]
        mean = mean_of([each for each in centres if each])
        assert mean is not None
        missed += abs(mean.log) > mean.error * student_t(mean.degrees)

    assert 0.02 < missed / tries < 0.08
