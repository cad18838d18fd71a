"""Resuming an interrupted run of a suite: which of its launches can be kept."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from raceway.errors import StoreError
from raceway.measure.machine.machine import probe_machine
from raceway.record import SUITE, GroupResult, Status
from raceway.session.resume import each_once, latest_in, other_host, resumed_from

if TYPE_CHECKING:
    from raceway.record import Run
    from raceway.session.suite.process import Collected
    from raceway.session.suite.suite import Suite


def resumable(suite: Suite, collected: Collected) -> tuple[list[GroupResult], str]:
    """Return what this machine's latest run of a suite measured and can be kept, and its id.

    StoreError if that run was not interrupted, or has other code, tests or libraries.
    """
    folder = suite.results / probe_machine(suite.machine, save_host=False).id
    name, run, runs = latest_in(folder, is_suite, "no run of a suite")
    if why := _obstacle(run, suite, collected):
        raise StoreError(f"--resume: {name} {why}; leave --resume out")
    chained = (kept_of(each, suite.launches) for each in resumed_from(run, runs))
    return each_once(chain.from_iterable(chained)), run.header.run_id


def is_suite(run: Run) -> bool:
    """Whether a run is one of a suite that measured anything, or was not interrupted."""
    measured = bool(run.groups) or run.status is not Status.INTERRUPTED
    return measured and run.header.profile == SUITE


def kept_of(run: Run, launches: int) -> list[GroupResult]:
    """Return a run's valid launches, in the order measured, as lines of the journal."""
    measured = {
        (record.id, launch.index): launch
        for record in run.records
        for launch in record.launches
        if launch.status is Status.OK and launch.index < launches
    }
    return [
        GroupResult(
            id=group.id,
            launch=group.launch,
            started_at=group.started_at,
            wall_s=group.wall_s,
            noise=group.noise,
            launches={group.id: measured[group.id, group.launch]},
        )
        for group in run.groups
        if (group.id, group.launch) in measured
    ]


def _obstacle(run: Run, suite: Suite, collected: Collected) -> str:
    """Return why a run cannot go on; empty if it can."""
    if run.status is not Status.INTERRUPTED:
        return "was not interrupted"
    if run.header.commit.id != suite.commit(collected).id:
        return f"was measured at commit {run.header.commit.short}, but the code has changed since"
    if run.header.environments != [suite.environment(collected)]:
        return "was measured with another interpreter or other libraries"
    if {record.id for record in run.header.planned} != set(collected.tests):
        return "was of other benchmarks; give the same paths and options"
    apart = other_host(run)
    return f"was measured on {apart}" if apart else ""
