"""What `raceway race module:function` is told about a call, in the words of the command line."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from raceway.errors import SelectionError, TargetError
from raceway.plan.target.items import items_from, items_of, kwargs_of
from raceway.plan.target.lookup import FORM, found
from raceway.plan.target.target import Target

if TYPE_CHECKING:
    from collections.abc import Sequence

    from raceway.plan.target.binding import Found

REFERENCE = "MODULE:FUNCTION"
PANEL = "What to call a function with"


def option(metavar: str, meaning: str, *flags: str) -> Any:
    """Return typer's description of an option of a call."""
    return typer.Option(*flags, metavar=metavar, help=meaning, rich_help_panel=PANEL)


Items = Annotated[str | None, option("JSON", "The items: a list, such as '[1, 2, 3]'.")]
ItemsFrom = Annotated[
    Path | None, option("FILE", "The items: a .json, .jsonl, .csv or .txt, a line an item.")
]
Kwargs = Annotated[str | None, option("JSON", "Keyword arguments of each call: an object.")]
Repeat = Annotated[int | None, option("N", "Go through the items so often in a pass.")]
Setup = Annotated[str | None, option(REFERENCE, "Called once in each process before its tasks.")]
Agrees = Annotated[
    str | None,
    option(REFERENCE, "Says whether an answer is as good as the expected one, instead of ==."),
]
Async = Annotated[
    str | None,
    option(REFERENCE, "The same as a coroutine function, to race on event loops.", "--async"),
]


@dataclass(frozen=True, slots=True)
class Call:
    """The options of a call, as typed."""

    items: str | None
    items_from: Path | None
    kwargs: str | None
    repeat: int | None
    setup: str | None
    agrees: str | None
    awaited: str | None

    def target(self, reference: str) -> Target:
        """Return the function a reference names with all it is called with; TargetError if none."""
        function = found(reference)
        return Target.of(
            function,
            self.given_items(reference),
            kwargs=kwargs_of(self.kwargs) if self.kwargs is not None else None,
            repeat=1 if self.repeat is None else self.repeat,
            setup=named(self.setup, "--setup"),
            agrees=named(self.agrees, "--agrees"),
            async_function=named(self.awaited, "--async"),
        )

    def given_items(self, reference: str) -> list[Any]:
        """Return the items; TargetError unless they are given once."""
        if self.items is not None and self.items_from is not None:
            raise TargetError("--items and --items-from: give one of them")
        if self.items is not None:
            return items_of(self.items)
        if self.items_from is not None:
            return items_from(self.items_from)
        raise TargetError(
            f"{reference}: nothing to call it with; give --items '[…]' or --items-from FILE"
        )

    def refuse(self) -> None:
        """Raise SelectionError for an option that only the call of a function has."""
        for each in fields(self):
            if getattr(self, each.name) is not None:
                flag = "async" if each.name == "awaited" else each.name.replace("_", "-")
                raise SelectionError(f"--{flag}: only for a function; {FORM}")


def named(reference: str | None, flag: str) -> Found | None:
    """Return the object that an option names, if it is given; errors tell the option."""
    if reference is None:
        return None
    try:
        function = found(reference)
    except TargetError as error:
        raise TargetError(f"{flag} {error}") from None
    if not callable(function.value):
        kind = type(function.value).__name__
        raise TargetError(f"{flag} {reference}: of type {kind}, which cannot be called; {FORM}")
    return function


def reference_in(words: Sequence[str]) -> str | None:
    """Return the only function among what is to be raced; None if there are files alone.

    SelectionError for a function beside anything else, and for what is neither.
    """
    references = [word for word in words if is_reference(word)]
    if references and len(words) > 1:
        raise SelectionError(f"{' '.join(words)}: race one function at a time, without files")
    for word in words:
        if word not in references and not word.endswith(".py") and not Path(word).exists():
            raise SelectionError(f"{word}: no such file; {FORM} to race a function")
    return references[0] if references else None


def is_reference(word: str) -> bool:
    """Whether a word names a function, not a file."""
    return ":" in word and not word.endswith(".py") and not Path(word).exists()
