"""A session's temporary folder, and the reaper that removes it with all processes.

All that a session makes for a while lies in one folder, which is locked while the session lives.
The reaper is a small process that outlives a killed session and cleans up after it
(`raceway.measure.scratch.reaping`). Where that was killed too, the next command does.
"""

from __future__ import annotations

import os
import re
import secrets
import stat
import subprocess
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from raceway.errors import StoreError
from raceway.measure.scratch import reaping
from raceway.measure.scratch.reaping import MARK, REPOSITORIES, end_all, remove
from raceway.store.lock import try_lock, wait_for_lock
from raceway.store.trouble import reason

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PREFIX = "raceway-"
_NAME = re.compile(rf"{PREFIX}[0-9a-f]{{8}}")
LONGEST_PATH = 40
"""Bytes of a lane's folder: sockets in it have names of 107 at most."""
_LONGEST_NAME = len("/raceway-01234567/9999")


@dataclass(slots=True)
class Reaper:
    """The session's side of the reaper; on Windows, which has no groups, there is no process."""

    process: subprocess.Popen[bytes] | None = None
    folder: Path | None = None
    """The session's temporary folder; made when first needed if the reaper was not started."""
    lock: int | None = None
    made: int = field(default=0, init=False)
    """How many folders were made in it."""

    @classmethod
    def start(cls) -> Reaper:
        """Start the reaper in its own session, out of reach of the terminal, and make the folder.

        What dead sessions left behind is removed first. StoreError if no folder can be made.
        """
        base = temporary_base()
        clear_stale(base)
        reaper = cls(reaping_process())
        try:
            reaper.folder, reaper.lock = locked_folder(base, reaper.removes)
        except BaseException:
            reaper.dismiss()
            raise
        return reaper

    def new_folder(self) -> Path:
        """Make another folder in the session's; StoreError if that fails."""
        if self.folder is None:
            self.folder, self.lock = locked_folder(temporary_base())
        self.made += 1
        folder = self.folder / str(self.made)
        try:
            folder.mkdir(mode=0o700)
        except OSError as error:
            raise _no_folder(folder, error) from None
        return folder

    def registers_worktrees(self, repository: Path) -> None:
        """Note that git is to forget the worktrees in the session's folder."""
        if self.folder is not None:
            with (self.folder / REPOSITORIES).open("a", encoding="ascii") as file:
                file.write(f"{os.fsencode(repository).hex()}\n")

    def removes(self, folder: Path) -> None:
        """Say which folder is the session's, before it is made: so a kill cannot come between."""
        self.tell(f"={os.fsencode(folder).hex()}")

    def watch(self, pid: int) -> None:
        """Put a process group on the list."""
        self.tell(f"+{pid}")

    def forget(self, pid: int) -> None:
        """Take a process group off the list."""
        self.tell(f"-{pid}")

    def tell(self, line: str) -> None:
        """Write one line, if the reaper still runs."""
        if self.process and self.process.stdin:
            with suppress(OSError):
                self.process.stdin.write(f"{line}\n".encode())

    def dismiss(self) -> None:
        """Remove the folder, and end what is left; the reaper ends what is still on its list."""
        if self.folder is not None:
            end_all(str(self.folder), set())
            remove(str(self.folder))
        if self.process and self.process.stdin:
            with suppress(OSError):
                self.process.stdin.close()
            self.process.wait()
        if self.lock is not None:
            os.close(self.lock)
        self.process = self.folder = self.lock = None


def reaping_process() -> subprocess.Popen[bytes] | None:
    """Start the process; None where there are no groups, or it cannot be started."""
    if sys.platform == "win32":
        return None
    with suppress(OSError):
        return subprocess.Popen(  # noqa: S603 (ours)
            [sys.executable, "-I", "-S", reaping.__file__],
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, start_new_session=True, bufsize=0,
        )  # fmt: skip
    return None


def marks(folder: Path) -> dict[str, str]:
    """Return the environment of what may write into a folder alone, by which it is found again."""
    return dict.fromkeys((MARK, "TMPDIR", "TEMP", "TMP"), str(folder))


def temporary_base() -> Path:
    """Return where temporary files belong.

    /tmp if paths there would get too long for sockets, or could not be on a Python path.
    """
    try:
        base = Path(tempfile.gettempdir())
    except OSError as error:
        raise _no_folder(Path("/tmp"), error) from None  # noqa: S108 (named, not used)
    short = Path("/tmp")  # noqa: S108 (the folder made there is private, and has a random name)
    too_long = len(os.fsencode(base)) + _LONGEST_NAME > LONGEST_PATH
    unfit = too_long or os.pathsep in str(base)
    return short if unfit and os.access(short, os.W_OK) else base


def locked_folder(
    base: Path, told: Callable[[Path], None] = lambda _: None
) -> tuple[Path, int | None]:
    """Make a session's folder, locked by this process, and told before; StoreError if that fails.

    The last one that was told is the folder.
    """
    while True:
        folder = base / f"{PREFIX}{secrets.token_hex(4)}"
        if os.path.lexists(folder):
            continue
        told(folder)
        try:
            folder.mkdir(mode=0o700)
        except FileExistsError:
            continue
        except OSError as error:
            raise _no_folder(folder, error) from None
        if os.name == "nt":
            return folder, None
        try:
            lock = os.open(folder, os.O_RDONLY)
        except FileNotFoundError:  # another command has taken it for a dead session's
            continue
        with suppress(OSError):  # a file system without locks
            wait_for_lock(lock)
        if folder.exists():  # nor has one since
            return folder, lock
        os.close(lock)


def clear_stale(base: Path) -> None:
    """Remove the folders of sessions that died with their reapers, and end what is left of them."""
    for folder in _ours(base):
        with suppress(OSError):
            lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
            try:
                if try_lock(lock):
                    end_all(folder, set())
                    remove(folder)
            finally:
                os.close(lock)


def _ours(base: Path) -> Iterator[str]:
    """Yield the folders there that are a session's of this user; links are not."""
    if os.name == "nt":
        return
    with suppress(OSError), os.scandir(base) as entries:
        for entry in entries:
            if _NAME.fullmatch(entry.name):
                status = entry.stat(follow_symlinks=False)
                if stat.S_ISDIR(status.st_mode) and status.st_uid == os.getuid():
                    yield entry.path


def _no_folder(folder: Path, error: OSError) -> StoreError:
    return StoreError(
        f"{folder}: cannot be made ({reason(error)}); set TMPDIR to a folder with space"
    )
