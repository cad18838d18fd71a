"""Ctrl-C in a command: it ends imports at once, then is heard once, and no more in the end.

A KeyboardInterrupt among imports prints tracebacks of Python's own, or is swallowed. This module
comes before everything else, so it imports next to nothing.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType

CODE = 130
"""`ExitCode.INTERRUPTED`, which takes long to import."""
SAID = "raceway: interrupted"
DEAF_S = 10.0
"""How long cleaning up may take before Ctrl-C is heard again."""


def leave(*_: object) -> None:
    """Exit with a line: nothing has begun that would have to be cleaned up."""
    try:
        os.write(2, f"{SAID}\n".encode())
    finally:
        os._exit(CODE)


try:
    import signal
    import time
except KeyboardInterrupt:
    leave()

_heard_s: list[float] = []
"""When Ctrl-C was heard last, by the monotonic clock."""


def leave_at_once() -> None:
    """Let Ctrl-C end this process, unless it is ignored, as in the background of a shell."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, leave)


def raise_once() -> None:
    """Let Ctrl-C raise KeyboardInterrupt from now on, if it would end this process."""
    if signal.getsignal(signal.SIGINT) is leave:
        signal.signal(signal.SIGINT, interrupt)


def over() -> None:
    """Let Ctrl-C no more disturb how this process ends, if it was heard by this module."""
    if signal.getsignal(signal.SIGINT) in {leave, interrupt}:
        signal.signal(signal.SIGINT, signal.SIG_IGN)


def interrupt(_number: int, _frame: FrameType | None) -> None:
    """Raise KeyboardInterrupt, but not again soon: that would cut cleaning up short."""
    if is_first():
        raise KeyboardInterrupt


def is_first() -> bool:
    """Whether Ctrl-C was not heard for a while; now it was."""
    now_s = time.monotonic()
    first = not _heard_s or now_s - _heard_s[-1] > DEAF_S
    if first:
        _heard_s[:] = [now_s]
    return first
