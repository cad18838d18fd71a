"""The page that `raceway report --html` writes: a run, with others for comparison."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from raceway.archive.bulk import Reading
from raceway.cli.output import takes_stdout, write_text
from raceway.cli.words import warn
from raceway.report.page.vega import Bundling
from raceway.store.runs import newest_elsewhere, run_files, stream

if TYPE_CHECKING:
    from pathlib import Path

    from raceway.analysis.comparison.comparison import Comparison
    from raceway.analysis.comparison.samples import Side
    from raceway.record import Run


class Page:
    """A page to be written; a context manager that reads the past in the meantime."""

    def __init__(self, run: Run, path: Path, results: Path, file: str) -> None:
        """Begin to read all runs of the run's machine."""
        self._run, self._path, self._results, self._file = run, path, results, file
        here = {path.parent.resolve(), (results / run.header.machine.id).resolve()}
        files = run_files(results)
        folders = {folder for folder in {each.parent for each in files} if folder.resolve() in here}
        self._past = Reading(file for file in files if file.parent in folders)
        self._bundling = Bundling()

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *ending: object) -> None:
        """Stop reading."""
        self._past.__exit__(*ending)

    def write(self) -> list[str]:
        """Write the page and return what to tell the user.

        It compares the run with other machines' latest runs, an earlier run and the machine's past.
        """
        from raceway.analysis.history.history import history_of  # noqa: PLC0415 (readers start first)
        from raceway.archive.previous import earlier  # noqa: PLC0415 (as above)
        from raceway.report.page.page import Beside, page_html  # noqa: PLC0415 (as above)

        problems: list[str] = []
        run = self._run
        others = list(stream(newest_elsewhere(self._results, run.header.machine.id), problems))
        mine = {record.id for record in run.records}
        before = earlier(self._path, run, problems)
        beside = Beside(
            elsewhere=[each for _, each in others],
            since=self._since(before) if before else None,
            past=lambda: history_of(self._past.digests(problems), mine.__contains__),
        )
        page = page_html(run, self._path, beside, vega=self._bundling.script)
        write_text(page, self._file)
        warn(problems)
        return [] if takes_stdout(self._file) else [f"page: {self._file}"]

    def _since(self, before: Side) -> Comparison:
        """Return the run compared with an earlier one, as `raceway compare` does."""
        from raceway.analysis.comparison.comparison import compare_sides  # noqa: PLC0415 (readers start first)
        from raceway.analysis.comparison.samples import Side  # noqa: PLC0415 (as above)
        from raceway.archive.like_runs import levels_of_like_runs  # noqa: PLC0415 (as above)

        side = Side("this run", [self._run])
        return compare_sides(before, side, past=levels_of_like_runs(self._results, side))
