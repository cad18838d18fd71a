"""`raceway history`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
import typer
from typer.testing import CliRunner

from raceway.cli.history import history
from raceway.errors import SelectionError, StoreError
from raceway.store.runs import save

if TYPE_CHECKING:
    from pathlib import Path

    from support.saved import MakeRun


CASES = ("primes-small-serial-w1", "primes-large-serial-w1", "sleep-small-serial-w1")


@pytest.fixture
def results(make_run: MakeRun, tmp_path: Path) -> Path:
    """Return a results folder with two runs a case."""
    for number, case in enumerate(CASES):
        for day in (1, 2):
            started_at = f"2026-11-0{day}T04:55:00+00:00"
            run = make_run(run_id=f"{number}{day}", case=case, started_at=started_at)
            save(run, tmp_path / "results" / run.header.machine.id)
    return tmp_path / "results"


def shown(output: str) -> list[str]:
    """Return the cases that have a line."""
    return [case for case in CASES if f"\n{case}" in output]


def test_every_case_is_shown(results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    history(results=results)

    assert shown(capsys.readouterr().out) == list(CASES)


@pytest.mark.parametrize(
    ("patterns", "expected"),
    [
        (["sleep-small-serial-w1"], CASES[2:]),
        (["primes-*"], CASES[:2]),
        (["*-large-*", "sleep*"], CASES[1:]),
    ],
)
def test_cases_are_chosen_by_id_or_pattern(
    results: Path,
    capsys: pytest.CaptureFixture[str],
    patterns: list[str],
    expected: tuple[str, ...],
) -> None:
    history(patterns, results=results)

    assert shown(capsys.readouterr().out) == list(expected)


def test_an_unknown_case_is_one_line_with_what_comes_close(results: Path) -> None:
    with pytest.raises(SelectionError) as caught:
        history(["primes-smal-serial-w1"], results=results)

    assert str(caught.value).startswith(
        "no run holds a case primes-smal-serial-w1. Similar: primes-small-serial-w1, "
    )
    assert caught.value.exit_code == 4


def test_where_nothing_comes_close_some_cases_are_named(results: Path) -> None:
    with pytest.raises(SelectionError, match="Choose from: primes-small-serial-w1, "):
        history(["?"], results=results)


def test_a_folder_without_runs_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="It holds none yet"):
        history(results=tmp_path / "results")


def test_a_folder_of_broken_files_ends_with_their_names(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "broken.json").write_text("{", encoding="utf-8")
    with pytest.raises(typer.Exit):
        history(results=tmp_path)

    assert "broken.json: not JSON" in capsys.readouterr().err


def test_json_goes_to_a_file_beside_the_screen(
    results: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    history(results=results, json=str(tmp_path / "history.json"))
    data = json.loads((tmp_path / "history.json").read_text(encoding="utf-8"))

    assert [len(series["points"]) for series in data["series"]] == [2, 2, 2]
    assert shown(capsys.readouterr().out) == list(CASES)


def test_json_on_standard_output_stands_alone(
    results: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    history(["sleep*"], results=results, json="-")
    output, errors = capsys.readouterr()

    assert [series["case"] for series in json.loads(output)["series"]] == [CASES[2]]
    assert shown(errors) == [CASES[2]]


def test_the_command_takes_cases_as_arguments(results: Path) -> None:
    app = typer.Typer()
    app.command()(history)
    ended = CliRunner().invoke(app, ["primes-*", "--results", str(results)])

    assert ended.exit_code == 0
    assert shown(ended.stdout) == list(CASES[:2])
