"""Saved runs as one frame."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import raceway
from raceway.analysis.run.frame import COLUMNS
from raceway.errors import StoreError
from raceway.store.runs import save
from support.synthetic import a_record, a_run

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def saved(tmp_path: Path) -> list[Path]:
    """Return the files of two runs on one machine."""
    return [
        save(a_run([a_record("serial", [1.0] * 3)], run_id=run_id), tmp_path / "results" / "m")
        for run_id in ("aaaaaaaa", "bbbbbbbb")
    ]


def test_a_file_is_one_run(saved: list[Path]) -> None:
    frame = raceway.load(saved[0])

    assert list(frame) == list(COLUMNS)
    assert list(frame["run"]) == ["aaaaaaaa"]


def test_a_folder_is_all_its_runs(saved: list[Path], tmp_path: Path) -> None:
    assert set(raceway.load(str(tmp_path / "results"))["run"]) == {"aaaaaaaa", "bbbbbbbb"}
    assert len(raceway.load(saved[0].parent)) == 2


def test_a_broken_file_is_warned_of_and_skipped(saved: list[Path]) -> None:
    (saved[0].parent / "broken.json").write_text("{", encoding="utf-8")

    with pytest.warns(UserWarning, match=r"broken\.json: not JSON"):
        frame = raceway.load(saved[0].parent)
    assert len(frame) == 2


def test_a_path_that_does_not_exist_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no such file or folder"):
        raceway.load(tmp_path / "nowhere")


def test_an_empty_folder_is_an_empty_frame(tmp_path: Path) -> None:
    assert list(raceway.load(tmp_path)) == list(COLUMNS)
