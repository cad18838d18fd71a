"""Declares the table of options as typer's."""

from __future__ import annotations

import inspect
from functools import wraps
from inspect import Parameter
from typing import TYPE_CHECKING, Annotated, Any

import typer

from raceway.session.options import ADDITIONS, CHOICES, OPTIONS, Asked

if TYPE_CHECKING:
    from collections.abc import Callable

    from raceway.session.option import Option

    Command = Callable[..., None]

WHICH_CASES = tuple(row.name for row in CHOICES)
WHAT_RACES = tuple(row.name for row in ADDITIONS)
"""For each command that races or lists cases: whoever adds an option there adds it to all."""
ASKED = "asked"
"""The parameter that gets the typed options of the table."""


def takes(*names: str) -> Callable[[Command], Command]:
    """Give a command these options of the table, or all.

    It gets what was typed as `asked`, from which `options_from` makes Options.
    """
    rows = [row for row in OPTIONS if not names or row.name in names]

    def decorate(command: Command) -> Command:
        @wraps(command)
        def called(*, context: typer.Context, **values: Any) -> None:
            line = typed(rows, context, values)
            command(**values, asked=Asked(line, rows))

        declared = inspect.signature(command, eval_str=True)
        own = [each for each in declared.parameters.values() if each.name != ASKED]
        added = [each for row in rows for each in parameters_of(row)]
        context = Parameter("context", Parameter.KEYWORD_ONLY, annotation=typer.Context)
        called.__signature__ = declared.replace(parameters=[*own, *added, context])  # type: ignore[attr-defined]
        return called

    return decorate


def typed(rows: list[Option], context: typer.Context, values: dict[str, Any]) -> dict[str, Any]:
    """Remove the table's options from a command's values, and return those typed."""
    line: dict[str, Any] = {}
    for row in rows:
        for key in (*(alias.replace("-", "_") for alias in row.aliases), row.key):
            value, source = values.pop(key), context.get_parameter_source(key)
            if source is not None and source.name == "COMMANDLINE":
                line[row.key] = value
    return line


def parameters_of(row: Option) -> list[Parameter]:
    """Return the command's parameters for an option and its aliases."""
    keys = {row.key: typer_option(row.name)}
    for alias in row.aliases:
        keys[alias.replace("-", "_")] = typer.Option(f"--{alias}", hidden=True)
    default = (list(row.default) or None) if row.repeatable else row.default
    return [
        Parameter(
            key,
            Parameter.KEYWORD_ONLY,
            default=default,
            annotation=Annotated[list[row.type] if row.repeatable else row.type, option],  # type: ignore[name-defined]
        )
        for key, option in keys.items()
    ]


def typer_option(name: str) -> Any:
    """Return typer's description of an option of the table."""
    (row,) = (each for each in OPTIONS if each.name == name)
    flags = f"{row.flag}/--no-{name}" if row.type is bool and row.in_file else row.flag
    return typer.Option(
        flags,
        metavar=row.metavar or None,
        help=f"{row.help[0].upper()}{row.help[1:]}.",
        envvar=row.environment or None,
    )
