"""The state of the code under test, according to git."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sysconfig
from contextlib import suppress
from typing import TYPE_CHECKING

from raceway.record import Commit
from raceway.text.printable import as_utf8

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

_GIT_TIMEOUT_S = 10
_DIGITS = 12
_ELSEWHERE = {
    "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_PREFIX", "GIT_NAMESPACE",
    "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_CEILING_DIRECTORIES",
}  # fmt: skip
"""Variables that name another repository than the folder's."""
_QUIET = {"GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}


class GitError(Exception):
    """Git is absent, failed or took too long, or the folder is in no repository."""


def probe_commit(folder: Path, files: Sequence[Path] = ()) -> Commit:
    """Return the commit under test; the default Commit if there is none.

    It is that of the repository of the first of the users' `files`, else of `folder`. It is `dirty`
    if tracked files were changed since, or if one of `files` is not tracked.
    """
    folder = files[0].resolve().parent if files else folder
    if files and is_installed(folder):
        return Commit()  # the interpreter itself may lie in a repository
    try:
        commit, time, author_time = git(
            folder, "log", "-1", "--no-show-signature", "--format=%H%n%cI%n%aI"
        ).splitlines()
        changes = git(folder, "status", "--porcelain", "--untracked-files=no")
        project = _project(folder)
    except (GitError, ValueError):
        return Commit()
    return Commit(
        id=commit,
        time=time,
        author_time=author_time,
        dirty=bool(changes) or not _tracked(folder, files),
        project=project,
        branch=_branch(folder),
    )


def why_unknown(folder: Path, files: Sequence[Path] = ()) -> str:
    """Return why `probe_commit` finds no commit in a repository; empty if there is none around."""
    folder = files[0].resolve().parent if files else folder
    return "" if files and is_installed(folder) else refusal(folder)


def refusal(folder: Path) -> str:
    """Return why git does not work in a folder, in its words; empty if none is in its way.

    That a folder is in no repository is not a refusal; that it belongs to somebody else is.
    """
    try:
        git(folder, "rev-parse", "--git-dir")
    except GitError as error:
        return "" if "not a git repository" in str(error) else str(error)
    return ""


def is_installed(folder: Path) -> bool:
    """Whether a folder belongs to this interpreter's library or to packages installed in it."""
    places = sysconfig.get_paths()
    kept = (places[name] for name in ("stdlib", "platstdlib", "purelib", "platlib"))
    return any(folder.is_relative_to(os.path.realpath(place)) for place in kept)


def file_digests(files: Mapping[str, Path]) -> dict[str, str]:
    """Return a digest of each readable file's content, by name."""
    digests = {}
    for name, file in files.items():
        with suppress(OSError):
            digests[name] = hashlib.sha256(file.read_bytes()).hexdigest()[:_DIGITS]
    return digests


def _tracked(folder: Path, files: Sequence[Path]) -> bool:
    """Whether the repository tracks all of these files."""
    if not files:
        return True
    try:
        git(folder, "ls-files", "--error-unmatch", "--", *(str(file.resolve()) for file in files))
    except GitError:
        return False
    return True


def commit_of(folder: Path, revision: str) -> str | None:
    """Return the id of the commit that a revision names; None if none."""
    try:
        found = git(
            folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}"
        )
    except GitError:
        return None
    return found or None


def _project(folder: Path) -> str:
    """Return the last part of the origin's address, else the name of the top folder."""
    try:
        address = git(folder, "config", "--get", "remote.origin.url")
    except GitError:
        address = git(folder, "rev-parse", "--show-toplevel")
    return as_utf8(re.split(r"[/:\\]", address.rstrip("/\\").removesuffix(".git"))[-1])


def _branch(folder: Path) -> str:
    try:
        return as_utf8(git(folder, "symbolic-ref", "--short", "-q", "HEAD"))
    except GitError:
        return "(detached head)"


def _apart_from_hooks() -> dict[str, str]:
    """Return the environment without the repository that a git hook's variables name."""
    return {name: value for name, value in os.environ.items() if name not in _ELSEWHERE}


def git(
    folder: Path,
    *arguments: str,
    timeout_s: float = _GIT_TIMEOUT_S,
    environment: Mapping[str, str] | None = None,
) -> str:
    """Run git in `folder` and return its output; GitError if it fails."""
    program = shutil.which("git")
    if not program:
        raise GitError("git is not installed")
    try:
        done = subprocess.run(  # noqa: S603 (fixed arguments)
            [program, "-C", str(folder), *arguments],
            capture_output=True,
            check=True,
            env={**_apart_from_hooks(), **_QUIET, **(environment or {})},
            timeout=timeout_s,
        )
    except subprocess.CalledProcessError as error:
        raise GitError(" ".join(os.fsdecode(error.stderr).split())) from None
    except (OSError, subprocess.SubprocessError) as error:
        raise GitError(type(error).__name__) from None
    # A folder's name may begin or end with blanks, and need not be UTF-8.
    return os.fsdecode(done.stdout).removesuffix("\n")
