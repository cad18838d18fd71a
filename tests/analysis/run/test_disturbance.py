"""What disturbed a group, seen from the whole run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from raceway.analysis.run.conditions import conditions_of
from raceway.analysis.run.disturbance import FEWEST_ANCHORS, graded_groups
from raceway.record import Grade, GroupResult, Noise

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from raceway.record import Run

BEST_NS = 1_000


@pytest.fixture
def seen(run: Callable[..., Run]) -> Callable[..., GroupResult]:
    """Return how a group is graded beside many at the run's best."""

    def grade(
        anchors_ns: Sequence[int], saved: Grade = Grade.QUIET, others: int = 50
    ) -> GroupResult:
        usual = [a_group("usual", 0, [BEST_NS] * others)]
        return graded_groups(replace(run(), groups=[*usual, a_group("odd", 0, anchors_ns, saved)]))[
            1
        ]

    return grade


def a_group(
    name: str, launch: int, anchors_ns: Sequence[int], grade: Grade = Grade.QUIET
) -> GroupResult:
    return GroupResult(
        id=name, launch=launch, started_at="2026-11-23T04:55:00+00:00", wall_s=1.0,
        noise=Noise(grade=grade), launches={}, parallel_anchors_ns=list(anchors_ns),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("anchors_ns", "grade"),
    [
        ([1_000, 1_000], Grade.QUIET),
        ([1_100, 1_100], Grade.QUIET),
        ([1_000, 1_300], Grade.DISTURBED),
        ([1_000, 2_000], Grade.NOISY),
    ],
)
def test_a_group_is_graded_by_what_the_cores_did_while_it_raced(
    seen: Callable[..., GroupResult], anchors_ns: list[int], grade: Grade
) -> None:
    assert seen(anchors_ns).noise.grade is grade


def test_the_reason_is_told(seen: Callable[..., GroupResult]) -> None:
    assert seen([1_000, 3_000]).noise.reasons == ["50% of the cores' best was left while it raced"]


@pytest.mark.parametrize("saved", [Grade.DISTURBED, Grade.NOISY])
def test_a_grade_is_never_made_better(seen: Callable[..., GroupResult], saved: Grade) -> None:
    assert seen([1_000, 1_000], saved).noise.grade is saved


def test_a_group_without_parallel_anchors_keeps_its_grade(seen: Callable[..., GroupResult]) -> None:
    assert seen([]).noise == Noise(grade=Grade.QUIET)


def test_a_turn_in_which_no_core_was_to_be_had_does_not_count(
    seen: Callable[..., GroupResult],
) -> None:
    assert seen([0, 1_000]).noise.grade is Grade.QUIET


def test_few_anchors_do_not_tell_what_the_cores_can_do(seen: Callable[..., GroupResult]) -> None:
    assert seen([2_000], others=FEWEST_ANCHORS - 2).noise.grade is Grade.QUIET


def test_the_conditions_of_a_group_follow(run: Callable[..., Run]) -> None:
    groups = [a_group("usual", 0, [BEST_NS] * 50), a_group("odd", 0, [2 * BEST_NS])]

    assert conditions_of(replace(run(), groups=groups))["odd"].grade is Grade.NOISY
