from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import raceway

CONTRIBUTING = Path(__file__).parent.parent / "CONTRIBUTING.md"
EXAMPLE = re.compile(r"<!-- example: src/(?P<path>\S+) -->\n```python\n(?P<code>.*?)```", re.DOTALL)
TEST_FILE = """
import pytest

@pytest.mark.raceway(workloads=["digest"])
def test_digest(race, case, benchmark):
    race.replay(case, benchmark)
"""


@pytest.fixture
def house_with_examples(tmp_path: Path) -> Path:
    """Copy the package, and put each example of CONTRIBUTING.md where it says it belongs."""
    shutil.copytree(Path(raceway.__file__).parent, tmp_path / "raceway")
    for example in EXAMPLE.finditer(CONTRIBUTING.read_text(encoding="utf-8")):
        target = tmp_path / example["path"]
        assert not target.exists()
        target.write_text(example["code"], encoding="utf-8")
    return tmp_path


def run_in(house: Path, *arguments: str) -> str:
    finished = subprocess.run(
        [sys.executable, *arguments],
        cwd=house,
        env={**os.environ, "PYTHONPATH": str(house)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return finished.stdout


def test_the_examples_of_contributing_are_one_file_each_and_race(house_with_examples: Path) -> None:
    (house_with_examples / "test_digest.py").write_text(TEST_FILE, encoding="utf-8")

    output = run_in(
        house_with_examples,
        "-m", "pytest", "-p", "raceway.plugin", "test_digest.py", "--models", "serial,thread-each",
        "--launches", "1", "--budget", "0.1",
    )  # fmt: skip

    assert "4 passed" in output


def test_the_examples_of_contributing_are_listed(house_with_examples: Path) -> None:
    listed = json.loads(
        run_in(house_with_examples, "-c", "from raceway.cli import main; main()", "list", "--json")
    )

    assert {"digest"} <= listed["workloads"].keys()
    assert {"thread-each"} <= listed["models"].keys()
