"""Declares the table of options as command-line options of pytest."""

from __future__ import annotations

from argparse import SUPPRESS
from pathlib import Path
from typing import TYPE_CHECKING, Any

from raceway.session.options import OPTIONS, Asked, Options, options_from

if TYPE_CHECKING:
    import pytest

    from raceway.session.option import Option


def add_options(parser: pytest.Parser) -> None:
    """Declare the options."""
    group = parser.getgroup("raceway", "racing concurrency models")
    for row in OPTIONS:
        group.addoption(row.flag, help=help_of(row), **attributes_of(row))
        for alias in row.aliases:
            group.addoption(f"--{alias}", help=SUPPRESS, **attributes_of(row))
        if row.type is bool and row.in_file:
            group.addoption(
                f"--no-{row.name}", help=SUPPRESS, dest=row.key, action="store_false", default=None
            )


def attributes_of(row: Option) -> dict[str, Any]:
    """Return an option's attributes for argparse; None means "not given"."""
    if row.type is bool:
        return {"dest": row.key, "action": "store_true", "default": None}
    action = "append" if row.repeatable else "store"
    return {
        "dest": row.key, "action": action, "type": row.type, "metavar": row.metavar, "default": None
    }  # fmt: skip


def help_of(row: Option) -> str:
    """Return the help of an option in pytest."""
    notes = []
    if row.default and row.type is Path and not row.repeatable:
        notes.append(f"default: {row.default}, in pytest's root folder")
    elif row.default:
        notes.append(f"default: {', '.join(row.default) if row.repeatable else row.default}")
    if row.environment:
        notes.append(f"also {row.environment}")
    return f"{row.help} ({'; '.join(notes)})" if notes else row.help


def options_of(config: pytest.Config) -> Options:
    """Return the user's options; SelectionError if they cannot be read."""
    given = {row.key: config.getoption(row.key) for row in OPTIONS}
    line = {key: value for key, value in given.items() if value is not None}
    return options_from(Asked(line, folder=config.rootpath))
