"""What a comparison of one case allows to say."""

from __future__ import annotations

from math import log
from typing import TYPE_CHECKING, Any

import pytest

from raceway.analysis.comparison.normalisation import Normalisation
from raceway.analysis.comparison.verdicts import Matchup, Terms, Verdict, rows_of
from raceway.analysis.stats.shrinkage import Prior
from raceway.record import Launch, Status
from support.matchups import TERMS, around, judged

if TYPE_CHECKING:
    from collections.abc import Callable

    MakeMatchup = Callable[..., Matchup]


@pytest.mark.parametrize(
    ("ratio", "verdict"),
    [
        (1.05, Verdict.SLOWER),
        (1 / 1.05, Verdict.FASTER),
        (1.0, Verdict.SAME),
        (1.01, Verdict.SAME),
        (1 / 1.01, Verdict.SAME),
        (1.02, Verdict.UNCLEAR),
        (1 / 1.02, Verdict.UNCLEAR),
    ],
)
def test_a_precise_ratio_is_beyond_the_threshold_within_it_or_on_it(
    matchup: MakeMatchup, ratio: float, verdict: Verdict
) -> None:
    assert judged(matchup(around(1.0), around(ratio))).verdict is verdict


def test_scattered_launches_cannot_tell(matchup: MakeMatchup) -> None:
    wild = (-0.2, 0.2, 0.0, -0.1, 0.1)
    row = judged(matchup(around(1.0, wild), around(1.05, wild)))

    assert (row.verdict, row.reason) == (Verdict.UNCLEAR, "the interval is too wide")


def test_a_wider_threshold_lets_more_pass(matchup: MakeMatchup) -> None:
    row = judged(matchup(around(1.0), around(1.05)), terms=Terms(threshold=0.1))

    assert row.verdict is Verdict.SAME


def test_a_threshold_of_nothing_finds_identical_launches_the_same(matchup: MakeMatchup) -> None:
    row = judged(matchup([0.0] * 5, [0.0] * 5), terms=Terms(threshold=0.0))

    assert (row.verdict, row.p_value) == (Verdict.SAME, 1.0)


def test_more_confidence_asks_for_a_wider_interval(matchup: MakeMatchup) -> None:
    case = matchup(around(1.0), around(1.05))
    prior, sure = (judged(case, terms=Terms(confidence=each)).estimate for each in (0.95, 0.999))

    assert prior is not None
    assert sure is not None
    assert (sure.low or 0) < (prior.low or 0)


def test_the_ratio_is_that_of_the_middles(matchup: MakeMatchup) -> None:
    estimate = judged(matchup(around(2.0), around(3.0))).estimate

    assert estimate is not None
    assert estimate.centre == pytest.approx(1.5)


def test_a_lone_finding_among_many_cases_is_held_back(matchup: MakeMatchup) -> None:
    loose = (-0.02, 0.02, 0.0, -0.01, 0.01)
    suspect = matchup(around(1.0, loose), around(1.077, loose))
    dull = matchup(around(1.0), around(1.0))

    assert (judged(suspect).verdict, judged(suspect, *[dull] * 99).verdict) == (
        Verdict.SLOWER,
        Verdict.UNCLEAR,
    )


def test_cases_that_cannot_be_judged_hold_nothing_back(matchup: MakeMatchup) -> None:
    suspect, short = matchup(around(1.0), around(1.03)), matchup([0.0], [0.0])

    assert judged(suspect, *[short] * 99).p_value == judged(suspect).p_value


def test_rows_are_in_the_order_given(matchup: MakeMatchup) -> None:
    cases = [matchup(around(1.0), around(ratio)) for ratio in (1.1, 1.0)]

    assert [row.verdict for row in rows_of([cases[0], matchup([], []), cases[1]], TERMS)] == [
        Verdict.SLOWER,
        Verdict.UNCLEAR,
        Verdict.SAME,
    ]


def test_a_change_that_would_have_been_seen_is_beyond_the_threshold(matchup: MakeMatchup) -> None:
    detectable = judged(matchup(around(1.0), around(1.0))).detectable

    assert detectable is not None
    assert 1.02 < detectable < 1.03


def test_what_is_usual_widens_an_interval_too_narrow_by_chance(matchup: MakeMatchup) -> None:
    wide = Prior(variance=0.05**2, degrees=20)

    assert judged(matchup(around(1.0), around(1.04), prior=wide)).verdict is Verdict.UNCLEAR


