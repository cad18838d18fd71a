"""Resuming an interrupted run: which of its groups can be kept."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from raceway.errors import StoreError
from raceway.measure.machine.commit import probe_commit
from raceway.record import GroupResult, Status
from raceway.session.session import Session, environment_of
from raceway.store.runs import load
from raceway.text.numbers import count

if TYPE_CHECKING:
    from collections.abc import Mapping

    from raceway.record import Run
    from raceway.session.lineup import Lineup


def begin(known: Lineup, names: Mapping[str, str]) -> tuple[Session, list[str]]:
    """Begin a session, resuming the latest run if asked; return it with notes for the user."""
    if not known.options.resume:
        return Session(known, names), []
    kept, run_id = resumable(known, names)
    return Session(known, names, kept, run_id), [
        f"resumed run {run_id}: {count(len(kept), 'group')} kept"
    ]


def resumable(known: Lineup, names: Mapping[str, str]) -> tuple[list[GroupResult], str]:
    """Return the groups of this machine's latest run that can be kept, and its id.

    StoreError if that run was not interrupted, or has other code or interpreters.
    """
    folder = known.options.results / known.machine.id
    runs = load(sorted(folder.glob("*.json"))).runs
    if not runs:
        raise StoreError(f"--resume: {folder} holds no run; leave --resume out")
    path, run = max(runs, key=lambda entry: entry[1].header.started_at)
    if run.status is not Status.INTERRUPTED:
        raise StoreError(f"--resume: {path.name} was not interrupted; leave --resume out")
    if run.header.commit.id != probe_commit(Path.cwd(), list(known.catalogue.files.values())).id:
        raise StoreError(
            f"--resume: {path.name} was measured at commit {run.header.commit.short}, but the"
            " code has changed since; leave --resume out"
        )
    if run.header.environments != [
        environment_of(interpreter) for interpreter in known.interpreters
    ]:
        raise StoreError(
            f"--resume: {path.name} was measured with other interpreters or libraries; give the"
            " same --interpreter options, or leave --resume out"
        )
    return [group for group in groups_of(run) if complete(group, known, names)], run.header.run_id


def groups_of(run: Run) -> list[GroupResult]:
    """Return a run's groups with their launches, which run files keep in the records."""
    measured: dict[tuple[str, int], dict[str, object]] = {}
    for record in run.records:
        for launch in record.launches:
            measured.setdefault((record.group, launch.index), {})[record.id] = launch
    return [
        msgspec.structs.replace(group, launches=measured.get((group.id, group.launch), {}))
        for group in run.groups
    ]


def complete(group: GroupResult, known: Lineup, names: Mapping[str, str]) -> bool:
    """Whether a group holds a valid launch of every case that this session wants from it."""
    wanted = [
        case_id
        for case_id in names
        if known.entrants[case_id].races and known.entrants[case_id].case.group == group.id
    ]
    return (
        group.launch < known.profile.launches
        and bool(wanted)
        and all(
            case_id in group.launches and group.launches[case_id].status is Status.OK
            for case_id in wanted
        )
    )
