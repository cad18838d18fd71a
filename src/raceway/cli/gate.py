"""`raceway gate`: whether anything became slower than the baseline."""

from __future__ import annotations

from typing import Annotated

import typer

from raceway.cli.findings import (  # noqa: TC001 (typer reads the annotations)
    Annotate,
    JunitFile,
)
from raceway.cli.gate_call import GateCall, unclear_of
from raceway.cli.options import WHAT_RACES, takes
from raceway.cli.output import JsonFile, takes_stdout
from raceway.cli.suite_words import Prepare, SuitePython, SuiteWords, python_of, words_of
from raceway.cli.words import Threshold, share_in
from raceway.errors import SelectionError
from raceway.regression.suite_sides import Pytest
from raceway.report.format.screen import screen
from raceway.session.option import MOST_S, check_number
from raceway.session.options import Asked, options_from

Judged = Annotated[str, typer.Argument(help="The run to judge, as for compare.")]
Against = Annotated[str, typer.Option(help="What to judge it against, as for compare.")]
UnclearEnding = Annotated[
    str,
    typer.Option(
        metavar="auto|fail|pass",
        help="Exit 2 if nothing (auto), anything (fail) or never (pass) could not be judged.",
    ),
]
Advance = Annotated[
    bool,
    typer.Option(
        "--advance", help="Let the run be the baseline if it passed, or if there is none here."
    ),
]
Budget = Annotated[float, typer.Option("--budget", help="Seconds to measure suspects again.")]


@takes(*WHAT_RACES, "interpreter", "group-timeout", "machine", "results")
def gate(  # noqa: PLR0913 (typer: one argument an option)
    run: Judged = "latest",
    *,
    baseline: Against = "baseline",
    threshold: Threshold = "2%",
    unclear: UnclearEnding = "auto",
    advance: Advance = False,
    budget_s: Budget = 180.0,
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
    ending = unclear_of(unclear)
    check_number("--budget", budget_s, MOST_S)
    share = share_in(threshold, "--threshold")
    how = pytest_of(suite, prepare, python)
    console = screen(stderr=takes_stdout(json, junit))
    call = GateCall(
        run=run, baseline=baseline, threshold=share, unclear=ending, advance=advance,
        budget_s=budget_s, suite=how, options=options_from(asked), console=console,
        json=json, annotate=annotate, junit=junit,
    )  # fmt: skip
    raise typer.Exit(call.exit_code())


def pytest_of(suite: str | None, prepare: str | None, python: str | None) -> Pytest | None:
    """Return how the suite is run; None if none is named."""
    if suite is not None:
        return Pytest(words_of(suite), prepare, python_of(python))
    if prepare is not None or python is not None:
        raise SelectionError("--prepare and --python: need --suite PATH")
    return None
