"""Races a function from Python, in a script or a notebook."""

from __future__ import annotations

import time
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from raceway.errors import SelectionError
from raceway.notebook.raced import Raced
from raceway.notebook.sending import binding_of_live
from raceway.plan.target.target import Target
from raceway.report.format.screen import screen
from raceway.session.lineup import Lineup
from raceway.session.options import OPTIONS, Asked, options_from
from raceway.session.own_function import own_function
from raceway.session.own_race import Halt, apart_from_loops, race_own
from raceway.session.place import check_place
from raceway.session.progress import ProgressDisplay

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from raceway.session.option import Option
    from raceway.session.options import Options
    from raceway.session.own_function import OwnFunction

RACERS = ("model", "executor", "dask_scheduler")
"""The options for models that are not built in; the workload is the function."""
TAKEN = ("profile", "models", "workers", *RACERS, "launches", "budget", "results", "machine")
"""The options that `raceway.race` has in common with commands."""


def race(function: Callable[..., Any], items: Iterable[Any], **asked: Any) -> Raced:
    """Race a function, called once for each item; `raceway.race` documents what may be asked."""
    start_s = time.monotonic()
    check_place()
    progress = asked.pop("progress")
    options = options_of({name: asked.pop(name) for name in TAKEN})
    target = Target.of(function, items, bind=binding_of_live, **asked)
    halt = Halt()

    def raced() -> Raced:
        with own_function(target, options) as own:
            return raced_by(
                own, start_s, halt, ProgressDisplay(screen(stderr=True)) if progress else None
            )

    return apart_from_loops(raced, halt)


def options_of(given: dict[str, Any]) -> Options:
    """Return the options given, the project's own defaults behind them."""
    rows = [row for row in OPTIONS if row.key in TAKEN]
    values = {row.key: as_typed(row, given.get(row.key)) for row in rows}
    return options_from(Asked({key: it for key, it in values.items() if it is not None}, rows))


def as_typed(row: Option, value: Any) -> Any:
    """Return a value as the command line gives it; one of a repeatable option may stand alone."""
    alone = isinstance(value, (str, Path))
    if value is None:
        return None
    if isinstance(value, int) and row.split:
        return str(value)
    if row.type in {int, float} and not row.split and not isinstance(value, (int, float)):
        raise SelectionError(f"{row.key}={value!r}: give a number")
    if row.split and alone:
        return value
    if row.split:
        return ",".join(map(str, value))
    if row.repeatable:
        return [row.type(each) for each in ([value] if alone else value)]
    return value


def raced_by(
    own: OwnFunction, start_s: float, halt: Halt, display: ProgressDisplay | None
) -> Raced:
    """Race a function that is ready, and return what came of it."""
    lineup = Lineup.assemble(own.options)
    with display or nullcontext():
        shown = [display] if display else []
        saved, run, notes = race_own(lineup, lineup.entrants, start_s, [halt, *shown])
    return Raced(run, saved, (*map(in_python, own.notes), *notes))


def in_python(note: str) -> str:
    """Return a note with arguments where it names options of commands."""
    return note.replace("--async", "`async_function=`").replace("--budget ", "budget=")
