"""The sides of a duel: interpreters, or checkouts of revisions."""

from __future__ import annotations

import os
import shlex
import sys
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from raceway.case import CURRENT
from raceway.errors import SelectionError
from raceway.measure.control.bootstrap import PACKAGE
from raceway.measure.machine.checkout import checked_out, top_of
from raceway.measure.machine.commit import file_digests, probe_commit
from raceway.plan.catalogue import is_model
from raceway.record import Commit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from raceway.plan.engines import Engine
    from raceway.session.options import Options


@dataclass(frozen=True, slots=True)
class DuelSide:
    """One side of a duel."""

    label: str
    option: str
    """LABEL=COMMAND, as parsed for interpreters."""
    files: Mapping[str, Path] | None = None
    """Its own versions of the users' files, if it is another checkout."""
    commit: Commit | None = None
    """The commit of its checkout; None if it is the one here."""
    digests: Mapping[str, str] | None = None
    """Digests of its own files."""
    engines: Sequence[Engine] | None = None
    """Its own versions of engines, as `files`."""


@contextmanager
def checkouts(revisions: Sequence[str], options: Options) -> Iterator[list[DuelSide]]:
    """Check out two revisions, each with its own versions of the users' files and engines.

    SelectionError if that fails.
    """
    if not (options.files or options.executors):
        raise SelectionError(
            "--revisions: name the work to race with --workload FILE, or the model with --model"
            " FILE or --executor MODULE:FACTORY"
        )
    top = top_of(Path.cwd())
    with ExitStack() as stack:
        trees = [stack.enter_context(checked_out(top, revision)) for revision in revisions]
        yield [
            _duel_side(label, revision, tree, top, options)
            for label, revision, tree in zip(labels_of(revisions), revisions, trees, strict=True)
        ]


@contextmanager
def against_here(baseline: Commit, options: Options) -> Iterator[tuple[Tree, Tree]]:
    """Check out the baseline's revision; yield it and the current code.

    The repository is that of the users' files, else that of the current folder.
    SelectionError if there is no such revision.
    """
    check_revision(baseline)
    here = {name: file.resolve() for name, file in options.files.items()}
    brought, engines = list(here.values()), options.engines()
    top = top_of(brought[0].parent if brought else Path.cwd(), "the baseline")
    with checked_out(top, baseline.id, "the baseline's revision") as tree:
        before = _files_at(baseline.short, tree, top, options.files)
        now = {**here, **_own_files(top, top)}
        yield (
            Tree("baseline", tree, before, baseline, _engines_at(tree, top, engines)),
            Tree("now", top, now, probe_commit(top, brought), engines),
        )


def check_revision(baseline: Commit) -> None:
    """SelectionError if no revision holds the code that a baseline measured."""
    if baseline.id == Commit().id:
        raise SelectionError("the baseline was measured outside of any repository: no revision")
    if baseline.dirty:
        raise SelectionError(
            f"the baseline was measured with uncommitted changes to {baseline.short}, so no"
            " revision holds its code; commit, measure, and set that as the baseline"
        )


@dataclass(frozen=True, slots=True)
class Tree:
    """The code of one side of a gate's duel, for one or several interpreters."""

    label: str
    top: Path
    files: Mapping[str, Path]
    commit: Commit
    engines: Sequence[Engine] = ()

    def raced_by(self, command: Sequence[str]) -> DuelSide:
        """Return the side with this code and that interpreter."""
        return DuelSide(
            self.label, f"{self.label}={_importing(self.top, command)}", self.files, self.commit,
            file_digests(self.files), self.engines,
        )  # fmt: skip


def _files_at(revision: str, tree: Path, top: Path, brought: Mapping[str, Path]) -> dict[str, Path]:
    """Return a revision's versions of the users' files, and of raceway's own in its own repo."""
    files = {}
    for name, given in brought.items():
        told, inside = f"--{'model' if is_model(name) else 'workload'} {given}", given.resolve()
        if not inside.is_relative_to(top):
            raise SelectionError(f"{told}: not in the repository {top.name}")
        file = tree / inside.relative_to(top)
        if not file.is_file():
            raise SelectionError(f"{told}: does not exist at {revision}")
        files[name] = file
    return {**files, **_own_files(tree, top)}


def _engines_at(tree: Path, top: Path, engines: Sequence[Engine]) -> list[Engine]:
    """Return a checkout's versions of engines: their factories are those of its code."""
    return [engine.in_checkout(tree, top.resolve()) for engine in engines]


def _own_files(tree: Path, top: Path) -> dict[str, Path]:
    """Return raceway's own models and workloads in a tree of its own repository."""
    if not PACKAGE.is_relative_to(top):
        return {}
    package = tree / PACKAGE.relative_to(top)
    found = [*package.glob("models/*.py"), *package.glob("workloads/*.py")]
    return {f"{file.parent.name}/{file.name}": file for file in sorted(found)}


def _importing(tree: Path, command: Sequence[str]) -> str:
    """Return a command that imports a tree's code before any other."""
    return shlex.join(["env", f"PYTHONPATH={path_of(tree)}", *command])


def path_of(tree: Path) -> str:
    """Return the Python path on which a tree's code comes before any other.

    SelectionError if no Python path can name the tree.
    """
    if os.pathsep in str(tree):
        raise SelectionError(f"{tree}: a Python path cannot hold {os.pathsep!r}; rename the folder")
    paths = [str(tree / "src"), str(tree), *filter(None, [os.environ.get("PYTHONPATH")])]
    return os.pathsep.join(paths)


def labels_of(revisions: Sequence[str]) -> list[str]:
    """Return two revisions as labels, which differ."""
    labels = [_label(revision) for revision in revisions]
    if labels[0] != labels[1]:
        return labels
    return [f"{label}-{place}" for label, place in zip(labels, "ab", strict=True)]


def _label(revision: str) -> str:
    """Return a revision as a valid label in a case id."""
    legal = "".join(each if each.isalnum() or each in ".-" else "-" for each in revision)
    legal = legal.strip("-")
    return "revision" if legal in {"", CURRENT} else legal


def _duel_side(label: str, revision: str, tree: Path, top: Path, options: Options) -> DuelSide:
    files = _files_at(revision, tree, top, options.files)
    engines = _engines_at(tree, top, options.engines())
    return Tree(label, tree, files, probe_commit(tree), engines).raced_by([sys.executable])
