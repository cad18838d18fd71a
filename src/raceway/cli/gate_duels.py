"""The duels of `raceway gate`: what looks slower is raced again, of cases or of a suite."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from raceway.cli.racing import on_screen
from raceway.cli.words import tell, warn
from raceway.errors import CatalogueError, LaneError, SelectionError, TargetError
from raceway.regression.suite_gate import suite_duel
from raceway.report.comparison.gate import show_again
from raceway.session.resume import left_out_notes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from rich.console import Console

    from raceway.regression.gate import Gate
    from raceway.regression.suite_sides import Pytest


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
    except (SelectionError, CatalogueError, LaneError, TargetError) as error:
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
