"""The user's cache folder, for what takes long to make; all of it may be deleted.

A file that is unreadable, damaged, a link, another user's or of another version counts as missing.
Failures to write are ignored. Only files that we wrote are ever deleted.
"""

from __future__ import annotations

import os
import stat
import time
import zlib
from contextlib import suppress
from typing import TYPE_CHECKING

from platformdirs import user_cache_path

from raceway.store.asides import clear_asides
from raceway.store.disk import read_regular, write_whole
from raceway.store.strict import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MAGIC = b"raceway cache"
UNUSED_S = 90 * 24 * 3600
"""Files unused for so long are deleted when another is written."""


def cache_folder() -> Path:
    """Return the cache folder; RuntimeError if the user has no home.

    A path that is not absolute, as of a user without a home or in XDG_CACHE_HOME, is none.
    """
    folder = user_cache_path("raceway", appauthor=False)
    if not folder.is_absolute():
        raise RuntimeError
    return folder


def clear_dead() -> None:
    """Remove what killed commands were writing into the cache."""
    with suppress(RuntimeError):
        if _is_own(cache_folder(), stat.S_ISDIR):
            clear_asides(cache_folder(), bool)


def read_cache(name: str, version: str) -> memoryview | None:
    """Return what this version cached under the name; None if there is nothing."""
    try:
        path = cache_folder() / name
        if not (_is_own(path.parent, stat.S_ISDIR) and _is_own(path, stat.S_ISREG)):
            return None
        content = read_regular(path)
    except (UnreadableError, RuntimeError):
        return None
    with suppress(OSError):
        os.utime(path)
    head, _, _ = content[:256].partition(b"\n")
    body = memoryview(content)[len(head) + 1 :]
    return body if head == _head(version, body) else None


def write_cache(name: str, version: str, body: bytes) -> None:
    """Cache something under the name, whole or not at all; it replaces what was there."""
    with suppress(OSError, RuntimeError):
        folder = cache_folder()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not _is_own(folder, stat.S_ISDIR):
            return
        path = folder / name
        if path.is_symlink():
            path.unlink()
        write_whole(path, b"\n".join((_head(version, body), body)), lasting=False)
        _forget_unused(folder)


def _is_own(path: Path, is_kind: Callable[[int], bool]) -> bool:
    """Whether a file or folder is the user's own, no link, and not everybody may write to it."""
    try:
        status = path.lstat()
    except OSError:
        return False
    if os.name == "nt":
        return is_kind(status.st_mode)
    foreign = status.st_uid != os.getuid() or status.st_mode & stat.S_IWOTH
    return is_kind(status.st_mode) and not foreign


def _is_ours(path: Path) -> bool:
    """Whether we wrote a file of the cache folder."""
    if not _is_own(path, stat.S_ISREG):
        return False
    with path.open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC


def _head(version: str, body: bytes | memoryview) -> bytes:
    return b"%s %s %08x" % (MAGIC, version.encode(), zlib.crc32(body))


def _forget_unused(folder: Path) -> None:
    now = time.time()
    for path in folder.iterdir():
        with suppress(OSError):
            if now - path.lstat().st_mtime > UNUSED_S and _is_ours(path):
                path.unlink()
