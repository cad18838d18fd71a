"""Words, order and colours of verdicts, the same in every output."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from raceway.analysis.comparison.verdicts import JUDGED, Verdict
from raceway.report.format.sanitize import printable
from raceway.text import numbers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from raceway.analysis.comparison.comparison import Comparison
    from raceway.analysis.comparison.differences import Difference
    from raceway.analysis.comparison.samples import Side
    from raceway.analysis.comparison.verdicts import Row
    from raceway.analysis.stats.intervals import Estimate

ORDER = (
    Verdict.SLOWER,
    Verdict.FASTER,
    Verdict.MISSING,
    Verdict.NEW,
    Verdict.UNCLEAR,
    Verdict.SAME,
)
"""Most interesting first."""
STYLES = {
    Verdict.SLOWER: "bold red",
    Verdict.FASTER: "bold green",
    Verdict.MISSING: "yellow",
    Verdict.NEW: "cyan",
    Verdict.UNCLEAR: "yellow",
    Verdict.SAME: "",
}
MEANINGS = {
    Verdict.SLOWER: "shown to take longer",
    Verdict.FASTER: "shown to take less time",
    Verdict.MISSING: "measured on side A only",
    Verdict.NEW: "measured on side B only",
    Verdict.UNCLEAR: "cannot tell",
    Verdict.SAME: "shown to be within the threshold",
}
CANNOT_TELL = "~"
SINGLE_RUNS = "single runs"


def in_order(rows: Sequence[Row]) -> list[Row]:
    """Return the rows by verdict, those without launches last, the largest changes first."""
    return sorted(
        rows, key=lambda row: (ORDER.index(row.verdict), is_told_singly(row), _less_urgent(row))
    )


def is_told_singly(row: Row) -> bool:
    """Whether a verdict rests on single runs, for want of launches."""
    return row.single_runs and row.verdict in JUDGED


def verdict_text(row: Row) -> str:
    """Return a verdict with what it rests on, if not on launches: `slower (single runs)`."""
    return f"{row.verdict} ({SINGLE_RUNS})" if is_told_singly(row) else str(row.verdict)


def counts(comparison: Comparison) -> list[tuple[Verdict, str]]:
    """Return each verdict given, with its number of cases in words: `2 slower (single runs)`."""
    numbered = Counter((row.verdict, verdict_text(row)) for row in in_order(comparison.rows))
    return [(verdict, f"{number} {words}") for (verdict, words), number in numbered.items()]


def ratio_text(estimate: Estimate | None) -> str:
    """Return a ratio with its interval; `~` stands before a ratio without one."""
    if estimate is None:
        return CANNOT_TELL
    if estimate.low is None:
        return f"{CANNOT_TELL}{change(estimate.centre)}"
    return f"{change(estimate.centre)} [{change(estimate.low)}, {change(estimate.high or 0)}]"


def change(ratio: float) -> str:
    """Return a ratio as a change: `+5.1%`, `-0.3%`; beyond twice or half, `2.04×`."""
    if not 1 / 2 < ratio < 2:  # noqa: PLR2004 (twice or half)
        return numbers.times(ratio)
    percent = 100 * (ratio - 1)
    return f"{percent:+.1f}%".replace("-0.0%", "+0.0%")


def detectable_text(row: Row) -> str:
    """Return the smallest change that would have been detected."""
    return numbers.UNKNOWN if row.detectable is None else change(row.detectable)


def side_text(side: Side) -> str:
    """Return a side's name, runs, date and commit."""
    header = side.runs[-1].header
    runs = f"run {header.run_id}" if len(side.runs) == 1 else f"{len(side.runs)} runs"
    commit = header.commit.short + (" changed" if header.commit.dirty else "")
    facts = [runs, header.started_at[:16].replace("T", " "), commit]
    if side.interpreter is not None or header.duel:
        environment = side.main_environment
        facts.append(f"Python {environment.version}" if environment else f"{side.interpreter}")
    return printable(f"{side.label} ({', '.join(facts)})")


def _less_urgent(row: Row) -> float:
    if row.verdict in {Verdict.SLOWER, Verdict.FASTER} and row.estimate:
        ratio = row.estimate.centre
        return -max(ratio, 1 / ratio)
    return 0.0


def measured_cells(row: Row) -> tuple[str, ...]:
    """Return change, detectable change, A, B, launches, normalisation and noise of a case."""
    a, b = row.matchup.a, row.matchup.b
    return (
        ratio_text(row.estimate),
        detectable_text(row),
        numbers.seconds(a.pass_s),
        numbers.seconds(b.pass_s),
        f"{a.launches}:{b.launches}",
        _by(row),
        f"{a.grade}:{b.grade}",
    )


def _by(row: Row) -> str:
    if row.p_value is None:
        return numbers.UNKNOWN
    return SINGLE_RUNS if row.single_runs else str(row.matchup.normalisation)


def difference_text(difference: Difference, mark: str = " ") -> str:
    """Return a difference, as `kernel 6.1 -> 6.8`."""
    what, before, after = map(printable, (difference.what, difference.before, difference.after))
    return f"{what}{mark}{before} -> {after}"
