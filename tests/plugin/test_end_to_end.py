from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from raceway.record import Run, Status
from raceway.store.runs import load

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def run_file(measured: Path) -> Path:
    (file,) = measured.glob("results/*/*")
    return file


@pytest.fixture
def run(run_file: Path) -> Run:
    ((_, run),) = load([run_file]).runs
    return run


@pytest.fixture
def output(measured: Path) -> list[str]:
    return (measured / "output.txt").read_text(encoding="utf-8").splitlines()


def output_of(folder: Path, *command: str) -> str:
    done = subprocess.run(
        [sys.executable, *command],
        capture_output=True,
        check=True,
        cwd=folder,
        encoding="utf-8",
    )
    return done.stdout


def refuse_constant(name: str) -> Any:
    raise ValueError(name)


def test_all_tests_of_a_run_pass(output: list[str]) -> None:
    assert "4 passed" in output[-1]


def test_a_run_is_saved_in_the_folder_of_its_machine(run_file: Path, run: Run) -> None:
    assert run_file.parent.name == run.header.machine.id


def test_a_saved_file_is_strict_json(run_file: Path) -> None:
    json.loads(run_file.read_bytes(), parse_constant=refuse_constant)


def test_a_run_holds_its_cases_and_the_benchmarks_beside_them(run: Run) -> None:
    assert {record.id: record.status for record in run.records} == {
        "tiny-few-serial-w1": Status.OK,
        f"tiny-few-threads-w{max(2, run.header.machine.usable_cores)}": Status.OK,
        "test_plain.py::test_plain": Status.OK,
        "test_plain.py::test_async": Status.OK,
    }


def test_a_case_is_known_to_other_tools_by_its_test(run: Run) -> None:
    record = run.record("tiny-few-serial-w1")

    assert record.fullname == "test_tiny.py::test_tiny[tiny-few-serial-w1]"


def test_a_run_remembers_its_command_as_it_was_typed(run: Run) -> None:
    assert run.header.command_line[:3] == ["pytest", "-p", "raceway.plugin"]


def test_pytest_benchmark_compares_a_saved_file(run_file: Path, run: Run, tmp_path: Path) -> None:
    listed = output_of(
        tmp_path, "-m", "pytest_benchmark", "compare", "--columns=median", str(run_file)
    )

    assert all(record.fullname.rpartition("::")[2] in listed for record in run.records)


def test_the_output_ends_with_the_answers_and_the_saved_file(
    output: list[str], run_file: Path
) -> None:
    title = next(number for number, line in enumerate(output) if line.strip("=") == " raceway ")

    assert any(line.startswith("  tiny-few: ") for line in output[title:])
    assert output[-2] == f"saved: {run_file}"


def test_a_saved_run_can_be_reported(measured: Path, run_file: Path) -> None:
    report = output_of(measured, "-c", "from raceway.cli import main; main()", "report")

    assert report.splitlines()[0] == f"raceway: {run_file.name}"
    assert "  tiny-few: " in report


def test_the_race_is_announced_once_where_there_is_no_terminal(output: list[str]) -> None:
    assert [line for line in output if line.startswith("launch ")] == [
        "launch 1 of 1, group 1 of 1: tiny-few, 2 cases"
    ]
