"""Error messages about files: one line with what, where, and what to do."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

from raceway.errors import StoreError
from raceway.text.printable import printable

if TYPE_CHECKING:
    from pathlib import Path

    from raceway.store.strict import UnreadableError

FULL = frozenset({errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)})
"""Errors of a full disk."""
_FORBIDDEN = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})


def cannot(action: str, path: Path, error: OSError) -> StoreError:
    """Return the error to raise if the system refused to `action` the file."""
    return StoreError(f"{printable(path)}: cannot {action} ({reason(error)}). {remedy(error)}")


def located(path: Path, error: UnreadableError) -> StoreError:
    """Return the error to raise if a file's content is unreadable."""
    return StoreError(f"{printable(path)}: {error.reason}. {error.remedy}")


def reason(error: OSError) -> str:
    """Return the system's message, without file names."""
    return error.strerror or type(error).__name__


def remedy(error: OSError) -> str:
    """Return what users can do about it."""
    if error.errno in FULL:
        return "Free some space there, or choose another folder."
    if error.errno in _FORBIDDEN:
        return "Make it accessible to this user, or choose another folder."
    return "Check the folder and its disk, or choose another folder."
