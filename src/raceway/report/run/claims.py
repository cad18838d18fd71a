"""Common claims, each with its finding and evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from raceway.analysis.run.claim import ClaimResult
from raceway.report.format.labels import joined
from raceway.report.format.layout import INDENT
from raceway.report.run.sentences import DOUBTFUL, SMALL
from raceway.text import numbers

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from raceway.analysis.run.claim import Claim, ClaimEvidence

STYLES = {
    ClaimResult.HOLDS: "bold green",
    ClaimResult.FAILS: "bold red",
    ClaimResult.UNTESTED: DOUBTFUL,
}
MOST_SHOWN = 4


def claim_texts(claims: Sequence[Claim]) -> Iterator[Text]:
    """Yield one line per claim under a heading; if none can be tested, one that says so."""
    if all(claim.finding is ClaimResult.UNTESTED for claim in claims):
        yield Text("Common claims: this run tests none of them")
        return
    yield Text("Common claims", "bold")
    for claim in claims:
        finding = str(claim.finding), STYLES[claim.finding]
        told = claim.reason or short_evidence_text(claim)
        yield Text.assemble(INDENT, f"{claim.text}: ", finding, (f" ({told})", SMALL))


def evidence_text(claim: Claim) -> str:
    """Return the cases for or against the claim, with their figures."""
    shown = [f"{each.result.record.id} {value_text(each)}" for each in claim.evidence[:MOST_SHOWN]]
    more = len(claim.evidence) - MOST_SHOWN
    return joined([*shown, *([f"{more} more"] if more > 0 else [])])


def short_evidence_text(claim: Claim) -> str:
    """Return the evidence in brief: workloads and figures."""
    records = [each.result.record for each in claim.evidence]
    several = len({record.model for record in records}) > 1
    apart = len({record.interpreter for record in records}) > 1
    shown = [
        f"{record.workload}{f' in {record.model}' if several else ''}"
        f"{f' @{record.interpreter}' if apart else ''} {figure_text(each)}"
        for record, each in zip(records[:MOST_SHOWN], claim.evidence, strict=False)
    ]
    more = len(claim.evidence) - MOST_SHOWN
    return ", ".join([*shown, *([f"{more} more"] if more > 0 else [])])


def figure_text(evidence: ClaimEvidence) -> str:
    """Return the ratio, or the cores kept busy."""
    if evidence.estimate is None:
        return f"{numbers.cores(evidence.value)} cores"
    return numbers.times(evidence.value, digits=2)


def value_text(evidence: ClaimEvidence) -> str:
    """Return the ratio with its interval, or the cores kept busy."""
    if evidence.estimate is None:
        return f"{numbers.cores(evidence.value)} cores"
    bounds = numbers.interval(evidence.estimate.low, evidence.estimate.high)
    return f"{numbers.times(evidence.value)} {bounds}".strip()
