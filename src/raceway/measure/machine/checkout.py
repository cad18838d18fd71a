"""Another revision of the code under test, in a folder of its own for as long as it is raced."""

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
"""For a large repository to be checked out."""


@contextlib.contextmanager
def checked_out(folder: Path, revision: str, what: str = "--revisions") -> Iterator[Path]:
    """Check a revision of the repository around `folder` out, and remove it again.

    SelectionError if there is no such revision, or git cannot check it out; `what` begins it.
    """
    commit = commit_of(folder, revision)
    if commit is None:
        raise SelectionError(f"{what} {revision}: no such revision here; see `git log`")
    home = Path(tempfile.mkdtemp(prefix=FOLDER_PREFIX))
    place = home / (folder.resolve().name or "tree")  # what project it is, is told by its name
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
    """Let git forget this checkout; other people's, be they out of reach, are left alone."""
    with contextlib.suppress(GitError):
        git(folder, "worktree", "remove", "--force", "--force", str(place), timeout_s=_TIMEOUT_S)


def top_of(folder: Path, what: str = "--revisions") -> Path:
    """Return the top folder of the repository; SelectionError if `folder` is in none."""
    try:
        return Path(git(folder, "rev-parse", "--show-toplevel"))
    except GitError:
        raise SelectionError(f"{what}: {folder} is in no git repository") from None
