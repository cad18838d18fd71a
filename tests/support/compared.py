"""Cases with a reference loop beside each round, and the rows of a comparison of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias

import msgspec

from raceway.record import Record
from support.synthetic import a_record, anchored_launches

if TYPE_CHECKING:
    from collections.abc import Sequence

    from raceway.analysis.comparison.comparison import Comparison
    from raceway.analysis.comparison.verdicts import Row

MakeAnchored: TypeAlias = Callable[..., list[Record]]

STEADY_ANCHORS = [0.0002] * 5
WILD_ANCHORS = [0.0002 * factor for factor in (0.9, 1.1, 1.0, 0.8, 1.2)]
SCATTERED = [1.0, 1.05, 0.95, 1.02, 0.98]
"""As far as the machine itself makes launches of one run scatter."""


def only(comparison: Comparison) -> Row:
    """Return the row of the only case compared."""
    (row,) = comparison.rows
    return row


def longer(passes_s: Sequence[float], factor: float) -> list[float]:
    """Return times that all take longer by a factor."""
    return [factor * each for each in passes_s]


def anchored_case(
    passes_s: Sequence[float], anchors_s: Sequence[float], cores: float = 1.0, **fields: Any
) -> list[Record]:
    """Return a single case that keeps so many cores busy, a reference loop beside each round."""
    launches = [
        msgspec.structs.replace(each, cpu_s=cores * sum(each.rounds_ns) / 1e9)
        for each in anchored_launches(passes_s, anchors_s)
    ]
    return [a_record(fields.pop("model", "pool"), launches=launches, **fields)]
