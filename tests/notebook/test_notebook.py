"""A notebook that races a function of one of its cells, executed by a real kernel."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from support.project import undecided

if TYPE_CHECKING:
    from pathlib import Path

for needed in ("ipykernel", "nbclient", "nbformat"):
    pytest.importorskip(needed, reason=f"{needed} is not installed")
DEFINES = """
import math
import raceway

FACTOR = 2

class Root:
    def of(self, n):
        return FACTOR * math.isqrt(n)

def root(n):
    return Root().of(n)
"""
RACES = """
models = ["serial", "threads", "processes-spawn"]
raceway.race(root, range(1, 9), models=models, workers=[2], launches=1)
"""
EXECUTES = """
import sys
import nbformat
from nbclient import NotebookClient

notebook = nbformat.read(sys.argv[1], as_version=4)
NotebookClient(notebook, timeout=300, kernel_name="python3").execute()
nbformat.write(notebook, sys.argv[1])
"""


@pytest.fixture(scope="module")
def executed(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """Return the outputs of the cell that races."""
    import nbformat.v4 as notebooks  # noqa: PLC0415 (skipped above if missing)

    file = tmp_path_factory.mktemp("notebook") / "race.ipynb"
    cells = [notebooks.new_code_cell(each) for each in (DEFINES, RACES)]
    file.write_text(json.dumps(notebooks.new_notebook(cells=cells)), encoding="utf-8")
    execute(file)
    outputs: list[dict[str, Any]] = json.loads(file.read_text("utf-8"))["cells"][1]["outputs"]
    return outputs


def execute(file: Path) -> None:
    """Execute a notebook in place, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", EXECUTES, file.name],
        cwd=file.parent, env=undecided(), check=False, timeout=600, encoding="utf-8",
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout


def test_a_function_of_a_cell_races_in_all_models(executed: list[dict[str, Any]]) -> None:
    (result,) = [each for each in executed if each["output_type"] == "execute_result"]
    html = "".join(result["data"]["text/html"])

    for model in ("serial", "threads", "processes-spawn"):
        assert f"<tr><th>{model}</th><td>" in html
    assert "failed" not in html
    assert "<svg" in html


def test_the_answers_are_there_as_text_too(executed: list[dict[str, Any]]) -> None:
    (result,) = [each for each in executed if each["output_type"] == "execute_result"]

    assert "__main__:root: 8 items of about" in "".join(result["data"]["text/plain"])


def test_progress_is_shown_while_it_races(executed: list[dict[str, Any]]) -> None:
    streamed = "".join(
        "".join(each["text"]) for each in executed if each["output_type"] == "stream"
    )

    assert "launch 1 of 1" in streamed
