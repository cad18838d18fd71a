"""A results folder whose runs are told by their day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from raceway.store.shelf import save

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from raceway.record import Run

    MakeRun = Callable[..., Run]
    Keep = Callable[..., Path]


@pytest.fixture
def keep(make_run: MakeRun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Keep:
    """Return a function that saves a run: its day is its id, its interpreters those named."""
    monkeypatch.chdir(tmp_path)

    def make(
        day: int,
        machine: str = "m1",
        version: str = "3.13.0",
        labels: tuple[str, ...] = ("current",),
    ) -> Path:
        run = make_run(run_id=f"day{day:02}", started_at=f"2026-11-{day:02}T00:00:00+00:00")
        (environment,) = run.header.environments
        header = msgspec.structs.replace(
            run.header,
            machine=msgspec.structs.replace(run.header.machine, id=machine),
            environments=[
                msgspec.structs.replace(environment, label=label, version=version)
                for label in labels
            ],
        )
        run = msgspec.structs.replace(run, header=header)
        return save(run, tmp_path / "results" / machine)

    return make
