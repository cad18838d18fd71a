"""Work on several cores is compared by the reference loop of several cores."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from raceway.analysis.comparison.normalisation import Normalisation
from support.compared import SCATTERED, STEADY_ANCHORS, WILD_ANCHORS, only

if TYPE_CHECKING:
    from support.compared import MakeAnchored
    from support.synthetic import Anchored, Compare, MakeRecord


PARALLEL_NS = [1_000_000] * 3


def test_work_on_several_cores_is_compared_by_the_parallel_anchor(
    comparison: Compare, anchored_record: MakeAnchored
) -> None:
    both = anchored_record(SCATTERED, WILD_ANCHORS, cores=1.9)
    row = only(comparison(both, both, parallel_anchors_ns=PARALLEL_NS))

    assert row.matchup.normalisation is Normalisation.PARALLEL


@pytest.mark.parametrize(
    ("cores", "normalisation"), [(1.19, Normalisation.RAW), (1.21, Normalisation.PARALLEL)]
)
def test_the_parallel_anchor_is_for_cases_that_keep_more_than_a_core_busy(
    comparison: Compare,
    anchored_record: MakeAnchored,
    cores: float,
    normalisation: Normalisation,
) -> None:
    both = anchored_record(SCATTERED, WILD_ANCHORS, cores=cores)
    row = only(comparison(both, both, parallel_anchors_ns=PARALLEL_NS))

    assert row.matchup.normalisation is normalisation


def test_cores_that_are_not_known_rule_the_parallel_anchor_out(
    comparison: Compare, record: MakeRecord, anchored: Anchored
) -> None:
    launches = anchored(SCATTERED, WILD_ANCHORS, cpu_s=None)
    both = [record("pool", launches=launches)]

    row = only(comparison(both, both, parallel_anchors_ns=PARALLEL_NS))

    assert row.matchup.normalisation is not Normalisation.PARALLEL


def test_the_parallel_anchor_means_nothing_to_another_controller(
    comparison: Compare, anchored_record: MakeAnchored
) -> None:
    both = anchored_record(SCATTERED, WILD_ANCHORS, cores=1.9)
    row = only(comparison(both, both, parallel_anchors_ns=PARALLEL_NS, b_version="3.14.0"))

    assert row.matchup.normalisation is Normalisation.RAW


def test_a_run_from_before_parallel_anchors_is_compared_by_the_others(
    comparison: Compare, anchored_record: MakeAnchored, steady: list[float]
) -> None:
    both = anchored_record(steady, STEADY_ANCHORS, cores=1.9)
    row = only(comparison(both, both, b_parallel_anchors_ns=PARALLEL_NS))

    assert row.matchup.normalisation is Normalisation.ANCHOR
