"""A gate on the terminal and as plain data: passed or not, and what that rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.text import Text

from raceway.report.comparison.data import comparison_data
from raceway.report.comparison.terminal import headline, provenance, table
from raceway.report.comparison.verdicts import detectable_text, ratio_text
from raceway.report.format.layout import INDENT
from raceway.report.format.sanitize import printable
from raceway.report.run.terminal import print_lines
from raceway.text import numbers

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import Console

    from raceway.analysis.comparison.comparison import Comparison
    from raceway.analysis.comparison.samples import Side
    from raceway.analysis.comparison.verdicts import Row

SCHEMA = "raceway-gate/2"
MOST_NAMED = 10
"""Cases of one sort that are named; the rest is counted."""


def show_first(comparison: Comparison, suspects: Sequence[Row], console: Console) -> None:
    """Write what the saved runs say, and who is suspected."""
    lines = [*headline(comparison)]
    if suspects:
        lines += [
            Text(),
            Text.assemble(("suspects", "yellow"), " (look slower, perhaps by chance)"),
        ]
        lines += _named(suspects)
    print_lines([*lines, *provenance(comparison), Text()], console)


def show_again(comparison: Comparison, console: Console) -> None:
    """Write what fresh launches say of the suspects."""
    lines = [Text("measured again, in fresh launches against the baseline", "bold")]
    if comparison.rows:
        lines += table(comparison.rows, console.width)
    print_lines([*lines, Text()], console)


def outcome_lines(
    code: int,
    confirmed: Sequence[Row],
    still_open: Sequence[Row],
    obstacle: str,
    comparison: Comparison,
) -> Iterator[Text]:
    """Yield the last words: the outcome first, and between which commits it came."""
    words = {
        0: ("gate passed", "bold green"),
        1: ("gate failed", "bold red"),
        2: ("gate could not judge", "bold yellow"),
    }
    text = Text.assemble(words[code])
    if confirmed:
        cases = numbers.count(len(confirmed), "case")
        text.append(f" at commit {_commit(comparison.b)}: {cases} slower than at")
        text.append(f" {_commit(comparison.a)}, confirmed by fresh launches")
    elif obstacle:
        text.append(f": {printable(obstacle, 400)}")
    yield text
    yield from _named(confirmed)
    if still_open:
        yield Text(f"could not be told: {numbers.count(len(still_open), 'case')}")
        yield from _named(still_open)


def gate_data(
    first: Comparison, again: Comparison | None, code: int, reason: str, confirmed: Sequence[Row]
) -> dict[str, Any]:
    """Return what `--json` writes; docs/json.md describes every field."""
    return {
        "schema": SCHEMA,
        "outcome": {0: "passed", 1: "regressed", 2: "unjudged"}[code],
        "exit_code": code,
        "reason": reason,
        "confirmed": [row.case for row in confirmed],
        "comparison": comparison_data(first),
        "measured_again": comparison_data(again) if again else None,
    }


def _commit(side: Side) -> str:
    commit = side.runs[-1].header.commit
    return printable(commit.short + (" with uncommitted changes" if commit.dirty else ""))


def _named(rows: Sequence[Row]) -> Iterator[Text]:
    for row in rows[:MOST_NAMED]:
        seen = f", could see {detectable_text(row)}" if row.detectable else ""
        why = f" ({printable(row.reason)})" if row.reason else ""
        yield Text(f"{INDENT}{printable(row.case)}: {ratio_text(row.estimate)}{seen}{why}")
    if len(rows) > MOST_NAMED:
        yield Text(f"{INDENT}and {len(rows) - MOST_NAMED} more")
