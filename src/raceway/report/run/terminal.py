"""A run on the terminal: the answers first, then the evidence."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from rich.text import Text

from raceway.analysis.run.advice import advice_of
from raceway.analysis.run.claims import claims_of, is_about_kinds
from raceway.analysis.run.ranking import answers_of
from raceway.analysis.run.results import results_of
from raceway.report.format.labels import Labels
from raceway.report.format.layout import wrapped
from raceway.report.format.sanitize import Sanitized, printable, printable_run
from raceway.report.run.advice import advice_texts
from raceway.report.run.answers import LINE_WIDTH, answer_lines, answer_texts, by_kind
from raceway.report.run.claims import claim_texts
from raceway.report.run.groups import group_sections
from raceway.report.run.plain import plain_lines
from raceway.report.run.provenance import condition_lines, origin_lines, skipped_lines, status_lines
from raceway.report.run.pythons import python_texts
from raceway.report.run.recipe import recipe_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from rich.console import Console

    from raceway.analysis.run.advice import Advice
    from raceway.record import Run


def show_each(runs: Iterable[tuple[Path, Run]], console: Console, *, claims: bool = False) -> None:
    """Write the report of each run, read from its file, to the console."""
    for path, run in runs:
        show(run, path, console, claims=claims)


def show(run: Run, path: Path, console: Console, *, claims: bool = False) -> None:
    """Write the report of `run`, saved in `path`, to the console; its title at once."""
    print_lines([Text(f"raceway: {printable(path.name)}", "bold")], console)
    for section in sections(printable_run(run), console.width, claims=claims):
        lines = list(section)
        print_lines(chain([Text()], lines) if lines else [], console)


def summary_lines(run: Run) -> list[str]:
    """Return the advice and answers that end a session, as plain text of at most 80 columns."""
    clean = printable_run(run)
    advice = advice_texts(advice_of(results_of(clean)), Labels(clean))
    told = [line.plain for text in advice for line in wrapped(text, LINE_WIDTH)]
    return [*told, *answer_lines(run)]


def recipe_lines(run: Run) -> list[str]:
    """Return the lines of Python that do what is advised on one's own function; none otherwise."""
    clean = printable_run(run)
    return recipe_of(clean, advice_of(results_of(clean)))


def sections(run: Run, width: int, *, claims: bool = False) -> Iterator[Iterable[Text]]:
    """Yield the sections of a report; the run's texts must be printable."""
    results = results_of(run)
    answers = answers_of(results)
    label = Labels(run)
    if not run.records:
        yield [Text("nothing was selected, so nothing was measured")]
    yield status_lines(run)
    advice = advice_of(results)
    yield advice_texts(advice, label)
    yield recipe_texts(run, advice)
    if claims and is_about_kinds(run):
        yield claim_texts(claims_of(run, results))
    elif claims:
        yield [Text("Common claims are about kinds of work, not about a function of one's own")]
    yield answer_texts(answers, label)
    yield python_texts(run, results, width)
    in_order = [answer for _, members in by_kind(answers) for answer in members]
    yield from group_sections(in_order, label, width)
    yield plain_lines(run, width)
    if {record.workload for record in run.records} - {"", *run.header.called}:
        yield price_lines(run, width)
    yield skipped_lines(run)
    yield condition_lines(run)
    yield origin_lines(run)


def recipe_texts(run: Run, advice: Sequence[Advice]) -> Iterator[Text]:
    """Yield the lines of Python that follow the advice on the user's own function, to copy."""
    if lines := recipe_of(run, advice):
        yield Text("In Python", "bold")
        yield from map(Text, lines)


def price_lines(run: Run, width: int) -> Iterator[Text]:
    """Yield the machine's prices; what computes them is imported after all else is shown."""
    from raceway.report.run.price_list import price_texts  # noqa: PLC0415 (numpy)

    return price_texts(run, width)


def print_lines(lines: Iterable[Text], console: Console) -> None:
    """Write lines, wrapped, in the console's encoding."""
    for text in lines:
        for line in wrapped(text, console.width):
            console.print(Sanitized(line), end="")
