"""The page: what it shows, as plain values for the template."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import raceway
from raceway.analysis.advice import advice_of
from raceway.analysis.answers import answers_of
from raceway.analysis.claims import claims_of
from raceway.analysis.conditions import conditions_of
from raceway.analysis.results import results_of
from raceway.report.answers import by_kind
from raceway.report.charts.gallery import distributions_of, figures_of
from raceway.report.footing import condition_lines, origin_lines, skipped_lines, status_lines
from raceway.report.labels import KINDS, Labels
from raceway.report.legible import printable, printable_run
from raceway.report.page.cards import advice_cards, claim_cards
from raceway.report.page.tables import condition_rows, heat_tables, plain_rows

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jinja2 import Environment

    from raceway.record import Run
    from raceway.report.charts.figure import Figure

HERE = Path(__file__).parent
FILTERS = ("kind", "model", "size", "interpreter")
"""Fields of cases by which the page can be narrowed down."""


def page_html(run: Run, path: Path) -> str:
    """Return the page of a run that was read from a file."""
    clean = printable_run(run)
    results, label = results_of(clean), Labels(clean)
    answers = [answer for _, members in by_kind(answers_of(results)) for answer in members]
    figures, distributions = list(figures_of(clean)), list(distributions_of(clean))
    page: str = template().render(
        title=f"raceway: {clean.header.machine.id}",
        file=printable(path.name),
        version=raceway.__version__,
        run=clean,
        kinds=KINDS,
        notes=[text.plain for text in status_lines(clean)],
        advice=advice_cards(advice_of(results), label),
        claims=claim_cards(claims_of(clean, results)),
        figures=figures,
        heats=heat_tables(answers, label, {each.title.partition(":")[0]: each.name
                                           for each in distributions}),
        plain=plain_rows(clean),
        skipped=[text.plain for text in skipped_lines(clean)],
        conditions=[text.plain for text in condition_lines(clean)][:1],
        disturbed=condition_rows(conditions_of(clean)),
        origin=[text.plain.partition(": ")[::2] for text in origin_lines(clean)],
        choices=choices_of(clean),
        specs=script_json(specs_of([*figures, *distributions])),
        library=library(),
        style=(HERE / "page.css").read_text(),
        script=(HERE / "page.js").read_text(),
    )  # fmt: skip
    return page


def specs_of(figures: Iterable[Figure]) -> dict[str, Any]:
    """Return the specification of each figure by its name, as wide as there is room."""
    return {figure.name: {**figure.spec(), "width": "container"} for figure in figures}


def choices_of(run: Run) -> dict[str, list[str]]:
    """Return the values of each field to filter by; fields with a single value are left out."""
    raced = [record for record in run.records if record.workload and record.launches]
    values = {
        field: list(dict.fromkeys(getattr(each, field) for each in raced)) for field in FILTERS
    }
    return {field: each for field, each in values.items() if len(each) > 1}


def script_json(value: Any) -> str:
    """Return JSON that can stand inside a script element: no text in it can end the element."""
    text = json.dumps(value, separators=(",", ":"), allow_nan=False, ensure_ascii=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


@cache
def library() -> str:
    """Return Vega, Vega-Lite and Vega-Embed as one script."""
    import vl_convert  # noqa: PLC0415 (30 MB, for pages only)

    return vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;").replace(
        "</script", "<\\/script"
    )


@cache
def template() -> Any:
    """Return the page's template; every value in it is escaped."""
    return _environment().get_template("page.html")


def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415 (pages only)

    return Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
