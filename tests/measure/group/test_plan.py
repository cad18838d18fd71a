from __future__ import annotations

from raceway.case import Case, Kind
from raceway.demand import Demand
from raceway.measure.group.plan import Plan
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


def test_a_launch_holds_what_is_wanted_of_it() -> None:
    plan = Plan([], [], Catalogue({}, {}, {}), SMOKE, 2, 60.0, wanted=lambda _: ["a-1"])

    assert plan.groups_of(1) == ["a-1"]
