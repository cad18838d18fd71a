"""A short version of tools/hostile.py: nothing is lost or left behind, whatever happens."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

HOSTILE = Path(__file__).parents[1] / "tools" / "hostile.py"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="needs signals and /proc"),
]


@pytest.mark.parametrize(
    "asked",
    [("kills", "--only=race"), ("tasks", "--only=a daemon"), ("tasks", "--only=os._exit(7)")],
)
def test_nothing_is_lost_or_left_behind(asked: tuple[str, ...]) -> None:
    done = subprocess.run(
        [sys.executable, HOSTILE, *asked], capture_output=True, text=True, check=False,
        env={name: value for name, value in os.environ.items() if not name.startswith("COV")},
    )  # fmt: skip

    assert done.returncode == 0, done.stdout + done.stderr
