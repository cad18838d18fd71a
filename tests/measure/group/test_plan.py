from __future__ import annotations

import pytest

from raceway.case import Case, Kind
from raceway.demand import Demand
from raceway.measure.group.plan import Plan
from raceway.plan.catalogue import Catalogue, discover
from raceway.plan.profile import SMOKE
from raceway.plan.selection import Entrant, Interpreter


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


CURRENT, OTHER = (Interpreter(label, ("python",), {}) for label in ("current", "3.14"))


@pytest.mark.parametrize(
    ("model", "interpreters", "sides", "launches"),
    [
        ("pool", [CURRENT], False, 2),
        ("pool", [CURRENT, OTHER], False, 3),
        ("interpreters", [CURRENT], False, 3),
        ("interpreters", [CURRENT, OTHER], True, 1),
    ],
    ids=["one", "several", "sub", "duel"],
)
def test_cold_starts_are_measured_as_often_as_they_are_told_with_an_interval(
    model: str, interpreters: list[Interpreter], launches: int, *, sides: bool
) -> None:
    entrants = [Entrant(Case("primes", "100", name), Kind.CPU, Demand(1), 1)
                for name in ("serial", model)]  # fmt: skip
    plan = Plan(entrants, interpreters, discover(), SMOKE, 2, 60.0, sides=sides)

    assert plan.cold_launches == launches
