"""`raceway suite`: somebody's own pytest-benchmark suite, measured so that it can be judged."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from raceway.cli.endings import ending_of_run
from raceway.cli.options import takes
from raceway.cli.racing import on_screen
from raceway.cli.recover import recover_left_behind
from raceway.cli.suite_words import SuitePython, check_runs, python_of
from raceway.cli.words import tell, warn
from raceway.errors import SelectionError
from raceway.record import Status
from raceway.report.format.screen import screen
from raceway.report.run.terminal import show
from raceway.session.deadline import TAIL_S
from raceway.session.option import MOST_S, check_number
from raceway.session.options import Asked, options_from
from raceway.session.resume import commit_notes, left_out_notes
from raceway.session.suite.process import SuiteCommand, SuiteProcess
from raceway.session.suite.resume import resumable
from raceway.session.suite.session import SuiteSession
from raceway.session.suite.suite import Suite
from raceway.text.numbers import count

if TYPE_CHECKING:
    from rich.console import Console

    from raceway.session.options import Options

LAUNCHES = 5

suite = typer.Typer(no_args_is_help=True, add_completion=False)


@suite.callback()
def about() -> None:
    """Measure an existing pytest-benchmark suite in several launches; nothing in it changes."""


@suite.command("run", context_settings={"ignore_unknown_options": True})
@takes("launches", "machine", "save-host", "results", "resume")
def run_command(
    arguments: Annotated[
        list[str], typer.Argument(metavar="PATH… [PYTEST OPTIONS]", help="What pytest is given.")
    ],
    *,
    budget_s: Annotated[
        float | None,
        typer.Option("--budget", help="The run's time, from start to exit.", metavar="SECONDS"),
    ] = None,
    timeout_s: Annotated[
        float,
        typer.Option("--timeout", help="A benchmark fails after this long.", metavar="SECONDS"),
    ] = 300.0,
    python: SuitePython = None,
    asked: Asked,
) -> None:
    """Run every benchmark in several fresh pytest processes, in random order, and save the run."""
    start_s = time.monotonic()
    check_number("--budget", budget_s, MOST_S)
    check_number("--timeout", timeout_s, MOST_S)
    check_runs(arguments)
    options, console = options_from(asked), screen()
    recover_left_behind(options.results, console)
    one = suite_of(options, SuiteCommand(python_of(python), arguments, Path.cwd(), timeout_s))
    session = begun(one, console, resume=options.resume)
    if budget_s is not None:
        session.end_s = start_s + budget_s - TAIL_S
    with on_screen(session, console) as display:
        session.race(display)
    path, run = session.save(Status.OK)
    show(run, path, console)
    raise typer.Exit(ending_of_run(run))


def suite_of(options: Options, command: SuiteCommand) -> Suite:
    """Return the suite that is to be run."""
    options.chosen_profile()  # refuses --launches 0
    launches = options.launches or LAUNCHES
    return Suite(command, options.results, launches, options.machine, options.save_host)


def begun(one: Suite, console: Console, *, resume: bool) -> SuiteSession:
    """Collect the suite, and begin its run; SelectionError if it has no benchmark."""
    first = SuiteProcess.collecting(one.command)
    try:
        return _session(one, first, console, resume=resume)
    except BaseException:
        first.end(at_once=True)
        raise


def _session(one: Suite, first: SuiteProcess, console: Console, *, resume: bool) -> SuiteSession:
    if not first.collected.tests:
        raise SelectionError("pytest found no test that asks for `benchmark`")
    warn(left_out_notes(os.environ, "--python "))
    if not resume:
        session = SuiteSession(one, first)
        for note in commit_notes(session.header.commit, one.command.folder):
            tell(note, console)
        return session
    kept, run_id = resumable(one, first.collected)
    tell(f"resumed run {run_id}: {count(len(kept), 'measurement')} kept", console)
    return SuiteSession(one, first, kept, run_id)
