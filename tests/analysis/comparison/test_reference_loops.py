"""Reference loops take the machine's drift out of comparisons, where they can."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from raceway.analysis.comparison.normalisation import Normalisation
from raceway.analysis.comparison.verdicts import Verdict
from raceway.record import Status
from support.compared import STEADY_ANCHORS, WILD_ANCHORS, longer, only
from support.synthetic import a_launch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from raceway.record import Record
    from support.compared import MakeAnchored
    from support.synthetic import Anchored, Compare, MakeLaunch, MakeRecord


@pytest.mark.parametrize("kind", ["cpu", "tensor", ""])
def test_computing_measured_apart_without_an_anchor_may_have_drifted(
    comparison: Compare, record: MakeRecord, steady: list[float], kind: str
) -> None:
    row = only(
        comparison(
            [record("pool", steady, kind=kind)], [record("pool", longer(steady, 1.08), kind=kind)]
        )
    )

    assert row.reason == "a machine may drift by 10% between runs"


def test_waiting_does_not_drift(
    comparison: Compare, record: MakeRecord, steady: list[float]
) -> None:
    a, b = (record("threads", longer(steady, each), kind="io") for each in (1.0, 1.08))

    assert only(comparison([a], [b])).verdict is Verdict.SLOWER


def test_waiting_that_computes_most_of_its_time_drifts(
    comparison: Compare, record: MakeRecord, steady: list[float]
) -> None:
    a, b = (
        record("threads", kind="io", launches=[a_launch(*each) for each in enumerate(passes_s)])
        for passes_s in (steady, longer(steady, 1.08))
    )

    assert only(comparison([a], [b])).reason == "a machine may drift by 10% between runs"


def test_an_anchor_takes_the_drift_of_the_machine_away(
    comparison: Compare, anchored_record: MakeAnchored, steady: list[float]
) -> None:
    a = anchored_record(steady, STEADY_ANCHORS)
    b = anchored_record(longer(steady, 1.08), longer(STEADY_ANCHORS, 1.08))

    assert only(comparison(a, b)).verdict is Verdict.SAME


def test_an_anchor_leaves_what_the_code_changed(
    comparison: Compare, anchored_record: MakeAnchored, steady: list[float]
) -> None:
    a = anchored_record(steady, STEADY_ANCHORS)
    b = anchored_record(longer(steady, 1.08), STEADY_ANCHORS)

    assert only(comparison(a, b)).verdict is Verdict.SLOWER


def test_an_anchor_that_scatters_much_more_is_switched_off(
    comparison: Compare, anchored_record: MakeAnchored, steady: list[float]
) -> None:
    both = anchored_record(steady, WILD_ANCHORS)

    assert only(comparison(both, both)).matchup.normalisation is Normalisation.RAW


def test_an_anchor_means_nothing_between_two_interpreters(
    comparison: Compare, anchored_record: MakeAnchored, steady: list[float]
) -> None:
    both = anchored_record(steady, STEADY_ANCHORS)

    assert (
        only(comparison(both, both, b_version="3.14.0")).matchup.normalisation is Normalisation.RAW
    )


def lanes(
    make: MakeAnchored, passes_s: Sequence[float], *factors: float, **fields: Any
) -> list[Record]:
    """Return a lane for each factor by which its anchor takes longer than prior."""
    return [
        each
        for place, factor in enumerate(factors)
        for each in make(passes_s, longer(STEADY_ANCHORS, factor), model=f"m{place}", **fields)
    ]


def test_a_lane_whose_own_anchor_is_odd_goes_by_those_beside_it(
    comparison: Compare, anchored_record: MakeAnchored, steady: list[float]
) -> None:
    a = lanes(anchored_record, steady, 1.0, 1.0, 1.0)
    b = lanes(anchored_record, steady, 1.05, 1.0, 1.0)

    assert comparison(a, b).rows[0].verdict is Verdict.SAME


def test_anchors_of_lanes_that_only_one_side_had_do_not_count(
    comparison: Compare, anchored_record: MakeAnchored, steady: list[float]
) -> None:
    a = lanes(anchored_record, steady, 1.0, 1.0)
    b = lanes(anchored_record, steady, 1.0, 1.0, 1.05, 1.05)

    assert comparison(a, b).rows[0].verdict is Verdict.SAME


def test_anchors_of_lanes_that_failed_on_one_side_do_not_count(
    comparison: Compare, anchored_record: MakeAnchored, record: MakeRecord,
    steady: list[float],
) -> None:  # fmt: skip
    a = lanes(anchored_record, steady, 1.0, 1.0, 1.05, 1.05)
    failed = [record(each, status=Status.FAILED) for each in ("m2", "m3")]

    compared = comparison(a, [*lanes(anchored_record, steady, 1.0, 1.0), *failed])

    assert compared.rows[0].verdict is Verdict.SAME


def test_an_anchor_that_some_launches_lack_is_not_applied(
    comparison: Compare, record: MakeRecord, anchored: Anchored,
    launch: MakeLaunch, steady: list[float],
) -> None:  # fmt: skip
    whole = anchored(steady, STEADY_ANCHORS)
    a, b = (record("pool", launches=each) for each in (whole, [*whole[:4], launch(4, 1.0)]))

    assert only(comparison([a], [b])).matchup.normalisation is Normalisation.RAW


def test_each_model_of_each_kind_of_work_has_its_own_basis(
    comparison: Compare, anchored_record: MakeAnchored, steady: list[float]
) -> None:
    calm = anchored_record(steady, STEADY_ANCHORS, model="serial")
    wild = anchored_record(steady, WILD_ANCHORS, model="processes", size="5000")

    assert [row.matchup.normalisation for row in comparison(calm + wild, calm + wild).rows] == [
        Normalisation.ANCHOR,
        Normalisation.RAW,
    ]


def test_a_case_without_counterpart_does_not_decide_the_basis(
    comparison: Compare, anchored_record: MakeAnchored, record: MakeRecord,
    steady: list[float],
) -> None:  # fmt: skip
    both = anchored_record(steady, STEADY_ANCHORS)
    lone = record("pool", steady, size="5000")

    assert comparison(both, [*both, lone]).rows[0].matchup.normalisation is Normalisation.ANCHOR
