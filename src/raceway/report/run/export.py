"""The frame of runs as data: what `raceway report --json` and `--csv` write."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from raceway.text.printable import printable

if TYPE_CHECKING:
    import pandas as pd

SCHEMA = "raceway-report/1"
FORMULA = ("=", "+", "-", "@", "\N{FULLWIDTH EQUALS SIGN}", "\N{FULLWIDTH PLUS SIGN}",
           "\N{FULLWIDTH HYPHEN-MINUS}", "\N{FULLWIDTH COMMERCIAL AT}")  # fmt: skip
"""Text that starts with these, perhaps after blanks, looks like a formula to a spreadsheet."""


def frame_data(frame: pd.DataFrame) -> dict[str, Any]:
    """Return `{"schema": …, "rows": […]}` with the frame's columns; unknown values are null."""
    rows = frame.to_dict("records")
    return {
        "schema": SCHEMA,
        "rows": [{str(name): plain(value) for name, value in row.items()} for row in rows],
    }


def frame_csv(frame: pd.DataFrame) -> str:
    """Return the frame as CSV; unknown values are empty.

    Texts are printable and on one line, and none is taken for a formula.
    """
    texts = frame.select_dtypes(exclude=["number", "bool"]).columns
    safe = frame.assign(**{str(name): frame[name].map(_cell) for name in texts})
    return safe.to_csv(index=False, lineterminator="\n")


def _cell(text: str) -> str:
    shown = printable(text)
    return f"'{shown}" if shown.lstrip().startswith(FORMULA) else shown


def plain(value: Any) -> Any:
    """Return a value of a frame fit for JSON: None for NaN, and no numpy types."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value.item() if hasattr(value, "item") else value
