"""One figure from those of several cases that were measured apart."""

from __future__ import annotations

from math import inf, sqrt
from statistics import fmean
from typing import TYPE_CHECKING

from raceway.analysis.stats.intervals import Centre

if TYPE_CHECKING:
    from collections.abc import Sequence


def mean_of(centres: Sequence[Centre]) -> Centre | None:
    """Return the mean of independent centres, each as important as the others; None without any.

    Its degrees of freedom are those of Welch and Satterthwaite (Biometrics Bulletin 2, 1946).
    """
    if not centres:
        return None
    squares = [each.error**2 for each in centres]
    doubt = sum(
        square**2 / each.degrees for square, each in zip(squares, centres, strict=True) if square
    )
    return Centre(
        log=fmean(each.log for each in centres),
        error=sqrt(sum(squares)) / len(centres),
        degrees=sum(squares) ** 2 / doubt if doubt else inf,
        launches=min(each.launches for each in centres),
    )
