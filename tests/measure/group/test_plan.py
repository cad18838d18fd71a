from __future__ import annotations

from dataclasses import replace

import pytest

from raceway.case import Case, Demand, Kind
from raceway.measure.group.plan import Plan, Progress
from raceway.plan.catalogue import Catalogue
from raceway.plan.profile import SMOKE
from raceway.plan.selection import Entrant


def test_entrants_race_in_the_group_of_their_work() -> None:
    cases = [Case("a", "1", "x"), Case("b", "1", "x"), Case("a", "1", "y"), Case("a", "2", "x")]
    entrants = [Entrant(case, Kind.CPU, Demand(1), 1) for case in cases]
    plan = Plan(entrants, [], Catalogue({}, {}, {}), SMOKE, 2, 60.0)

    assert plan.groups() == {
        "a-1": [entrants[0], entrants[2]], "b-1": [entrants[1]], "a-2": [entrants[3]],
    }  # fmt: skip


@pytest.mark.parametrize(("done", "left_s"), [(0, None), (1, 90.0), (5, 10.0), (10, 0.0)])
def test_the_time_left_follows_from_the_pace_so_far(done: int, left_s: float | None) -> None:
    progress = Progress(1, 1, "group", groups_done=done, groups=10, cases=1, elapsed_s=10.0)

    assert progress.left_s == left_s


def test_the_time_left_is_never_more_than_what_the_race_may_take() -> None:
    progress = Progress(1, 1, "group", 1, 100, 1, elapsed_s=10.0, most_s=60.0)

    assert progress.left_s == 50.0


def test_later_launches_hold_what_is_not_finished_yet() -> None:
    entrant = Entrant(Case("a", "1", "x"), Kind.CPU, Demand(1), 1)
    profile = replace(SMOKE, launches=4)
    plan = Plan([entrant], [], Catalogue({}, {}, {}), profile, 2, 60.0, {("a-1", 2)})

    assert plan.groups_after(0, 1) == 2


def test_launches_nobody_has_been_asked_about_are_taken_for_usual_ones() -> None:
    profile = replace(SMOKE, launches=4)
    plan = Plan([], [], Catalogue({}, {}, {}), profile, 2, 60.0, wanted=lambda _: ["a-1"])

    assert (plan.groups_after(0, 3), plan.groups_of(1)) == (9, ["a-1"])
