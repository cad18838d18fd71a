"""The suite's own bench/, run as its users run it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from support.project import DECIDING

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("options", [[], ["--profile=smoke"]])
def test_the_tutorials_programs_run_in_any_profile(tmp_path: Path, options: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "bench/test_seed.py", "-k", "not gpu", *options,
         f"--results={tmp_path}"],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if name not in DECIDING},
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stdout + done.stderr
    assert "3 passed" in done.stdout
