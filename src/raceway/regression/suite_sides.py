"""The sides of a suite's duel: a pytest in each of two trees, checked out aside or as it stands."""

from __future__ import annotations

import os
import sys
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from raceway.errors import SelectionError
from raceway.measure.machine.checkout import checked_out, top_of
from raceway.measure.machine.commit import probe_commit
from raceway.measure.scratch.reaper import Reaper
from raceway.regression.preparation import prepared
from raceway.regression.revisions import check_revision, labels_of, path_of
from raceway.session.suite.process import SuiteCommand

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from raceway.record import Commit

SHORT_S = 0.2
"""pytest-benchmark's time for a benchmark, unless the user gives another: launches tell more."""
TIMEOUT_S = 300.0
"""The most time for one benchmark."""
BASELINE = "the baseline's revision"


@dataclass(frozen=True, slots=True)
class SuiteSide:
    """One side of a suite's duel."""

    label: str
    command: SuiteCommand
    commit: Commit


@dataclass(frozen=True, slots=True)
class Pytest:
    """How the user wants both sides' suite to be run."""

    arguments: Sequence[str]
    """What pytest is given: paths relative to the current folder, and options."""
    prepare: str | None = None
    """The command that prepares a virtual environment for each side."""
    python: tuple[str, ...] = (sys.executable,)
    timeout_s: float = TIMEOUT_S


@contextmanager
def suite_sides(revisions: Sequence[str], how: Pytest) -> Iterator[list[SuiteSide]]:
    """Check out two revisions, and prepare an environment for each if asked.

    SelectionError if that fails.
    """
    with _beginning(how) as (stack, session, top):
        trees = [
            stack.enter_context(checked_out(top, revision, session=session))
            for revision in revisions
        ]
        yield _sides(labels_of(revisions), trees, top, how, session)


@contextmanager
def suite_against_here(baseline: Commit, here: Commit, how: Pytest) -> Iterator[list[SuiteSide]]:
    """Check out the baseline's revision, and this one unless it has uncommitted changes.

    SelectionError if that fails.
    """
    check_revision(baseline)
    with _beginning(how) as (stack, session, top):
        trees = [
            stack.enter_context(checked_out(top, baseline.id, BASELINE, session)),
            top
            if here.dirty
            else stack.enter_context(checked_out(top, here.id, "this revision", session)),
        ]
        yield _sides(["baseline", "now"], trees, top, how, session)


@contextmanager
def _beginning(how: Pytest) -> Iterator[tuple[ExitStack, Reaper, Path]]:
    """Yield what removes everything in the end, the duel's temporary folder, and the repository."""
    if absolute := [each for each in how.arguments if os.path.isabs(each)]:  # noqa: PTH117 (of any text)
        raise SelectionError(f"--suite {absolute[0]}: give a path relative to this folder")
    top = top_of(Path.cwd())
    with ExitStack() as stack:
        session = Reaper.start()
        stack.callback(session.dismiss)
        yield stack, session, top


def _sides(
    labels: Sequence[str], trees: Sequence[Path], top: Path, how: Pytest, session: Reaper
) -> list[SuiteSide]:
    inside = Path.cwd().resolve().relative_to(top.resolve())
    sides = []
    for label, tree in zip(labels, trees, strict=True):
        folder = tree / inside
        if not folder.is_dir():
            raise SelectionError(f"--suite: {inside} does not exist at {label}")
        python, variables = (
            prepared(session, folder, how.prepare, how.python)
            if how.prepare
            else (how.python, {"PYTHONPATH": path_of(tree)})
        )
        given = [f"--benchmark-max-time={SHORT_S}", *how.arguments]
        command = SuiteCommand(python, given, folder, how.timeout_s, variables)
        sides.append(SuiteSide(label, command, probe_commit(tree)))
    return sides
