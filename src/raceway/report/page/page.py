"""The page of a run: plain values for its template."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from raceway.analysis.history.changes import FEWEST_POINTS
from raceway.analysis.run.advice import advice_of
from raceway.analysis.run.claims import claims_of, is_about_kinds
from raceway.analysis.run.conditions import conditions_of
from raceway.analysis.run.ranking import answers_of
from raceway.analysis.run.results import results_of
from raceway.record import Status
from raceway.report.charts.gallery import distributions_of, figures_of
from raceway.report.format.labels import KINDS, Labels
from raceway.report.format.sanitize import printable, printable_run
from raceway.report.page.assets import rendered, specs_of
from raceway.report.page.calculator import calculator_of
from raceway.report.page.cards import advice_cards, claim_cards
from raceway.report.page.environment import MOST_BESIDE, environment_facts
from raceway.report.page.filters import choices_of
from raceway.report.page.over_time import traces_of
from raceway.report.page.tables import condition_rows, group_tables
from raceway.report.page.vega import vega_script
from raceway.report.page.verdict_table import verdict_table_of
from raceway.report.run.answers import by_kind
from raceway.report.run.plain import PLAIN_TITLES, plain_rows
from raceway.report.run.provenance import condition_lines, origin_lines, skipped_lines, status_lines
from raceway.report.run.pythons import PRICE_TITLES, WORK_TITLES, python_tables
from raceway.report.run.recipe import recipe_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from raceway.analysis.comparison.comparison import Comparison
    from raceway.analysis.history.history import History
    from raceway.analysis.run.results import Result
    from raceway.record import Run
    from raceway.report.charts.figure import Figure


@dataclass(frozen=True, slots=True)
class Beside:
    """What a run's page shows beside the run."""

    elsewhere: Sequence[Run] = ()
    """Runs of other machines."""
    since: Comparison | None = None
    """The run compared with an earlier one."""
    past: Callable[[], Sequence[History]] = tuple
    """Returns the history of its cases; called last, since runs may still be being read."""


ALONE = Beside()


def page_html(
    run: Run, path: Path, beside: Beside = ALONE, vega: Callable[[], str] = vega_script
) -> str:
    """Return the page of a run that was read from `path`.

    `vega` returns the drawing script. It is called last: another process may be bundling it.
    """
    clean, others = printable_run(run), [printable_run(each) for each in beside.elsewhere]
    results = results_of(clean)
    figures, distributions = figures_of(clean, others, results), distributions_of(clean)
    return rendered(
        "page.html",
        title=f"raceway: {clean.header.machine.id}",
        file=printable(path.name),
        run=clean,
        kinds=KINDS,
        choices=choices_of(each for each in clean.records if each.workload and each.launches),
        figures=figures,
        specs=specs_of([*figures, *distributions]),
        **answers_shown(clean, results, distributions),
        **plain_shown(clean),
        **provenance_shown(clean),
        **beside_shown(clean, others, beside),
        vega=vega(),
    )


def answers_shown(
    run: Run, results: Sequence[Result], distributions: Sequence[Figure]
) -> dict[str, Any]:
    """Return what the run says of the raced cases."""
    label, advice = Labels(run), advice_of(results)
    answers = [answer for _, members in by_kind(answers_of(results)) for answer in members]
    charts = {each.title.partition(":")[0]: each.name for each in distributions}
    return {
        "raced": bool(results),
        "advice": advice_cards(advice, label),
        "recipe": recipe_of(run, advice),
        "unadvised": unadvised(results),
        "claims": claim_cards(claims_of(run, results)) if is_about_kinds(run) else [],
        "pythons": python_tables(run, results),
        "work_titles": WORK_TITLES,
        "price_titles": PRICE_TITLES,
        "groups": group_tables(answers, label, charts),
        "calculator": calculator_of(run),
    }


def plain_shown(run: Run) -> dict[str, Any]:
    """Return what the run says of plain benchmarks."""
    return {"plain": plain_rows(run), "plain_titles": PLAIN_TITLES}


def provenance_shown(run: Run) -> dict[str, Any]:
    """Return what the run's numbers stand on."""
    return {
        "notes": [text.plain for text in status_lines(run)],
        "skipped": [text.plain for text in skipped_lines(run)],
        "conditions": [text.plain for text in condition_lines(run)][:1],
        "disturbed": condition_rows(conditions_of(run)),
        "origin": [text.plain.partition(": ")[::2] for text in origin_lines(run)],
    }


def beside_shown(run: Run, others: Sequence[Run], beside: Beside) -> dict[str, Any]:
    """Return what an earlier run, other machines and the past add."""
    since = beside.since
    before = [since.a.runs[-1]] if since else []
    names = [*([since.a.label] if since else []), *(each.header.machine.id for each in others)]
    traces = traces_of(beside.past(), run)
    return {
        "since": since and verdict_table_of(since),
        "facts": environment_facts(run, [*before, *others][:MOST_BESIDE]),
        "beside": names[:MOST_BESIDE],
        "traces": traces,
        "changed": sum(bool(each.changes) for each in traces),
        "fewest": FEWEST_POINTS,
    }


def unadvised(results: Sequence[Result]) -> str:
    """Return why there is no advice."""
    if any(result.per_pass_s is not None for result in results):
        return "each workload was measured with a single model"
    failed = bool(results) and all(each.record.status is Status.FAILED for each in results)
    return "every case failed" if failed else "no case was measured"
