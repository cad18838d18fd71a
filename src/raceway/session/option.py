"""An option of pytest and of `raceway race`: its name, values and meaning."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from raceway.errors import SelectionError

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Option:
    """One row of the table of options."""

    name: str
    """As on the command line, without its dashes."""
    help: str
    """A phrase in lower case, without a full stop."""
    metavar: str = ""
    """The placeholder of the value in the help; a flag has none."""
    type: type = str
    """str, int, float, Path, or bool for a flag."""
    default: Any = None
    repeatable: bool = False
    split: Callable[[str, str], Any] | None = None
    """Splits a list in one word, like `a,b`; raises SelectionError with the flag's name."""
    environment: str = ""
    """The environment variable that also sets it."""
    aliases: tuple[str, ...] = ()
    """Former names, which still work but are not in the help."""
    in_file: bool = True
    """Whether [tool.raceway] may set it; false if it concerns a single run."""

    @property
    def flag(self) -> str:
        """The option as typed."""
        return f"--{self.name}"

    @property
    def key(self) -> str:
        """The name of its value in code."""
        return self.name.replace("-", "_")

    def value(self, given: Any) -> Any:
        """Return the value for use in code; SelectionError if it is an invalid list."""
        if given is None:
            return self.default
        if self.split:
            return self.split(given, self.flag)
        return tuple(given) if self.repeatable else given


MOST_S = 7 * 24 * 3_600.0
"""A week: the longest time that can be asked for."""
MOST_LAUNCHES = 1_000
MOST_WORKERS = 10_000
MOST_DIGITS = 18
"""Of a whole number in a list; Python refuses to read one of thousands."""


def check_number(flag: str, number: float | None, most: float) -> None:
    """Raise SelectionError unless a number, if given, is above 0 and not absurd."""
    if number is not None and not 0 < number <= most:
        raise SelectionError(f"{flag} {number}: give a number above 0, {most:,.0f} at most")


def names(option: str, flag: str) -> tuple[str, ...]:
    """Split A,B,C, with or without blanks; SelectionError if a name is empty."""
    words = tuple(word.strip() for word in option.split(","))
    if not all(words):
        raise SelectionError(f"{flag} {option!r}: give names, separated by commas")
    return words


def whole_numbers(option: str, flag: str) -> tuple[int, ...]:
    """Split 1,2,4; SelectionError if a word is not a whole number."""
    words = names(option, flag)
    if not all(word.isdecimal() and len(word) <= MOST_DIGITS for word in words):
        raise SelectionError(f"{flag} {option}: give whole numbers above 0, like 1,2,4")
    return tuple(map(int, words))
