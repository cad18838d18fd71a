"""Shows the progress of a race, only between groups, so that it never disturbs a round."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from raceway.text.numbers import count

if TYPE_CHECKING:
    from rich.console import Console

    from raceway.measure.group.plan import Progress as RaceProgress
    from raceway.record import GroupResult, Peak

LINE_EVERY_S = 5.0
"""The time between lines where there is no terminal."""
MINUTE_S = 60


@dataclass(slots=True)
class ProgressDisplay:
    """A spectator that shows a bar on a terminal, and occasional lines elsewhere."""

    console: Console
    bar: Progress = field(init=False)
    last_line_s: float = float("-inf")
    told: set[tuple[str, str]] = field(default_factory=set)
    """What was said of failed cases: no launch repeats it."""

    def __post_init__(self) -> None:
        """Prepare the bar; nothing is drawn yet."""
        self.bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=20),
            MofNCompleteColumn(),
            TextColumn("{task.fields[left]}"),
            console=self.console,
            auto_refresh=False,
            transient=True,
        )
        self.bar.add_task("measuring what the hardware can do", total=None, left="")

    def __enter__(self) -> Self:
        """Start drawing."""
        if self.console.is_terminal:
            self.bar.start()
            self.bar.refresh()
        return self

    def __exit__(self, *_: object) -> None:
        """Remove the bar."""
        if self.console.is_terminal:
            self.bar.stop()

    def started(self, progress: RaceProgress) -> None:
        """Show that a group begins."""
        if not self.console.is_terminal:
            self.write_line(progress)
            return
        self.bar.update(
            self.bar.task_ids[0],
            description=f"{launch_of(progress)}: {progress.group}",
            completed=progress.groups_done,
            total=progress.groups,
            left=left(progress),
        )
        self.bar.refresh()

    def finished(self, result: GroupResult) -> None:
        """Show at once which cases failed, and why: a reason once, with all cases it stopped."""
        fates: dict[str, list[str]] = {}
        for case_id, launch in result.launches.items():
            if launch.reason:
                fates.setdefault(f"{launch.status}: {launch.reason}", []).append(case_id)
        for fate, cases in fates.items():
            told = f"{result.id}: {count(len(cases), 'case')}" if cases[1:] else cases[0]
            if (told, fate) not in self.told:
                self.told.add((told, fate))
                self.print(f"{told}: {fate}")

    def peaked(self, peaks: list[Peak]) -> None:
        """Show nothing: peaks are part of the report."""

    def write_line(self, progress: RaceProgress) -> None:
        """Write a line, unless the last one is recent."""
        now_s = time.monotonic()
        if now_s - self.last_line_s >= LINE_EVERY_S:
            self.last_line_s = now_s
            cases = f", {count(progress.cases, 'case')}" if progress.cases else ""
            self.print(
                f"{launch_of(progress)},"
                f" {progress.what} {progress.groups_done + 1} of {progress.groups}:"
                f" {progress.group}{cases}{left(progress, ', ')}"
            )

    def print(self, line: str) -> None:
        """Write a line unchanged, above the bar if there is one; the terminal wraps it."""
        self.console.print(line, markup=False, highlight=False, soft_wrap=True)


def launch_of(progress: RaceProgress) -> str:
    """Return the launch in words; the total is shown only in the last, since it may be fewer."""
    most = f" of {progress.launches}" if progress.launch == progress.launches else ""
    return f"launch {progress.launch}{most}"


def left(progress: RaceProgress, before: str = "") -> str:
    """Return the time left in words; empty if unknown."""
    if progress.left_s is None:
        return ""
    seconds = round(progress.left_s)
    if seconds < MINUTE_S:
        return f"{before}{seconds} s left"
    return f"{before}{seconds // MINUTE_S} min {seconds % MINUTE_S:02} s left"
