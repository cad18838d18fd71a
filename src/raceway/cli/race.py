"""`raceway race`: race your own work without pytest."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path  # noqa: TC003 (typer reads the annotations)
from typing import Annotated

import typer
from rich.console import Console

from raceway.cli.options import takes
from raceway.cli.racing import on_screen
from raceway.cli.recover import recover_left_behind
from raceway.cli.words import tell
from raceway.errors import SelectionError
from raceway.plan.catalogue import public_name
from raceway.record import Status
from raceway.report.run.terminal import show
from raceway.session.lineup import Lineup
from raceway.session.options import Asked, options_from
from raceway.session.resume import begin


@takes()
def race(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Files with WORKLOAD = Workload(…).")
    ] = None,
    *,
    asked: Asked,
) -> None:
    """Race your own work without pytest, to learn which model suits YOUR function."""
    options = options_from(only_files(files or (), asked))
    if not options.workload_files and not options.selection.workloads:
        raise SelectionError(
            "nothing to race: give files with WORKLOAD = Workload(…), or --workloads NAME,…"
        )
    console = Console()
    recover_left_behind(options.results, console)
    lineup = Lineup.assemble(options)
    session, notes = begin(lineup, {case_id: f"raceway::{case_id}" for case_id in lineup.entrants})
    for note in notes:
        tell(note, console)
    with on_screen(session, console) as display:
        session.race(display)
    path, run = session.save(Status.OK)
    show(run, path, console)


def only_files(files: list[Path] | tuple[()], asked: Asked) -> Asked:
    """Return what was asked with all files; these alone race unless it names workloads."""
    every = [*files, *asked.line.get("workload", ())]
    if not every:
        return asked

    mine = ",".join(public_name(file.stem) for file in every)
    return replace(asked, line={"workloads": mine, **asked.line, "workload": every})
