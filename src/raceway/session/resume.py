"""Resuming an interrupted run: which of its groups can be kept."""

from __future__ import annotations

import os
import shutil
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from raceway.analysis.comparison.host import facts_apart
from raceway.errors import StoreError
from raceway.measure.lane.settings import is_out
from raceway.measure.machine.commit import probe_commit, why_unknown
from raceway.measure.machine.host_state import probe_host_state
from raceway.record import SUITE, Commit, GroupResult, Status
from raceway.session.session import Session, environment_of
from raceway.store.runs import load
from raceway.text.numbers import count

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from raceway.record import Run
    from raceway.session.lineup import Lineup


def begin(known: Lineup, names: Mapping[str, str]) -> tuple[Session, list[str]]:
    """Begin a session, resuming the latest run if asked; return it with notes for the user."""
    files = list(known.catalogue.under_test.values())
    notes = [*known.catalogue.notes, *left_out_notes(os.environ)]
    if not known.options.resume:
        session = Session(known, names)
        return session, [*notes, *commit_notes(session.header.commit, Path.cwd(), files)]
    kept, run_id = resumable(known, names)
    resumed = f"resumed run {run_id}: {count(len(kept), 'group')} kept"
    return Session(known, names, kept, run_id), [resumed, *notes]


def commit_notes(commit: Commit, folder: Path, files: Sequence[Path] = ()) -> list[str]:
    """Return what to say if git keeps the commit under test to itself."""
    if commit.id != Commit().id or not shutil.which("git"):
        return []
    why = why_unknown(folder, files)
    return [f"measured without its commit: {why}"] if why else []


def left_out_notes(
    environment: Mapping[str, str], option: str = "--interpreter LABEL="
) -> list[str]:
    """Return what to say of variables that are set but do not reach the lanes, if there are any.

    `option` would set one for an interpreter.
    """
    names = sorted(filter(is_out, environment))
    if not names:
        return []
    what = f"not set in what is measured, since it would slow it: {', '.join(names)}"
    return [f"{what} (to measure with it: {option}'env {names[0]}=… python')"]


def resumable(known: Lineup, names: Mapping[str, str]) -> tuple[list[GroupResult], str]:
    """Return the groups of this machine's latest run that can be kept, and its id.

    If that run was itself resumed, and cut short before it had copied all, the rest comes from the
    runs before it. StoreError if the run was not interrupted, has other code or interpreters, or is
    another host's.
    """
    folder = known.options.results / known.machine.id
    name, run, runs = latest_in(folder, worth_resuming, "no run")
    check_resumable(run, name, known)
    measured = chain.from_iterable(map(groups_of, resumed_from(run, runs)))
    return each_once(
        group for group in measured if complete(group, known, names)
    ), run.header.run_id


def latest_in(
    folder: Path, wanted: Callable[[Run], bool], lacking: str
) -> tuple[str, Run, list[Run]]:
    """Return the file's name of a folder's latest run of a kind, that run, and all of the kind.

    StoreError if it holds none, in the words of `lacking`.
    """
    found = [entry for entry in load(sorted(folder.glob("*.json"))).runs if wanted(entry[1])]
    if not found:
        raise StoreError(f"--resume: {folder} holds {lacking}; leave --resume out")
    path, latest = max(found, key=lambda entry: entry[1].header.started_at)
    return path.name, latest, [run for _, run in found]


def each_once(groups: Iterable[GroupResult]) -> list[GroupResult]:
    """Return each group of each launch once, as it comes first."""
    kept: dict[tuple[str, int], GroupResult] = {}
    for group in groups:
        kept.setdefault((group.id, group.launch), group)
    return list(kept.values())


def check_resumable(run: Run, name: str, known: Lineup) -> None:
    """Raise StoreError if a run was not interrupted, or has another origin than this session."""
    if run.status is not Status.INTERRUPTED:
        raise StoreError(f"--resume: {name} was not interrupted; leave --resume out")
    files = list(known.catalogue.under_test.values())
    if run.header.commit.id != probe_commit(Path.cwd(), files).id:
        raise StoreError(
            f"--resume: {name} was measured at commit {run.header.commit.short}, but the"
            " code has changed since; leave --resume out"
        )
    if run.header.environments != [
        environment_of(interpreter) for interpreter in known.interpreters
    ]:
        raise StoreError(
            f"--resume: {name} was measured with other interpreters or libraries; give the"
            " same --interpreter options, or leave --resume out"
        )
    if apart := other_host(run):
        raise StoreError(f"--resume: {name} was measured on {apart}; leave --resume out")


def other_host(run: Run) -> str:
    """Return that a run is of another host of this machine's kind, and why; empty if it is not.

    Launches of two hosts in one run would look like noise.
    """
    host = run.header.host
    apart = facts_apart(host, probe_host_state()) if host else []
    return f"another host (another {' and '.join(apart)})" if apart else ""


def worth_resuming(run: Run) -> bool:
    """Whether a race measured anything, or was not interrupted and so ends what came before."""
    measured = bool(run.groups) or run.status is not Status.INTERRUPTED
    return measured and run.header.profile != SUITE


def resumed_from(run: Run, runs: Sequence[Run]) -> Iterator[Run]:
    """Yield a run and, newest first, those it goes on with, as far as they are still there."""
    known = {each.header.run_id: each for each in runs}
    following: Run | None = run
    while following is not None:
        yield following
        known.pop(following.header.run_id, None)
        earlier = known.get(following.header.resumed_from or "")
        same = earlier is not None and (
            earlier.header.commit.id == run.header.commit.id
            and earlier.header.environments == run.header.environments
        )
        following = earlier if same else None


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
