"""Options on somebody's own suite that several commands share."""

from __future__ import annotations

import shlex
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from raceway.errors import SelectionError

if TYPE_CHECKING:
    from collections.abc import Sequence

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


LISTING = ("--collect-only", "--collectonly", "--co", "--fixtures", "--setup-plan", "--setup-only")
"""Options with which pytest runs no test."""


def words_of(suite: str) -> list[str]:
    """Return what pytest is given, as a shell would split it; SelectionError if it cannot."""
    try:
        words = shlex.split(suite)
    except ValueError as error:
        raise SelectionError(f"--suite {suite}: {error}") from None
    check_runs(words)
    return words


def check_runs(words: Sequence[str]) -> None:
    """Raise SelectionError if pytest would list tests instead of running them."""
    for word in words:
        if word in LISTING:
            raise SelectionError(f"{word}: nothing would be measured; `pytest {word}` lists")


def python_of(option: str | None) -> tuple[str, ...]:
    """Return the command of the suite's interpreter; SelectionError if it is none."""
    try:
        words = tuple(shlex.split(option)) if option is not None else (sys.executable,)
    except ValueError as error:
        raise SelectionError(f"--python {option}: {error}") from None
    if not words:
        raise SelectionError("--python: give a command, like .venv/bin/python")
    return words
