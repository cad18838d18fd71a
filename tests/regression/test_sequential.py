"""When a sequential race goes on and when it ends, by a virtual clock."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from raceway.analysis.comparison.verdicts import Terms, Verdict
from raceway.plan.profile import DEFAULT
from raceway.record import Status
from raceway.regression import sequential as rounds
from raceway.regression.sequential import (
    CHANCE,
    GROUP_OVERHEAD_S,
    LOOKS,
    ROUNDS_S,
    SequentialRace,
    groups_of,
    looked_at,
    paced,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from raceway.session.lineup import Lineup

GROUPS = ("tiny-few", "tiny-many")


@dataclass
class FakeSession:
    """A session whose launches take virtual time."""

    clock: SimpleNamespace
    launch_s: Callable[[int], float] = lambda _: 1.0
    launches: int = LOOKS[-1]
    raced: list[list[str]] = field(default_factory=list)
    most_s: float = inf
    statuses: list[Status] = field(default_factory=list)
    names: Mapping[str, str] = field(
        default_factory=lambda: {f"{group}-serial-w1": group for group in GROUPS}
    )
    lineup: Any = None

    def __post_init__(self) -> None:
        entrants = {
            name: SimpleNamespace(case=SimpleNamespace(group=group), races=True)
            for name, group in self.names.items()
        }
        self.lineup = SimpleNamespace(entrants=entrants)

    def race(self, *_: object, wanted: Callable[[int], list[str]], most_s: float) -> None:
        self.most_s = most_s
        for launch in range(self.launches):
            groups = wanted(launch)
            if not groups:
                return
            self.raced.append(list(groups))
            self.clock.now_s += self.launch_s(len(groups))

    def run(self, status: Status) -> str:
        self.statuses.append(status)
        return "all so far"


@dataclass
class Judge:
    """Decides groups after so many launches."""

    decided_after: Mapping[str, float]
    session: FakeSession
    looks: list[int] = field(default_factory=list)

    def compare_sides(self, a: object, b: object, _: Terms, __: object) -> SimpleNamespace:
        assert (a, b) == ("side a of all so far", "side b of all so far")
        launch = len(self.session.raced)
        self.looks.append(launch)
        return SimpleNamespace(
            rows=[
                row_of(group, Verdict.SAME if launch >= after else Verdict.UNCLEAR)
                for group, after in self.decided_after.items()
            ]
        )


def row_of(group: str, verdict: Verdict) -> SimpleNamespace:
    record = SimpleNamespace(group=group)
    matchup = SimpleNamespace(b=SimpleNamespace(record=record))
    return SimpleNamespace(matchup=matchup, verdict=verdict)


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> FakeSession:
    clock = SimpleNamespace(now_s=100.0)
    clock.monotonic = lambda: clock.now_s
    monkeypatch.setattr(rounds, "time", clock)
    return FakeSession(clock)


@pytest.fixture
def race(session: FakeSession, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Judge]:
    """Return a function that runs a race whose groups are decided after some launches."""

    def hold(budget_s: float = inf, **decided_after: float) -> Judge:
        judge = Judge(
            {group: decided_after.get(group.split("-")[1], inf) for group in GROUPS}, session
        )
        monkeypatch.setattr(rounds, "compare_sides", judge.compare_sides)
        race = SequentialRace(
            session, Terms(), lambda run: (f"side a of {run}", f"side b of {run}"), budget_s
        )  # type: ignore[arg-type]
        race.race()
        return judge

    return hold


def test_verdicts_are_looked_at_after_certain_launches_only(race: Callable[..., Judge]) -> None:
    assert race().looks == list(LOOKS[:-1])


def test_a_sequential_race_in_which_nothing_is_decided_goes_on_to_the_end(
    race: Callable[..., Judge], session: FakeSession
) -> None:
    race()

    assert session.raced == [list(GROUPS)] * LOOKS[-1]


def test_a_sequential_race_ends_at_the_first_look_at_which_all_is_decided(
    race: Callable[..., Judge], session: FakeSession
) -> None:
    race(few=1, many=6)

    assert len(session.raced) == LOOKS[1]


def test_a_group_that_is_decided_is_raced_no_more(
    race: Callable[..., Judge], session: FakeSession
) -> None:
    race(few=5, many=7)

    assert session.raced == [list(GROUPS)] * 5 + [["tiny-many"]] * 2


def test_a_group_once_decided_stays_decided(
    race: Callable[..., Judge], session: FakeSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    unclear = [[row_of(group, Verdict.UNCLEAR)] for group in GROUPS]
    judgements = iter(unclear)
    monkeypatch.setattr(
        SequentialRace, "comparison", lambda _: SimpleNamespace(rows=next(judgements))
    )
    race()

    assert session.raced == [list(GROUPS)] * 5 + [["tiny-few"]] * 2


def test_a_sequential_race_ends_when_the_next_launch_would_not_fit(
    race: Callable[..., Judge], session: FakeSession
) -> None:
    race(budget_s=3.5)

    assert len(session.raced) == 3


def test_a_launch_that_just_fits_is_raced(race: Callable[..., Judge], session: FakeSession) -> None:
    race(budget_s=4.0)

    assert len(session.raced) == 4


def test_a_launch_that_has_begun_is_finished(
    race: Callable[..., Judge], session: FakeSession
) -> None:
    race(budget_s=0.1)

    assert session.raced == [list(GROUPS)]


def test_the_time_of_a_launch_follows_from_the_groups_that_are_left(
    race: Callable[..., Judge], session: FakeSession
) -> None:
    session.launch_s = float
    race(budget_s=12.0, few=5)

    assert session.raced == [list(GROUPS)] * 5 + [["tiny-many"]] * 2


def test_the_pace_is_that_of_the_last_launch(
    race: Callable[..., Judge], session: FakeSession
) -> None:
    session.launch_s = lambda _: 9.0 if not session.raced[1:] else 1.0
    race(budget_s=12.0)

    assert len(session.raced) == 1


def test_the_race_is_told_how_long_it_may_take(
    race: Callable[..., Judge], session: FakeSession
) -> None:
    race(budget_s=7.0)

    assert session.most_s == 7.0


def test_what_is_looked_at_is_not_finished(
    race: Callable[..., Judge], session: FakeSession
) -> None:
    race(few=1, many=1)

    assert session.statuses == [Status.INTERRUPTED]


def test_many_looks_ask_for_more_confidence() -> None:
    terms = looked_at(LOOKS, 0.03)

    assert terms.threshold == 0.03
    assert (1 - terms.confidence) * len(LOOKS) == pytest.approx(CHANCE)


@pytest.mark.parametrize(
    ("budget_s", "each_s"),
    [
        (0.001, ROUNDS_S[0]),
        (1e6, ROUNDS_S[1]),
        (2 * LOOKS[1] * (GROUP_OVERHEAD_S + 0.5), 0.5),
    ],
)
def test_a_budget_is_shared_among_the_launches_of_the_first_looks(
    budget_s: float, each_s: float
) -> None:
    profile = paced(DEFAULT, "duel", 2, budget_s)

    assert (profile.name, profile.launches) == ("duel", LOOKS[-1])
    assert profile.most_group_s == pytest.approx(each_s)


def test_a_budget_for_a_single_look_is_shared_among_its_launches() -> None:
    profile = paced(DEFAULT, "gate", 2, 2 * 20 * (GROUP_OVERHEAD_S + 0.5), (20,))

    assert (profile.launches, profile.most_group_s) == (20, pytest.approx(0.5))


def test_groups_are_those_of_the_cases_that_race(lineup: Lineup) -> None:
    assert groups_of(lineup, list(lineup.entrants)) == ["tiny-few"]


def test_cases_that_do_not_race_have_no_group(session: FakeSession) -> None:
    for entrant in session.lineup.entrants.values():
        entrant.races = False

    assert groups_of(session.lineup, session.names) == []  # type: ignore[arg-type]
