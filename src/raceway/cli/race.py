"""`raceway race`: race your own work without pytest."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from raceway.cli.call import (
    Agrees,
    Async,
    Call,
    Items,
    ItemsFrom,
    Kwargs,
    Repeat,
    Setup,
    reference_in,
)
from raceway.cli.endings import ending_of_run
from raceway.cli.options import takes
from raceway.cli.racing import on_screen
from raceway.cli.recover import recover_left_behind
from raceway.cli.words import tell
from raceway.errors import SelectionError
from raceway.record import Status
from raceway.report.format.screen import screen
from raceway.report.run.terminal import show
from raceway.session.deadline import race_end
from raceway.session.lineup import Lineup
from raceway.session.options import Asked, options_from
from raceway.session.options_of_work import options_of_work
from raceway.session.own_function import own_function
from raceway.session.resume import begin

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from raceway.session.options import Options

BUDGET_S = 45.0
"""A question asked at a terminal: with start and report, the answer comes within a minute."""
LENGTHS = ("budget", "profile", "launches")
"""Options that say how long to measure."""


@takes()
def race(  # noqa: PLR0913 (the options of the command)
    targets: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[TARGET]...",
            help="package.module:function, or files with WORKLOAD = Workload(…).",
        ),
    ] = None,
    *,
    items: Items = None,
    items_from: ItemsFrom = None,
    kwargs: Kwargs = None,
    repeat: Repeat = None,
    async_function: Async = None,
    setup: Setup = None,
    agrees: Agrees = None,
    asked: Asked,
) -> None:
    """Race your own work without pytest, to learn which model suits YOUR function."""
    start_s = time.monotonic()
    console = screen()
    call = Call(items, items_from, kwargs, repeat, setup, agrees, async_function)
    asked = within_a_minute(asked)
    reference = reference_in(targets or ())
    if reference is None:
        call.refuse()
        raced(options_of(list(map(Path, targets or ())), asked), start_s, console)
    options = options_of_function(reference, asked)
    with own_function(call.target(reference), options) as own:
        for note in own.notes:
            tell(note, console)
        raced(own.options, start_s, console)


def raced(options: Options, start_s: float, console: Console) -> NoReturn:
    """Race what the options select, show and save it, and exit."""
    recover_left_behind(options.results, console)
    lineup = Lineup.assemble(options)
    session, notes = begin(lineup, {case_id: f"raceway::{case_id}" for case_id in lineup.entrants})
    for note in notes:
        tell(note, console)
    session.end_s = race_end(start_s, lineup.profile.budget_s)
    with on_screen(session, console) as display:
        session.race(display)
    path, run = session.save(Status.OK)
    show(run, path, console)
    raise typer.Exit(ending_of_run(run))


def within_a_minute(asked: Asked) -> Asked:
    """Return what was asked for with this command's own budget, unless a length was given."""
    given = asked.given()
    if any(each in given for each in LENGTHS):
        return asked
    return replace(asked, line={**asked.line, "budget": BUDGET_S})


def options_of_function(reference: str, asked: Asked) -> Options:
    """Return the options of a race on one function; SelectionError if it names workloads, too."""
    for option in ("workload", "workloads"):
        if option in asked.line:
            raise SelectionError(f"--{option}: not beside {reference}; race one after the other")
    return options_from(asked)


def options_of(files: Sequence[Path], asked: Asked) -> Options:
    """Return what is to be raced; SelectionError if that is nothing."""
    options = options_of_work(asked, files)
    if options.selection.workloads:
        return options
    raise SelectionError(
        "nothing to race: give package.module:function with --items '[…]', files with"
        " WORKLOAD = Workload(…), or --workloads NAME,…"
    )
