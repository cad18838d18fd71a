"""A race on a function of the user's own, from options to a saved run, for doors in Python."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from raceway.record import Status
from raceway.session.deadline import race_end
from raceway.session.resume import begin
from raceway.store.recovery import recover

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from raceway.measure.group.plan import Progress, Spectator
    from raceway.record import GroupResult, Peak, Run
    from raceway.session.lineup import Lineup

Answer = TypeVar("Answer")


def race_own(
    lineup: Lineup, cases: Iterable[str], start_s: float, spectators: Iterable[Spectator]
) -> tuple[Path, Run, list[str]]:
    """Race cases, and save the run, even if it is interrupted; return it with notes for the user.

    `start_s` is when all began, by the monotonic clock: the budget counts from there.
    """
    notes = recovered(lineup.options.results)
    session, resumed = begin(lineup, {case_id: f"raceway::{case_id}" for case_id in cases})
    session.end_s = race_end(start_s, lineup.profile.budget_s)
    try:
        session.race(*spectators)
    except BaseException:
        session.save_interrupted()
        raise
    saved, run = session.save(Status.OK)
    return saved, run, [*notes, *resumed]


def recovered(results: Path) -> list[str]:
    """Turn journals of dead sessions into run files, and return what to say of it."""
    told = []
    for each in recover(results):
        if each.run_file:
            told.append(each.told())
        told += each.problems
    return told


@dataclass(slots=True)
class Halt:
    """A spectator that ends the race before its next group, once asked to."""

    asked: bool = False

    def started(self, progress: Progress) -> None:  # noqa: ARG002 (a spectator's)
        """End the race if asked to."""
        if self.asked:
            raise KeyboardInterrupt

    def finished(self, result: GroupResult) -> None:
        """Do nothing."""

    def peaked(self, peaks: list[Peak]) -> None:
        """Do nothing."""


def apart_from_loops(work: Callable[[], Answer], halt: Halt) -> Answer:
    """Return what `work` does; in a thread of its own if an event loop runs here, as in notebooks.

    An interrupt ends the race before its next group.
    """
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return work()
    with ThreadPoolExecutor(1) as pool:
        try:
            return pool.submit(work).result()
        except KeyboardInterrupt:
            halt.asked = True
            raise
