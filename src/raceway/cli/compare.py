"""`raceway compare`: what got faster or slower between two saved sides."""

from __future__ import annotations

from typing import Annotated

import typer

from raceway.analysis.comparison.comparison import compare_sides
from raceway.analysis.comparison.verdicts import Terms
from raceway.archive.resolve import Chooser
from raceway.cli.endings import ending_of
from raceway.cli.findings import Annotate, JunitFile, write_findings
from raceway.cli.output import (
    HtmlFile,
    JsonFile,
    MarkdownFile,
    show_while_read,
    takes_stdout,
    write_json,
    write_text,
)
from raceway.cli.recover import recover_left_behind
from raceway.cli.words import RESULTS, Results, Threshold, share_in, warn
from raceway.report.comparison.data import comparison_data
from raceway.report.comparison.findings import findings_of
from raceway.report.comparison.markdown import comparison_markdown
from raceway.report.comparison.terminal import show_comparison
from raceway.report.format.screen import screen

SIDE = (
    "A run: its file, id or folder, a machine, a git revision, an interpreter's label,"
    " latest, baseline, or RUN@LABEL."
)


def compare(  # noqa: PLR0913 (typer: one argument an option)
    a: Annotated[str, typer.Argument(help=SIDE)] = "baseline",
    b: Annotated[str, typer.Argument(help="Likewise, to be compared with A.")] = "latest",
    *,
    threshold: Threshold = "2%",
    json: JsonFile = None,
    markdown: MarkdownFile = None,
    html: HtmlFile = None,
    annotate: Annotate = False,
    junit: JunitFile = None,
    results: Results = RESULTS,
) -> None:
    """Tell for each case whether B is faster than A, slower, the same, or unclear."""
    terms = Terms(threshold=share_in(threshold, "--threshold"))
    console = screen(stderr=takes_stdout(json, markdown, html, junit))
    recover_left_behind(results, console)
    chooser = Chooser(results)
    side_a, side_b = chooser.sides(a, b)
    comparison = compare_sides(side_a, side_b, terms, past=chooser.past(side_b))
    warn(chooser.notes)
    left = show_while_read(lambda: show_comparison(comparison, console))
    write_json(comparison_data(comparison), json)
    if markdown is not None:
        write_text(comparison_markdown(comparison), markdown)
    if html is not None:
        from raceway.report.page.comparison_page import comparison_html  # noqa: PLC0415 (pages only)

        write_text(comparison_html(comparison), html)
    found = findings_of(comparison, side_b.failed_cases())
    write_findings(f"raceway compare {a} {b}", found, console, annotate=annotate, junit=junit)
    if left:
        raise left
    raise typer.Exit(ending_of(comparison, fails=(side_b,), slower=True))
