"""A chart with all that belongs beside it."""

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
"""Of a chart's plotting area in pixels; on the page a chart is as wide as there is room."""
TIP_SECONDS, TIP_RATIO = ".4s", ".3f"
"""Formats of hovered values: with an SI prefix, and in three decimals."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A chart, its heading, what it shows in a line, and the same told to those who cannot see."""

    name: str
    """Unique among a run's figures, fit for a file's name."""
    title: str
    caption: str
    """How to read it, in a line."""
    described: str
    """What it shows, for screen readers."""
    chart: Drawing | Specification
    """Without its rows."""
    rows: Sequence[Mapping[str, Any]]
    kind: str = ""
    """Of the work it shows; empty for all."""
    workload: str = ""
    """Empty for all."""

    def spec(self) -> dict[str, Any]:
        """Return the Vega-Lite specification, its rows under `datasets`, by their name."""
        drawn = self.chart
        spec = drawn if isinstance(drawn, Mapping) else drawn.to_dict(validate=False)
        data = {**spec.get("datasets", {}), ROWS: list(self.rows)}
        return {**spec, "description": self.described, "datasets": data}
