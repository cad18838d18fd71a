"""A run as Markdown, short enough for a pull request: all cases lie folded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raceway.analysis.advice import advice_of
from raceway.analysis.answers import answers_of
from raceway.analysis.claims import claims_of
from raceway.analysis.results import results_of
from raceway.case import Kind
from raceway.report import numbers
from raceway.report.advice import advice_text
from raceway.report.answers import by_kind
from raceway.report.claims import evidence_text
from raceway.report.comparison_markdown import escaped
from raceway.report.footing import condition_lines, origin_lines, status_lines
from raceway.report.labels import Labels
from raceway.report.legible import printable_run
from raceway.report.sentences import speedup_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from raceway.analysis.answers import Answer
    from raceway.record import Run

TITLES = ("case", "time", "of serial", "limit", "cold", "memory", "launches")


def report_markdown(run: Run) -> str:
    """Return the advice, the claims, and all cases; text from files cannot become markup."""
    return "\n".join([*_lines(printable_run(run)), ""])


def _lines(run: Run) -> Iterator[str]:
    results, label = results_of(run), Labels(run)
    machine, commit = escaped(run.header.machine.id), escaped(run.header.commit.short)
    yield f"### raceway: {machine}, commit {commit}"
    yield ""
    for text in status_lines(run):
        yield f"**{escaped(text.plain)}**  "
    for advice in advice_of(results):
        yield f"- **{escaped(advice.workload)}**: {escaped(advice_text(advice, label).plain)}"
    yield ""
    for claim in claims_of(run, results):
        told = claim.reason or evidence_text(claim)
        yield f"- {escaped(claim.text)}: **{claim.finding}** ({escaped(told)})"
    yield ""
    answers = [answer for _, members in by_kind(answers_of(results)) for answer in members]
    yield f"<details><summary>{numbers.count(len(results), 'case')}</summary>"
    yield ""
    yield from _table(answers)
    yield ""
    for text in (*condition_lines(run), *origin_lines(run)):
        yield f"- {escaped(text.plain.strip())}"
    yield ""
    yield "</details>"


def _table(answers: Sequence[Answer]) -> Iterator[str]:
    yield f"| {' | '.join(TITLES)} |"
    yield f"|{' --- |' * len(TITLES)}"
    for answer in answers:
        per_task = answer.kind != Kind.IO
        for each in answer.ranking:
            cells = (
                each.record.id,
                numbers.seconds(each.per_task_s if per_task else each.per_pass_s),
                speedup_text(each),
                numbers.percent(each.share_of_limit),
                numbers.short_seconds(each.usage.cold_s),
                numbers.memory(each.usage.peak_memory_bytes, digits=2),
                f"{each.usage.launches}",
            )
            yield f"| {' | '.join(map(escaped, cells))} |"
