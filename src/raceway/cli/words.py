"""Options and messages that several commands share."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from raceway.cli.options import typer_option
from raceway.errors import SelectionError
from raceway.text.printable import printable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import Console

RESULTS = Path("results")

Results = Annotated[Path, typer_option("results")]
Threshold = Annotated[str, typer.Option(metavar="PERCENT", help="The smallest change that counts.")]


def share_in(option: str, name: str) -> float:
    """Return a share given as `5%` or `0.05`; SelectionError unless it is between 0 and 1."""
    number, percent, rest = option.partition("%")
    try:
        share = float(number) / (100 if percent else 1)
    except ValueError:
        share = -1.0
    if rest.strip() or not 0 < share < 1:
        raise SelectionError(f"{name} {option}: give a share above 0, like 5% or 0.05")
    return share


def tell(line: str, console: Console) -> None:
    """Print a line, whatever is in it; the terminal wraps it."""
    console.print(printable(line), markup=False, highlight=False, soft_wrap=True)


def warn(lines: Iterable[str]) -> None:
    """Print lines to standard error, each on one line whatever is in it."""
    for line in lines:
        print(printable(line), file=sys.stderr)  # noqa: T201 (a message)
