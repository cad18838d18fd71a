"""`raceway race`: race your own work without pytest."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path  # noqa: TC003 (typer reads the annotations)
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from raceway.cli.endings import ending_of_run
from raceway.cli.options import takes
from raceway.cli.racing import on_screen
from raceway.cli.recover import recover_left_behind
from raceway.cli.words import tell
from raceway.errors import SelectionError
from raceway.plan.catalogue import public_name
from raceway.record import Status
from raceway.report.run.terminal import show
from raceway.session.deadline import race_end
from raceway.session.lineup import Lineup
from raceway.session.options import Asked, options_from
from raceway.session.resume import begin

if TYPE_CHECKING:
    from collections.abc import Iterable

    from raceway.session.options import Options


@takes()
def race(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Files with WORKLOAD = Workload(…).")
    ] = None,
    *,
    asked: Asked,
) -> None:
    """Race your own work without pytest, to learn which model suits YOUR function."""
    start_s = time.monotonic()
    options = options_of(files or (), asked)
    console = Console()
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


def options_of(files: list[Path] | tuple[()], asked: Asked) -> Options:
    """Return what is to be raced: the workloads named, else those of the files alone.

    SelectionError if there is neither.
    """
    if every := [*files, *asked.line.get("workload", ())]:
        asked = replace(asked, line={"workloads": names_of(every), **asked.line, "workload": every})
    options = options_from(asked)
    if options.selection.workloads:
        return options
    if not options.workload_files:
        raise SelectionError(
            "nothing to race: give files with WORKLOAD = Workload(…), or --workloads NAME,…"
        )
    only = replace(asked, line={**asked.line, "workloads": names_of(options.workload_files)})
    return options_from(only)


def names_of(files: Iterable[Path]) -> str:
    """Return the workloads of files, as a list on the command line."""
    return ",".join(public_name(file.stem) for file in files)
