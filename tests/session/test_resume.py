from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

import msgspec
import pytest

from raceway.errors import StoreError
from raceway.measure.lane.settings import is_out
from raceway.measure.machine.host_state import probe_host_state
from raceway.record import GroupResult, Launch, Noise, Status
from raceway.session.resume import begin, resumable, resumed_from
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


@pytest.mark.parametrize("fact", ["stepping", "microcode", "caches"])
def test_a_run_of_another_host_is_not_resumed(
    lineup: Lineup, interrupt: Interrupt, monkeypatch: pytest.MonkeyPatch, fact: str
) -> None:
    other = msgspec.structs.replace(probe_host_state(), **{fact: "other"})
    monkeypatch.setattr("raceway.session.session.probe_host_state", lambda: other)
    interrupt()

    with pytest.raises(StoreError, match=rf"another host \(another {fact}\); leave --resume out"):
        resumable(lineup, NAMES)


def test_a_host_whose_speed_changed_is_still_the_same(
    lineup: Lineup, interrupt: Interrupt, monkeypatch: pytest.MonkeyPatch
) -> None:
    slower = msgspec.structs.replace(probe_host_state(), timer_wake_s=1.0, pipe_wake_s=1.0)
    monkeypatch.setattr("raceway.session.session.probe_host_state", lambda: slower)
    interrupt()

    assert len(resumable(lineup, NAMES)[0]) == 1


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


def in_launch_one(group: GroupResult) -> GroupResult:
    """Return a group as measured once more, in the next launch."""
    launch = msgspec.structs.replace(TWO_ROUNDS, index=1)
    return msgspec.structs.replace(group, launch=1, launches=dict.fromkeys(NAMES, launch))


def cut_short(lineup: Lineup, resumed: str, *groups: GroupResult) -> str:
    """Save a session that resumed a run and was killed when it had copied some groups; its id."""
    session = Session(lineup, NAMES, groups, resumed)
    run = session.run(Status.INTERRUPTED)
    session.journal.remove()
    save(run, folder_of(lineup))
    return run.header.run_id


def test_what_a_resumed_session_had_not_copied_is_kept(
    lineup: Lineup, interrupt: Interrupt
) -> None:
    first = interrupt()
    groups, _ = resumable(lineup, NAMES)
    second = cut_short(lineup, first.header.run_id, *groups, in_launch_one(groups[0]))
    cut_short(lineup, second, in_launch_one(groups[0]))

    assert [group.launch for group in resumable(lineup, NAMES)[0]] == [1, 0]


def test_what_both_hold_is_kept_once(lineup: Lineup, interrupt: Interrupt) -> None:
    run = interrupt()
    (group,), _ = resumable(lineup, NAMES)
    cut_short(lineup, run.header.run_id, group, in_launch_one(group))

    assert [group.launch for group in resumable(lineup, NAMES)[0]] == [0, 1]


def test_runs_that_name_one_another_are_read_once(interrupt: Interrupt) -> None:
    run = interrupt()
    itself = msgspec.structs.replace(run.header, resumed_from=run.header.run_id)

    assert list(resumed_from(msgspec.structs.replace(run, header=itself), [run])) == [
        msgspec.structs.replace(run, header=itself)
    ]


def test_a_run_that_measured_nothing_hides_none_before_it(
    lineup: Lineup, interrupt: Interrupt
) -> None:
    run = interrupt()
    session = Session(lineup, NAMES)
    save(session.run(Status.INTERRUPTED), folder_of(lineup))
    session.journal.remove()

    assert resumable(lineup, NAMES)[1] == run.header.run_id


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


def test_a_switch_that_does_not_reach_the_lanes_is_said(
    lineup: Lineup, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONTRACEMALLOC", "1")
    monkeypatch.setenv("COVERAGE_PROCESS_START", "setup.cfg")

    note = begin(lineup, NAMES)[1][-1]

    assert "it: COVERAGE_PROCESS_START, PYTHONTRACEMALLOC (" in note
    assert "--interpreter LABEL='env COVERAGE_PROCESS_START=… python'" in note


def test_without_switches_nothing_is_said(lineup: Lineup, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in filter(is_out, list(os.environ)):
        monkeypatch.delenv(name)

    assert begin(lineup, NAMES)[1] == []
