"""The application: its commands and the options before them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from raceway import __version__, interruption
from raceway.cli.commands import COMMANDS, LazyGroup
from raceway.session.defaults import defaults_in
from raceway.session.options import OPTIONS
from raceway.session.place import check_place

app = typer.Typer(
    cls=LazyGroup,
    help="Races Python's concurrency models on the same verified work.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def version(wanted: bool) -> None:  # noqa: FBT001 (typer calls it)
    """Print the version and exit."""
    if wanted:
        print(f"raceway {__version__}")  # noqa: T201 (what was asked for)
        raise typer.Exit


@app.callback()
def options(
    context: typer.Context,
    *,
    _version: Annotated[
        bool,
        typer.Option(
            "--version",
            "-V",
            callback=version,
            is_eager=True,
            metavar="",
            help="Show the version and exit.",
        ),
    ] = False,
) -> None:
    """Races Python's concurrency models on the same verified work."""
    interruption.raise_once()  # what is called is imported by now
    check_place()
    found: dict[str, Any] = defaults_in(Path(), OPTIONS)
    within_groups = dict.fromkeys(("set", "list"), found)
    context.default_map = {name: {**found, **within_groups} for name in COMMANDS}
    context.default_map["suite"] = {"run": found}  # others have a parameter of that name
