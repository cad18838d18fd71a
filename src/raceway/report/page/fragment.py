"""A run as a piece of HTML, for the cell of a notebook: advice, tables, charts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raceway.analysis.run.advice import advice_of
from raceway.analysis.run.ranking import answers_of
from raceway.analysis.run.results import results_of
from raceway.report.charts.files import with_theme
from raceway.report.charts.gallery import figures_of
from raceway.report.format.labels import Labels
from raceway.report.format.sanitize import printable, printable_run
from raceway.report.page.assets import environment
from raceway.report.run.advice import details, headline, named
from raceway.report.run.cells import cells_of, unit_of
from raceway.report.run.provenance import condition_lines, status_lines
from raceway.report.run.recipe import recipe_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from raceway.analysis.run.ranking import Answer
    from raceway.record import Run
    from raceway.report.charts.figure import Figure

MOST_CHARTS = 3
"""Charts shown; `raceway report --html` has all."""


def fragment_of(run: Run, notes: Sequence[str], saved: Path) -> str:
    """Return advice, tables and charts of a run; needs no script and nothing from elsewhere."""
    clean = printable_run(run)
    results, label = results_of(clean), Labels(clean)
    every = advice_of(results)
    told = [
        (f"{name}: {headline(advice, label).plain}", list(details(advice, label)))
        for name, advice in named(every)
    ]
    html: str = (
        environment()
        .get_template("fragment.html")
        .render(
            notes=list(map(printable, notes)),
            states=[text.plain for text in status_lines(clean)],
            advice=told,
            recipe=recipe_of(clean, every),
            tables=[table_of(answer, label) for answer in answers_of(results)],
            conditions=[text.plain.strip() for text in condition_lines(clean)],
            charts=list(drawn(figures_of(clean, results=results)[:MOST_CHARTS])),
            saved=printable(str(saved)),
        )
    )
    return html


def table_of(answer: Answer, label: Labels) -> dict[str, object]:
    """Return a group's cases, and those that have no time with the reason."""
    untimed = [each.record for each in answer.results if each not in answer.ranking]
    return {
        "group": answer.group,
        "unit": unit_of(answer),
        "rows": [(label(each.record), cells_of(each, answer)) for each in answer.ranking],
        "others": [(label(each), each.status, each.reason) for each in untimed],
    }


def drawn(figures: Sequence[Figure]) -> Iterator[tuple[str, str]]:
    """Yield the title and the SVG of each figure that can be drawn."""
    import vl_convert  # noqa: PLC0415 (30 MB, for those who look)

    for figure in figures:
        try:
            yield figure.title, vl_convert.vegalite_to_svg(with_theme(figure.spec(), figure.title))
        except ValueError:
            continue
