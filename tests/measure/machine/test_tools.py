from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from raceway.measure.machine import tools
from raceway.measure.machine.tools import output_of

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_what_a_tool_prints_is_returned() -> None:
    assert output_of(sys.executable, "-S", "-E", "-c", "print(' 1, 2 ')") == "1, 2"


def test_a_tool_that_is_absent_or_fails_says_nothing() -> None:
    failing = output_of(sys.executable, "-S", "-E", "-c", "print(1); raise SystemExit(2)")

    assert (output_of("no-such-tool"), failing) == ("", "")


def test_a_tool_that_hangs_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tools, "TIMEOUT_S", 0.05)

    assert output_of(sys.executable, "-S", "-E", "-c", "import time; time.sleep(60)") == ""


def test_a_tool_that_cannot_be_run_says_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tool = tmp_path / "tool"
    tool.write_bytes(b"\0")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))

    assert output_of("tool") == ""
