"""The `raceway` command in a folder of its own."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest

from raceway.cli import main
from raceway.store.runs import load, save

if TYPE_CHECKING:
    from pathlib import Path

    from raceway.session.lineup import Lineup
    from support.archived import Keep
    from support.command import Answer, Raceway
    from support.saved import MakeRun, MeasuredRun, Passes, Saved


@pytest.fixture(autouse=True)
def plain_surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Let each test begin in a folder of its own, on a terminal of usual width."""
    monkeypatch.delenv("RACEWAY_MACHINE", raising=False)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def raceway(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Raceway:
    """Return a function that runs the command in this process: exit code, output, errors."""

    def run(*arguments: str) -> Answer:
        monkeypatch.setattr(sys, "argv", ["raceway", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        output, errors = capsys.readouterr()
        return ended.value.code or 0, output.splitlines(), errors.splitlines()

    return run


@pytest.fixture
def saved(tmp_path: Path) -> Saved:
    """Return a function that reads all runs in the results folder."""
    return lambda: [run for _, run in load(tmp_path.glob("results/*/*.json")).runs]


@pytest.fixture
def saved_file(make_run: MakeRun, tmp_path: Path) -> Path:
    """Return the file of the only run in the results folder."""
    return save(make_run(), tmp_path / "results" / "machine")


@pytest.fixture
def keep(measured_here: MeasuredRun, tmp_path: Path, surveyed: Lineup) -> Keep:
    """Return a function that saves a run as if it had been measured here."""

    def make(day: int, passes_s: Passes, **fields: Any) -> Path:
        run_id, started_at = f"day{day:02}", f"2026-11-{day:02}T00:00:00+00:00"
        run = measured_here(passes_s, run_id=run_id, started_at=started_at, **fields)
        return save(run, tmp_path / "results" / surveyed.machine.id)

    return make
