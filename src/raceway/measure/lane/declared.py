"""Inside a lane: is what a workload declares true? Its waits, and that tasks leave their arguments.

Standard library only.
"""

from __future__ import annotations

import pickle
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from raceway.case import Workload

FIXED = (int, float, complex, str, bytes, bool, type(None))
"""Types whose values nobody can change."""
TRUE_FROM = 0.9
"""Share of a declared wait that must have been waited."""
LONGEST_SAMPLE_S = 1.0
"""A task that waits longer is not run only to check that it does."""
CHANGED = "a task changes its argument: let it work on a copy, or every pass gets other work"


class ChangedArgumentError(Exception):
    """A task has changed an argument, so that no pass does the work of the one before."""


@dataclass(frozen=True, slots=True)
class Arguments:
    """The arguments of a pass as they were; with nothing noted, they cannot be checked."""

    values: Sequence[Any]
    noted: bytes | None

    @classmethod
    def of(cls, values: Sequence[Any]) -> Arguments:
        """Note what the arguments are, unless nobody can change them anyway."""
        return cls(values, None if all(map(is_fixed, values)) else pickled(values))

    def check(self) -> None:
        """Raise ChangedArgumentError if a task has changed one."""
        if self.noted is None or pickled(self.values) == self.noted:
            return
        if not self.equal_to_before():
            raise ChangedArgumentError(CHANGED)

    def equal_to_before(self) -> bool:
        """Whether they are equal all the same: an object may have kept something for itself."""
        try:
            return bool(list(pickle.loads(self.noted or b"")) == list(self.values))  # noqa: S301 (ours)
        except Exception:  # noqa: BLE001 (a user's __eq__)
            return False


def is_fixed(value: Any) -> bool:
    """Whether a value is one that nobody can change."""
    if isinstance(value, tuple):
        return all(map(is_fixed, value))
    return type(value) in FIXED


def pickled(values: Sequence[Any]) -> bytes | None:
    """Return the values as bytes; None if that cannot be."""
    try:
        return pickle.dumps(list(values))
    except Exception:  # noqa: BLE001 (a user's object)
        return None


def false_wait(work: Workload, size: str, task: Callable[[Any], Any]) -> str:
    """Return what is wrong with the declared waits, by running one task; nothing if they are true.

    So waits are measured even where a pass of all tasks would take too long. Of several runs
    beside one another each can only take longer, so that none is blamed falsely.
    """
    if work.wait_s is None:
        return ""
    argument = min(work.sizes[size], key=work.wait_s)
    declared_s = work.wait_s(argument)
    if not 0 < declared_s <= LONGEST_SAMPLE_S:
        return ""
    start_s = time.perf_counter()
    task(argument)
    return short_wait(time.perf_counter() - start_s, declared_s)


def short_wait(measured_s: float, declared_s: float) -> str:
    """Return what to say of a wait that was not waited; nothing if it was."""
    if measured_s >= TRUE_FROM * declared_s:
        return ""
    return (
        f"a declared wait of {1e3 * declared_s:.3g} ms took {1e3 * measured_s:.3g} ms: mend wait_s"
    )
