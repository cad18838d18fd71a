"""Shares of the limit in words; impossible ones are left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raceway.analysis.run.plausible import is_too_good
from raceway.text import numbers

if TYPE_CHECKING:
    from raceway.analysis.run.results import Result


def share_text(result: Result) -> str:
    """Return the share of the limit; a dash if it is unknown or impossible."""
    return numbers.UNKNOWN if is_too_good(result) else numbers.percent(result.share_of_limit)


def capacity_text(result: Result) -> str:
    """Return the share of what the cores that really ran allow, likewise."""
    return numbers.UNKNOWN if is_too_good(result) else numbers.percent(result.share_of_capacity)
