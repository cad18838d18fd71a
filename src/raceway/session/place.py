"""Where a command was started."""

from __future__ import annotations

import os

from raceway.errors import SelectionError


def check_place() -> None:
    """Raise SelectionError if the current folder, from which paths begin, cannot be used."""
    try:
        os.getcwd()  # noqa: PTH109 (never mind its name)
    except FileNotFoundError:
        message = "the current folder was removed; change to one that exists"
        raise SelectionError(message) from None
    except OSError as error:
        from raceway.store.trouble import reason  # noqa: PLC0415 (slow, and hardly ever needed)

        message = f"the current folder cannot be used ({reason(error)}); change to another one"
        raise SelectionError(message) from None
