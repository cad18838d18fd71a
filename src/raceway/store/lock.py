"""An advisory lock that the system releases when its process dies, however it dies.

POSIX: `flock`. Windows: a byte far beyond the end of any file. Both functions raise OSError if the
file system has no locks.
"""

from __future__ import annotations

import os
import sys

if sys.platform == "win32":
    import msvcrt

    _BEYOND_ANY_FILE = 1 << 40

    def try_lock(descriptor: int) -> bool:
        """Take the lock if nobody holds it; return whether it was taken."""
        os.lseek(descriptor, _BEYOND_ANY_FILE, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except PermissionError:
            return False
        return True

    def wait_for_lock(descriptor: int) -> None:
        """Take the lock, waiting up to ten seconds for a recovery to release it; then OSError."""
        os.lseek(descriptor, _BEYOND_ANY_FILE, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_LOCK, 1)

else:
    import fcntl

    def try_lock(descriptor: int) -> bool:
        """Take the lock if nobody holds it; return whether it was taken."""
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def wait_for_lock(descriptor: int) -> None:
        """Take the lock, waiting for a recovery that inspects the file to release it."""
        fcntl.flock(descriptor, fcntl.LOCK_EX)
