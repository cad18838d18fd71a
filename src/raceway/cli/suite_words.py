"""Options on somebody's own suite that several commands share."""

from __future__ import annotations

import shlex
import sys
from typing import Annotated

import typer

from raceway.errors import SelectionError

SuiteWords = Annotated[
    str | None,
    typer.Option(
        "--suite", metavar="'PATH…'", help="The pytest-benchmark suite of both revisions."
    ),
]
Prepare = Annotated[
    str | None,
    typer.Option(metavar="COMMAND", help="With --suite: prepares a venv for each side."),
]
SuitePython = Annotated[
    str | None,
    typer.Option(
        "--python", metavar="COMMAND", help="The suite's interpreter; by default the current."
    ),
]


def words_of(suite: str) -> list[str]:
    """Return what pytest is given, as a shell would split it; SelectionError if it cannot."""
    try:
        return shlex.split(suite)
    except ValueError as error:
        raise SelectionError(f"--suite {suite}: {error}") from None


def python_of(option: str | None) -> tuple[str, ...]:
    """Return the command of the suite's interpreter; SelectionError if it is none."""
    try:
        words = tuple(shlex.split(option)) if option is not None else (sys.executable,)
    except ValueError as error:
        raise SelectionError(f"--python {option}: {error}") from None
    if not words:
        raise SelectionError("--python: give a command, like .venv/bin/python")
    return words
