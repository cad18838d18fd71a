"""How commands end: every exit code of every command, and which one applies.

docs/exit-codes.md shows the table to users; a test holds the two together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from raceway.analysis.comparison.verdicts import JUDGED, Verdict
from raceway.errors import ExitCode
from raceway.record import Status

if TYPE_CHECKING:
    from raceway.analysis.comparison.comparison import Comparison
    from raceway.analysis.comparison.samples import Side
    from raceway.record import Run

SHOWS = "done"
ENDINGS: dict[str, dict[ExitCode, str]] = {
    "race": {
        ExitCode.DONE: "every case was measured, or left out with a reason",
        ExitCode.FAILED: "a case failed: it crashed, hung or answered wrongly",
        ExitCode.UNTOLD: "no case was measured",
    },
    "suite": {
        ExitCode.DONE: "every benchmark was measured, or left out with a reason",
        ExitCode.FAILED: "a benchmark failed",
        ExitCode.UNTOLD: "no benchmark was measured",
    },
    "compare": {
        ExitCode.DONE: "nothing is slower",
        ExitCode.FAILED: "a case is slower, or failed in B",
        ExitCode.UNTOLD: "no case could be decided",
    },
    "duel": {
        ExitCode.DONE: "nothing is slower, or `--fail-slower` was not given",
        ExitCode.FAILED: "a case failed on either side; with `--fail-slower`: B is slower",
        ExitCode.UNTOLD: "no case could be decided",
    },
    "gate": {
        ExitCode.DONE: "nothing is slower",
        ExitCode.FAILED: "a case is slower (confirmed by a duel), failed or vanished",
        ExitCode.UNTOLD: "it is undecided; `--unclear` says when that counts",
    },
    "doctor": {
        ExitCode.DONE: SHOWS,
        ExitCode.FAILED: "with `--strict`: something is bad",
    },
    "report": {ExitCode.DONE: SHOWS},
    "history": {ExitCode.DONE: SHOWS},
    "predict": {ExitCode.DONE: SHOWS, ExitCode.UNTOLD: "nothing could be predicted"},
    "list": {ExitCode.DONE: SHOWS},
    "baseline": {ExitCode.DONE: SHOWS},
    "recover": {ExitCode.DONE: SHOWS},
    "prune": {ExitCode.DONE: SHOWS},
}
"""The meaning of each code by command. Wrong calls and interruptions end all commands alike."""


def ending_of_run(run: Run) -> ExitCode:
    """Return the exit code of a command that measured a run."""
    if any(record.status is Status.FAILED for record in run.records):
        return ExitCode.FAILED
    told = any(record.launches or record.computed_s is not None for record in run.records)
    return ExitCode.DONE if told else ExitCode.UNTOLD


def ending_of(comparison: Comparison, *, fails: tuple[Side, ...], slower: bool) -> ExitCode:
    """Return a comparison's exit code; failures on the given sides count, and slower cases may."""
    if any(each.failed_cases() for each in fails) or (slower and comparison.count(Verdict.SLOWER)):
        return ExitCode.FAILED
    told = any(row.verdict in JUDGED for row in comparison.rows)
    return ExitCode.DONE if told else ExitCode.UNTOLD
