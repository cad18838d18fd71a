"""The command that races a function runs as the pages show it."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MAIN = "from raceway.cli import main; main()"
SHOWN = re.compile(r"^\$ raceway (race math:.*)$", re.MULTILINE)
QUICKLY = ("--models", "serial,threads", "--launches", "1", "--budget", "30")
A_MINUTE_S = 60.0


def command_of(page: str) -> list[str]:
    """Return the words of the first race on a function that a page shows."""
    shown = SHOWN.search((ROOT / page).read_text(encoding="utf-8"))
    assert shown
    return shlex.split(shown[1])


def raced(folder: Path, words: list[str]) -> str:
    done = subprocess.run(
        [sys.executable, "-c", MAIN, *words],
        cwd=folder, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("page", ["README.md", "docs/your-function.md", "docs/index.md"])
def test_the_command_shown_first_races_the_function(page: str, tmp_path: Path) -> None:
    told = raced(tmp_path, [*command_of(page), *QUICKLY])

    assert told.startswith("math:factorial: 24 items of about ")
    assert "\nAdvice\n  my-factorial: " in told


@pytest.mark.slow
def test_the_command_as_it_stands_answers_within_a_minute(tmp_path: Path) -> None:
    start_s = time.monotonic()
    told = raced(tmp_path, command_of("README.md"))

    assert time.monotonic() - start_s < A_MINUTE_S
    assert "\nAdvice\n  my-factorial: " in told
