"""Saved runs for a notebook."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from raceway.analysis.run.frame import frame_of
from raceway.errors import StoreError
from raceway.store.runs import load, run_files

if TYPE_CHECKING:
    import pandas as pd


def frame_from(path: str | Path) -> pd.DataFrame:
    """Return the frame of a run file or of a folder's runs; StoreError if the path is missing."""
    path = Path(path)
    if not path.exists():
        raise StoreError(f"{path}: no such file or folder; give a run's file or a results folder")
    loaded = load(run_files(path) if path.is_dir() else [path])
    for problem in loaded.problems:
        warnings.warn(problem, stacklevel=3)
    return frame_of(*(run for _, run in loaded.runs))
