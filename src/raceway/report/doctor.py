"""A check-up on the terminal: the verdict, the problems with remedies, then what is fine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from rich.text import Text

from raceway.doctor.checks.checkup import is_problem
from raceway.doctor.findings import Checkup, Fit, State
from raceway.report.format.grid import QUIET_STYLE
from raceway.report.format.json_text import json_text
from raceway.report.format.layout import wrapped
from raceway.report.format.sanitize import LONGEST_REASON, Sanitized, printable
from raceway.report.run.groups import FAILED_STYLE
from raceway.report.run.provenance import machine_text
from raceway.report.run.sentences import DOUBTFUL, WINS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console

    from raceway.doctor.findings import Finding

FIT_STYLES = {
    Fit.FIT: WINS,
    Fit.RESERVED: DOUBTFUL,
    Fit.NOT_PARALLEL: FAILED_STYLE,
    Fit.NOT_STEADY: FAILED_STYLE,
}
STATE_STYLES = {
    State.OK: WINS,
    State.WARN: DOUBTFUL,
    State.BAD: FAILED_STYLE,
    State.UNKNOWN: QUIET_STYLE,
}
WORDS = {State.UNKNOWN: "?"}
"""Shown before a finding, if not the name of its state."""
MARGIN = 6
"""Width of the column of states."""
GAP = "  "


def show_checkup(checkup: Checkup, console: Console) -> None:
    """Print the whole check-up."""
    for line in checkup_lines(checkup, console.width):
        console.print(Sanitized(line), end="")


def checkup_lines(checkup: Checkup, width: int) -> Iterator[Text]:
    """Yield the verdict, a block for each problem, a line for all else, and the machine."""
    margin = " " * MARGIN
    yield from wrapped(verdict_line(checkup), width)
    for finding in filter(is_problem, checkup.findings):
        yield Text()
        for paragraph in problem_paragraphs(finding):
            yield from wrapped(paragraph, width, margin)
    well = [finding for finding in checkup.findings if not is_problem(finding)]
    if well:
        yield Text()
    column = max((len(finding.check) for finding in well), default=0)
    hang = " " * (MARGIN + column + len(GAP))
    for finding in well:
        name = finding.check.ljust(column)
        yield from wrapped(_marked(finding, f"{name}{GAP}{_shown(finding.seen)}"), width, hang)
    yield Text()
    yield from wrapped(Text(f"Machine: {_shown(machine_text(checkup.facts.machine))}"), width)


def verdict_line(checkup: Checkup) -> Text:
    """Return the verdict in one line: `raceway doctor: not fit for parallel work: memory`."""
    because = f": {', '.join(checkup.because)}" if checkup.because else ""
    return Text.assemble(
        ("raceway doctor: ", "bold"), (str(checkup.fit), FIT_STYLES[checkup.fit]), because
    )


def problem_paragraphs(finding: Finding) -> Iterator[Text]:
    """Yield what was seen, what follows, and what to do."""
    margin = " " * MARGIN
    yield _marked(finding, f"{finding.check}: {_shown(finding.seen)}")
    yield Text(f"{margin}{_shown(finding.consequence)}")
    yield Text.assemble(margin, ("Remedy: ", "bold"), _shown(finding.remedy))


def as_json(checkup: Checkup) -> str:
    """Return the check-up as JSON, including the facts."""
    return json_text(msgspec.to_builtins(checkup))


def _marked(finding: Finding, text: str) -> Text:
    word = WORDS.get(finding.state, str(finding.state))
    return Text.assemble((word.ljust(MARGIN), STATE_STYLES[finding.state]), text)


def _shown(text: str) -> str:
    return printable(text, LONGEST_REASON)
