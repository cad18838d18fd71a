"""Shares of the limit as they may be said: none that cannot be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raceway.analysis.run.plausible import is_too_good
from raceway.text import numbers

if TYPE_CHECKING:
    from raceway.analysis.run.results import Result


def share_text(result: Result) -> str:
    """Return the share of the limit; a dash where there is none or it cannot be."""
    return numbers.UNKNOWN if is_too_good(result) else numbers.percent(result.share_of_limit)


def capacity_text(result: Result) -> str:
    """Return the same against the cores that really ran."""
    return numbers.UNKNOWN if is_too_good(result) else numbers.percent(result.share_of_capacity)
