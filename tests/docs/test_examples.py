"""Every Python block of a page runs as it stands."""

from __future__ import annotations

import re
import shutil
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from support.processes import output_of

if TYPE_CHECKING:
    from conftest import Document

ROOT = Path(__file__).parents[2]
FILE_NAME = re.compile(r"# (?P<name>\w+\.py)\n")
QUICKLY = ("--models", "serial,threads,asyncio", "--launches", "1", "--budget", "0.2")


def test_the_examples_run(document: Document, tmp_path: Path) -> None:
    if document.name == "CONTRIBUTING.md":
        pytest.skip("tests/test_contributing.py tries these")
    blocks = list(document.blocks("python"))
    if not blocks:
        pytest.skip("no example")
    shutil.copytree(ROOT / "results", tmp_path / "results")
    for block in filter(has_what_it_needs, blocks):
        named = FILE_NAME.match(block)
        file = tmp_path / (named["name"] if named else "script.py")
        file.write_text(block, encoding="utf-8")
        try_out(file)


def has_what_it_needs(block: str) -> bool:
    """Whether the packages that an example requires are installed: torch is optional."""
    return 'requires=("torch",)' not in block or find_spec("torch") is not None


def try_out(file: Path) -> None:
    """Race a workload, test a test, run anything else."""
    if file.name == "conftest.py":
        return
    if file.name.startswith("test_"):
        told = output_of(
            file.parent, "-m", "pytest", file.name, "-o", "asyncio_mode=auto", "-o",
            "asyncio_default_fixture_loop_scope=function", "--sizes", "100", *QUICKLY,
        )  # fmt: skip
        assert re.search(r"\d+ passed", told)
    elif "WORKLOAD = " in file.read_text(encoding="utf-8"):
        race = "from raceway.cli import main; main()"
        told = output_of(file.parent, "-c", race, "race", file.name, *QUICKLY)
        assert f"{file.stem.replace('_', '-')}-" in told
        assert "failed" not in told
    else:
        output_of(file.parent, file.name)
