"""How long each phase of a group's launch took, for whoever wants to shorten it."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

Result = TypeVar("Result")


@dataclass(slots=True)
class Phases:
    """The seconds of each phase so far, by name."""

    clock: Callable[[], float] = time.monotonic
    """Another clock may count CPU time, as that of tools/phases.py does."""
    seconds: dict[str, float] = field(default_factory=dict)

    async def during(self, name: str, work: Awaitable[Result]) -> Result:
        """Await something, and add how long that took to a phase."""
        start_s = self.clock()
        try:
            return await work
        finally:
            took_s = self.clock() - start_s
            self.seconds[name] = round(self.seconds.get(name, 0.0) + took_s, 4)
