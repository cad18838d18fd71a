"""One option that users can give at either door: what it is called, takes, and means."""

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
    """A phrase that begins small and ends without a full stop."""
    metavar: str = ""
    """What stands for the value in the help; a flag has none."""
    type: type = str
    """str, int, float, Path, or bool for a flag."""
    default: Any = None
    repeatable: bool = False
    split: Callable[[str, str], Any] | None = None
    """For a list in one word, like `a,b`: makes the list, or refuses it by the flag's name."""
    environment: str = ""
    """The environment variable that may give it, too."""
    aliases: tuple[str, ...] = ()
    """Names it had before; they still work and no help shows them."""
    in_file: bool = True
    """Whether [tool.raceway] may give it: not if it is about one run alone."""

    @property
    def flag(self) -> str:
        """Return it as it is typed."""
        return f"--{self.name}"

    @property
    def key(self) -> str:
        """Return the name of its value in code."""
        return self.name.replace("-", "_")

    def value(self, given: Any) -> Any:
        """Return what was given as it is used; SelectionError if it is a list that is none."""
        if given is None:
            return self.default
        if self.split:
            return self.split(given, self.flag)
        return tuple(given) if self.repeatable else given


def names(option: str, flag: str) -> tuple[str, ...]:
    """Split A,B,C, with or without blanks; SelectionError if nothing is between two commas."""
    words = tuple(word.strip() for word in option.split(","))
    if not all(words):
        raise SelectionError(f"{flag} {option!r}: give names, separated by commas")
    return words


def whole_numbers(option: str, flag: str) -> tuple[int, ...]:
    """Split 1,2,4; SelectionError if anything else is between the commas."""
    words = names(option, flag)
    if not all(word.isdecimal() for word in words):
        raise SelectionError(f"{flag} {option}: give whole numbers above 0, like 1,2,4")
    return tuple(map(int, words))
