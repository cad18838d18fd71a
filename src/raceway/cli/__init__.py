"""Door 2: the `raceway` command. One file per command, imported only when called."""

from __future__ import annotations

import gc
import os
import sys

from raceway.cli.missing import leave
from raceway.errors import ExitCode, RacewayError

try:
    from typer.exceptions import Abort, TyperException

    from raceway.cli.app import app
    from raceway.cli.words import warn
    from raceway.store.trouble import FULL, reason, remedy
except ModuleNotFoundError as error:
    leave(error)

__all__ = ["app", "main"]

GARBAGE = 50_000
"""New objects between garbage collections: a command makes little garbage and soon ends."""


def main() -> None:
    """Run the command; a RacewayError or wrong call is one line and exit code 4."""
    gc.set_threshold(GARBAGE)
    try:
        sys.exit(app(prog_name="raceway", standalone_mode=False))
    except RacewayError as error:
        warn([f"raceway: {error}"])
        sys.exit(error.exit_code)
    except TyperException as error:
        if message := error.format_message():
            warn([f"raceway: {message} (see raceway --help)"])
        sys.exit(RacewayError.exit_code)
    except (KeyboardInterrupt, Abort):
        sys.exit(ExitCode.INTERRUPTED)
    except BrokenPipeError:
        _silence()
        sys.exit(1)
    except ModuleNotFoundError as error:
        leave(error)
    except OSError as error:
        if error.errno not in FULL:
            raise
        _silence()
        warn([f"raceway: cannot write ({reason(error)}). {remedy(error)}"])
        sys.exit(RacewayError.exit_code)


def _silence() -> None:
    """Discard further output."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
