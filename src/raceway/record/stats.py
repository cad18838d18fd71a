"""A benchmark's statistics, as pytest-benchmark saves them."""

from __future__ import annotations

from raceway.record.saved import Saved


class Stats(Saved, frozen=True, kw_only=True, omit_defaults=False):
    """The statistics that pytest-benchmark saves, with its names and definitions, in seconds."""

    min: float
    max: float
    mean: float
    stddev: float
    rounds: int
    median: float
    iqr: float
    q1: float
    q3: float
    iqr_outliers: int
    stddev_outliers: int
    outliers: str
    ld15iqr: float
    hd15iqr: float
    ops: float
    total: float
    iterations: int
