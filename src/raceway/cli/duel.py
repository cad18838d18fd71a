"""`raceway duel`: two interpreters, environments or checkouts, until it is clear who is faster."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from raceway.cli.endings import ending_of
from raceway.cli.findings import Annotate, JunitFile, write_findings
from raceway.cli.options import takes
from raceway.cli.output import JsonFile, MarkdownFile, takes_stdout, write_json, write_text
from raceway.cli.racing import on_screen
from raceway.cli.recover import recover_left_behind
from raceway.cli.suite_duel import SuiteCall
from raceway.cli.suite_words import Prepare, SuitePython, python_of
from raceway.cli.words import (
    Threshold,
    share_in,
    tell,
)
from raceway.errors import SelectionError
from raceway.plan.selection import Selection, parse_interpreter
from raceway.regression.duel import Duel
from raceway.regression.revisions import DuelSide, checkouts
from raceway.report.comparison.data import comparison_data
from raceway.report.comparison.findings import findings_of
from raceway.report.comparison.markdown import comparison_markdown
from raceway.report.comparison.terminal import show_comparison
from raceway.report.format.screen import screen
from raceway.session.option import MOST_S, check_number
from raceway.session.options import Asked, options_from

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from rich.console import Console

    from raceway.analysis.comparison.comparison import Comparison
    from raceway.session.options import Options

PLACEHOLDER = "LABEL=COMMAND"


@takes("workload", "group-timeout", "machine", "results")
def duel(  # noqa: PLR0913 (typer: one argument an option)
    cases: Annotated[
        list[str] | None, typer.Argument(help="Case ids, * stands for anything; default: all.")
    ] = None,
    *,
    a: Annotated[str | None, typer.Option(metavar=PLACEHOLDER, help="One interpreter.")] = None,
    b: Annotated[str | None, typer.Option(metavar=PLACEHOLDER, help="The other one.")] = None,
    revisions: Annotated[
        tuple[str, str] | None,
        typer.Option(metavar="A B", help="Two git revisions; needs --workload or --suite."),
    ] = None,
    suite: Annotated[
        str | None,
        typer.Option(metavar="'PATH…'", help="With --revisions: their pytest-benchmark suite."),
    ] = None,
    prepare: Prepare = None,
    python: SuitePython = None,
    budget_s: Annotated[
        float, typer.Option("--budget", help="Seconds for the whole duel, about.")
    ] = 240.0,
    threshold: Threshold = "2%",
    fail_slower: Annotated[
        bool, typer.Option("--fail-slower", help="Exit 1 if B is slower in any case.")
    ] = False,
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
    options = asked_of_both(asked, every=bool(cases))

    recover_left_behind(options.results, console)
    if any(each is not None for each in (suite, prepare, python)):
        call = SuiteCall(
            options, revisions, suite, prepare, python_of(python), cases or (), budget_s, share
        )
        told = call.race(console)
    else:
        with sides_of(a, b, revisions, options) as sides:
            both = replace(options, interpreters=tuple(side.option for side in sides))
            one = Duel(sides[0], sides[1], both, budget_s, share, cases or ())
            told = raced(one, console)
    compared = shown(told, console, json, markdown)
    found = findings_of(compared, compared.a.failed_cases() | compared.b.failed_cases())
    write_findings("raceway duel", found, console, annotate=annotate, junit=junit)
    raise typer.Exit(ending_of(compared, fails=(compared.a, compared.b), slower=fail_slower))


def asked_of_both(asked: Asked, *, every: bool) -> Options:
    """Return what both sides race: the workloads of the files alone if there are any, or every."""
    options = options_from(asked)
    mine = tuple(file.stem.replace("_", "-") for file in options.workload_files)
    wanted = None if every else mine or None
    return replace(options, selection=Selection(workloads=wanted))


@contextmanager
def sides_of(
    a: str | None, b: str | None, revisions: tuple[str, str] | None, options: Options
) -> Iterator[list[DuelSide]]:
    """Give both sides, checked out if they are revisions; SelectionError if they cannot be."""
    if revisions is None:
        yield duel_sides(a, b)
        return
    if a or b:
        raise SelectionError("--revisions: races two revisions; leave --a and --b out")
    with checkouts(revisions, options.workload_files) as sides:
        yield sides


def duel_sides(a: str | None, b: str | None) -> list[DuelSide]:
    """Return both sides; SelectionError if one is missing."""
    if a is None or b is None:
        raise SelectionError(
            "give both sides, --a LABEL=COMMAND --b LABEL=COMMAND, or --revisions A B"
        )
    sides = [
        DuelSide(parse_interpreter(option, name)[0], option)
        for name, option in (("--a", a), ("--b", b))
    ]
    if sides[0].label == sides[1].label:
        raise SelectionError(f"--b {b}: has the label of --a; rename one")
    return sides


def raced(one: Duel, console: Console) -> tuple[Comparison, list[Path]]:
    """Race both sides, and return the verdicts and the saved runs.

    What had finished is kept if it is interrupted.
    """
    session = one.begin()
    with on_screen(session, console) as display:
        one.race(display)
    return one.save()


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
