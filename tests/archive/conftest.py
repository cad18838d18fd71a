"""Folders of runs, told by their day or many alike, and a cache of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import pytest

import raceway.archive.bulk
import raceway.archive.digest_cache
import raceway.archive.reader
import raceway.record
from raceway.archive.bulk import MANY, Reading
from raceway.record import Launch
from raceway.store.runs import run_files, save

if TYPE_CHECKING:
    from pathlib import Path

    from raceway.analysis.history.digest import Digest
    from support.archived import Keep, ReadAll
    from support.saved import MakeRun


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("raceway.store.cache.cache_folder", lambda: tmp_path / "cache")
    return tmp_path / "cache"


@pytest.fixture
def at_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let files count as having lain still from the moment they are written."""
    monkeypatch.setattr(raceway.archive.reader, "SETTLED_NS", -(10**12))


def unable(_: object) -> None:
    raise OSError(38, "no processes here")


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read in this process however many files there are."""
    monkeypatch.setattr(raceway.archive.bulk, "Reader", unable)


@pytest.fixture
def files(make_run: MakeRun, tmp_path: Path) -> list[Path]:
    """Return as many files as are worth keeping."""
    for number in range(MANY):
        run = make_run([Launch(index=0, rounds_ns=[1_500_000_000])], run_id=f"{number:08x}")
        save(run, tmp_path / "results" / run.header.machine.id)
    return run_files(tmp_path / "results")


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Return a list that grows by each file that is read."""
    seen: list[Path] = []
    load: Any = raceway.archive.reader.load
    monkeypatch.setattr(
        raceway.archive.reader, "load", lambda paths: seen.extend(paths) or load(paths)
    )
    return seen


@pytest.fixture
def read() -> ReadAll:
    """Return what reads files, and what it has to say of them."""

    def read_all(files: list[Path]) -> tuple[list[tuple[Path, Digest]], list[str]]:
        problems: list[str] = []
        with Reading(files) as reading:
            return reading.digests(problems), problems

    return read_all


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
