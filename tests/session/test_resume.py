from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import msgspec
import pytest

from raceway.errors import StoreError
from raceway.record import GroupResult, Launch, Noise, Status
from raceway.session.resume import resumable
from raceway.session.session import Session
from raceway.store.runs import save

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from raceway.record import Commit, Run
    from raceway.session.lineup import Lineup

    Interrupt = Callable[..., Run]

NAMES = {"tiny-few-serial-w1": "test_serial"}
TWO_ROUNDS = Launch(index=0, rounds_ns=[1_000, 2_000])


@pytest.fixture
def interrupt(lineup: Lineup) -> Interrupt:
    """Return a function that saves a session cut short after its first launch."""

    def begin(launch: Launch = TWO_ROUNDS) -> Run:
        session = Session(lineup, NAMES)
        group = GroupResult(
            id="tiny-few",
            launch=launch.index,
            started_at="2026-11-23T04:55:00+00:00",
            wall_s=1.0,
            noise=Noise(load=0.5),
            launches=dict.fromkeys(NAMES, launch),
        )
        session.finished_group(group)
        saved = session.save_interrupted()
        assert saved
        return saved[1]

    return begin


def folder_of(lineup: Lineup) -> Path:
    return lineup.options.results / lineup.machine.id


def test_finished_groups_are_kept_with_their_rounds(lineup: Lineup, interrupt: Interrupt) -> None:
    run = interrupt()
    (group,), run_id = resumable(lineup, NAMES)

    assert group.launches == {"tiny-few-serial-w1": TWO_ROUNDS}
    assert group.noise == Noise(load=0.5)
    assert run_id == run.header.run_id


def test_a_group_that_lacks_a_wanted_case_is_measured_again(
    lineup: Lineup, interrupt: Interrupt
) -> None:
    interrupt()
    names = dict.fromkeys(lineup.entrants, "test")

    assert resumable(lineup, names)[0] == []


def test_a_group_with_a_failed_case_is_measured_again(lineup: Lineup, interrupt: Interrupt) -> None:
    interrupt(Launch(index=0, status=Status.FAILED, reason="hung"))

    assert resumable(lineup, NAMES)[0] == []


def test_a_launch_beyond_those_planned_is_not_kept(lineup: Lineup, interrupt: Interrupt) -> None:
    interrupt(Launch(index=5, rounds_ns=[1_000]))

    assert resumable(lineup, NAMES)[0] == []


def test_a_group_nobody_wants_is_not_kept(lineup: Lineup, interrupt: Interrupt) -> None:
    interrupt()

    assert resumable(lineup, {})[0] == []


def test_a_folder_without_runs_has_nothing_to_resume(lineup: Lineup) -> None:
    with pytest.raises(StoreError, match=r"--resume: .* holds no run; leave --resume out"):
        resumable(lineup, NAMES)


def test_a_finished_run_is_not_resumed(lineup: Lineup, interrupt: Interrupt) -> None:
    interrupt()
    Session(lineup, NAMES).save(Status.OK)

    with pytest.raises(StoreError, match=r"json was not interrupted; leave --resume out"):
        resumable(lineup, NAMES)


def test_the_latest_run_is_resumed(lineup: Lineup, interrupt: Interrupt) -> None:
    runs = [interrupt() for _ in range(4)]

    assert resumable(lineup, NAMES)[1] == runs[-1].header.run_id


def test_other_code_is_not_mixed_in(
    lineup: Lineup, interrupt: Interrupt, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit: Commit = msgspec.structs.replace(interrupt().header.commit, id="0123456789abcdef")
    monkeypatch.setattr("raceway.session.resume.probe_commit", lambda *_: commit)

    with pytest.raises(StoreError, match=r"at commit .* code has changed since; leave --resume"):
        resumable(lineup, NAMES)


def test_other_interpreters_are_not_mixed_in(lineup: Lineup, interrupt: Interrupt) -> None:
    interrupt()
    (current,) = lineup.interpreters
    upgraded = replace(current, facts={**current.facts, "version": "3.99.0"})

    with pytest.raises(StoreError, match="with other interpreters or libraries"):
        resumable(replace(lineup, interpreters=[upgraded]), NAMES)


def test_a_machine_resumes_its_own_runs_only(lineup: Lineup, interrupt: Interrupt) -> None:
    run = interrupt()
    header = msgspec.structs.replace(
        run.header, machine=msgspec.structs.replace(run.header.machine, id="another")
    )
    save(msgspec.structs.replace(run, header=header), lineup.options.results / "another")
    elsewhere = replace(lineup, machine=msgspec.structs.replace(lineup.machine, id="third"))

    with pytest.raises(StoreError, match="third holds no run"):
        resumable(elsewhere, NAMES)
