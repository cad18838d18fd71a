"""A series as a line of small bars."""

from __future__ import annotations

import math
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

BARS = "▁▂▃▄▅▆▇█"
ASCII_BARS = "_.,-~=*#"
LEAST_RANGE = math.log(1.1)
"""The smallest range of logarithms that fills the height, so that quiet series look flat."""


def sparkline(values: Sequence[float], cells: int, bars: str = BARS) -> str:
    """Return values above zero, oldest first, as at most `cells` bars on a logarithmic scale.

    With more values than cells, each bar is the median of its share of them.
    """
    logs = [math.log(median(share)) for share in _shares(values, cells)]
    if not logs:
        return ""
    middle = (min(logs) + max(logs)) / 2
    height = max(max(logs) - min(logs), LEAST_RANGE)
    places = [(log - middle) / height + 0.5 for log in logs]
    return "".join(bars[min(int(place * len(bars)), len(bars) - 1)] for place in places)


def bars_for(encoding: str) -> str:
    """Return the bars that the encoding can show."""
    try:
        BARS.encode(encoding)
    except UnicodeEncodeError:
        return ASCII_BARS
    return BARS


def _shares(values: Sequence[float], cells: int) -> list[Sequence[float]]:
    """Return the values in order, in at most `cells` parts of nearly equal length."""
    parts = min(len(values), cells)
    edges = [len(values) * part // parts for part in range(parts + 1)] if parts else []
    return [values[start:stop] for start, stop in pairwise(edges)]
