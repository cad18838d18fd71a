"""Temporary checkouts of other revisions of the code under test."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

from raceway.errors import SelectionError
from raceway.measure.machine.commit import GitError, commit_of, git, refusal
from raceway.measure.scratch.reaper import Reaper, marks

if TYPE_CHECKING:
    from collections.abc import Iterator

_TIMEOUT_S = 300
"""Enough for a large repository."""


@contextlib.contextmanager
def checked_out(
    folder: Path, revision: str, what: str = "--revisions", session: Reaper | None = None
) -> Iterator[Path]:
    """Check out a revision of the repository around `folder`, and remove it in the end.

    It lies in the temporary folder of `session`, else in one of its own. SelectionError, beginning
    with `what`, if there is no such revision or git fails.
    """
    commit = commit_of(folder, revision)
    if commit is None:
        why = refusal(folder) or "no such revision here; see `git log`"
        raise SelectionError(f"{what} {revision}: {why}")
    reaper = session or Reaper.start()
    try:
        home = reaper.new_folder()
        place = home / name_of(folder)
        try:
            reaper.registers_worktrees(git_folder_of(folder))
            add = ("worktree", "add", "--detach", "--force")
            git(folder, *add, str(place), commit, timeout_s=_TIMEOUT_S, environment=marks(home))
        except GitError as error:
            why = str(error) or "git failed"
            message = f"{what} {revision}: cannot be checked out ({why})"
            raise SelectionError(message) from None
        yield place
        _remove(folder, place)
    finally:
        if session is None:
            reaper.dismiss()


def name_of(folder: Path) -> str:
    """Return what a checkout is called: as its project's folder, as far as a Python path can."""
    return folder.resolve().name.replace(os.pathsep, "-") or "tree"


def _remove(folder: Path, place: Path) -> None:
    """Let git forget this checkout, and only this one."""
    with contextlib.suppress(GitError):
        git(folder, "worktree", "remove", "--force", "--force", str(place), timeout_s=_TIMEOUT_S)


def git_folder_of(folder: Path) -> Path:
    """Return the folder in which git keeps what all worktrees share; GitError if there is none."""
    return (folder / git(folder, "rev-parse", "--git-common-dir")).resolve()


def top_of(folder: Path, what: str = "--revisions") -> Path:
    """Return the repository's top folder; SelectionError if `folder` is in none."""
    try:
        return Path(git(folder, "rev-parse", "--show-toplevel"))
    except GitError:
        why = refusal(folder) or f"{folder} is not in a git repository"
        raise SelectionError(f"{what}: {why}") from None
