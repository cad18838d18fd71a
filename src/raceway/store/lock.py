"""An advisory lock that the system drops when its process dies, however it dies.

POSIX: `flock`. Windows: one byte locked far beyond the end of any file. Where the file system
knows no locks, both functions raise OSError.
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
        """Take the lock, waiting up to ten seconds (then OSError) for a recovery to let it go."""
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
        """Take the lock, waiting for a recovery that looks into the file to let it go."""
        fcntl.flock(descriptor, fcntl.LOCK_EX)
