"""`raceway report`: answer from a saved run."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 (typer reads the annotations)
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from raceway.cli.output import takes_stdout, write_text
from raceway.cli.recover import recover_left_behind
from raceway.cli.words import RESULTS, Results, tell, warn
from raceway.errors import RacewayError

if TYPE_CHECKING:
    from typer import Typer

    from raceway.record import Run


def register(app: Typer) -> None:
    """Add the command."""
    app.command()(report)


def report(
    run: Annotated[str | None, typer.Argument(help="A run's file or id, or a folder.")] = None,
    *,
    html: Annotated[
        str | None, typer.Option(metavar="FILE", help="Write one self-contained page too.")
    ] = None,
    charts: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Write the charts as SVG and PNG too.")
    ] = None,
    results: Results = RESULTS,
) -> None:
    """Answer from a saved run, the latest by default: which model, by how much, how sure."""
    from raceway.report.terminal import show  # noqa: PLC0415 (each command imports its own chain)
    from raceway.store.shelf import find, load  # noqa: PLC0415

    console = Console(stderr=takes_stdout(html))
    recover_left_behind(results, console)
    loaded = load(find(results, run))
    warn(loaded.problems)
    for path, one in loaded.runs:
        show(one, path, console)
    if not loaded.runs:
        raise typer.Exit(RacewayError.exit_code)
    path, newest = loaded.runs[-1]
    if html is not None:
        _write_page(newest, path, html, console)
    if charts is not None:
        _write_charts(newest, charts, console)


def _write_page(run: Run, path: Path, file: str, console: Console) -> None:
    from raceway.report.page.page import page_html  # noqa: PLC0415 (as above)

    write_text(page_html(run, path), file)
    if not takes_stdout(file):
        tell(f"page: {file}", console)


def _write_charts(run: Run, folder: Path, console: Console) -> None:
    from raceway.report.charts.files import write_charts  # noqa: PLC0415 (as above)
    from raceway.report.charts.gallery import distributions_of, figures_of  # noqa: PLC0415
    from raceway.report.legible import printable_run  # noqa: PLC0415

    clean = printable_run(run)
    files = list(write_charts([*figures_of(clean), *distributions_of(clean)], folder))
    tell(f"charts: {len(files)} files in {folder}", console)
