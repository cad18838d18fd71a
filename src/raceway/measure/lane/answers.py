"""Inside a lane: compares the answers of another side with ours. Standard library only.

A revision that returns nothing is wrong, not faster, but cannot notice it alone.
"""

from __future__ import annotations

import base64
import io
import pickle
import sys
from typing import TYPE_CHECKING

from raceway.measure.lane.verification import quoted

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from raceway.measure.lane.verification import Tasks

PROTOCOL = 4
"""The pickle protocol: known to every supported interpreter."""
MOST_BYTES = 2**23
"""Larger answers are not sent to other lanes, and so not compared."""

VALUES = {
    "array.array", "builtins.bytearray", "builtins.complex", "builtins.frozenset",
    "builtins.range", "builtins.set", "builtins.slice", "collections.Counter",
    "collections.OrderedDict", "collections.defaultdict", "collections.deque", "datetime.date",
    "datetime.datetime", "datetime.timedelta", "datetime.timezone", "decimal.Decimal",
    "fractions.Fraction", "uuid.UUID",
}  # fmt: skip
"""What answers may name of the standard library: values, nothing that acts."""
NUMPY = {"_reconstruct", "scalar", "_frombuffer"}
"""The functions that build numpy's arrays."""


class AnswerUnpickler(pickle.Unpickler):
    """Reads answers from another machine, which must not be able to run anything here."""

    def find_class(self, module: str, name: str) -> Any:
        """Return a class of values; UnpicklingError for whatever may do more."""
        room = module.partition(".")[0]
        known = f"{module}.{name}" in VALUES or (room == "numpy" and name in NUMPY)
        if known or room not in sys.stdlib_module_names:  # importing some of those acts, too
            found = super().find_class(module, name)
            if known or (isinstance(found, type) and home_of(found) not in sys.stdlib_module_names):
                return found
        raise pickle.UnpicklingError(f"{module}.{name} is not a class of values")


def home_of(found: type) -> str:
    """Return the package that defines a class, under whatever name it was reached."""
    return found.__module__.partition(".")[0]


def packed(answers: Sequence[Any]) -> str:
    """Return answers as text for another lane; empty if they cannot be sent."""
    try:
        content = pickle.dumps(list(answers), PROTOCOL)
    except Exception:  # noqa: BLE001 (a user's object)
        return ""
    return base64.b64encode(content).decode() if len(content) <= MOST_BYTES else ""


def difference(tasks: Tasks, others: str) -> str:
    """Return how another side's answers differ from ours, by the workload's own `agrees`.

    Empty if they do not differ, or cannot be read.
    """
    try:
        answers = AnswerUnpickler(io.BytesIO(base64.b64decode(others))).load()
    except Exception:  # noqa: BLE001 (a class that this side does not have)
        return ""
    count = len(tasks.expected)
    if len(answers) != count:
        return f"{len(answers)} answers instead of {count}"
    for number, (answer, ours) in enumerate(zip(answers, tasks.expected, strict=True)):
        if not _agree(tasks, answer, ours):
            return f"task {number + 1} of {count} gives {quoted(answer)} instead of {quoted(ours)}"
    return ""


def _agree(tasks: Tasks, answer: Any, ours: Any) -> bool:
    try:
        return bool(tasks.agrees(answer, ours))
    except Exception:  # noqa: BLE001 (a user's function that never saw such an answer)
        return False
