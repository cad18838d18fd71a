"""Groups whose answers more turns can hardly change leave their time to the others."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from raceway.case import Case, Kind
from raceway.demand import Demand
from raceway.measure.group.budget import CAUTION, Budget
from raceway.measure.group.settled import Settled, is_settled, serial_of
from raceway.plan.profile import DEFAULT
from raceway.plan.selection import Entrant
from raceway.record import GroupResult, Launch, Noise

MS = 1_000_000
SERIAL = "work-small-serial-w1"
POOL = "work-small-pool-w2"


def raced(rounds_ms: dict[str, list[float]], launch: int = 0, loops: int = 1) -> GroupResult:
    """Return a launch with a round of each case in each turn."""
    launches = {
        case: Launch(
            index=launch,
            loops=loops,
            rounds_ns=[round(each * MS) for each in rounds],
            turns=list(range(len(rounds))),
        )
        for case, rounds in rounds_ms.items()
    }
    wall_s = 1.0 + sum(map(sum, rounds_ms.values())) / 1e3
    return GroupResult(
        id="work-small", launch=launch, started_at="2026-11-26T20:00:00+00:00", wall_s=wall_s,
        noise=Noise(), launches=launches,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("gains", "settled"),
    [
        ([0.7, 0.71, 0.69, 0.7], True),  # twice as fast, without doubt
        ([-0.7, -0.5, -0.9, -0.6], True),  # slower, by whatever
        ([0.0, 0.01, -0.01, 0.0], True),  # as fast
        ([0.7, 0.71, 0.69], False),  # who knows
        ([0.7, 0.2, 1.2, 0.7], False),  # faster, but by how much?
        ([0.08, 0.11, 0.05, 0.08], False),  # near the border
        ([0.0, 0.2, -0.2, 0.0], False),
    ],
)
def test_a_case_is_settled_where_its_turns_leave_no_doubt(
    gains: list[float], *, settled: bool
) -> None:
    assert is_settled(gains) is settled


def test_all_cases_of_a_group_must_be_settled() -> None:
    settled = Settled()
    settled.learn(
        raced({SERIAL: [10.0] * 4, POOL: [5.0] * 4, "wild": [9.0, 12.0, 8.0, 10.0]}), SERIAL
    )
    assert "work-small" not in settled

    settled = Settled()
    settled.learn(raced({SERIAL: [10.0] * 4, POOL: [5.0] * 4}), SERIAL)
    assert "work-small" in settled


def test_turns_of_all_launches_count() -> None:
    settled = Settled()
    for launch in range(2):
        settled.learn(raced({SERIAL: [10.0] * 2, POOL: [5.0] * 2}, launch), SERIAL)

    assert "work-small" in settled


@pytest.mark.parametrize("serial", [None, "work-small-serial-w1@3.14", "failed"])
def test_without_the_rounds_of_serial_nothing_is_settled(serial: str | None) -> None:
    settled = Settled()
    settled.learn(raced({SERIAL: [10.0] * 4, POOL: [5.0] * 4, "failed": []}), serial)

    assert "work-small" not in settled


def test_where_interpreters_are_compared_every_turn_counts() -> None:
    cases = {SERIAL: ("serial", "current"), POOL: ("pool", "current")}

    assert serial_of(cases) == SERIAL
    assert serial_of({POOL: cases[POOL]}) is None
    assert serial_of({**cases, "other": ("serial", "3.14")}) is None


def test_the_time_of_a_settled_group_goes_to_the_others() -> None:
    names = ["work-small", "work-large"]
    groups = {
        name: [
            Entrant(Case(*name.split("-"), model, workers), Kind.CPU, Demand(1), 1)
            for model, workers in (("serial", 1), ("pool", 2))
        ]
        for name in names
    }
    budget = Budget(groups, DEFAULT, end_s=6.0, now=lambda: 0.0)
    doubtful = raced({SERIAL: [10.0, 14.0, 9.0, 12.0], POOL: [9.0, 12.0, 14.0, 9.0]})
    budget.spent(raced({SERIAL: [10.0] * 4, POOL: [5.0] * 4}))
    budget.spent(replace(doubtful, id="work-large"))

    assert budget.share_s(1, names, names) == 0.0
    # Each is ahead twice: 0.9 s beside the rounds, and 2 turns of 15 ms of the settled one.
    whole_s = (6 - 4 * 0.9 - 2 * 0.03) / 2
    assert budget.share_s(1, names[::-1], names) == pytest.approx(CAUTION * whole_s)
