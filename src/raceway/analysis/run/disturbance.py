"""Grades each group by the run's best moments, which a single group cannot know.

After every turn of a race, a fixed computation on all cores is timed: the parallel anchor. If that
took much longer than in the run's best moments, something else was running, even if the cores were
free when the group began.
"""

from __future__ import annotations

from statistics import fmean, quantiles
from typing import TYPE_CHECKING

from msgspec.structs import replace

from raceway.analysis.run.grading import CAPACITY
from raceway.record import Grade

if TYPE_CHECKING:
    from raceway.record import GroupResult, Run

FEWEST_ANCHORS = 20
"""Anchors needed for the fastest tenth to show the cores' best."""


def graded_groups(run: Run) -> list[GroupResult]:
    """Return the groups of a run, with grades lowered where the whole run shows a disturbance."""
    anchors_ns = [each for group in run.groups for each in group.parallel_anchors_ns if each > 0]
    enough = len(anchors_ns) >= FEWEST_ANCHORS
    best_ns = quantiles(anchors_ns, n=10)[0] if enough else None
    return [_seen_from(best_ns, group) for group in run.groups]


def _seen_from(best_ns: float | None, group: GroupResult) -> GroupResult:
    known = [each for each in group.parallel_anchors_ns if each > 0]
    if best_ns is None or not known:
        return group
    left = best_ns / fmean(known)
    grade = CAPACITY.grade(left)
    if grade is Grade.QUIET or grade < group.noise.grade:
        return group
    reasons = [*group.noise.reasons, f"{left:.0%} of the cores' best was left while it raced"]
    return replace(group, noise=replace(group.noise, grade=grade, reasons=reasons))
