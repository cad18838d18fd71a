"""Inside a lane: what of a case cannot be sent to workers in other processes, and what to do.

Standard library only.
"""

from __future__ import annotations

import pickle
from itertools import islice
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raceway.measure.lane.verification import Tasks

MOST_TRIED = 1_000
"""Arguments and answers that are tried."""
LONGEST = 160
"""Characters of an exception that are quoted."""
OTHERWISE = "or race models without processes: --models serial,threads"


def concerns_pickling(error: BaseException) -> bool:
    """Whether an exception may come from sending something to another process."""
    text = f"{type(error).__name__} {text_of(error)}".lower()
    return any(word in text for word in ("pickl", "error sending result", "can't get attribute"))


def unpicklable(tasks: Tasks) -> str:
    """Return what cannot be sent to another process, with the remedy; empty if all can."""
    for what, value, remedy in parts_of(tasks):
        if why := failure_of(value):
            return f"{what} cannot be sent to another process ({why}): {remedy}, {OTHERWISE}"
    return ""


def parts_of(tasks: Tasks) -> Iterator[tuple[str, Any, str]]:
    """Yield all that a pool of processes must send, with the remedy if it cannot be sent."""
    yield "the task", tasks.task, "define it with def at the top of a module"
    count = len(tasks.arguments)
    for number, value in enumerate(islice(tasks.arguments, MOST_TRIED)):
        remedy = "give plain values, and let the task open or build what it needs"
        yield f"argument {number + 1} of {count}", value, remedy
    for number, value in enumerate(islice(tasks.expected, MOST_TRIED)):
        remedy = "let the task return plain values, such as list(…)"
        yield f"the answer of task {number + 1} of {count}", value, remedy


def failure_of(value: Any) -> str:
    """Return why a value cannot be pickled or read back; empty if it can."""
    try:
        content = pickle.dumps(value)
    except Exception as error:  # noqa: BLE001 (a user's object)
        return "" if can_be_forked(value) else quoted(error)
    try:
        pickle.loads(content)  # noqa: S301 (made here)
    except Exception as error:  # noqa: BLE001 (as above)
        return f"reading it back: {quoted(error)}"
    return ""


def can_be_forked(value: Any) -> bool:
    """Whether multiprocessing's own pickler, with what libraries have registered, can do it."""
    from multiprocessing.reduction import ForkingPickler  # noqa: PLC0415 (after a failure only)

    try:
        ForkingPickler.dumps(value)
    except Exception:  # noqa: BLE001 (a user's object)
        return False
    return True


def quoted(error: BaseException) -> str:
    """Return an exception on one line, bounded."""
    text = f"{type(error).__name__}: {text_of(error)}"
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def text_of(error: BaseException) -> str:
    """Return an exception's text on one line."""
    try:
        return " ".join(str(error).split())
    except Exception as broken:  # noqa: BLE001 (a user's exception)
        return f"not printable: {broken!r}"
