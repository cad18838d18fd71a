"""Races on a virtual clock: what the time holds, and what it says is left."""

from __future__ import annotations

import itertools
import random
from dataclasses import dataclass, field, replace
from math import inf
from typing import TYPE_CHECKING, Any

import pytest

from raceway.case import Case, Kind
from raceway.demand import Demand
from raceway.measure.group import race
from raceway.measure.group.budget import Budget
from raceway.measure.group.plan import Plan
from raceway.measure.group.race import Race
from raceway.plan.catalogue import Catalogue
from raceway.plan.profile import DEFAULT, SMOKE
from raceway.plan.selection import Entrant
from raceway.record import GroupResult, Launch, Noise

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from raceway.measure.group.plan import Progress

WORK = {"a": ("1", "2", "3"), "b": ("1", "2"), "c": ("1",)}
ENTRANTS = [
    Entrant(Case(workload, size, model), Kind.CPU, Demand(1), 1)
    for workload, sizes in WORK.items()
    for size in sizes
    for model in ("serial", "pool")
]
GROUPS = tuple(dict.fromkeys(each.case.group for each in ENTRANTS))


@dataclass
class VirtualRace:
    """A race whose groups take as long as told, on a clock that nothing else moves."""

    beside_s: Callable[[str], float] = lambda _: 1.0
    round_s: float = 0.01
    now_s: float = 1_000.0
    ran: list[tuple[str, int]] = field(default_factory=list)
    shares_s: list[float] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    begun: list[tuple[float, Progress]] = field(default_factory=list)
    groups: dict[str, list[Entrant]] = field(default_factory=dict)
    spectators: Sequence[Any] = ()

    def monotonic(self) -> float:
        return self.now_s

    async def end_launch(self) -> None:
        """Nothing to end."""

    async def run(
        self, name: str, launch: int, share_s: float, ahead: Sequence[str]
    ) -> GroupResult:
        assert (name, launch) not in self.ran
        assert name not in ahead
        self.ran.append((name, launch))
        self.shares_s.append(share_s)
        rounds_ns = [round(self.round_s / 2 * 1e9)] * max(2, round(share_s / self.round_s))
        launches = {model: Launch(index=launch, rounds_ns=rounds_ns) for model in ("x", "y")}
        wall_s = self.beside_s(name) + 2 * sum(rounds_ns) / 1e9
        self.now_s += wall_s
        return GroupResult(
            id=name, launch=launch, started_at="", wall_s=wall_s, noise=Noise(), launches=launches
        )

    def started(self, progress: Progress) -> None:
        self.begun.append((self.now_s, progress))

    def finished(self, result: GroupResult) -> None:
        """Nothing to note."""

    def peaked(self, peaks: Any) -> None:
        """Nothing to note."""

    async def raced(self, budget_s: float = inf, profile: Any = DEFAULT, **plan: Any) -> float:
        """Race within a budget, and return how long it took."""
        start_s = self.now_s
        planned = Plan(
            ENTRANTS, [], Catalogue({}, {}, {}), profile, 2, 60.0, end_s=start_s + budget_s,
            left_out=self.gone.append, **plan,
        )  # fmt: skip
        runner: Any = self
        draw = random.Random(1)  # noqa: S311 (an order to race in)
        await Race(planned, [self], draw).launches(runner)
        return self.now_s - start_s


@pytest.fixture
def virtual(monkeypatch: pytest.MonkeyPatch) -> VirtualRace:
    """Return a race on a clock of its own."""
    made = VirtualRace()
    monkeypatch.setattr(race, "time", made)
    monkeypatch.setattr(race, "Budget", lambda *known: Budget(*known, now=made.monotonic))
    return made


@pytest.mark.parametrize("slowness", [0.5, 1.0, 3.0, 10.0])
async def test_a_race_ends_within_its_budget_however_slow_the_machine(
    virtual: VirtualRace, slowness: float
) -> None:
    virtual.beside_s = lambda _: slowness

    assert await virtual.raced(60.0) <= 1.1 * 60.0


async def test_where_all_fits_nothing_is_left_out(virtual: VirtualRace) -> None:
    await virtual.raced(60.0)

    assert virtual.gone == []
    assert {name for name, launch in virtual.ran if launch == 2} == set(GROUPS)


async def test_the_largest_sizes_go_first_until_the_others_reach_a_look(
    virtual: VirtualRace,
) -> None:
    virtual.beside_s = lambda name: 2.0 * int(name[-1])
    await virtual.raced(30.0)

    assert virtual.gone[0] == "a-3"
    assert set(virtual.gone) == {"a-3", "b-2", "a-2"}
    assert {name for name, launch in virtual.ran if launch == 2} == {"a-1", "b-1", "c-1"}


async def test_a_size_too_large_is_left_out_before_it_costs_anything(virtual: VirtualRace) -> None:
    virtual.beside_s = lambda _: 3.0
    await virtual.raced(30.0)

    assert "a-3" in virtual.gone
    assert "a-3" not in dict(virtual.ran)


