"""A small project of somebody's own with a suite, in a repository of two revisions."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from support.files import write_tree

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

CODE = """
def busy(number):
    return sum(each * each for each in range(number))

def idle(number):
    return number
"""
SLOW = CODE.replace("range(number)", "range(3 * number)")
SUITE = """
import project

def test_busy(benchmark):
    assert benchmark(project.busy, 2000)

def test_idle(benchmark):
    assert benchmark(project.idle, 1)
"""
GIVEN = "perf --benchmark-max-time=0.02 --benchmark-min-rounds=3"


def git(folder: Path, *words: str) -> str:
    """Run git in a folder, and return what it said."""
    command = ["git", "-c", "user.name=someone", "-c", "user.email=someone@example.org", *words]
    done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def first_revision(folder: Path, files: Mapping[str, str] | None = None) -> Path:
    """Make a repository of the project, tagged `fast`, and return its folder."""
    write_tree(folder, {"src/project.py": CODE, "perf/test_it.py": SUITE, **(files or {})})
    git(folder, "init", "-q")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "fast")
    git(folder, "tag", "fast")
    return folder


def two_revisions(
    folder: Path, files: Mapping[str, str] | None = None, later: Mapping[str, str] | None = None
) -> Path:
    """Make a repository with a slower second revision, whose suite has one more benchmark."""
    first_revision(folder, files)
    more = f"{SUITE}\ndef test_new(benchmark):\n    benchmark(int)\n"
    write_tree(folder, {"src/project.py": SLOW, "perf/test_it.py": more, **(later or {})})
    git(folder, "commit", "-qam", "slow")
    return folder
