"""The `raceway` command called in this process."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from typing import TYPE_CHECKING, TypeAlias

import pytest

from raceway.cli import main
from support.project import ALONE, DECIDING

if TYPE_CHECKING:
    from pathlib import Path

Answer: TypeAlias = tuple[int | str | None, list[str], list[str]]
"""Exit code, output, errors."""
Raceway: TypeAlias = Callable[..., Answer]


def raceway_in(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Call the command as if in a folder, undecided by this machine, and return what it said."""
    output, errors = StringIO(), StringIO()
    with pytest.MonkeyPatch.context() as patch:
        for variable in DECIDING:
            patch.delenv(variable, raising=False)
        patch.setenv("PYTEST_ADDOPTS", ALONE)
        patch.chdir(folder)
        patch.setattr(sys, "argv", ["raceway", *arguments])
        with (
            redirect_stdout(output),
            redirect_stderr(errors),
            pytest.raises(SystemExit) as ended,
        ):
            main()
    code = int(ended.value.code or 0)
    return subprocess.CompletedProcess(arguments, code, output.getvalue(), errors.getvalue())
