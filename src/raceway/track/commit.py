"""The state of the code that is measured, as git tells it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from typing import TYPE_CHECKING

from raceway.record import Commit

if TYPE_CHECKING:
    from pathlib import Path

_GIT_TIMEOUT_S = 10
_QUIET = {"GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}


class _GitError(Exception):
    """Git is absent, or the folder is in no repository, or it took too long."""


def probe_commit(folder: Path) -> Commit:
    """Return the commit checked out around `folder`; the default Commit where there is none.

    `dirty` tells whether tracked files were changed since.
    """
    try:
        commit, time, author_time = _git(
            folder, "log", "-1", "--no-show-signature", "--format=%H%n%cI%n%aI"
        ).splitlines()
        changes = _git(folder, "status", "--porcelain", "--untracked-files=no")
        project = _project(folder)
    except (_GitError, ValueError):
        return Commit()
    return Commit(
        id=commit,
        time=time,
        author_time=author_time,
        dirty=bool(changes),
        project=project,
        branch=_branch(folder),
    )


def commit_of(folder: Path, revision: str) -> str | None:
    """Return the id of the commit that a revision names in the repository; None if none."""
    try:
        found = _git(
            folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}"
        )
    except _GitError:
        return None
    return found or None


def _project(folder: Path) -> str:
    """Return the last part of the origin's address, else the name of the top folder."""
    try:
        address = _git(folder, "config", "--get", "remote.origin.url")
    except _GitError:
        address = _git(folder, "rev-parse", "--show-toplevel")
    return re.split(r"[/:\\]", address.rstrip("/\\").removesuffix(".git"))[-1]


def _branch(folder: Path) -> str:
    try:
        return _git(folder, "symbolic-ref", "--short", "-q", "HEAD")
    except _GitError:
        return "(detached head)"


def _git(folder: Path, *arguments: str) -> str:
    program = shutil.which("git")
    if not program:
        raise _GitError
    try:
        done = subprocess.run(  # noqa: S603 (fixed arguments)
            [program, "-C", str(folder), *arguments],
            capture_output=True,
            check=True,
            encoding="utf-8",
            env={**os.environ, **_QUIET},
            errors="replace",
            timeout=_GIT_TIMEOUT_S,
        )
    except (OSError, subprocess.SubprocessError):
        raise _GitError from None
    return done.stdout.strip()
