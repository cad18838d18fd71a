from __future__ import annotations

import random
import sys
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pytest

from raceway.case import Case, Kind
from raceway.demand import Demand
from raceway.measure.control import lanes
from raceway.measure.group import race
from raceway.measure.group.plan import Plan
from raceway.measure.group.race import Race
from raceway.plan.catalogue import Catalogue
from raceway.plan.profile import SMOKE
from raceway.plan.selection import Entrant, Interpreter
from raceway.record import GroupResult, Launch, Noise, Peak, Status

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from raceway.measure.control.client import LaneClient
    from raceway.measure.group.plan import Progress

GROUPS = ("a-1", "a-2", "b-1", "b-2")
ENTRANTS = [
    Entrant(Case(*group.split("-"), model), Kind.CPU, Demand(1), 1)
    for group in GROUPS
    for model in ("serial", "threads")
]


def a_plan(launches: int = 3, finished: Any = (), **profile: Any) -> Plan:
    known = replace(SMOKE, looks=(launches,), **profile)
    return Plan(ENTRANTS, [], Catalogue({}, {}, {}), known, 2, 60.0, finished)


def a_race(plan: Plan, *spectators: Any, seed: int = 1) -> Race:
    return Race(plan, spectators, random.Random(seed))  # noqa: S311 (an order to race in)


def order_of(plan: Plan) -> list[tuple[str, int]]:
    race = a_race(plan)
    launches = range(plan.profile.launches)
    return [
        (name, launch) for launch in launches for name in race.order(launch, plan.groups_of(launch))
    ]


def test_launches_are_outermost() -> None:
    launches = [launch for _, launch in order_of(a_plan())]

    assert launches == [0] * 4 + [1] * 4 + [2] * 4


def test_every_group_is_raced_in_every_launch() -> None:
    order = order_of(a_plan())

    assert sorted(order) == sorted((group, launch) for group in GROUPS for launch in range(3))


def test_groups_are_drawn_anew_for_each_launch() -> None:
    order = order_of(a_plan(launches=20))
    orders = {tuple(name for name, of in order if of == launch) for launch in range(20)}

    assert len(orders) > 5


def test_what_was_measured_before_is_not_raced_again() -> None:
    order = order_of(a_plan(finished={("a-1", 0), ("b-2", 2)}))

    assert len(order) == 10
    assert not {("a-1", 0), ("b-2", 2)} & set(order)


def a_result(name: str, launch: int, raced_s: float) -> GroupResult:
    half_ns = round(raced_s * 1e9 / 2)
    launches = {model: Launch(index=launch, rounds_ns=[half_ns]) for model in "xy"}
    return GroupResult(
        id=name, launch=launch, started_at="", wall_s=99.0, noise=Noise(), launches=launches
    )


@dataclass
class FakeRunner:
    """A runner on which each group takes so much of its budget."""

    uses: Callable[[float], float] = lambda budget_s: budget_s
    fails_at: int = -1
    groups: dict[str, list[Entrant]] = field(default_factory=lambda: a_plan().groups())
    ran: list[tuple[str, int]] = field(default_factory=list)
    budgets_s: list[float] = field(default_factory=list)
    ahead: list[list[str]] = field(default_factory=list)
    ended: bool = False

    async def end_launch(self) -> None:
        self.ended = True

    async def run(
        self, name: str, launch: int, budget_s: float, ahead: Sequence[str]
    ) -> GroupResult:
        if len(self.ran) == self.fails_at:
            raise KeyboardInterrupt
        self.ran.append((name, launch))
        self.budgets_s.append(budget_s)
        self.ahead.append([*ahead])
        return a_result(name, launch, self.uses(budget_s))


@dataclass
class Watching:
    """A spectator that remembers everything."""

    begun: list[Progress] = field(default_factory=list)
    results: list[GroupResult] = field(default_factory=list)
    peaks: list[list[Peak]] = field(default_factory=list)

    def started(self, progress: Progress) -> None:
        self.begun.append(progress)

    def finished(self, result: GroupResult) -> None:
        self.results.append(result)

    def peaked(self, peaks: list[Peak]) -> None:
        self.peaks.append(peaks)


async def test_without_an_end_each_group_gets_what_the_profile_allows() -> None:
    runner = FakeRunner()
    await a_race(a_plan(launches=1, most_group_s=2.0)).launches(runner)

    assert runner.budgets_s == [2.0] * 4


