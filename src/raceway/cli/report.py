"""`raceway report`: answers from a saved run."""

from __future__ import annotations

from contextlib import ExitStack
from functools import partial
from pathlib import Path  # noqa: TC003 (typer reads the annotations)
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
    from raceway.cli.page import Page
    from raceway.record import Run


def report(  # noqa: PLR0913 (typer: one argument an option)
    run: Annotated[str | None, typer.Argument(help="A run's file or id, or a folder.")] = None,
    *,
    html: HtmlFile = None,
    json: JsonFile = None,
    csv: Annotated[
        str | None, typer.Option(metavar="FILE", help="Also write all cases as CSV; - is stdout.")
    ] = None,
    markdown: MarkdownFile = None,
    charts: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Also write the charts as SVG and PNG.")
    ] = None,
    claims: Annotated[
        bool, typer.Option("--claims", help="Also put common claims about concurrency to the test.")
    ] = False,
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
    written: list[str] = []
    with ExitStack() as ending:
        page = None
        if html is not None:
            page = ending.enter_context(_page(newest, path, results, html))
        left = show_while_read(partial(show_each, loaded.runs, console, claims=claims))
        if page:
            written += page.write()
    _write_tables([one for _, one in loaded.runs], json, csv)
    if markdown is not None:
        _write_markdown(newest, markdown, claims=claims)
    if charts is not None:
        written += _write_charts(newest, charts, results)
    if left:
        raise left
    for line in written:
        tell(line, console)


def _page(run: Run, path: Path, results: Path, file: str) -> Page:
    """Begin the page, so that the past is read while the terminal output is written."""
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