@pytest.mark.parametrize(("launches", "known"), [(2, False), (3, True)])
def test_below_three_launches_there_is_no_interval(
    matchup: MakeMatchup, launches: int, *, known: bool
) -> None:
    row = judged(matchup(around(1.0), around(1.5)[:launches]))

    assert (row.p_value is not None) is known


def test_too_few_launches_are_counted(matchup: MakeMatchup) -> None:
    row = judged(matchup(around(1.0), around(1.5)[:2]))

    assert (row.verdict, row.reason) == (
        Verdict.UNCLEAR,
        "2 of the 3 launches a verdict needs",
    )


def test_too_few_launches_give_a_ratio_without_interval(matchup: MakeMatchup) -> None:
    estimate = judged(matchup(around(1.0), [log(1.5)])).estimate

    assert estimate is not None
    assert (estimate.centre, estimate.low, estimate.launches) == (pytest.approx(1.5), None, 1)


def test_launches_left_out_for_noise_are_why_there_are_too_few(matchup: MakeMatchup) -> None:
    case = matchup(around(1.0), around(1.5)[:2])
    case.b.noisy = 3

    assert judged(case).reason == "too noisy"


def test_noisy_launches_beside_enough_quiet_ones_do_not_matter(matchup: MakeMatchup) -> None:
    case = matchup(around(1.0), around(1.5))
    case.b.noisy = 1

    assert judged(case).verdict is Verdict.SLOWER


def test_a_side_of_noisy_launches_alone_shows_a_ratio_by_them(
    matchup: MakeMatchup, launch: Callable[..., Launch]
) -> None:
    case = matchup(around(1.0), [], b_launches=[launch(0, 3.0)])
    case.b.noisy = 1
    estimate = judged(case).estimate

    assert estimate is not None
    assert estimate.centre == pytest.approx(3.0, rel=1e-3)


def test_a_doubt_forbids_any_number(matchup: MakeMatchup) -> None:
    row = judged(matchup(around(1.0), around(2.0), doubt="another machine"))

    assert (row.verdict, row.reason, row.estimate) == (Verdict.UNCLEAR, "another machine", None)


def test_launches_without_a_serial_time_do_not_count_where_machines_differ(
    matchup: MakeMatchup,
) -> None:
    case = matchup(around(1.0), around(2.0), Normalisation.SERIAL)
    case.b.logs[Normalisation.SERIAL] = {("B", 0): log(2.0)}

    assert judged(case).reason == "1 of the 3 launches a verdict needs"


def test_too_few_launches_on_different_machines_are_compared_by_speedup(
    matchup: MakeMatchup,
) -> None:
    case = matchup(around(1.0), around(2.0)[:1], Normalisation.SERIAL)
    case.b.logs[Normalisation.RAW] = dict.fromkeys(case.b.logs[Normalisation.SERIAL], log(50.0))
    estimate = judged(case).estimate

    assert estimate is not None
    assert estimate.centre == pytest.approx(2.0, rel=0.01)


def test_without_any_speedup_different_machines_give_no_ratio(matchup: MakeMatchup) -> None:
    case = matchup(around(1.0), around(2.0)[:1], Normalisation.SERIAL)
    case.b.logs = {Normalisation.RAW: case.b.logs[Normalisation.RAW]}

    assert judged(case).estimate is None


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"status": Status.FAILED, "reason": "a wrong answer"}, "failed: a wrong answer"),
        ({"status": Status.FAILED}, "failed"),
        ({"status": Status.SKIPPED, "reason": "no cuda device"}, "skipped: no cuda device"),
        ({"status": Status.SKIPPED}, ""),
    ],
)
def test_a_case_measured_on_side_a_only_is_missing_with_its_reason(
    matchup: MakeMatchup, fields: dict[str, Any], reason: str
) -> None:
    of_b = {f"b_{name}": value for name, value in fields.items()}
    row = judged(matchup(around(1.0), [], **of_b))

    assert (row.verdict, row.reason) == (Verdict.MISSING, reason)


def test_a_case_that_fails_in_the_newest_run_is_missing_whatever_older_runs_measured(
    matchup: MakeMatchup,
) -> None:
    failing = matchup(around(1.0), around(1.0), b_status=Status.FAILED, b_reason="it crashed")

    row = judged(failing)

    assert (row.verdict, row.reason) == (Verdict.MISSING, "failed: it crashed")


def test_a_case_measured_on_side_b_only_is_new(matchup: MakeMatchup) -> None:
    assert judged(matchup([], around(1.0))).verdict is Verdict.NEW
