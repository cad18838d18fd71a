"""The sides of a duel: interpreters as users name them, and revisions checked out for it."""

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
from raceway.measure.machine.checkout import checked_out, top_of
from raceway.measure.machine.commit import probe_commit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from raceway.record import Commit


@dataclass(frozen=True, slots=True)
class DuelSide:
    """One side of a duel."""

    label: str
    option: str
    """LABEL=COMMAND, as parsed for interpreters."""
    files: Mapping[str, Path] | None = None
    """Its own versions of the workload files, where it is another checkout."""
    commit: Commit | None = None
    """What is checked out for it; None is what is checked out here."""


@contextmanager
def checkouts(revisions: Sequence[str], workloads: Sequence[Path]) -> Iterator[list[DuelSide]]:
    """Check two revisions out, and give each its own versions of the workload files.

    SelectionError where that cannot be.
    """
    if not workloads:
        raise SelectionError("--revisions: name the work to race with --workload FILE")
    top = top_of(Path.cwd())
    with ExitStack() as stack:
        trees = [stack.enter_context(checked_out(top, revision)) for revision in revisions]
        labels = [_label(revision) for revision in revisions]
        if labels[0] == labels[1]:
            labels = [f"{label}-{place}" for label, place in zip(labels, "ab", strict=True)]
        yield [
            _duel_side(label, revision, tree, top, workloads)
            for label, revision, tree in zip(labels, revisions, trees, strict=True)
        ]


def _label(revision: str) -> str:
    """Return a revision as a label that may stand in a case id."""
    legal = "".join(each if each.isalnum() or each in ".-" else "-" for each in revision)
    legal = legal.strip("-")
    return "revision" if legal in {"", CURRENT} else legal


def _duel_side(
    label: str, revision: str, tree: Path, top: Path, workloads: Sequence[Path]
) -> DuelSide:
    files = {}
    for workload in workloads:
        inside = workload.resolve()
        if not inside.is_relative_to(top):
            raise SelectionError(f"--workload {workload}: is not in the repository {top.name}")
        file = tree / inside.relative_to(top)
        if not file.is_file():
            raise SelectionError(f"--workload {workload}: does not exist at {revision}")
        files[workload.stem.replace("_", "-")] = file
    paths = [str(tree / "src"), str(tree), *filter(None, [os.environ.get("PYTHONPATH")])]
    command = shlex.join(["env", f"PYTHONPATH={os.pathsep.join(paths)}", sys.executable])
    return DuelSide(label, f"{label}={command}", files, probe_commit(tree))
