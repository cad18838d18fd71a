"""`raceway recover`: saves what interrupted sessions had measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raceway.cli.words import RESULTS, Results, tell, warn
from raceway.report.format.screen import screen
from raceway.store.recovery import recover as recovered_in

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console


def recover(*, results: Results = RESULTS) -> None:
    """Save what interrupted sessions had measured, as report and race also do first."""
    console = screen()
    if not recover_left_behind(results, console):
        tell("nothing to recover", console)


def recover_left_behind(results: Path, console: Console) -> int:
    """Recover every journal whose session is dead, tell the user, and return their number."""
    found = recovered_in(results)
    for recovered in found:
        if recovered.run_file:
            tell(recovered.told(), console)
        warn(recovered.problems)
    return len(found)
