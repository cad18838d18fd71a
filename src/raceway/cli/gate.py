"""`raceway gate`: whether anything became slower than the baseline."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated

import typer

from raceway.archive.resolve import Chooser
from raceway.cli.findings import Annotate, JunitFile, write_findings
from raceway.cli.options import takes
from raceway.cli.output import JsonFile, takes_stdout, write_json
from raceway.cli.racing import on_screen
from raceway.cli.recover import recover_left_behind
from raceway.cli.suite_words import Prepare, SuitePython, SuiteWords, python_of, words_of
from raceway.cli.words import (
    Threshold,
    share_in,
    tell,
    warn,
)
from raceway.errors import CatalogueError, LaneError, SelectionError, StoreError
from raceway.regression.gate import Gate, GateOutcome, Unclear
from raceway.regression.suite_gate import suite_duel
from raceway.regression.suite_sides import Pytest
from raceway.report.comparison.findings import gate_findings
from raceway.report.comparison.gate import (
    Judgement,
    data_without_baseline,
    gate_data,
    outcome_lines,
    show_again,
    show_first,
)
from raceway.report.format.screen import screen
from raceway.report.run.terminal import print_lines
from raceway.session.option import MOST_S, check_number
from raceway.session.options import Asked, options_from
from raceway.session.resume import left_out_notes
from raceway.store.baseline import noise_in, set_baseline

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from rich.console import Console


NO_BASELINE = "no baseline was set here yet"


@takes("workload", "interpreter", "group-timeout", "machine", "results")
def gate(  # noqa: PLR0913 (typer: one argument an option)
    run: Annotated[str, typer.Argument(help="The run to judge, as for compare.")] = "latest",
    *,
    baseline: Annotated[
        str, typer.Option(help="What to judge it against, as for compare.")
    ] = "baseline",
    threshold: Threshold = "2%",
    unclear: Annotated[
        str,
        typer.Option(
            metavar="auto|fail|pass",
            help="Exit 2 if nothing (auto), anything (fail) or never (pass) could not be judged.",
        ),
    ] = "auto",
    advance: Annotated[
        bool,
        typer.Option(
            "--advance", help="Let the run be the baseline if it passed, or if there is none here."
        ),
    ] = False,
    budget_s: Annotated[
        float, typer.Option("--budget", help="Seconds to measure suspects again.")
    ] = 180.0,
    suite: SuiteWords = None,
    prepare: Prepare = None,
    python: SuitePython = None,
    json: JsonFile = None,
    annotate: Annotate = False,
    junit: JunitFile = None,
    asked: Asked,
) -> None:
    """Exit 0 if nothing is slower, 1 for a confirmed regression, 2 if it could not be judged.

    Whatever looks slower is raced against the baseline's revision, turn by turn, before it may
    fail anything. What failed or vanished fails the gate.
    """
    if unclear not in list(Unclear):
        raise SelectionError(f"--unclear {unclear}: choose from {', '.join(Unclear)}")
    check_number("--budget", budget_s, MOST_S)
    share = share_in(threshold, "--threshold")
    how = pytest_of(suite, prepare, python)
    console = screen(stderr=takes_stdout(json, junit))
    options = options_from(asked)
    recover_left_behind(options.results, console)
    chooser = Chooser(options.results)
    if advance and not chooser.is_baseline(baseline):
        raise SelectionError(
            f"--advance: {baseline} is no baseline's name; set it once with `raceway baseline set`"
        )
    if chooser.lacks_baseline(baseline, run):
        code = (begin_history(chooser, run, baseline, console) if advance else
                without_baseline(unclear, console))  # fmt: skip
        write_json(data_without_baseline(NO_BASELINE, code), json)
        write_findings(f"raceway gate {run}", [], console, annotate=annotate, junit=junit)
        raise typer.Exit(code)
    sides = chooser.sides(baseline, run)
    warn(chooser.notes)
    judged = Gate(*sides, options, share, budget_s, chooser.past(sides[1]))
    show_first(judged.first, judged.suspects(), judged.elsewhere, console)
    duel_suspects(judged, how, console)
    found, code = conclude(judged, unclear, json, console)
    write_findings(
        f"raceway gate {run}", gate_findings(found), console, annotate=annotate, junit=junit
    )
    if advance and judged.outcome(Unclear.AUTO) is GateOutcome.PASSED:
        begin_history(chooser, run, baseline, console)
    raise typer.Exit(code)


def pytest_of(suite: str | None, prepare: str | None, python: str | None) -> Pytest | None:
    """Return how the suite is run; None if none is named."""
    if suite is not None:
        return Pytest(words_of(suite), prepare, python_of(python))
    if prepare is not None or python is not None:
        raise SelectionError("--prepare and --python: need --suite PATH")
    return None


def without_baseline(unclear: str, console: Console) -> int:
    """Say that there is nothing to judge against, and return the exit code of that."""
    tell(f"{NO_BASELINE}, so nothing is judged: `raceway baseline set latest`", console)
    return GateOutcome.PASSED if unclear == Unclear.PASS else GateOutcome.UNJUDGED


def begin_history(chooser: Chooser, run: str, name: str, console: Console) -> int:
    """Let the run be the baseline from now on if it is sound; return the exit code of success."""
    run_file = chooser.refer(run).paths[-1]
    try:
        set_baseline(run_file, name)
    except StoreError as error:
        warn([f"the baseline stays where it is: {error}"])
    else:
        tell(f"{name} is {run_file.name} now", console)
        warn(filter(None, [noise_in(run_file)]))
    return 0


def conclude(
    judged: Gate, unclear: str, json: str | None, console: Console
) -> tuple[Judgement, int]:
    """Show and write how the gate ends, and return what it found, with its exit code."""
    code = judged.outcome(Unclear(unclear))
    found = Judgement(
        first=judged.first, again=judged.again, confirmed=judged.confirmed(),
        still_open=judged.open_rows(), lost=judged.lost(), left_out=judged.left_out(),
        reason=judged.reason,
    )  # fmt: skip
    print_lines(outcome_lines(found, code), console)
    write_json(gate_data(found, code), json)
    return found, code


def duel_suspects(judged: Gate, how: Pytest | None, console: Console) -> None:
    """Let duels decide the suspects, if there are any; what forbids it is kept as the reason."""
    if not judged.to_race():
        return
    paths: list[Path] = []
    try:
        of_suite = judged.of_suites
        race = duelled_suite(judged, how, console) if of_suite else duelled_cases(judged, console)
        for saved in race:
            paths += saved
    except (SelectionError, CatalogueError, LaneError) as error:
        judged.cannot_duel(str(error))
        warn(getattr(error, "__notes__", ()))
    if judged.again:
        show_again(judged.again, judged.candidate, console)
    for path in paths:
        tell(f"saved: {path}", console)


def duelled_cases(judged: Gate, console: Console) -> Iterator[list[Path]]:
    """Race the suspects, interpreter by interpreter, and yield the files saved."""
    with judged.duels() as duels:
        for duel in duels:
            session = duel.begin()
            with on_screen(session, console) as display:
                duel.race(display)
            yield judged.take(duel)


def duelled_suite(judged: Gate, how: Pytest | None, console: Console) -> Iterator[list[Path]]:
    """Race the suspected tests of a suite, and yield the files saved."""
    warn(left_out_notes(os.environ, "--python "))
    with suite_duel(judged, how) as duel, on_screen(duel, console) as display:
        duel.race(display)
    compared, paths = duel.verdicts()
    judged.adopt(compared)
    yield paths
