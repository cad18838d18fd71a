"""Errors that users can fix, and how a command may end because of them."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Self


class ExitCode(IntEnum):
    """The exit codes of `raceway`."""

    DONE = 0
    FAILED = 1
    """Something is slower, or a case failed."""
    UNTOLD = 2
    """Nothing could be decided."""
    WRONG_CALL = 4
    """Called wrongly, or failed for a reason that the user can fix."""
    INTERRUPTED = 130
    """By Ctrl-C: 128 + SIGINT, as in shells."""
    UNREAD = 141
    """Nobody read the output any more: 128 + SIGPIPE, as in shells."""


class RacewayError(Exception):
    """Something the user can fix. Commands print it as one line and exit with `exit_code`.

    What another program said of it follows as notes, a line each.
    """

    exit_code = ExitCode.WRONG_CALL

    def lines(self) -> list[str]:
        """Return the message, then its notes."""
        return [str(self), *getattr(self, "__notes__", ())]

    def with_notes(self, text: str) -> Self:
        """Return itself, with each line of a text as a note."""
        for line in text.splitlines():
            self.add_note(line)
        return self


class SelectionError(RacewayError):
    """The options name a model, workload, size, device or interpreter that cannot be raced."""


class CatalogueError(RacewayError):
    """A model or workload file does not define what it must."""


class TargetError(RacewayError):
    """A function to race, or what to call it with, cannot be used."""


class LaneError(RacewayError):
    """A lane crashed, hung or broke the protocol; its case has failed."""


class StoreError(RacewayError):
    """A run could not be written or read."""
