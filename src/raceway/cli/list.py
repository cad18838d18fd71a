"""`raceway list`: what there is to race, and what would race here."""

from __future__ import annotations

from typing import Annotated

import typer

from raceway.cli.listing import as_plain, show_listing
from raceway.cli.options import WHAT_RACES, takes
from raceway.cli.output import STDOUT, write_json
from raceway.cli.words import warn
from raceway.report.format.screen import screen
from raceway.session.lineup import Lineup
from raceway.session.options import Asked, options_from


@takes(*WHAT_RACES, "interpreter")
def list_command(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, one row per case.")] = False,
    asked: Asked,
) -> None:
    """Show models, workloads and sizes, and which cases would race here, or why not."""
    lineup = Lineup.assemble(options_from(asked))
    warn(lineup.catalogue.notes)
    if as_json:
        write_json(as_plain(lineup), STDOUT)
        return
    show_listing(lineup, screen())
