"""What a comparison or a gate finds of each case, for tools that show findings beside the code."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from raceway.analysis.comparison.verdicts import JUDGED, Verdict
from raceway.report.comparison.verdicts import in_order, is_told_singly, ratio_text, verdict_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from raceway.analysis.comparison.comparison import Comparison
    from raceway.analysis.comparison.verdicts import Row
    from raceway.report.comparison.gate import Judgement


class Outcome(StrEnum):
    """What became of a case."""

    PASSED = "passed"
    FAILURE = "failure"
    """It is slower."""
    ERROR = "error"
    """It failed, or vanished."""
    SKIPPED = "skipped"
    """It could not be judged, or was measured on one side only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One case."""

    case: str
    group: str
    """The group of a raced case, or the file of a plain benchmark."""
    outcome: Outcome
    verdict: str
    """`slower`, `faster (single runs)`, `failed` …"""
    text: str
    """The change with its interval, or the reason."""
    sure: bool = True
    """Whether nothing else need be measured to tell."""
    pass_s: float | None = None
    """Seconds of a pass on side B."""

    @property
    def file(self) -> str:
        """The test file of a plain benchmark; empty for a raced case."""
        return self.group if self.group.endswith(".py") else ""


def findings_of(comparison: Comparison, failed: Mapping[str, str]) -> list[Finding]:
    """Return what was found of each case; `failed` holds those that failed, with the reasons."""
    rows = [row for row in in_order(comparison.rows) if row.case not in failed]
    return [*_failed(failed), *map(_finding, rows)]


def gate_findings(judged: Judgement) -> list[Finding]:
    """Return what a gate found of each case: only what a duel confirmed is slower."""
    confirmed = {row.case: row for row in judged.confirmed}
    still_open = {row.case: row for row in judged.still_open}
    raced_again = {row.case: row for row in judged.again.rows} if judged.again else {}
    latest = [raced_again.get(row.case, row) for row in judged.first.rows]
    rows = [row for row in in_order(latest) if row.case not in judged.lost]
    return [
        *_failed(judged.lost),
        *(
            _finding(confirmed[row.case])
            if row.case in confirmed
            else _finding(still_open[row.case], Outcome.SKIPPED)
            if row.case in still_open
            else _finding(row, Outcome.PASSED)
            for row in rows
        ),
    ]


def _failed(failed: Mapping[str, str]) -> Iterable[Finding]:
    for case, why in failed.items():
        yield Finding(
            case=case,
            group=_group(case, ""),
            outcome=Outcome.ERROR,
            verdict="failed",
            text=why,
        )


def _finding(row: Row, outcome: Outcome | None = None) -> Finding:
    if outcome is None:
        judged = Outcome.PASSED if row.verdict in JUDGED else Outcome.SKIPPED
        outcome = Outcome.FAILURE if row.verdict is Verdict.SLOWER else judged
    reason = f" ({row.reason})" if row.reason else ""
    return Finding(
        case=row.case,
        group=_group(row.case, row.matchup.b.record.group),
        outcome=outcome,
        verdict=verdict_text(row),
        text=f"{ratio_text(row.estimate)}{reason}",
        sure=row.verdict in JUDGED and not is_told_singly(row) and outcome is not Outcome.SKIPPED,
        pass_s=row.matchup.b.pass_s,
    )


def _group(case: str, group: str) -> str:
    return group or case.partition("::")[0]


def counted(findings: Sequence[Finding]) -> str:
    """Return how many cases got each verdict, in words."""
    numbered: dict[str, int] = {}
    for each in findings:
        numbered[each.verdict] = numbered.get(each.verdict, 0) + 1
    return ", ".join(f"{number} {verdict}" for verdict, number in numbered.items())
