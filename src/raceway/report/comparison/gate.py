"""A gate on the terminal and as plain data: passed or not, and the evidence."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from rich.text import Text

from raceway.report.comparison.data import comparison_data
from raceway.report.comparison.terminal import headline, provenance, switch_notes, table
from raceway.report.comparison.verdicts import detectable_text, ratio_text
from raceway.report.format.layout import INDENT
from raceway.report.format.sanitize import printable
from raceway.report.run.terminal import print_lines
from raceway.text import numbers

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rich.console import Console

    from raceway.analysis.comparison.comparison import Comparison
    from raceway.analysis.comparison.samples import Side
    from raceway.analysis.comparison.verdicts import Row

SCHEMA = "raceway-gate/2"
MOST_NAMED = 10
"""Cases named per list; the rest are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """The findings of a gate."""

    first: Comparison
    """The saved runs."""
    again: Comparison | None = None
    """The duel, if there was one."""
    confirmed: Sequence[Row] = ()
    still_open: Sequence[Row] = ()
    lost: Mapping[str, str] = field(default_factory=dict)
    """Cases that failed or vanished, each with the reason."""
    left_out: Mapping[str, str] = field(default_factory=dict)
    """Cases of the baseline that were not to be measured, each with the reason."""
    reason: str = ""
    """Why some or all cases could not be judged."""


def show_first(
    comparison: Comparison, suspects: Sequence[Row], elsewhere: str, console: Console
) -> None:
    """Write the saved runs' comparison, and the suspects: of a run from elsewhere, all cases."""
    lines = [*headline(comparison)]
    if elsewhere and suspects:
        why = printable(elsewhere, 400)
        lines += [Text(), Text(f"{why}: every case is raced against the baseline's revision")]
    elif suspects:
        lines += [
            Text(),
            Text.assemble(("suspects", "yellow"), " (look slower, perhaps by chance)"),
        ]
        lines += _named(suspects)
    print_lines([*lines, *provenance(comparison), Text()], console)


def show_again(comparison: Comparison, run: Side, console: Console) -> None:
    """Write the duel's verdicts on the suspects of a run."""
    lines = [
        Text("a duel of the baseline's revision and this one, turn by turn", "bold"),
        *headline(comparison),
    ]
    if comparison.rows:
        lines += table(comparison.rows, console.width)
    lines += switch_notes(comparison.a, comparison.b, "the sides")
    lines += switch_notes(run, comparison.b, "the run that is judged and its duel")
    print_lines([*lines, Text()], console)


def outcome_lines(judged: Judgement, code: int) -> Iterator[Text]:
    """Yield the outcome, then the cases behind it."""
    words = {
        0: ("gate passed", "bold green"),
        1: ("gate failed", "bold red"),
        2: ("gate could not judge", "bold yellow"),
    }
    text = Text.assemble(words[code])
    if judged.confirmed:
        cases = numbers.count(len(judged.confirmed), "case")
        text.append(f" at commit {_commit(judged.first.b)}: {cases} slower than at")
        text.append(f" {_commit(judged.first.a)}, shown by a duel")
    elif judged.lost:
        cases = numbers.count(len(judged.lost), "case")
        text.append(f" at commit {_commit(judged.first.b)}: {cases} failed or vanished")
    elif judged.reason:
        text.append(f": {printable(judged.reason, 400)}")
    yield text
    yield from _named(judged.confirmed)
    yield from _reasons(judged.lost)
    if judged.still_open:
        yield Text(f"still unclear: {numbers.count(len(judged.still_open), 'case')}")
        yield from _named(judged.still_open)
    if judged.left_out:
        yield Text(f"left out of this run: {numbers.count(len(judged.left_out), 'case')}")
        yield from _reasons(judged.left_out)


def gate_data(judged: Judgement, code: int) -> dict[str, Any]:
    """Return what `--json` writes; docs/json.md describes every field."""
    return {
        **_ending(code, judged.reason),
        "confirmed": [row.case for row in judged.confirmed],
        "lost": [{"case": case, "reason": why} for case, why in judged.lost.items()],
        "left_out": [{"case": case, "reason": why} for case, why in judged.left_out.items()],
        "comparison": comparison_data(judged.first),
        "duel": comparison_data(judged.again) if judged.again else None,
    }


def data_without_baseline(reason: str, code: int) -> dict[str, Any]:
    """Return the same where there was nothing to judge a run against."""
    none = dict.fromkeys(("confirmed", "lost", "left_out"), ())
    return {**_ending(code, reason), **none, "comparison": None, "duel": None}


def _ending(code: int, reason: str) -> dict[str, Any]:
    outcome = {0: "passed", 1: "regressed", 2: "unjudged"}[code]
    return {"schema": SCHEMA, "outcome": outcome, "exit_code": code, "reason": reason}


def _reasons(lost: Mapping[str, str]) -> Iterator[Text]:
    for case, why in [*lost.items()][:MOST_NAMED]:
        yield Text(f"{INDENT}{printable(case)}: {printable(why, 400)}")
    if len(lost) > MOST_NAMED:
        yield Text(f"{INDENT}and {len(lost) - MOST_NAMED} more")


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
