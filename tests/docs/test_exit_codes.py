"""docs/exit-codes.md says what the code does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from raceway.cli import INTERRUPTED
from raceway.cli.doctor import BAD
from raceway.errors import RacewayError
from raceway.plugin.state import USAGE_ERROR
from raceway.regression.gate import GateOutcome

PAGE = Path(__file__).parents[2] / "docs" / "exit-codes.md"


def documented() -> list[dict[int, str]]:
    """Return the tables of the page: raceway's, and pytest's."""
    sections = PAGE.read_text(encoding="utf-8").split("\n## ")[1:]
    rows = [re.findall(r"^\| (\d+) \| (.+) \|$", section, re.MULTILINE) for section in sections]
    return [{int(code): meaning for code, meaning in table} for table in rows]


def test_every_exit_code_of_raceway_is_documented_and_no_other() -> None:
    codes = {0, BAD, *map(int, GateOutcome), RacewayError.exit_code, INTERRUPTED}

    assert documented()[0].keys() == codes


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (GateOutcome.PASSED, "nothing is slower"),
        (GateOutcome.REGRESSED, "slower again"),
        (GateOutcome.UNJUDGED, "cannot tell"),
    ],
)
def test_the_outcomes_of_a_gate_are_documented(outcome: GateOutcome, words: str) -> None:
    assert words in documented()[0][int(outcome)]


def test_the_exit_codes_of_pytest_are_documented() -> None:
    codes = {
        int(code)
        for code in pytest.ExitCode
        if code is not pytest.ExitCode.INTERNAL_ERROR and code.name != "MAX_WARNINGS_ERROR"
    }

    assert documented()[1].keys() == codes
    assert "options" in documented()[1][USAGE_ERROR]
