"""Shows the progress of a race, only between groups, so that it never disturbs a round."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

if TYPE_CHECKING:
    from rich.console import Console

    from raceway.measure.group.plan import Progress as Standing
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

    def started(self, standing: Standing) -> None:
        """Show that a group begins."""
        if not self.console.is_terminal:
            self.write_line(standing)
            return
        self.bar.update(
            self.bar.task_ids[0],
            description=f"{launch_of(standing)}: {standing.group}",
            completed=standing.groups_done,
            total=standing.groups,
            left=left(standing),
        )
        self.bar.refresh()

    def finished(self, result: GroupResult) -> None:
        """Show at once which cases failed, and why."""
        for case_id, launch in result.launches.items():
            if launch.reason:
                self.print(f"{case_id}: {launch.status}: {launch.reason}")

    def peaked(self, peaks: list[Peak]) -> None:
        """Show nothing: peaks are part of the report."""

    def write_line(self, standing: Standing) -> None:
        """Write a line, unless the last one is recent."""
        now_s = time.monotonic()
        if now_s - self.last_line_s >= LINE_EVERY_S:
            self.last_line_s = now_s
            cases = "1 case" if standing.cases == 1 else f"{standing.cases} cases"
            self.print(
                f"{launch_of(standing)},"
                f" group {standing.groups_done + 1} of {standing.groups}:"
                f" {standing.group}, {cases}{left(standing, ', ')}"
            )

    def print(self, line: str) -> None:
        """Write a line unchanged, above the bar if there is one; the terminal wraps it."""
        self.console.print(line, markup=False, highlight=False, soft_wrap=True)


def launch_of(standing: Standing) -> str:
    """Return the launch in words; the total is shown only in the last, since it may be fewer."""
    most = f" of {standing.launches}" if standing.launch == standing.launches else ""
    return f"launch {standing.launch}{most}"


def left(standing: Standing, before: str = "") -> str:
    """Return the time left in words; empty if unknown."""
    if standing.left_s is None:
        return ""
    seconds = round(standing.left_s)
    if seconds < MINUTE_S:
        return f"{before}{seconds} s left"
    return f"{before}{seconds // MINUTE_S} min {seconds % MINUTE_S:02} s left"
