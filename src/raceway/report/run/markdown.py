"""A run as Markdown, short enough for a pull request: the tables are folded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raceway.analysis.run.advice import advice_of
from raceway.analysis.run.claim import ClaimResult
from raceway.analysis.run.claims import claims_of, is_about_kinds
from raceway.analysis.run.ranking import answers_of
from raceway.analysis.run.results import results_of
from raceway.report.format.labels import Labels
from raceway.report.format.markdown import escaped, table_lines
from raceway.report.format.sanitize import printable_run
from raceway.report.run.advice import details, headline, named
from raceway.report.run.answers import by_kind
from raceway.report.run.cells import cells_of
from raceway.report.run.claims import evidence_text
from raceway.report.run.latencies import AT_ONCE, PERCENTILES, RATE, percentile_cells, rate_cells
from raceway.report.run.plain import PLAIN_TITLES, plain_rows
from raceway.report.run.provenance import condition_lines, origin_lines, status_lines
from raceway.report.run.recipe import recipe_of
from raceway.text import numbers

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from raceway.analysis.run.ranking import Answer
    from raceway.analysis.run.results import Result
    from raceway.record import Run

TITLES = ("case", "time", "of serial", "limit", "cold", "memory", "launches")
LATENCY_TITLES = ("latency of", *(title for title, _ in PERCENTILES), RATE[0], AT_ONCE[0])


def report_markdown(run: Run, *, claims: bool = False) -> str:
    """Return the advice, the claims if wanted, and all cases; text from files is escaped."""
    return "\n".join([*_lines(printable_run(run), claims=claims), ""])


def _lines(run: Run, *, claims: bool) -> Iterator[str]:
    results, label = results_of(run), Labels(run)
    machine, commit = escaped(run.header.machine.id), escaped(run.header.commit.short)
    yield f"### raceway: {machine}, commit {commit}"
    yield ""
    for text in status_lines(run):
        yield f"**{escaped(text.plain)}**  "
    yield from _advice_lines(run, results, label)
    if claims and is_about_kinds(run):
        yield from _claim_lines(run, results)
    answers = [answer for _, members in by_kind(answers_of(results)) for answer in members]
    raced = [_cells(each, answer) for answer in answers for each in answer.ranking]
    waited = [_latency(each) for answer in answers for each in answer.ranking if each.latency]
    plain = plain_rows(run)
    yield f"<details><summary>{numbers.count(len(raced) + len(plain), 'case')}</summary>"
    yield ""
    tables = ((TITLES, raced), (LATENCY_TITLES, waited), (PLAIN_TITLES, plain))
    for titles, rows in tables:
        if rows:
            yield from table_lines(titles, rows)
            yield ""
    for text in (*condition_lines(run), *origin_lines(run)):
        yield f"- {escaped(text.plain.strip())}"
    yield ""
    yield "</details>"


def _claim_lines(run: Run, results: Sequence[Result]) -> Iterator[str]:
    claims = claims_of(run, results)
    if any(claim.finding is not ClaimResult.UNTESTED for claim in claims):
        for claim in claims:
            told = claim.reason or evidence_text(claim)
            yield f"- {escaped(claim.text)}: **{claim.finding}** ({escaped(told)})"
        yield ""


def _advice_lines(run: Run, results: Sequence[Result], label: Labels) -> Iterator[str]:
    every = advice_of(results)
    for name, advice in named(every):
        behind = "; ".join(details(advice, label))
        yield f"- **{escaped(name)}: {escaped(headline(advice, label).plain)}**"
        if behind:
            yield f"  <br><sub>{escaped(behind)}</sub>"
    if every:
        yield ""
    if recipe := recipe_of(run, every):
        yield from ("```python", *recipe, "```", "")


def _cells(result: Result, answer: Answer) -> tuple[str, ...]:
    cells = cells_of(result, answer)
    measured = (cells.time, cells.speedup, cells.limit, cells.cold, cells.memory, cells.launches)
    return (result.record.id, *measured)


def _latency(result: Result) -> tuple[str, ...]:
    return (result.record.id, *percentile_cells(result.latency), *rate_cells(result))
