"""Runs tools of the system."""

from __future__ import annotations

import shutil
import subprocess

TIMEOUT_S = 10


def output_of(tool: str, *arguments: str) -> str:
    """Return a tool's output, stripped; empty if the tool is absent, fails or hangs."""
    path = shutil.which(tool)
    if not path:
        return ""
    try:
        done = subprocess.run(  # noqa: S603 (fixed arguments)
            [path, *arguments],
            capture_output=True,
            check=True,
            encoding="utf-8",
            errors="replace",
            timeout=TIMEOUT_S,
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip()
