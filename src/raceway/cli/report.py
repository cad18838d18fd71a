"""`raceway report`: answers from a saved run."""

from __future__ import annotations

from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

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
from raceway.cli.words import RESULTS, Results, tell, warn
from raceway.errors import RacewayError
from raceway.report.format.screen import screen
from raceway.report.run.terminal import show_each
from raceway.store.runs import find, load

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from raceway.cli.page import Page
    from raceway.record import Run

RunOrFolder = Annotated[str | None, typer.Argument(help="A run's file or id, or a folder.")]
CsvFile = Annotated[
    str | None, typer.Option(metavar="FILE", help="Also write all cases as CSV; - is stdout.")
]
ChartFolder = Annotated[
    Path | None, typer.Option(metavar="DIR", help="Also write the charts as SVG and PNG.")
]
Claims = Annotated[
    bool, typer.Option("--claims", help="Also put common claims about concurrency to the test.")
]


def report(  # noqa: PLR0913 (typer: one argument an option)
    run: RunOrFolder = None,
    *,
    html: HtmlFile = None,
    json: JsonFile = None,
    csv: CsvFile = None,
    markdown: MarkdownFile = None,
    charts: ChartFolder = None,
    claims: Claims = False,
    results: Results = RESULTS,
) -> None:
    """Answer from a saved run, the latest by default: which model, by how much, how sure."""
    console = screen(stderr=takes_stdout(html, json, csv, markdown))
    recover_left_behind(results, console)
    loaded = load(find(results, run))
    warn(loaded.problems)
    if not loaded.runs:
        raise typer.Exit(RacewayError.exit_code)
    path, newest = loaded.runs[-1]
    with _page(newest, path, results, html) as page:
        left = show_while_read(partial(show_each, loaded.runs, console, claims=claims))
        written = page.write() if page else []
    _write_tables([one for _, one in loaded.runs], json, csv)
    if markdown is not None:
        _write_markdown(newest, markdown, claims=claims)
    if charts is not None:
        written += _write_charts(newest, charts, results)
    if left:
        raise left
    for line in written:
        tell(line, console)


def _page(
    run: Run, path: Path, results: Path, file: str | None
) -> AbstractContextManager[Page | None]:
    """Begin the page, if one is asked for: the past is read while the terminal is written to."""
    if file is None:
        return nullcontext()
    from raceway.cli.page import Page  # noqa: PLC0415 (as above)

    return Page(run, path, results, file)


def _write_tables(runs: list[Run], json: str | None, csv: str | None) -> None:
    if json is None and csv is None:
        return
    from raceway.analysis.run.frame import frame_of  # noqa: PLC0415 (as above)
    from raceway.report.run.export import frame_csv, frame_data  # noqa: PLC0415

    frame = frame_of(*runs)
    write_json(frame_data(frame), json)
    if csv is not None:
        write_text(frame_csv(frame), csv)


def _write_markdown(run: Run, file: str, *, claims: bool) -> None:
    from raceway.report.run.markdown import report_markdown  # noqa: PLC0415 (as above)

    write_text(report_markdown(run, claims=claims), file)


def _write_charts(run: Run, folder: Path, results: Path) -> list[str]:
    from raceway.report.charts.files import write_charts  # noqa: PLC0415 (as above)
    from raceway.report.charts.gallery import distributions_of, figures_of  # noqa: PLC0415
    from raceway.report.format.sanitize import printable_run  # noqa: PLC0415
    from raceway.store.runs import newest_elsewhere, stream  # noqa: PLC0415

    problems: list[str] = []
    elsewhere = stream(newest_elsewhere(results, run.header.machine.id), problems)
    clean, others = printable_run(run), [printable_run(each) for _, each in elsewhere]
    figures = [*figures_of(clean, others), *distributions_of(clean)]
    files = list(write_charts(figures, folder, problems))
    warn(problems)
    told = f"{len(files)} files in {folder}" if files else "none, since no case has a time"
    return [f"charts: {told}"]
