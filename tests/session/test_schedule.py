"""Which groups a run goes on with, and at which look each one ends."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from raceway.plan.profile import DEFAULT
from raceway.record import Ending, GroupResult, Launch, Noise, Status
from raceway.session.schedule import Schedule
from raceway.session.session import Session
from raceway.store.journal import read_journal
from raceway.store.recovery import journaled_run
from raceway.store.runs import load

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raceway.session.lineup import Lineup

NAMES = {"tiny-few-serial-w1": "a", "tiny-few-threads-w2": "b"}
GROUP = "tiny-few"
DECIDED = (0.5, 0.51, 0.5)
OPEN = (0.9, 1.3, 1.1)


@pytest.fixture
def session(lineup: Lineup) -> Iterator[Session]:
    """Return a session of one group that looks as a default run does."""
    profile = replace(lineup.profile, looks=DEFAULT.looks)
    begun = Session(replace(lineup, profile=profile), NAMES)
    yield begun
    begun.journal.close()


@pytest.fixture
def schedule(session: Session) -> Schedule:
    return Schedule(session, session.lineup.profile, [GROUP])


def measured(session: Session, *speedups: float) -> None:
    """Let launches go by in which threads beat serial by so much."""
    for speedup in speedups:
        launch = len(session.groups)
        times_ns = {"tiny-few-serial-w1": 1e6 * speedup, "tiny-few-threads-w2": 1e6}
        session.finished_group(
            GroupResult(
                id=GROUP, launch=launch, started_at="2026-11-23T04:55:00+00:00", wall_s=1.0,
                noise=Noise(),
                launches={
                    case: Launch(index=launch, rounds_ns=[round(time)])
                    for case, time in times_ns.items()
                },
            )
        )  # fmt: skip


def test_a_group_goes_on_until_a_look(schedule: Schedule) -> None:
    assert [schedule.wanted(launch) for launch in range(3)] == [[GROUP]] * 3


def test_a_group_whose_questions_are_answered_ends_at_its_look(
    session: Session, schedule: Schedule
) -> None:
    measured(session, *DECIDED)

    assert schedule.wanted(3) == []
    end = session.ends[0]
    assert (end.id, end.launches, end.confidence, end.why) == (GROUP, 3, 0.975, Ending.ANSWERED)


def test_a_group_with_an_open_question_goes_on(session: Session, schedule: Schedule) -> None:
    measured(session, *OPEN)

    assert schedule.wanted(3) == [GROUP]
    assert session.ends == []


def test_a_group_that_is_open_after_the_last_look_says_so(
    session: Session, schedule: Schedule
) -> None:
    measured(session, *OPEN * 4)
    schedule.over()

    assert [(end.launches, end.why) for end in session.ends] == [(12, Ending.LAST_LOOK)]


def test_a_group_that_was_answered_last_says_so(session: Session, schedule: Schedule) -> None:
    measured(session, *DECIDED * 4)
    schedule.over()

    assert [end.why for end in session.ends] == [Ending.ANSWERED]


def test_a_group_for_which_no_time_is_left_says_so(session: Session, schedule: Schedule) -> None:
    measured(session, *OPEN)
    schedule.over()

    run = session.run(Status.OK)
    assert [(end.launches, end.why) for end in run.ends] == [(3, Ending.OUT_OF_TIME)]
    assert {record.status for record in run.records} == {Status.OK}


def test_a_size_that_was_left_out_is_skipped_with_the_reason(
    session: Session, schedule: Schedule
) -> None:
    schedule.left_out(GROUP)

    records = session.run(Status.OK).records
    budget_s = session.lineup.profile.budget_s
    reason = f"left out: does not fit in the budget of {budget_s:g} s"
    assert {(record.status, record.reason) for record in records} == {(Status.SKIPPED, reason)}


def test_what_ended_before_a_session_died_is_not_taken_for_interrupted(
    session: Session, schedule: Schedule
) -> None:
    measured(session, *DECIDED)
    schedule.wanted(3)
    run = journaled_run(read_journal(session.journal.path))

    assert run.ends == session.ends
    assert {record.status for record in run.records} == {Status.OK}


def test_at_which_look_a_group_ended_is_saved(session: Session, schedule: Schedule) -> None:
    measured(session, *DECIDED)
    schedule.wanted(3)
    path, run = session.save(Status.OK)

    assert load([path]).runs[0][1].ends == run.ends != []
