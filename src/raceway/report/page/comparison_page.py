"""A comparison as a page: the verdicts, at the threshold that the reader sets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raceway.report.charts.changes import change_figures
from raceway.report.comparison.verdicts import in_order
from raceway.report.format.labels import KINDS
from raceway.report.format.sanitize import printable
from raceway.report.page.assets import rendered, specs_of
from raceway.report.page.filters import choices_of
from raceway.report.page.vega import vega_script
from raceway.report.page.verdict_table import verdict_table_of

if TYPE_CHECKING:
    from raceway.analysis.comparison.comparison import Comparison


def comparison_html(comparison: Comparison) -> str:
    """Return the page of a comparison."""
    verdicts = verdict_table_of(comparison)
    figures = list(change_figures(in_order(comparison.rows), comparison.terms.threshold))
    return rendered(
        "comparison.html",
        title="raceway: did anything get slower?",
        verdicts=verdicts,
        kinds=KINDS,
        figures=figures,
        choices=choices_of(verdicts.rows),
        differences=[
            {"what": printable(each.what), "before": printable(each.before),
             "after": printable(each.after)}
            for each in comparison.differences
        ],
        specs=specs_of(figures),
        vega=vega_script(),
    )  # fmt: skip
