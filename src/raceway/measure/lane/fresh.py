"""Inside a lane: arguments made anew before each pass, for tasks that change theirs.

Standard library only.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class Fresh:
    """The arguments of a pass. Models read the same list again and again; its content is new."""

    def __init__(self, make: Callable[[Any], Any], originals: Sequence[Any]) -> None:
        """Make the first ones."""
        self.make, self.originals = make, originals
        self.arguments = list(map(make, originals))
        self.cpu_s = 0.0
        """CPU time spent on making them since it was last taken."""

    def one(self, number: int) -> Any:
        """Return one argument, new."""
        return self.make(self.originals[number])

    def renew(self) -> None:
        """Make all of them anew."""
        start_s = time.process_time()
        self.arguments[:] = map(self.make, self.originals)
        self.cpu_s += time.process_time() - start_s

    def taken_cpu_s(self) -> float:
        """Return the CPU time spent on making them since this was last called."""
        taken_s, self.cpu_s = self.cpu_s, 0.0
        return taken_s
