"""Inside a lane: checks that declared waits are true, and that tasks do not change arguments.

Standard library only.
"""

from __future__ import annotations

import pickle
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from raceway.measure.lane.equality import alike

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from raceway.case import Workload

FIXED = (int, float, complex, str, bytes, bool, type(None))
"""Types with immutable values."""
TRUE_FROM = 0.9
"""A declared wait must take at least this share of its time."""
LONGEST_SAMPLE_S = 1.0
"""Waits are not run for longer than this just to check them."""
CHANGED = "a task changes its argument: let it work on a copy, or every pass gets other work"


class ChangedArgumentError(Exception):
    """A task changed an argument, so that passes do different work."""


@dataclass(frozen=True, slots=True)
class Arguments:
    """The arguments of a pass as they were; without `noted`, they are not checked."""

    values: Sequence[Any]
    noted: bytes | None

    @classmethod
    def of(cls, values: Sequence[Any]) -> Arguments:
        """Note the arguments, unless they are immutable."""
        return cls(values, None if all(map(is_fixed, values)) else pickled(values))

    def check(self) -> None:
        """Raise ChangedArgumentError if a task changed an argument."""
        if self.noted is None or pickled(self.values) == self.noted:
            return
        if not self.equal_to_before():
            raise ChangedArgumentError(CHANGED)

    def equal_to_before(self) -> bool:
        """Whether the arguments are equal nevertheless: an object may have cached something."""
        try:
            return alike(pickle.loads(self.noted or b""), list(self.values))  # noqa: S301 (ours)
        except Exception:  # noqa: BLE001 (a user's __eq__)
            return False


def is_fixed(value: Any) -> bool:
    """Whether a value is immutable."""
    if isinstance(value, tuple):
        return all(map(is_fixed, value))
    return type(value) in FIXED


def pickled(values: Sequence[Any]) -> bytes | None:
    """Return the values as bytes; None if they cannot be pickled."""
    try:
        return pickle.dumps(list(values))
    except Exception:  # noqa: BLE001 (a user's object)
        return None


def false_wait(work: Workload, size: str, task: Callable[[Any], Any]) -> str:
    """Run a few tasks and return what is wrong with a declared wait; empty if nothing is.

    So waits are checked even if a pass of all tasks would take too long. Other lanes can only make
    them take longer, so there are no false reports.
    """
    if work.wait_s is None:
        return ""
    left_s = LONGEST_SAMPLE_S
    for argument in sample_of(work.sizes[size], work.wait_s):
        declared_s = work.wait_s(argument)
        left_s -= declared_s
        if left_s < 0:
            break
        start_s = time.perf_counter()
        task(argument)
        if said := short_wait(time.perf_counter() - start_s, declared_s):
            return said
    return ""


def sample_of(arguments: Sequence[Any], wait_s: Callable[[Any], float]) -> list[Any]:
    """Return arguments of a short, a usual and a long wait, as far as there are waits."""
    waiting = sorted((each for each in arguments if wait_s(each) > 0), key=wait_s)
    places = sorted({0, len(waiting) // 2, len(waiting) - 1})
    return [waiting[place] for place in places] if waiting else []


def short_wait(measured_s: float, declared_s: float) -> str:
    """Return what to say of a wait that was too short; empty if it was not."""
    if measured_s >= TRUE_FROM * declared_s:
        return ""
    return (
        f"a declared wait of {1e3 * declared_s:.3g} ms took {1e3 * measured_s:.3g} ms: fix wait_s"
    )
