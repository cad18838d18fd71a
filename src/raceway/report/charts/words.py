"""Values as tooltips show them, worded as in the tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from raceway.analysis.run.crossover import Crossover, CrossoverPlace
from raceway.case import Kind
from raceway.report.run.crossovers import crossover_text
from raceway.text import numbers

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping


def worded(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the frame with the text columns `takes`, `gain`, `reached` and `pays`."""
    rows = [
        {"takes": takes(row), "gain": gain(row), "reached": numbers.percent(row["share_of_limit"]),
         "pays": pays(row)}
        for row in frame.to_dict("records")
    ]  # fmt: skip
    words = pd.DataFrame(rows, index=frame.index, columns=["takes", "gain", "reached", "pays"])
    return frame.join(words)


def takes(row: Mapping[Hashable, Any]) -> str:
    """Return the time per task, or per pass if tasks wait, with its interval."""
    per = 1 if row["kind"] == Kind.IO else row["tasks"]
    time_s, low_s, high_s = (
        numbers.seconds(row[name] / per)
        for name in ("per_pass_s", "per_pass_low_s", "per_pass_high_s")
    )
    return time_s if numbers.UNKNOWN in {low_s, high_s} else f"{time_s} [{low_s}, {high_s}]"


def gain(row: Mapping[Hashable, Any]) -> str:
    """Return the speedup over serial with its interval."""
    if pd.isna(row["speedup"]):
        return numbers.UNKNOWN
    low, high = (known(row[name]) for name in ("speedup_low", "speedup_high"))
    return f"{numbers.times(row['speedup'])} {numbers.interval(low, high)}".strip()


def pays(row: Mapping[Hashable, Any]) -> str:
    """Return the size from which the model beats serial by 5 %."""
    if not row["crossover"]:
        return numbers.UNKNOWN
    crossover = Crossover(
        reach=CrossoverPlace(row["crossover"]),
        magnitude=known(row["crossover_at"]),
        low=known(row["crossover_low"]),
        high=known(row["crossover_high"]),
    )
    return crossover_text(crossover, row["axis"])


def known(value: float) -> float | None:
    """Return the value, None for NaN."""
    return None if pd.isna(value) else value
