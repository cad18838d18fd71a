"""The items to call a function with: of the command line, or of a file."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, Any

from raceway.errors import TargetError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

EXAMPLE = "'[1, 2, 3]'"


def items_of(text: str) -> list[Any]:
    """Return the items of a JSON list; TargetError if it is none, or empty."""
    return listed(json_of(text, "--items", EXAMPLE), "--items")


def kwargs_of(text: str) -> dict[str, Any]:
    """Return the keyword arguments of a JSON object; TargetError if it is none."""
    example = """'{"strict": true}'"""
    value = json_of(text, "--kwargs", example)
    if not isinstance(value, dict):
        raise TargetError(f"--kwargs: {kind_of(value)}, not an object; give one, like {example}")
    return value


def items_from(path: Path) -> list[Any]:
    """Return the items of a file, read by its suffix; TargetError if that is not possible.

    `.json`: a list. `.jsonl`: a value a line. `.txt`: a line an item, as text. `.csv`: a row an
    item, which is a dict by the names of the first row, or the value alone if there is a single
    column; what is a number becomes one.
    """
    where = f"--items-from {path}"
    read = READERS.get(path.suffix.lower())
    if read is None:
        raise TargetError(f"{where}: not known what it holds; name it {', '.join(READERS)}")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise TargetError(f"{where}: no such file; give one of {', '.join(READERS)}") from None
    except UnicodeDecodeError as error:
        raise TargetError(f"{where}: not UTF-8 (byte {error.start}); convert it") from None
    except OSError as error:
        raise TargetError(f"{where}: cannot be read ({error.strerror}); fix it") from None
    return listed(read(text, where), where)


def listed(value: Any, where: str) -> list[Any]:
    """Return a list; TargetError if the value is something else, or holds nothing."""
    if not isinstance(value, list):
        raise TargetError(f"{where}: {kind_of(value)}, not a list; give one, like {EXAMPLE}")
    if not value:
        raise TargetError(f"{where}: no item; give at least one to call the function with")
    return value


def kind_of(value: Any) -> str:
    """Return what a JSON value is, in JSON's words."""
    kinds = {dict: "an object", list: "a list", str: "a string", bool: "true or false"}
    return kinds.get(type(value), "null" if value is None else "a number")


def json_of(text: str, where: str, example: str) -> Any:
    """Return a JSON value; TargetError tells where the text ceases to be JSON."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise TargetError(
            f"{where}: not JSON ({error.msg}: {place}); give a value like {example}"
        ) from None
    except RecursionError:
        raise TargetError(f"{where}: nested too deeply; give flatter items") from None
    except ValueError as error:  # a number of thousands of digits
        raise TargetError(f"{where}: {error}; give a value like {example}") from None


def _lines(text: str, _: str) -> list[str]:
    return text.splitlines()


def _json(text: str, where: str) -> Any:
    return json_of(text, where, EXAMPLE)


def _json_lines(text: str, where: str) -> list[Any]:
    rows = enumerate(text.splitlines(), 1)
    return [
        json_of(row, f"{where}, line {number}", '{"id": 1}') for number, row in rows if row.strip()
    ]


def _rows(text: str, where: str) -> list[Any]:
    try:
        names, *rows = [row for row in csv.reader(text.splitlines(keepends=True)) if row] or [[]]
    except csv.Error as error:
        raise TargetError(f"{where}: not CSV ({error}); fix it") from None
    check_names(names, where)
    for number, row in enumerate(rows, 2):
        if len(row) != len(names):
            raise TargetError(
                f"{where}: row {number} has {len(row)} values for the {len(names)} names of the"
                " first row; fix it"
            )
    if len(names) == 1:
        return [number_or_text(row[0]) for row in rows]
    return [dict(zip(names, map(number_or_text, row), strict=True)) for row in rows]


def check_names(names: list[str], where: str) -> None:
    """Raise TargetError if the first row holds no names, or one twice: an item would be lost."""
    if names and all(type(number_or_text(name)) is not str for name in names):
        raise TargetError(
            f"{where}: row 1 must name the columns, but holds numbers; add a row of names"
        )
    if twice := [name for name in names if names.count(name) > 1]:
        raise TargetError(f"{where}: row 1 names {twice[0]!r} twice; rename a column")


def number_or_text(word: str) -> int | float | str:
    """Return a word as a number if JSON would read it as one, so that 007 stays text."""
    try:
        value = json.loads(word)
    except ValueError:
        return word
    return value if type(value) in (int, float) else word


READERS: dict[str, Callable[[str, str], Any]] = {
    ".json": _json, ".jsonl": _json_lines, ".csv": _rows, ".txt": _lines,
}  # fmt: skip
