"""raceway races Python's concurrency models on the same verified work.

This file travels into every lane, so it imports nothing.
"""

from __future__ import annotations

__version__ = "0.1.0"

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd


def load(path: str | Path) -> pd.DataFrame:
    """Return the runs of a file, or of a results or machine folder, as one frame.

    One row a run and raced case; `raceway.analysis.run.frame.COLUMNS` explains the columns.
    A file that holds no run is skipped with a warning; StoreError if the path does not exist.
    """
    from raceway.archive.notebook import frame_from  # noqa: PLC0415 (lanes lack it)

    return frame_from(path)
