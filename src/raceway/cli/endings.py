"""The exit code that what was found calls for; `raceway.exit_codes` has the table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raceway.analysis.comparison.verdicts import JUDGED, Verdict
from raceway.exit_codes import ExitCode
from raceway.record import Status

if TYPE_CHECKING:
    from raceway.analysis.comparison.comparison import Comparison
    from raceway.analysis.comparison.samples import Side
    from raceway.record import Run


def ending_of_run(run: Run) -> ExitCode:
    """Return how a command ends that measured a run: what fails, fails."""
    if any(record.status is Status.FAILED for record in run.records):
        return ExitCode.FAILED
    told = any(record.launches or record.computed_s is not None for record in run.records)
    return ExitCode.DONE if told else ExitCode.UNTOLD


def ending_of(comparison: Comparison, *, fails: tuple[Side, ...], slower: bool) -> ExitCode:
    """Return how a comparison ends: what failed on these sides counts, `slower` if that does."""
    if any(each.failed_cases() for each in fails) or (slower and comparison.count(Verdict.SLOWER)):
        return ExitCode.FAILED
    told = any(row.verdict in JUDGED for row in comparison.rows)
    return ExitCode.DONE if told else ExitCode.UNTOLD
