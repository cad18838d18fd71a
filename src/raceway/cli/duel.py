"""`raceway duel`: two interpreters, environments or checkouts, until it is clear who is faster."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from raceway.cli.case_duel import CaseCall
from raceway.cli.endings import ending_of
from raceway.cli.findings import Annotate, JunitFile, write_findings
from raceway.cli.options import WHAT_RACES, WHICH_CASES, takes
from raceway.cli.output import JsonFile, MarkdownFile, takes_stdout, write_json, write_text
from raceway.cli.recover import recover_left_behind
from raceway.cli.suite_duel import SuiteCall
from raceway.cli.suite_words import Prepare, SuitePython, python_of
from raceway.cli.words import (
    Threshold,
    share_in,
    tell,
)
from raceway.report.comparison.data import comparison_data
from raceway.report.comparison.findings import findings_of
from raceway.report.comparison.markdown import comparison_markdown
from raceway.report.comparison.terminal import show_comparison
from raceway.report.format.screen import screen
from raceway.session.option import MOST_S, check_number
from raceway.session.options import CHOICES, Asked, options_from
from raceway.session.options_of_work import options_of_work

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console

    from raceway.analysis.comparison.comparison import Comparison
    from raceway.session.options import Options

PLACEHOLDER = "LABEL=COMMAND"

Cases = Annotated[
    list[str] | None, typer.Argument(help="Case ids, * stands for anything; default: all.")
]
SideA = Annotated[str | None, typer.Option(metavar=PLACEHOLDER, help="One interpreter.")]
SideB = Annotated[str | None, typer.Option(metavar=PLACEHOLDER, help="The other one.")]
Revisions = Annotated[
    tuple[str, str] | None,
    typer.Option(metavar="A B", help="Two git revisions; needs --workload, --model or --suite."),
]
SuiteOfBoth = Annotated[
    str | None,
    typer.Option(metavar="'PATH…'", help="With --revisions: their pytest-benchmark suite."),
]
Budget = Annotated[float, typer.Option("--budget", help="Seconds for the whole duel, about.")]
FailSlower = Annotated[
    bool, typer.Option("--fail-slower", help="Exit 1 if B is slower in any case.")
]


@takes(*WHICH_CASES, *WHAT_RACES, "group-timeout", "machine", "results")
def duel(  # noqa: PLR0913 (typer: one argument an option)
    cases: Cases = None,
    *,
    a: SideA = None,
    b: SideB = None,
    revisions: Revisions = None,
    suite: SuiteOfBoth = None,
    prepare: Prepare = None,
    python: SuitePython = None,
    budget_s: Budget = 240.0,
    threshold: Threshold = "2%",
    fail_slower: FailSlower = False,
    json: JsonFile = None,
    markdown: MarkdownFile = None,
    annotate: Annotate = False,
    junit: JunitFile = None,
    asked: Asked,
) -> None:
    """Race two sides turn by turn, over many launches, until every case is decided."""
    check_number("--budget", budget_s, MOST_S)
    share = share_in(threshold, "--threshold")
    console = screen(stderr=takes_stdout(json, markdown, junit))
    options, only = asked_of_both(asked, by_case=bool(cases)), cases or ()
    recover_left_behind(options.results, console)
    if any(each is not None for each in (suite, prepare, python)):
        told = SuiteCall(
            options, revisions, suite, prepare, python_of(python), only, budget_s, share
        ).race(console)
    else:
        told = CaseCall(options, a, b, revisions, only, budget_s, share).race(console)
    compared = shown(told, console, json, markdown)
    found = findings_of(compared, compared.a.failed_cases() | compared.b.failed_cases())
    write_findings("raceway duel", found, console, annotate=annotate, junit=junit)
    raise typer.Exit(ending_of(compared, fails=(compared.a, compared.b), slower=fail_slower))


def asked_of_both(asked: Asked, *, by_case: bool) -> Options:
    """Return what both sides race: the workloads of the files alone if there are any, or every.

    Where cases are named, only what was typed narrows them: the project's file does not.
    """
    if not by_case:
        return options_of_work(asked)
    rows = [row for row in asked.rows if row not in CHOICES or row.key in asked.line]
    return options_from(replace(asked, rows=rows))


def shown(
    told: tuple[Comparison, list[Path]], console: Console, json: str | None, markdown: str | None
) -> Comparison:
    """Show the verdicts and where the runs are saved, write what was asked, and return them."""
    comparison, paths = told
    show_comparison(comparison, console)
    for path in paths:
        tell(f"saved: {path}", console)
    write_json(comparison_data(comparison), json)
    if markdown is not None:
        write_text(comparison_markdown(comparison), markdown)
    return comparison
