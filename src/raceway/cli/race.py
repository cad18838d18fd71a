"""`raceway race`: race your own work without pytest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from raceway.cli.racing import on_screen
from raceway.cli.recover import recover_left_behind
from raceway.cli.words import (
    RESULTS,
    Files,
    GroupTimeout,
    InterpreterOption,
    MachineName,
    Names,
    Results,
    names_in,
)
from raceway.plan.profile import PROFILES
from raceway.plan.selection import Selection

if TYPE_CHECKING:
    from typer import Typer


def register(app: Typer) -> None:
    """Add the command."""
    app.command()(race)


def race(  # noqa: PLR0913 (typer: one argument an option)
    files: Files,
    *,
    profile: Annotated[str, typer.Option(help=f"{', '.join(PROFILES)}.")] = "default",
    models: Names = None,
    interpreter: InterpreterOption = None,
    launches: Annotated[int | None, typer.Option(help="Fresh sets of processes.")] = None,
    budget: Annotated[float | None, typer.Option(help="Seconds for all timed rounds.")] = None,
    group_timeout: GroupTimeout = 60.0,
    machine: MachineName = None,
    results: Results = RESULTS,
) -> None:
    """Race your own work without pytest, to learn which model suits YOUR function."""
    from raceway.plan.catalogue import public_name  # noqa: PLC0415 (each command imports its own chain)
    from raceway.record import Status  # noqa: PLC0415
    from raceway.report.run.terminal import show  # noqa: PLC0415
    from raceway.session.lineup import Lineup, Options  # noqa: PLC0415
    from raceway.session.session import Session  # noqa: PLC0415

    console = Console()
    recover_left_behind(results, console)
    selection = Selection(
        models=names_in(models), workloads=tuple(public_name(file.stem) for file in files)
    )
    lineup = Lineup.assemble(
        Options(
            results, profile, selection, tuple(files), tuple(interpreter or ()), launches, budget,
            group_timeout, machine,
        )
    )  # fmt: skip
    session = Session(lineup, {case_id: f"raceway::{case_id}" for case_id in lineup.entrants})
    with on_screen(session, console) as display:
        session.race(display)
    path, run = session.save(Status.OK)
    show(run, path, console)
