"""Findings as annotations of a GitHub workflow: lines that it shows beside the code.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from raceway.report.comparison.findings import Outcome, counted
from raceway.report.format.sanitize import LONGEST_REASON, printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from raceway.report.comparison.findings import Finding

MOST = 9
"""Annotations of one level; GitHub shows ten of a step."""
MESSAGE = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
PROPERTY = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"})


def annotation_lines(findings: Sequence[Finding]) -> Iterator[str]:
    """Yield an error or a warning for what is slower or failed, a notice for what is faster.

    What rests on single runs, or awaits a duel, is a warning. A notice at the end counts all.
    """
    levels: dict[str, list[Finding]] = {"error": [], "warning": [], "notice": []}
    for each in findings:
        if level := _level(each):
            levels[level].append(each)
    for level, members in levels.items():
        for each in members[:MOST]:
            where = f"file={printable(each.file).translate(PROPERTY)}," if each.file else ""
            title = printable(f"raceway: {each.verdict}").translate(PROPERTY)
            yield f"::{level} {where}title={title}::{_escaped(f'{each.case}: {each.text}')}"
        if len(members) > MOST:
            more = f"and {len(members) - MOST} more cases"
            yield f"::{level} title=raceway::{more}"
    yield f"::notice title=raceway::{_escaped(counted(findings) or 'nothing was measured')}"


def _level(finding: Finding) -> str:
    """Return the level of a finding; empty if it is not worth an annotation."""
    if finding.outcome is Outcome.ERROR:
        return "error"
    if finding.verdict.startswith("slower") and finding.outcome is not Outcome.PASSED:
        return "error" if finding.sure else "warning"
    if finding.verdict == "missing":
        return "warning"
    return "notice" if finding.verdict.startswith("faster") else ""


def _escaped(message: str) -> str:
    return printable(message, LONGEST_REASON).translate(MESSAGE)
