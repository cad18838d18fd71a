"""Door 2: the `raceway` command. One file per command, imported only when called."""

from __future__ import annotations

import gc
import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from raceway import interruption
from raceway.cli.missing import leave
from raceway.errors import ExitCode, RacewayError

try:
    from typer.exceptions import Abort, TyperException

    from raceway.cli.app import app
    from raceway.cli.words import warn
    from raceway.store.trouble import FULL, reason, remedy
except ModuleNotFoundError as error:
    leave(error)
except KeyboardInterrupt:  # where others import this
    interruption.leave()

if TYPE_CHECKING:
    from typing import TextIO

__all__ = ["app", "main"]

GARBAGE = 50_000
"""New objects between garbage collections: a command makes little garbage and soon ends."""


def main() -> None:
    """Run the command and exit; if nobody reads what it says any more, without a word."""
    gc.set_threshold(GARBAGE)
    try:
        code = ended()
    except (BrokenPipeError, SystemExit) as error:  # rich turns the former into the latter
        if BrokenPipeError not in {type(error), type(error.__context__)}:
            raise
        _silence(sys.stdout, sys.stderr)
        code = ExitCode.UNREAD
    finally:
        interruption.over()
    if code == ExitCode.INTERRUPTED:
        warn([interruption.SAID])
    sys.exit(code)


def ended() -> int:
    """Run the command; a RacewayError or wrong call is one line. Return the exit code."""
    try:
        code = app(prog_name="raceway", standalone_mode=False)
        if sys.stdout is not None:
            sys.stdout.flush()
    except RacewayError as error:
        message, *notes = error.lines()
        warn([f"raceway: {message}", *notes])
        return error.exit_code
    except TyperException as error:
        if message := error.format_message():
            warn([f"raceway: {message} (see raceway --help)"])
        return RacewayError.exit_code
    except (KeyboardInterrupt, Abort):
        return ExitCode.INTERRUPTED
    except ModuleNotFoundError as error:
        leave(error)
    except OSError as error:
        if error.errno not in FULL:
            raise
        _silence(sys.stdout)
        warn([f"raceway: cannot write ({reason(error)}). {remedy(error)}"])
        return RacewayError.exit_code
    return int(code or ExitCode.DONE)


def _silence(*streams: TextIO) -> None:
    """Discard what is still to be written to these."""
    for stream in streams:
        with suppress(OSError, ValueError):  # closed, or no file
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
