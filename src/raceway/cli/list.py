"""`raceway list`: what there is to race, and what would race here."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from raceway.cli.options import takes
from raceway.session.options import Asked, options_from

if TYPE_CHECKING:
    from typer import Typer


def register(app: Typer) -> None:
    """Add the command."""
    app.command("list")(list_command)


@takes("workload", "interpreter")
def list_command(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, every case a row.")] = False,
    asked: Asked,
) -> None:
    """Show models, workloads and sizes, and which cases would race here, or why not."""
    from raceway.cli.listing import as_plain, show_listing  # noqa: PLC0415 (each command imports its own)
    from raceway.session.lineup import Lineup  # noqa: PLC0415

    lineup = Lineup.assemble(options_from(asked))
    if as_json:
        print(json.dumps(as_plain(lineup), indent=2))  # noqa: T201 (the answer)
        return
    show_listing(lineup, Console())
