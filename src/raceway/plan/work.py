"""A digest of what a workload does at one size, which tells when times are of other work.

What is bound to a task besides its argument, such as keyword arguments and a setup, is part of it.
"""

from __future__ import annotations

import hashlib
import inspect
import pickle
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from raceway.case import Workload

BOUND = "raceway_bound"
"""The attribute by which a generated task tells what it is called with besides its argument."""
PROTOCOL = 4
"""pickle's: old enough for every interpreter, so that their digests agree."""
DIGITS = 16


def work_digest(work: Workload, size: str) -> str:
    """Return a digest of the task's source and the arguments; empty if they cannot be read."""
    arguments, bound = content_of(work.sizes[size]), content_of(bound_to(work.task))
    if arguments is None or bound is None:
        return ""
    functions = (work.task, work.async_task, work.setup, work.async_setup)
    task = "".join(map(source_of, (*functions, work.server, work.fresh)))
    return hashlib.sha256(task.encode() + arguments + bound).hexdigest()[:DIGITS]


def bound_to(task: Callable[..., Any]) -> list[Any]:
    """Return what a task is called with besides its argument, functions as their source."""
    bound = getattr(task, BOUND, {})
    return [
        each
        for name, value in sorted(bound.items())
        for each in (name, source_of(value) if callable(value) else value)
    ]


def source_of(function: Callable[..., Any] | None) -> str:
    """Return a function's source, or its name if it has none, such as `math.factorial`."""
    if function is None:
        return ""
    try:
        return inspect.getsource(function)
    except (OSError, TypeError):
        return str(getattr(function, "__qualname__", type(function).__name__))


def content_of(arguments: Sequence[Any]) -> bytes | None:
    """Return the arguments as bytes, each pickled separately; None if they cannot be pickled.

    Sets are sorted first: each process has them in an order of its own.
    """
    ordered = (
        sorted(each, key=repr) if isinstance(each, (set, frozenset)) else each for each in arguments
    )
    try:
        return b"".join(pickle.dumps(each, PROTOCOL) for each in ordered)
    except Exception:  # noqa: BLE001 (a user's object)
        return None
