"""Files written aside, to be renamed once they are whole, and what a killed command leaves of them.

Whoever writes one holds a lock on it, so that the next command can tell one that was left behind.
"""

from __future__ import annotations

import os
import re
import secrets
import stat
from contextlib import suppress
from typing import TYPE_CHECKING

from raceway.store.lock import try_lock, wait_for_lock

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

BINARY = getattr(os, "O_BINARY", 0)
"""Keeps Windows from translating line ends."""
CAN_RENAME_OPEN = os.name != "nt"
"""Whether a file can be renamed, and so be locked, while it is open."""
_NAME = re.compile(r"\.(?P<stem>.+)\.[0-9a-f]{8}\.tmp", re.DOTALL)
_UNFOLLOWED = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


def open_aside(final: Path) -> tuple[Path, int]:
    """Begin a file beside `final`; return it with its locked descriptor. OSError if that fails."""
    while True:
        aside = final.with_name(f".{final.stem}.{secrets.token_hex(4)}.tmp")
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | BINARY, 0o666)
        if not CAN_RENAME_OPEN:
            return aside, descriptor
        with suppress(OSError):  # a file system without locks
            wait_for_lock(descriptor)
        if aside.exists():  # nobody has taken it for one that was left behind
            return aside, descriptor
        os.close(descriptor)


def clear_asides(folder: Path, is_ours: Callable[[str], bool]) -> None:
    """Remove what killed commands of this user left in a folder, if the stem of its name is ours.

    What is being written stays, and so does what cannot be locked or removed.
    """
    if not CAN_RENAME_OPEN:
        return
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            named = _NAME.fullmatch(entry.name)
            if named and is_ours(named["stem"]):
                with suppress(OSError):
                    _clear(entry.path)


def _clear(aside: str) -> None:
    status = os.lstat(aside)
    if not stat.S_ISREG(status.st_mode) or status.st_uid != os.getuid():
        return
    descriptor = os.open(aside, os.O_RDONLY | _UNFOLLOWED)
    try:
        if try_lock(descriptor):
            os.unlink(aside)  # noqa: PTH108 (a name from the system)
    finally:
        os.close(descriptor)
