"""The environment variables of a lane."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from raceway.measure.lane.settings import is_out

if TYPE_CHECKING:
    from collections.abc import Mapping


def surroundings(environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return this process's variables, without those that would trace or slow what lanes time."""
    return {name: value for name, value in environment.items() if not is_out(name)}
