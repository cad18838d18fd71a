"""`raceway prune`: keeps the newest runs of each machine and removes the rest."""

from __future__ import annotations

from typing import Annotated

import typer

from raceway.cli.words import RESULTS, Results, tell
from raceway.report.format.screen import screen
from raceway.store.pruning import superfluous
from raceway.store.trouble import cannot


def prune(
    *,
    keep: Annotated[int, typer.Option(metavar="N", help="How many runs of each machine to keep.")],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be removed, and remove nothing.")
    ] = False,
    results: Results = RESULTS,
) -> None:
    """Remove all but each machine's newest runs; runs that a baseline names stay.

    Duels and gates are counted separately. Files not named by raceway are left alone.
    """
    console = screen()
    files = superfluous(results, keep)
    for file in files:
        if not dry_run:
            try:
                file.unlink(missing_ok=True)
            except OSError as error:
                raise cannot("remove", file, error) from None
        tell(f"{'would remove' if dry_run else 'removed'} {file}", console)
    if not files:
        tell(f"nothing to remove: no machine has more than {keep}", console)