async def test_a_last_launch_may_be_a_little_late_rather_than_leave_out_what_others_raced(
    virtual: VirtualRace,
) -> None:
    virtual.beside_s = lambda _: 2.6 if len(virtual.ran) > 14 else 2.0
    took_s = await virtual.raced(45.0)

    assert virtual.gone == []
    assert 45.0 < took_s <= 1.05 * 45.0


async def test_a_last_launch_that_would_be_far_too_late_leaves_sizes_out(
    virtual: VirtualRace,
) -> None:
    virtual.beside_s = lambda _: 4.0 if len(virtual.ran) > 14 else 2.0
    await virtual.raced(45.0)

    assert "a-3" in virtual.gone


async def test_one_expensive_group_does_not_speak_for_those_not_raced_yet(
    virtual: VirtualRace,
) -> None:
    virtual.beside_s = lambda name: 12.0 if name == "a-1" else 0.5
    await virtual.raced(45.0, SMOKE)

    assert not {"b-1", "b-2", "c-1"} & set(virtual.gone)


async def test_each_workload_keeps_its_smallest_size(virtual: VirtualRace) -> None:
    virtual.beside_s = lambda _: 100.0
    await virtual.raced(30.0)

    assert set(virtual.gone) == {"a-2", "a-3", "b-2"}


async def test_the_first_group_is_raced_whatever_the_budget(virtual: VirtualRace) -> None:
    await virtual.raced(0.001)

    assert len(virtual.ran) == 1


async def test_the_time_left_is_shared_among_the_launches_expected(virtual: VirtualRace) -> None:
    profile = replace(SMOKE, most_group_s=100.0)
    took_s = await virtual.raced(60.0, profile)

    assert len(virtual.ran) == 12
    assert max(virtual.shares_s[1:]) < 1.5 * min(virtual.shares_s[1:])
    assert took_s > 50.0


async def test_the_time_is_meant_to_last_until_the_next_look(virtual: VirtualRace) -> None:
    profile = replace(DEFAULT, most_group_s=100.0)
    took_s = await virtual.raced(100.0, profile)

    assert {launch for _, launch in virtual.ran} == {0, 1, 2}
    assert took_s > 85.0
    assert max(virtual.shares_s) < 2 * min(virtual.shares_s)


async def test_groups_not_raced_yet_are_expected_to_take_their_time(virtual: VirtualRace) -> None:
    virtual.beside_s = lambda name: 0.2 if name == "a-1" else 2.0
    await virtual.raced(90.0, replace(DEFAULT, most_group_s=100.0))
    shares = dict(zip(virtual.ran, virtual.shares_s, strict=True))

    assert max(shares["a-1", 0], shares["b-1", 0]) < 2 * shares["c-1", 2]


async def test_a_group_is_timed_no_longer_than_the_profile_allows(virtual: VirtualRace) -> None:
    await virtual.raced(600.0, replace(SMOKE, most_group_s=2.0))

    assert set(virtual.shares_s) == {2.0}


async def test_the_time_left_runs_down_smoothly(virtual: VirtualRace) -> None:
    uneven = random.Random(5)  # noqa: S311 (how long groups take)
    virtual.beside_s = lambda name: int(name[-1]) * uneven.uniform(0.4, 1.2)
    took_s = await virtual.raced(90.0)

    shown = [(now_s, seen.left_s) for now_s, seen in virtual.begun if seen.left_s is not None]
    pairs = list(itertools.pairwise(shown))
    rises = [after - before for (_, before), (_, after) in pairs]
    jumps = [before - after - (late - early) for (early, before), (late, after) in pairs]
    assert len(shown) > 20
    assert max(rises) < 0.05 * took_s
    assert max(map(abs, jumps)) < 0.1 * took_s
    assert shown[-1][1] < 0.15 * took_s


async def test_a_race_whose_questions_are_answered_ends_early(virtual: VirtualRace) -> None:
    took_s = await virtual.raced(
        600.0, wanted=lambda launch: GROUPS if launch < 3 else [], profile=DEFAULT
    )

    assert len(virtual.ran) == 3 * len(GROUPS)
    assert took_s < 100.0


@pytest.mark.parametrize(("launch", "expected_s"), [(0, 0.9 * 3.0), (1, 3.0)])
def test_single_tasks_are_not_expected_to_be_timed_again(launch: int, expected_s: float) -> None:
    budget = Budget({"a-1": ENTRANTS[:2]}, DEFAULT)
    phases_s = {"prepare": 3.0, "race": 2.0} | ({} if launch else {"latency": 5.0})
    launches = {"x": Launch(index=launch, rounds_ns=[2_000_000_000])}
    budget.spent(
        GroupResult(
            id="a-1", launch=launch, started_at="", wall_s=sum(phases_s.values()), noise=Noise(),
            launches=launches, phases_s=phases_s,
        )
    )  # fmt: skip

    assert budget.beside_s("a-1") == expected_s
