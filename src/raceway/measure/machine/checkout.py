"""Temporary checkouts of other revisions of the code under test."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from raceway.errors import SelectionError
from raceway.measure.machine.commit import GitError, commit_of, git

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER_PREFIX = "raceway-checkout-"
_TIMEOUT_S = 300
"""Enough for a large repository."""


@contextlib.contextmanager
def checked_out(folder: Path, revision: str, what: str = "--revisions") -> Iterator[Path]:
    """Check out a revision of the repository around `folder`, and remove it in the end.

    SelectionError, beginning with `what`, if there is no such revision or git fails.
    """
    commit = commit_of(folder, revision)
    if commit is None:
        raise SelectionError(f"{what} {revision}: no such revision here; see `git log`")
    home = Path(tempfile.mkdtemp(prefix=FOLDER_PREFIX))
    place = home / (folder.resolve().name or "tree")  # the name tells the project
    try:
        try:
            add = ("worktree", "add", "--detach", "--force")
            git(folder, *add, str(place), commit, timeout_s=_TIMEOUT_S)
        except GitError as error:
            why = str(error) or "git failed"
            message = f"{what} {revision}: cannot be checked out ({why})"
            raise SelectionError(message) from None
        yield place
    finally:
        _remove(folder, place)
        shutil.rmtree(home, ignore_errors=True)


def _remove(folder: Path, place: Path) -> None:
    """Let git forget this checkout, and only this one."""
    with contextlib.suppress(GitError):
        git(folder, "worktree", "remove", "--force", "--force", str(place), timeout_s=_TIMEOUT_S)


def top_of(folder: Path, what: str = "--revisions") -> Path:
    """Return the repository's top folder; SelectionError if `folder` is in none."""
    try:
        return Path(git(folder, "rev-parse", "--show-toplevel"))
    except GitError:
        raise SelectionError(f"{what}: {folder} is not in a git repository") from None
