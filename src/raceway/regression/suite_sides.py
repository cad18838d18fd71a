"""The sides of a suite's duel: a pytest in each of two checkouts."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from raceway.errors import SelectionError
from raceway.measure.machine.checkout import checked_out, top_of
from raceway.measure.machine.commit import probe_commit
from raceway.measure.scratch.reaper import Reaper
from raceway.regression.revisions import labels_of, path_of
from raceway.session.suite.process import TAIL_LINES, SuiteCommand

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from raceway.record import Commit

SHORT_S = 0.2
"""pytest-benchmark's time for a benchmark, unless the user gives another: launches tell more."""


@dataclass(frozen=True, slots=True)
class SuiteSide:
    """One side of a suite's duel."""

    label: str
    command: SuiteCommand
    commit: Commit


@contextmanager
def suite_sides(
    revisions: Sequence[str], arguments: Sequence[str], prepare: str | None, timeout_s: float
) -> Iterator[list[SuiteSide]]:
    """Check out two revisions, and prepare an environment for each if asked.

    SelectionError if that fails.
    """
    if absolute := [each for each in arguments if os.path.isabs(each)]:  # noqa: PTH117 (of any text)
        raise SelectionError(f"--suite {absolute[0]}: give a path relative to this folder")
    top = top_of(Path.cwd())
    inside = Path.cwd().resolve().relative_to(top.resolve())
    with ExitStack() as stack:
        trees = [stack.enter_context(checked_out(top, revision)) for revision in revisions]
        sides = []
        for label, tree in zip(labels_of(revisions), trees, strict=True):
            folder = tree / inside
            if not folder.is_dir():
                raise SelectionError(f"--revisions: {inside} does not exist at {label}")
            python, variables = (sys.executable,), {"PYTHONPATH": path_of(tree)}
            if prepare:
                reaper = Reaper.start()
                stack.callback(reaper.dismiss)
                python, variables = prepared(reaper.new_folder(), folder, prepare)
            given = [f"--benchmark-max-time={SHORT_S}", *arguments]
            command = SuiteCommand(python, given, folder, timeout_s, variables)
            sides.append(SuiteSide(label, command, probe_commit(tree)))
        yield sides


def prepared(home: Path, folder: Path, command: str) -> tuple[tuple[str], dict[str, str]]:
    """Make a virtual environment and run the user's command in it; return its interpreter.

    SelectionError, with the command's last words, if that fails.
    """
    programs = home / ("Scripts" if os.name == "nt" else "bin")
    path = os.pathsep.join([str(programs), os.environ.get("PATH", "")])
    variables = {"PATH": path, "VIRTUAL_ENV": str(home)}
    for step, by_shell in (([sys.executable, "-m", "venv", str(home)], False), (command, True)):
        done = subprocess.run(  # noqa: S603 (the user's own command)
            step,
            shell=by_shell,
            cwd=folder,
            env={**os.environ, **variables},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
            encoding="utf-8",
            errors="replace",
        )
        if done.returncode:
            told = "\n".join(done.stdout.rstrip().splitlines()[-TAIL_LINES:])
            message = f"--prepare: ended with exit code {done.returncode}"
            raise SelectionError(message).with_notes(told)
    return (str(programs / "python"),), variables
