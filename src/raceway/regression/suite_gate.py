"""A gate of suites: what looks slower is raced by both revisions' own tests."""

from __future__ import annotations

import glob
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from raceway.errors import SelectionError
from raceway.measure.machine.commit import probe_commit
from raceway.measure.machine.machine import probe_machine
from raceway.regression.sequential import LOOKS
from raceway.regression.suite_duel import SuiteDuel
from raceway.regression.suite_sides import suite_against_here
from raceway.regression.suspects import check_here
from raceway.session.suite.process import Collected, SuiteCommand
from raceway.session.suite.suite import Suite
from raceway.store.runs import GATES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raceway.record import Commit
    from raceway.regression.gate import Gate
    from raceway.regression.suite_sides import Pytest


@contextmanager
def suite_duel(judged: Gate, how: Pytest | None) -> Iterator[SuiteDuel]:
    """Check out the baseline's revision, and yield the duel of the suspected tests.

    SelectionError if there can be none.
    """
    if how is None:
        raise SelectionError("the tests are not known; give them with --suite 'PATH…'")
    start_s = time.monotonic()
    here = _checked(judged, how)
    with suite_against_here(judged.baseline.runs[-1].header.commit, here, how) as sides:
        yield SuiteDuel(
            _suite_of(judged, how), sides, judged.budget_s, judged.threshold,
            [glob.escape(row.case) for row in judged.to_race()], GATES, start_s=start_s,
        )  # fmt: skip


def _checked(judged: Gate, how: Pytest) -> Commit:
    """Return the commit that is checked out here; SelectionError if the run is not of it."""
    candidate = judged.candidate.runs[-1]
    here = probe_commit(Path.cwd())
    machine = probe_machine(judged.options.machine, save_host=False)
    now = _suite_of(judged, how).environment(Collected())
    check_here(candidate, here, machine, now)
    return replace(here, dirty=here.dirty or candidate.header.commit.dirty)


def _suite_of(judged: Gate, how: Pytest) -> Suite:
    """Return where the duel's runs are saved, and by which names."""
    known = judged.options
    command = SuiteCommand(how.python, how.arguments, Path.cwd())
    return Suite(command, known.results, LOOKS[-1], known.machine, known.save_host)
