"""Absurd numbers are refused at the door, in one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from raceway.errors import ExitCode

if TYPE_CHECKING:
    from pathlib import Path

    from support.command import Raceway

LARGE = "1000000000"
SIDES = ("--a", "a=python3", "--b", "b=python3")
CROWD = """
from raceway import Kind, Workload

WORKLOAD = Workload(
    summary="", kind=Kind.CPU, task=abs, sizes={"all": range(SIZE)}
)
"""


@pytest.mark.parametrize("number", ["nan", "inf", "-1", "0", "1e300", "604801"])
@pytest.mark.parametrize(
    "words",
    [
        ("race", "tiny.py", "--budget"),
        ("race", "tiny.py", "--group-timeout"),
        ("duel", *SIDES, "--budget"),
        ("gate", "--budget"),
        ("suite", "run", ".", "--budget"),
        ("suite", "run", ".", "--timeout"),
    ],
    ids=" ".join,
)
def test_no_time_is_absurd(raceway: Raceway, words: tuple[str, ...], number: str) -> None:
    code, output, (error,) = raceway(*words[:-1], f"{words[-1]}={number}")

    assert (code, output) == (ExitCode.WRONG_CALL, [])
    assert error.endswith("give a number above 0, 604,800 at most")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--workers", LARGE), "--workers 1000000000: give a number above 0, 10,000 at most"),
        (("--workers", "9" * 5_000), "give whole numbers above 0, like 1,2,4"),
        (("--launches", LARGE), "--launches 1000000000: give a number above 0, 1,000 at most"),
        (("--launches", "9" * 5_000), "exceeded maximum size"),
        (("--launches", "-1"), "--launches -1: give a number above 0"),
    ],
)
def test_no_count_is_absurd(
    raceway: Raceway, tiny: Path, words: tuple[str, ...], said: str
) -> None:
    code, _, (error,) = raceway("race", str(tiny), *words)

    assert code == ExitCode.WRONG_CALL
    assert said in error


@pytest.mark.parametrize("repeat", [LARGE, "-1", "0", "10000001"])
def test_no_function_is_called_without_end(raceway: Raceway, repeat: str) -> None:
    code, _, (error,) = raceway("race", "math:factorial", "--items=[1]", f"--repeat={repeat}")

    assert code == ExitCode.WRONG_CALL
    assert f"repeat {repeat}: give a whole number above 0, 10,000,000 at most" in error


@pytest.mark.parametrize("digits", [5_000, 100_000])
def test_items_of_thousands_of_digits_are_refused(raceway: Raceway, digits: int) -> None:
    code, _, (error,) = raceway("race", "math:factorial", f"--items=[{'9' * digits}]")

    assert code == ExitCode.WRONG_CALL
    assert error.startswith("raceway: --items: ")


@pytest.mark.parametrize("size", [10_000_001, 10**12, 10**30])
def test_no_workload_has_more_tasks_than_fit(raceway: Raceway, tmp_path: Path, size: int) -> None:
    (tmp_path / "crowd.py").write_text(CROWD.replace("SIZE", str(size)))
    code, _, (error,) = raceway("race", "crowd.py")

    assert code == ExitCode.WRONG_CALL
    assert error.endswith("give it 10,000,000 at most")
