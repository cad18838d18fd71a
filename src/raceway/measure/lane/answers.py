"""Inside a lane: compares the answers of another side with ours. Standard library only.

A revision that returns nothing is wrong, not faster, but cannot notice it alone.
"""

from __future__ import annotations

import base64
import pickle
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
        answers = pickle.loads(base64.b64decode(others))  # noqa: S301 (a lane's, for a lane)
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
