"""`raceway history`: what changed over time on all machines, and what else changed then."""

from __future__ import annotations

from difflib import get_close_matches
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Annotated

import typer

from raceway.analysis.history.history import case_ids, history_of
from raceway.archive.bulk import Reading
from raceway.cli.output import JsonFile, show_while_read, takes_stdout, write_json
from raceway.cli.recover import recover_left_behind
from raceway.cli.words import RESULTS, Results, warn
from raceway.errors import SelectionError
from raceway.report.format.screen import screen
from raceway.report.history.data import history_data
from raceway.report.history.terminal import show_history
from raceway.store.runs import find, run_files
from raceway.text.printable import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from raceway.analysis.history.digest import Digest

MOST_MATCHES = 5

Cases = Annotated[
    list[str] | None,
    typer.Argument(metavar="[CASE]…", help="Only these case ids; * and ? are wildcards."),
]


def history(cases: Cases = None, *, results: Results = RESULTS, json: JsonFile = None) -> None:
    """Show each case over time: what became slower or faster, and what else changed there."""
    console = screen(stderr=takes_stdout(json))
    recover_left_behind(results, console)
    digests = read_all(results)
    patterns = cases or []
    check_known(patterns, digests)
    every = history_of(
        digests, lambda case: not patterns or any(fits(case, one) for one in patterns)
    )
    left = show_while_read(lambda: show_history(every, console))
    if json is not None:
        write_json(history_data(every), json)
    if left:
        raise left


def read_all(results: Path) -> list[tuple[Path, Digest]]:
    """Return the digests of all runs in the results folder; StoreError if there are none."""
    find(results)
    problems: list[str] = []
    with Reading(run_files(results)) as reading:
        digests = reading.digests(problems)
    warn(problems)
    if not digests:
        raise typer.Exit(SelectionError.exit_code)
    return digests


def check_known(patterns: Sequence[str], digests: Iterable[tuple[Path, Digest]]) -> None:
    """Raise SelectionError, with similar ids, if a pattern matches no case of the runs."""
    known = case_ids(digests) if patterns else []
    for pattern in patterns:
        if not any(fits(case, pattern) for case in known):
            close = get_close_matches(pattern, known, MOST_MATCHES, cutoff=0.5)
            names = ", ".join(printable(each) for each in close or known[:MOST_MATCHES])
            hint = f"Similar: {names}" if close else f"Choose from: {names}"
            raise SelectionError(f"no run holds a case {printable(pattern)}. {hint}")


def fits(case: str, pattern: str) -> bool:
    """Whether a pattern matches a case, or is its id (which may hold brackets)."""
    return case == pattern or fnmatchcase(case, pattern)
