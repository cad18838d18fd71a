"""A project's defaults of options: [tool.raceway] in its pyproject.toml."""

from __future__ import annotations

import tomllib
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

from raceway.errors import SelectionError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from raceway.session.option import Option

FILE = "pyproject.toml"
WANTED = {bool: "true or false", int: "a whole number", float: "a number"}


def defaults_in(folder: Path, options: Sequence[Option]) -> dict[str, Any]:
    """Return the values set by a folder's file, by option key, as the command line gives them.

    Paths are relative to the file. SelectionError for an unknown key, an invalid value, and a file
    that cannot be read.
    """
    path = folder / FILE
    rows = {row.name: row for row in options if row.in_file}
    found: dict[str, Any] = {}
    for key, value in table_of(path).items():
        where = f"{path}: [tool.raceway] {key}"
        if key not in rows:
            close = ", ".join(get_close_matches(key, rows, 1) or rows)
            raise SelectionError(f"{where}: no such option; there is {close}")
        found[rows[key].key] = as_typed(rows[key], value, where, folder)
    return found


def table_of(path: Path) -> Mapping[str, Any]:
    """Return our table in a file; empty if there is no such file or table."""
    try:
        every = tomllib.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except OSError as error:
        raise SelectionError(f"{path}: cannot be read ({error.strerror}); fix it") from None
    except ValueError as error:
        raise SelectionError(f"{path}: not valid TOML ({error}); fix it") from None
    tools = every.get("tool", {})
    table = tools.get("raceway", {}) if isinstance(tools, dict) else {}
    if not isinstance(table, dict):
        raise SelectionError(
            f"{path}: tool.raceway = {table!r}: write options below [tool.raceway]"
        )
    return table


def as_typed(row: Option, value: Any, where: str, folder: Path) -> Any:
    """Return a value as the command line gives it; SelectionError if it is invalid."""
    if row.split:
        words = value if isinstance(value, list) else [value]
        if not words or not all(type(word) in (str, int) for word in words):
            raise SelectionError(f"{where} = {value!r}: give a list, like the option's")
        row.split(joined := ",".join(map(str, words)), where)
        return joined
    if row.repeatable:
        words = value if isinstance(value, list) else [value]
        return [one_value(row, word, where, folder) for word in words]
    return one_value(row, value, where, folder)


def one_value(row: Option, value: Any, where: str, folder: Path) -> Any:
    """Return a single value of an option's type; SelectionError if it has another."""
    fits = {float: (int, float), Path: (str,)}.get(row.type, (row.type,))
    if type(value) not in fits:
        raise SelectionError(f"{where} = {value!r}: give {WANTED.get(row.type, 'a string')}")
    return folder / value if row.type is Path else row.type(value)
