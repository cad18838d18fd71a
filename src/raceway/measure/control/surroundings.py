"""The environment variables of a lane."""

from __future__ import annotations

import os

FOLLOWS = ("COVERAGE_PROCESS_", "COV_CORE_")
"""How variables begin by which coverage follows a program into its subprocesses."""


def surroundings() -> dict[str, str]:
    """Return this process's variables, without those that would trace what lanes time."""
    return {name: value for name, value in os.environ.items() if not name.startswith(FOLLOWS)}
