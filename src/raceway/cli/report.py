"""`raceway report`: answer from a saved run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from raceway.cli.recover import recover_left_behind
from raceway.cli.words import RESULTS, Results, warn
from raceway.errors import RacewayError

if TYPE_CHECKING:
    from typer import Typer


def register(app: Typer) -> None:
    """Add the command."""
    app.command()(report)


def report(
    run: Annotated[str | None, typer.Argument(help="A run's file or id, or a folder.")] = None,
    *,
    results: Results = RESULTS,
) -> None:
    """Answer from a saved run, the latest by default: which model, by how much, how sure."""
    from raceway.report.terminal import show  # noqa: PLC0415 (each command imports its own chain)
    from raceway.store.shelf import find, load  # noqa: PLC0415

    console = Console()
    recover_left_behind(results, console)
    loaded = load(find(results, run))
    warn(loaded.problems)
    for path, one in loaded.runs:
        show(one, path, console)
    if not loaded.runs:
        raise typer.Exit(RacewayError.exit_code)
