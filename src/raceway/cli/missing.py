"""What a command says where a package that it needs is not installed."""

from __future__ import annotations

import sys
from typing import NoReturn

from raceway.errors import RacewayError
from raceway.text.printable import printable


def leave(error: ModuleNotFoundError) -> NoReturn:
    """Say in one line what to install, and exit; a module of our own that is missing is a bug."""
    package = (error.name or "raceway").partition(".")[0]
    if package == "raceway":
        raise error
    remedy = f"{sys.executable} -m pip install {package}"
    message = printable(f"raceway needs {package}, not installed in {sys.executable}: {remedy}")
    print(message, file=sys.stderr)  # noqa: T201 (a message)
    sys.exit(RacewayError.exit_code)
