"""`--suite` of `raceway duel` and `raceway gate`: two revisions, by their own suite."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from raceway.cli.racing import on_screen
from raceway.cli.suite_words import words_of
from raceway.cli.words import tell, warn
from raceway.errors import SelectionError
from raceway.regression.sequential import LOOKS
from raceway.regression.suite_duel import SuiteDuel
from raceway.regression.suite_sides import Pytest, suite_sides
from raceway.session.resume import left_out_notes
from raceway.session.suite.suite import Suite
from raceway.text.numbers import count

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rich.console import Console

    from raceway.analysis.comparison.comparison import Comparison
    from raceway.session.options import Options


@dataclass(frozen=True, slots=True)
class SuiteCall:
    """What the user asked for."""

    options: Options
    revisions: tuple[str, str] | None
    suite: str | None
    prepare: str | None
    python: tuple[str, ...]
    patterns: Sequence[str]
    budget_s: float
    threshold: float

    def race(self, console: Console) -> tuple[Comparison, list[Path]]:
        """Race both revisions, and return the verdicts and the saved runs.

        What had finished is kept if it is interrupted. SelectionError if it cannot be raced.
        """
        if self.revisions is None or self.suite is None:
            raise SelectionError(
                "--suite, --prepare and --python: need --revisions A B --suite PATH"
            )
        start_s = time.monotonic()
        warn(left_out_notes(os.environ, "--python "))
        how = Pytest(words_of(self.suite), self.prepare, self.python)
        with suite_sides(self.revisions, how) as sides:
            known = self.options
            suite = Suite(
                sides[0].command, known.results, LOOKS[-1], known.machine, known.save_host
            )
            one = SuiteDuel(
                suite, sides, self.budget_s, self.threshold, self.patterns, start_s=start_s
            )
            if one.on_one_side:
                tell(f"on one side only: {count(len(one.on_one_side), 'benchmark')}", console)
            with on_screen(one, console) as display:
                one.race(display)
        return one.verdicts()
