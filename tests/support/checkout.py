"""Git checkouts that tell the same commits everywhere."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from pathlib import Path

Git: TypeAlias = Callable[..., str]


def surroundings(folder: Path) -> dict[str, str]:
    """Return the environment in which git knows no user's settings and always the same author."""
    variables = {
        name: str(folder / "no-config") for name in ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM")
    }
    for role in ("AUTHOR", "COMMITTER"):
        variables[f"GIT_{role}_NAME"] = "a"
        variables[f"GIT_{role}_EMAIL"] = "a@example.org"
        variables[f"GIT_{role}_DATE"] = "2026-11-23T04:55:00+00:00"
    return variables


def a_checkout(folder: Path) -> Git:
    """Return a function that runs git in a fresh repository with one commit, of code.py."""

    def run(*arguments: str) -> str:
        command = ["git", "-C", str(folder), *arguments]
        done = subprocess.run(command, check=True, capture_output=True)
        return os.fsdecode(done.stdout).strip()

    run("init", "-b", "trunk")
    (folder / "code.py").write_text("1")
    run("add", "code.py")
    run("commit", "-m", "first")
    return run