async def test_each_group_is_told_which_come_after_it_in_its_launch() -> None:
    runner = FakeRunner()
    await a_race(a_plan(launches=2)).launches(runner)

    names = [name for name, _ in runner.ran]
    assert runner.ahead == [names[place + 1 : 4 + place // 4 * 4] for place in range(8)]


async def test_spectators_see_each_group_begin_and_end() -> None:
    watching, runner = Watching(), FakeRunner()
    await a_race(a_plan(launches=2), watching).launches(runner)

    assert [(seen.group, seen.launch - 1) for seen in watching.begun] == runner.ran
    assert [(seen.id, seen.launch) for seen in watching.results] == runner.ran


async def test_spectators_learn_how_far_the_race_is() -> None:
    watching = Watching()
    await a_race(a_plan(launches=2), watching).launches(FakeRunner())

    assert [seen.groups_done for seen in watching.begun] == list(range(8))
    assert {(seen.launches, seen.groups, seen.cases) for seen in watching.begun} == {(2, 8, 2)}


async def test_a_race_goes_on_with_the_groups_that_are_wanted_until_there_are_none() -> None:
    wanted = [["a-1", "b-2"], ["b-2"], [], ["a-1"]]
    runner = FakeRunner()
    plan = replace(a_plan(launches=4), wanted=wanted.__getitem__)
    await a_race(plan).launches(runner)

    assert sorted(runner.ran) == [("a-1", 0), ("b-2", 0), ("b-2", 1)]


async def test_an_interrupted_race_ends_its_lanes() -> None:
    runner = FakeRunner(fails_at=2)
    with pytest.raises(KeyboardInterrupt):
        await a_race(a_plan()).launches(runner)

    assert runner.ended


SOURCE = """
def task(number):
    return number + 1
WORKLOAD = Workload(
    summary="", kind=Kind.CPU, task=task, sizes={"few": (1, 2), "more": (1, 2, 3)}
)
"""


@pytest.fixture
def real_plan(bring: Callable[[str], Catalogue], temporary: Path) -> Plan:  # noqa: ARG001
    """Return a plan of two launches of two groups of two real lanes."""
    entrants = [
        Entrant(Case("mine", size, model, 2), Kind.CPU, Demand(tasks=2), 1)
        for size in ("few", "more")
        for model in ("serial", "processes-spawn")
    ]
    profile = replace(SMOKE, looks=(2,), most_group_s=0.01, fewest_turns=1, most_rounds=2)
    interpreter = Interpreter("current", (sys.executable,), {})
    return Plan(entrants, [interpreter], bring(SOURCE), profile, 1, 60.0)


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[LaneClient]:
    """Return all lanes that are started from now on."""
    noted: list[LaneClient] = []
    start_lane = lanes.start_lane

    async def start(*details: Any) -> LaneClient:
        noted.append(await start_lane(*details))
        return noted[-1]

    monkeypatch.setattr(lanes, "start_lane", start)
    return noted


async def test_a_real_race_measures_every_case_in_every_launch(
    real_plan: Plan, started: list[LaneClient], strays: Callable[[], list[str]]
) -> None:
    watching = Watching()
    await a_race(real_plan, watching).run()

    raced = [launch for result in watching.results for launch in result.launches.values()]
    assert [launch.status for launch in raced] == [Status.OK] * 8
    assert all(launch.rounds_ns and launch.anchors_ns for launch in raced)
    assert all(result.noise.parallel_capacity is not None for result in watching.results)
    # A serial lane lives for a launch, one with fresh workers for a group.
    assert len({lane.process.pid for lane in started}) == 2 * (1 + 2)
    assert strays() == []


async def test_a_race_that_its_spectator_ends_leaves_nothing_behind(
    real_plan: Plan, strays: Callable[[], list[str]]
) -> None:
    class Full(Watching):
        def finished(self, result: GroupResult) -> None:
            raise OSError(28, f"no space left for {result.id}")

    with pytest.raises(OSError, match="no space left for mine-"):
        await a_race(real_plan, Full()).run()

    assert strays() == []


async def test_later_launches_know_how_long_passes_took(
    real_plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    known: dict[int, list[float | None]] = {0: [], 1: []}
    rounds: dict[str, list[float]] = {}

    class Noting(race.Group):
        async def run(self, launch: int) -> GroupResult:
            known[launch] += [each.usual_pass_s for each in self.contenders]
            result = await super().run(launch)
            for each in self.contenders:
                rounds.setdefault(each.case.id, []).append(each.pass_s or 0.0)
            return result

    monkeypatch.setattr(race, "Group", Noting)
    await a_race(real_plan).run()

    assert known[0] == [None] * 4
    assert set(known[1]) == {passes_s[0] for passes_s in rounds.values()}


@pytest.mark.parametrize(
    ("what", "sides", "launches"),
    [
        ("audit", False, {0}),
        ("reference", False, {0}),
        ("compares_answers", True, {0}),
        ("times_tasks", False, {0}),
        ("times_tasks", True, set()),
        ("cold", False, {0, 1}),
        ("cold", True, {0}),
    ],
)
async def test_what_is_needed_once_is_not_done_again(
    real_plan: Plan, monkeypatch: pytest.MonkeyPatch, what: str, launches: set[int], *, sides: bool
) -> None:
    done: list[tuple[int, bool]] = []

    class Noting(race.Group):
        async def run(self, launch: int) -> GroupResult:
            done.append((launch, getattr(self, what)))
            return a_result("mine-few", launch, 0.0)

    monkeypatch.setattr(race, "Group", Noting)
    profile = replace(real_plan.profile, looks=(4,))
    await a_race(replace(real_plan, sides=sides, profile=profile)).run()

    assert sorted(done) == [(launch, launch in launches) for launch in range(4) for _ in "ab"]
