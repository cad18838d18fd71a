"""Inside a lane: how workers of a broken pool ended. Standard library only."""

from __future__ import annotations

import gc
import signal
import sys
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

PATIENCE_S = 1.0
"""A worker's end may be noticed before its exit code is."""
ENDED_BY_POOL = (-signal.SIGTERM, -getattr(signal, "SIGKILL", signal.SIGTERM))
"""How a pool ends the other workers once one has died: by SIGTERM, but loky by SIGKILL."""
LOKY = frozenset({"loky", "joblib.externals.loky"})
_breaks: list[str] = []
"""Tracebacks of why pools broke, latest last; empty where a worker died."""


def note_breaks() -> None:
    """Note why a pool of `concurrent.futures` breaks from now on, if it is in use here.

    Whoever hands over a task afterwards hears only that it is broken.
    """
    process = sys.modules.get("concurrent.futures.process")
    manager = getattr(process, "_ExecutorManagerThread", None)
    end = getattr(manager, "terminate_broken", None)
    if manager is None or end is None or getattr(end, "notes", False):
        return

    def terminate_broken(thread: Any, cause: Sequence[str] | None, *more: Any) -> None:
        _breaks.append("".join(cause or ()))
        end(thread, cause, *more)

    terminate_broken.notes = True  # type: ignore[attr-defined]
    manager.terminate_broken = terminate_broken


def last_break() -> str:
    """Return the traceback of why a pool broke last; empty if none did, or a worker died."""
    return _breaks[-1] if _breaks else ""


def exit_code_of_dead() -> int | None:
    """Return the exit code of the worker that died first, by all that is known; None if unknown."""
    gc.collect()  # workers of earlier pools, which ended well
    deadline_s = time.monotonic() + PATIENCE_S
    while True:
        codes = list(exit_codes())
        own = [code for code in codes if code not in (*ENDED_BY_POOL, 0)]
        if own:
            return own[0]
        if time.monotonic() > deadline_s:
            telling = min if LOKY & sys.modules.keys() else max
            return 0 if 0 in codes else telling(codes, default=None)
        time.sleep(PATIENCE_S / 50)


def exit_codes() -> Iterator[int]:
    """Yield the exit codes of multiprocessing's children that have ended.

    Pools forget their workers, but the objects are still there.
    """
    processes = sys.modules.get("multiprocessing.process")
    if processes is None:
        return
    for each in gc.get_objects():
        if issubclass(type(each), processes.BaseProcess):
            try:
                code = each.exitcode
            except (AssertionError, OSError, ValueError):  # not our child, or closed
                continue
            if code is not None:
                yield code


def ending(code: int) -> str:
    """Return how a process ended."""
    if code >= 0:
        return f"exited with code {code}"
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = f"signal {-code}"
    memory = ", as the system does where memory runs out," if name == "SIGKILL" else ""
    return f"was killed by {name}{memory}"
