"""docs/exit-codes.md says what the code does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from raceway.cli.commands import COMMANDS
from raceway.cli.endings import ENDINGS
from raceway.errors import ExitCode
from raceway.plugin.state import USAGE_ERROR

PAGE = Path(__file__).parents[2] / "docs" / "exit-codes.md"
CODES = (ExitCode.DONE, ExitCode.FAILED, ExitCode.UNTOLD)


def sections() -> list[str]:
    return PAGE.read_text(encoding="utf-8").split("\n## ")[1:]


def by_code(section: str) -> dict[int, str]:
    rows = re.findall(r"^\| (\d+) \| ([^|]+) \|$", section, re.MULTILINE)
    return {int(code): meaning for code, meaning in rows}


def test_the_page_has_the_table_of_the_code() -> None:
    table = [
        f"| `{command}` | {' | '.join(meanings.get(code, '–') for code in CODES)} |"
        for command, meanings in ENDINGS.items()
    ]

    assert re.findall(r"^\| `.*\|$", sections()[0], re.MULTILINE) == table


def test_every_command_is_in_the_table() -> None:
    assert ENDINGS.keys() == COMMANDS.keys()


def test_what_ends_every_command_alike_is_documented() -> None:
    assert by_code(sections()[0]).keys() == set(ExitCode) - set(CODES)


def test_the_exit_codes_of_pytest_are_documented() -> None:
    codes = {
        int(code)
        for code in pytest.ExitCode
        if code is not pytest.ExitCode.INTERNAL_ERROR and code.name != "MAX_WARNINGS_ERROR"
    }
    documented = by_code(sections()[1])

    assert documented.keys() == codes
    assert "options" in documented[USAGE_ERROR]
