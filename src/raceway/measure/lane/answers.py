"""Inside a lane: are the answers of another side the same as ours? Standard library only.

A revision that returns nothing is wrong, not faster; alone it cannot know.
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
"""Of pickle: old enough for every interpreter."""
MOST_BYTES = 2**23
"""Of answers that travel from one lane to another; larger ones are not compared."""


def packed(answers: Sequence[Any]) -> str:
    """Return answers as text that another lane can read; nothing if they cannot travel."""
    try:
        content = pickle.dumps(list(answers), PROTOCOL)
    except Exception:  # noqa: BLE001 (a user's object)
        return ""
    return base64.b64encode(content).decode() if len(content) <= MOST_BYTES else ""


def difference(tasks: Tasks, others: str) -> str:
    """Return how another side's answers differ from ours, by the workload's own `agrees`.

    Nothing if they do not, or could not travel.
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
