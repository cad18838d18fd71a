"""Other interpreters that tests are given, in the words of `--interpreter`.

`TEST_INTERPRETERS="3.14=/usr/bin/python3.14; pypy=pypy3" pytest tests/models`
"""

from __future__ import annotations

import os
import sys

from raceway.case import CURRENT
from raceway.plan.selection import parse_interpreter

VARIABLE = "TEST_INTERPRETERS"


def given_interpreters() -> dict[str, tuple[str, ...]]:
    """Return the command of the current interpreter, and of those given, by label."""
    given = filter(None, map(str.strip, os.environ.get(VARIABLE, "").split(";")))
    return {CURRENT: (sys.executable,), **dict(parse_interpreter(each, VARIABLE) for each in given)}
