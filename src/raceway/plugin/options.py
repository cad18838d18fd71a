"""Declares the table of options as command-line options of pytest."""

from __future__ import annotations

from argparse import SUPPRESS
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from raceway.session.options import OPTIONS, Asked, Options, options_from

if TYPE_CHECKING:
    from raceway.session.option import Option


def declare(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    """Declare the options once all installed plugins have declared theirs.

    With `-p raceway.plugin` we come before them, and nothing can be withdrawn; then we wait for the
    hook that loads conftest.py files, by which pytest's capturing is there.
    """
    come_later = not pluginmanager.list_plugin_distinfo()
    if come_later and not pluginmanager.has_plugin("capturemanager"):
        pluginmanager.register(LateOptions())
    else:
        add_options(parser)


class LateOptions:
    """Declares the options when all installed plugins are known."""

    @pytest.hookimpl(tryfirst=True)
    def pytest_load_initial_conftests(self, parser: pytest.Parser) -> None:
        """Declare them before any conftest.py is loaded."""
        add_options(parser)


def add_options(parser: pytest.Parser) -> None:
    """Declare the options."""
    group = parser.getgroup("raceway", "racing concurrency models")
    taken = flags_taken(parser)
    for row in OPTIONS:
        flag = f"--raceway-{row.name}" if row.flag in taken else row.flag
        group.addoption(flag, help=help_of(row), **attributes_of(row))
        for alias in row.aliases:
            group.addoption(f"--{alias}", help=SUPPRESS, **attributes_of(row))
        if row.type is bool and row.in_file:
            group.addoption(
                f"--no-{row.name}", help=SUPPRESS, **attributes_of(row) | {"action": "store_false"}
            )


def flags_taken(parser: pytest.Parser) -> set[str]:
    """Return which of our flags another plugin has already; ours get a longer name."""
    flags = [row.flag for row in OPTIONS]
    return {flag for flag in flags if is_taken(parser, flag)} if is_taken(parser, *flags) else set()


def is_taken(parser: pytest.Parser, *flags: str) -> bool:
    """Whether the parser knows any of the flags."""
    try:
        _, unknown = parser.parse_known_and_unknown_args(flags)
    except pytest.UsageError:  # known, and without the value that it takes
        return True
    return unknown != list(flags)


def attributes_of(row: Option) -> dict[str, Any]:
    """Return an option's attributes for argparse; None means "not given"."""
    if row.type is bool:
        return {"dest": dest_of(row), "action": "store_true", "default": None}
    return {
        "dest": dest_of(row),
        "action": "append" if row.repeatable else "store",
        "type": row.type,
        "metavar": row.metavar,
        "default": None,
    }


def dest_of(row: Option) -> str:
    """Return where pytest keeps an option's value; other plugins have a `profile` of their own."""
    return f"raceway_{row.key}"


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
    given = {row.key: config.getoption(dest_of(row)) for row in OPTIONS}
    line = {key: value for key, value in given.items() if value is not None}
    return options_from(Asked(line, folder=config.rootpath))
