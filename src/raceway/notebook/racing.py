"""Races a function from Python, in a script or a notebook."""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from rich.console import Console

from raceway.notebook.raced import Raced
from raceway.notebook.sending import binding_of_live
from raceway.plan.target.target import Target
from raceway.record import Status
from raceway.session.deadline import race_end
from raceway.session.lineup import Lineup
from raceway.session.options import OPTIONS, Asked, options_from
from raceway.session.own_function import own_function
from raceway.session.progress import ProgressDisplay
from raceway.session.resume import begin
from raceway.store.recovery import recover

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from raceway.measure.group.plan import Progress
    from raceway.record import GroupResult, Peak
    from raceway.session.options import Options
    from raceway.session.own_function import OwnFunction

    Answer = TypeVar("Answer")

TAKEN = ("profile", "models", "workers", "launches", "budget", "results", "machine")
"""The options that `raceway.race` has in common with commands."""
LISTS = ("models", "workers")


def race(function: Callable[..., Any], items: Iterable[Any], **asked: Any) -> Raced:
    """Race a function, called once for each item; `raceway.race` documents what may be asked."""
    start_s = time.monotonic()
    progress = asked.pop("progress")
    options = options_of({name: asked.pop(name) for name in TAKEN})
    target = Target.of(function, items, bind=binding_of_live, **asked)
    halt = Halt()

    def raced() -> Raced:
        with own_function(target, options) as own:
            return raced_by(own, start_s, halt, ProgressDisplay(screen()) if progress else None)

    return apart_from_loops(raced, halt)


def options_of(given: dict[str, Any]) -> Options:
    """Return the options given, the project's own defaults behind them."""
    line = {name: value for name, value in given.items() if value is not None}
    for name in LISTS:
        if name in line and not isinstance(line[name], str):
            line[name] = ",".join(map(str, line[name]))
    return options_from(Asked(line, [row for row in OPTIONS if row.key in TAKEN]))


def screen() -> Console:
    """Return where progress is shown: beside what the program itself prints."""
    return Console(stderr=True, force_jupyter=False)


def raced_by(
    own: OwnFunction, start_s: float, halt: Halt, display: ProgressDisplay | None
) -> Raced:
    """Race a function that is ready, and save the run, even if it is interrupted."""
    notes = [*own.notes, *recovered(own.options)]
    lineup = Lineup.assemble(own.options)
    names = {case_id: f"raceway::{case_id}" for case_id in lineup.entrants}
    session, resumed = begin(lineup, names)
    session.end_s = race_end(start_s, lineup.profile.budget_s)
    try:
        with display or nullcontext():
            session.race(halt, *([display] if display else []))
    except BaseException:
        session.save_interrupted()
        raise
    saved, run = session.save(Status.OK)
    return Raced(run, saved, (*notes, *resumed))


def recovered(options: Options) -> list[str]:
    """Turn journals of dead sessions into run files, and return what to say of it."""
    told = []
    for each in recover(options.results):
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
