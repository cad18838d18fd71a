"""`raceway list`: what there is to race, and what would race here."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from raceway.cli.words import RESULTS, InterpreterOption, Workload

if TYPE_CHECKING:
    from typer import Typer


def register(app: Typer) -> None:
    """Add the command."""
    app.command("list")(list_command)


def list_command(
    *,
    workload: Workload = None,
    interpreter: InterpreterOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, every case a row.")] = False,
) -> None:
    """Show models, workloads and sizes, and which cases would race here, or why not."""
    from raceway.cli.listing import as_plain, show_listing  # noqa: PLC0415 (each command imports its own)
    from raceway.session.lineup import Lineup, Options  # noqa: PLC0415

    lineup = Lineup.assemble(
        Options(
            RESULTS, workload_files=tuple(workload or ()), interpreters=tuple(interpreter or ())
        )
    )
    if as_json:
        print(json.dumps(as_plain(lineup), indent=2))  # noqa: T201 (the answer)
        return
    show_listing(lineup, Console())
