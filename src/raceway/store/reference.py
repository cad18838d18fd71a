"""What users can call a run: `latest`, `baseline`, a file, a folder or a revision."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from raceway.errors import StoreError
from raceway.record import Commit
from raceway.store.baseline import DEFAULT, baselines
from raceway.store.naming import commit_in
from raceway.store.runs import LATEST, find, folder_of_latest, load, run_files
from raceway.text.printable import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Resolve = Callable[[str], str | None]
    """Returns the commit id of a git revision; None if there is no such revision."""

_HEX = re.compile(r"[0-9a-f]{7,64}")


@dataclass(frozen=True, slots=True)
class Reference:
    """Some runs, and perhaps one of their interpreters."""

    word: str
    """What the user typed."""
    paths: list[Path]
    interpreter: str | None = None
    """The interpreter's label; None for all."""


def refer(results: Path, word: str, commit_of: Resolve) -> Reference:
    """Return the runs that a word means; if there are none, StoreError lists the choices.

    Tried in this order: `latest`, a baseline's name, a path (also within the results folder, so a
    machine's name will do), the start of a run id, a git revision whose commit was measured, an
    interpreter's label in the latest run. `RUN@LABEL` is one interpreter of a run; `HEAD@{1}` is
    git's.
    """
    run, _, label = word.rpartition("@")
    path = os.path.exists(word)  # noqa: PTH110 (never raises)
    if run and not label.startswith("{") and not path:
        return Reference(word, refer(results, run, commit_of).paths, label)
    for paths in _meanings(results, word, commit_of):
        if paths:
            return Reference(word, paths)
    if word in interpreters_of_latest(results):
        return Reference(word, find(results), word)
    raise StoreError(_nothing(results, word))


def _meanings(results: Path, word: str, commit_of: Resolve) -> Iterator[list[Path]]:
    if word == LATEST:
        yield find(results)
    yield _named(results, word)
    yield _found(results, word)
    yield _measured_at(results, commit_of(word) or word)


def _named(results: Path, word: str) -> list[Path]:
    """Return the baseline of that name, preferably of the machine of the latest run."""
    home = folder_of_latest(results)
    folders = [home, *(folder for folder in sorted(results.glob("*/")) if folder != home)]
    named = (baselines(folder).get(word) for folder in folders if folder)
    return [path for path in named if path][:1]


def _found(results: Path, word: str) -> list[Path]:
    if not word:
        return []
    try:
        return find(results, word)
    except StoreError as error:
        if "several run ids" in str(error):
            raise
        return []


def _measured_at(results: Path, commit: str) -> list[Path]:
    """Return the runs at a commit, only those of clean checkouts if there are any."""
    if not _HEX.fullmatch(commit):
        return []
    short = Commit(id=commit).short
    named = [path for path in run_files(results) if commit_in(path.stem) == short]
    commits = [(path, run.header.commit) for path, run in load(named).runs]
    meant = [(path, known) for path, known in commits if known.id.startswith(commit)]
    return [path for path, known in meant if not known.dirty] or [path for path, _ in meant]


def interpreters_of_latest(results: Path) -> list[str]:
    """Return the labels of the interpreters in the latest run."""
    try:
        runs = load(find(results)).runs
    except StoreError:
        return []
    return [each.label for _, run in runs for each in run.header.environments]


def _nothing(results: Path, word: str) -> str:
    files = run_files(results)
    if not files:
        return (
            f"no run {printable(word)} in {printable(results)}. It holds none yet: measure one"
            " with `pytest bench/`."
        )
    home = folder_of_latest(results)
    names = ", ".join(baselines(home)) if home else ""
    hint = (
        f"Baselines: {names}." if names else f"No baseline is set: `raceway baseline set {LATEST}`."
    )
    if word != DEFAULT:
        newest = ", ".join(printable(path.relative_to(results)) for path in files[:-4:-1])
        hint = f"The newest runs are {newest}. {hint}"
    return (
        f"{printable(word) or repr(word)}: no run, folder, machine, baseline, measured git"
        f" revision or interpreter in {printable(results)}. {hint}"
    )
