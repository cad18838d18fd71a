"""A package that is not installed is named in one line, whichever it is."""

from __future__ import annotations

import subprocess
import sys

import pytest

CALL = """
import sys
sys.modules[{package!r}] = None
sys.argv = ["raceway", "report"]
from raceway.cli import main
main()
"""


@pytest.mark.parametrize("package", ["msgspec", "typer", "rich"])
def test_a_missing_package_is_named_with_what_to_install(package: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", CALL.format(package=package)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    (line,) = ended.stderr.splitlines()
    assert line.startswith(f"raceway needs {package}, not installed in ")
    assert line.endswith(f"-m pip install {package}")
    assert ended.returncode == 4
