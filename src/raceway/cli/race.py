"""`raceway race`: race your own work without pytest."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path  # noqa: TC003 (typer reads the annotations)
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from raceway.cli.options import takes
from raceway.cli.racing import on_screen
from raceway.cli.recover import recover_left_behind
from raceway.cli.words import tell
from raceway.errors import SelectionError
from raceway.session.options import Asked, options_from

if TYPE_CHECKING:
    from typer import Typer


def register(app: Typer) -> None:
    """Add the command."""
    app.command()(race)


@takes()
def race(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Files with WORKLOAD = Workload(…).")
    ] = None,
    *,
    asked: Asked,
) -> None:
    """Race your own work without pytest, to learn which model suits YOUR function."""
    from raceway.record import Status  # noqa: PLC0415 (each command imports its own chain)
    from raceway.report.run.terminal import show  # noqa: PLC0415
    from raceway.session.lineup import Lineup  # noqa: PLC0415
    from raceway.session.resume import begin  # noqa: PLC0415

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
    from raceway.plan.catalogue import public_name  # noqa: PLC0415 (as above)

    mine = ",".join(public_name(file.stem) for file in every)
    return replace(asked, line={"workloads": mine, **asked.line, "workload": every})
