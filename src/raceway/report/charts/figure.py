"""A chart with its texts and rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    import altair as alt

    Drawing = alt.Chart | alt.LayerChart | alt.FacetChart
    Specification = Mapping[str, Any]

ROWS = "rows"
"""The name of the data set in every specification."""
WIDTH, HEIGHT = 560, 300
"""The plotting area in pixels; on the page, charts fill the width."""
TIP_SECONDS, TIP_RATIO = ".4s", ".3f"
"""Tooltip formats: with an SI prefix, with three decimals."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A chart, its rows, and its texts."""

    name: str
    """Unique among a run's figures."""
    title: str
    caption: str
    """How to read it."""
    described: str
    """What it shows, for screen readers."""
    chart: Drawing | Specification
    """Without its rows."""
    rows: Sequence[Mapping[str, Any]]
    kind: str = ""
    """The kind of work shown; empty for all."""
    workload: str = ""
    """Empty for all."""

    def spec(self) -> dict[str, Any]:
        """Return the Vega-Lite specification, with the rows in its `datasets`."""
        drawn = self.chart
        spec = drawn if isinstance(drawn, Mapping) else drawn.to_dict(validate=False)
        data = {**spec.get("datasets", {}), ROWS: list(self.rows)}
        return {**spec, "description": self.described, "datasets": data}
