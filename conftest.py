"""Defaults of this repository: its benchmarks and tests use raceway's own plugin.

`pytest bench/` works in a clone with the requirements alone installed; what is missing is told in
one line.
"""

from __future__ import annotations

import re
import sys
import tomllib
from importlib.metadata import PackageNotFoundError, distribution
from importlib.util import find_spec
from pathlib import Path

import pytest

NAME = re.compile(r"[\w.-]+")


def missing() -> list[str]:
    """Return the packages that raceway needs everywhere and that are not installed."""
    text = Path(__file__).with_name("pyproject.toml").read_text(encoding="utf-8")
    needed = [one for one in tomllib.loads(text)["project"]["dependencies"] if ";" not in one]
    absent = []
    for name in (NAME.match(one).group() for one in needed):
        try:
            distribution(name)
        except PackageNotFoundError:
            absent.append(name)
    return absent


if find_spec("raceway") is None:  # where it is installed, that is what is tested
    sys.path.insert(0, str(Path(__file__).with_name("src")))
MISSING = missing()
if not MISSING:
    pytest_plugins = ["raceway.plugin"]


def pytest_addoption() -> None:
    """Refuse to begin without what raceway needs: a usage error is one line, an import's is not."""
    if MISSING:
        raise pytest.UsageError(
            f"raceway needs {', '.join(MISSING)}, not installed in {sys.executable}:"
            f" {sys.executable} -m pip install {' '.join(MISSING)}"
        )
