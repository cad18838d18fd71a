"""How a command may end: every exit code of every command, in one table.

docs/exit-codes.md shows it to users; a test holds the two together.
"""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """What the exit code of `raceway` means."""

    DONE = 0
    FAILED = 1
    """Something is slower, or a case failed."""
    UNTOLD = 2
    """Nothing could be told."""
    WRONG_CALL = 4
    """Called wrongly, or something that can be mended stood in the way."""
    INTERRUPTED = 130
    """By Ctrl-C: 128 + SIGINT, as shells have it."""


SHOWS = "done"
ENDINGS: dict[str, dict[ExitCode, str]] = {
    "race": {
        ExitCode.DONE: "every case was measured, or left out with a reason",
        ExitCode.FAILED: "a case failed: it crashed, hung or answered wrongly",
        ExitCode.UNTOLD: "no case was measured",
    },
    "compare": {
        ExitCode.DONE: "nothing is slower",
        ExitCode.FAILED: "a case is slower, or failed in B",
        ExitCode.UNTOLD: "nothing could be told of any case",
    },
    "duel": {
        ExitCode.DONE: "nothing is slower, or `--fail-slower` was not given",
        ExitCode.FAILED: "a case failed on either side; with `--fail-slower`: B is slower",
        ExitCode.UNTOLD: "nothing could be told of any case",
    },
    "gate": {
        ExitCode.DONE: "nothing is slower",
        ExitCode.FAILED: "a case is slower, shown by a duel; or failed, or vanished",
        ExitCode.UNTOLD: "it could not be told; `--unclear` says when that counts",
    },
    "doctor": {
        ExitCode.DONE: SHOWS,
        ExitCode.FAILED: "with `--strict`: something is bad",
    },
    "report": {ExitCode.DONE: SHOWS},
    "history": {ExitCode.DONE: SHOWS},
    "list": {ExitCode.DONE: SHOWS},
    "baseline": {ExitCode.DONE: SHOWS},
    "recover": {ExitCode.DONE: SHOWS},
}
"""By command: what each code means there. Wrong calls and interruptions end all commands alike."""
