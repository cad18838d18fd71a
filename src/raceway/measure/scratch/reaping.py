"""The reaper's program: it outlives a killed controller, and removes what that left behind.

It runs as a file of its own, so it is standard library only and knows nothing of the package. It
reads `=FOLDER` (hexadecimal digits), `+PID` and `-PID` lines from the controller. When its input
ends, it ends every process group still on the list and every process whose environment names the
session's folder, and removes the folder.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from contextlib import suppress

MARK = "RACEWAY_FOLDER"
"""Set in the environment of all that a session starts: its temporary folder, or one in it."""
REPOSITORIES = "repositories"
"""A file in the session's folder: git folders in which it registered worktrees, a line each."""
TRACKER = b"resource_tracker"
"""In the command line of the process that removes the semaphores of multiprocessing's workers."""
PATIENCE_S = 0.5
"""From SIGTERM to SIGKILL."""
PROC = "/proc"


def marked(folder: str) -> list[int]:
    """Return the running processes whose environment names the folder, or one in it."""
    mark = os.fsencode(f"{MARK}={folder}")
    found = []
    for pid in _processes():
        content = _content(pid, "environ")
        if mark in content and any(
            entry == mark or entry.startswith(mark + b"/") for entry in content.split(b"\0")
        ):
            found.append(pid)
    return found


def is_tracker(pid: int) -> bool:
    """Whether a process removes the semaphores of others once those have ended."""
    return TRACKER in _content(pid, "cmdline")


def end_all(folder: str, groups: set[int]) -> None:
    """End all of the groups and all that is marked by the folder: first gently, trackers last."""
    if groups and not os.path.isdir(PROC):  # noqa: PTH112 (as above)
        _signal_groups(groups, signal.SIGTERM)
        time.sleep(PATIENCE_S)
    for number, sparing in ((signal.SIGTERM, False), (signal.SIGKILL, True)):
        left = _left(folder, groups)
        for pid in left:
            if not (sparing and is_tracker(pid)):
                _signal(pid, number)
        deadline_s = time.monotonic() + PATIENCE_S
        while left and time.monotonic() < deadline_s:
            time.sleep(0.02)
            left = _left(folder, groups)
    for pid in _left(folder, groups):
        _signal(pid, signal.SIGKILL)
    _signal_groups(groups, signal.SIGKILL)


def remove(folder: str) -> None:
    """Remove the session's folder with all in it, and let git forget the worktrees there."""
    import shutil  # noqa: PLC0415 (slow to import, so not before the race)

    for repository in _repositories(folder):
        _forget_worktrees(repository, folder)
    shutil.rmtree(folder, ignore_errors=True)
    if os.path.isdir(folder):  # noqa: PTH112 (pathlib takes 10 ms to import)
        for place, _, _ in os.walk(folder):  # a task took rights away
            with suppress(OSError):
                os.chmod(place, 0o700)  # noqa: PTH101 (as above)
        shutil.rmtree(folder, ignore_errors=True)


def _repositories(folder: str) -> list[str]:
    try:
        with open(os.path.join(folder, REPOSITORIES), "rb") as file:  # noqa: PTH118, PTH123
            return [os.fsdecode(bytes.fromhex(line)) for line in file.read().decode().split()]
    except (OSError, ValueError):
        return []


def _forget_worktrees(repository: str, folder: str) -> None:
    """Do as `git worktree prune` would for those in the folder, whatever state they are in."""
    import shutil  # noqa: PLC0415 (as above)

    registered = os.path.join(repository, "worktrees")  # noqa: PTH118 (as above)
    with suppress(OSError), os.scandir(registered) as entries:
        for entry in entries:
            if _place_of(entry.path).startswith(os.fsencode(folder) + b"/"):
                shutil.rmtree(entry.path, ignore_errors=True)
        os.rmdir(registered)  # noqa: PTH106 (as above; fails where others are left)


def _place_of(entry: str) -> bytes:
    """Return where a worktree lies; empty if git was killed before it had noted that."""
    try:
        with open(os.path.join(entry, "gitdir"), "rb") as file:  # noqa: PTH118, PTH123 (as above)
            return file.read()
    except OSError:
        return b""


def _left(folder: str, groups: set[int]) -> list[int]:
    """Return what still runs of the groups and of the marked."""
    left = marked(folder)
    for pid in _processes() if groups else ():
        _, _, rest = _content(pid, "stat").rpartition(b") ")
        state, _, group, *_ = [*rest.split(b" ", 3), b"", b"", b""]
        if group.isdigit() and int(group) in groups and state not in (b"Z", b"X"):
            left.append(pid)
    return left


def _processes() -> list[int]:
    try:
        names = os.listdir(PROC)  # noqa: PTH208 (as above)
    except OSError:
        return []
    return [int(name) for name in names if name.isdigit() and int(name) != os.getpid()]


def _content(pid: int, name: str) -> bytes:
    try:
        with open(f"{PROC}/{pid}/{name}", "rb") as file:  # noqa: PTH123 (as above)
            return file.read()
    except OSError:
        return b""


def _signal(pid: int, number: int) -> None:
    with suppress(OSError):
        os.kill(pid, number)


def _signal_groups(groups: set[int], number: int) -> None:
    for group in groups:
        with suppress(OSError):
            os.killpg(group, number)


def main() -> None:
    """Read the list until the controller has gone; then end and remove what is left of it."""
    folder = ""
    groups: set[int] = set()
    for line in sys.stdin.buffer:
        sign, told = line[:1], line[1:].strip()
        if sign == b"=":
            folder = os.fsdecode(bytes.fromhex(told.decode()))
        elif told.isdigit():
            (groups.add if sign == b"+" else groups.discard)(int(told))
    if not folder:  # nothing was begun
        return
    if groups or os.path.isdir(folder):  # noqa: PTH112 (as above)
        end_all(folder, groups)
        remove(folder)


if __name__ == "__main__":
    main()
