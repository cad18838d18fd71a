"""What is open about a group, by the intervals of its speedups."""

from __future__ import annotations

from math import log
from typing import TYPE_CHECKING

import pytest

from raceway.analysis.run.questions import Question, open_questions, question_of
from raceway.analysis.stats.intervals import Centre, Estimate, estimate_around

if TYPE_CHECKING:
    from raceway.record import Run
    from support.saved import MeasuredRun

CONFIDENCE = 0.9875


def asked(speedups: list[Centre | None], confidence: float = CONFIDENCE) -> Question | None:
    """Return what is open at this confidence about cases with these speedups."""

    def intervals(error: float) -> list[Estimate | None]:
        return [each and estimate_around(each, 1 - error) for each in speedups]

    error = 1 - confidence
    return question_of(intervals(error), intervals(error / max(len(speedups), 1)))


def speedup(ratio: float, error: float = 0.001, launches: int = 3) -> Centre:
    return Centre(log(ratio), error, launches + 3, launches)


@pytest.mark.parametrize(
    ("speedups", "question"),
    [
        ([speedup(1.8)], None),
        ([speedup(1.8), speedup(0.5)], None),
        ([speedup(1.04)], None),
        ([speedup(1.0), speedup(1.07)], None),
        ([speedup(1.0, 0.05)], Question.PAYS),
        ([speedup(1.8), speedup(1.08, 0.04)], Question.PAYS),
        ([None], Question.PAYS),
        ([speedup(1.8), None], Question.PAYS),
        ([speedup(4.0, 0.1)], Question.HOW_MUCH),
        ([speedup(4.0, 0.1, launches=5)], None),
        ([], None),
    ],
    ids=[
        "pays", "a loser is no question", "as serial", "too little to pay, surely", "wide",
        "one case of several", "no interval", "one without an interval", "not precise",
        "precise enough after five", "nothing to compare with",
    ],
)  # fmt: skip
def test_what_is_open_follows_from_the_intervals(
    speedups: list[Centre | None], question: Question | None
) -> None:
    assert asked(speedups) is question


def test_a_tie_opens_nothing() -> None:
    assert asked([speedup(1.80), speedup(1.81), speedup(1.79)]) is None


def test_only_the_advised_case_need_be_precise() -> None:
    assert asked([speedup(1.8), speedup(1.6, 0.05)]) is None


def test_the_surer_a_look_must_be_the_more_is_open() -> None:
    edge: list[Centre | None] = [speedup(1.2, 0.025)]

    assert [asked(edge, sure) for sure in (0.90, 0.9999)] == [None, Question.PAYS]


@pytest.fixture
def run(measured_run: MeasuredRun) -> Run:
    return measured_run(
        {
            "primes-1000-serial-w1": [0.1, 0.11, 0.1],
            "primes-1000-pool-w2": [0.05, 0.056, 0.051],
            "primes-100-serial-w1": [0.010, 0.012, 0.009],
            "primes-100-pool-w2": [0.013, 0.009, 0.011],
            "sleep-10-threads-w2": [0.1, 0.1, 0.1],
        }
    )


def test_a_run_tells_in_which_groups_something_is_open(run: Run) -> None:
    assert open_questions(run, CONFIDENCE) == {"primes-100": Question.PAYS}
