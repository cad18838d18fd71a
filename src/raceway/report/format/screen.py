"""The screen of all commands: nothing that is printed on it can act on the terminal.

Names, reasons and messages come from files, folders and tasks, so what is not printable is escaped
here, whoever prints it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.segment import Segment

from raceway.report.format.sanitize import encodable
from raceway.text.printable import printable_lines

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import ConsoleOptions, RenderableType


class Screen(Console):
    """A console that escapes what is not printable, and has stand-ins for what it cannot encode."""

    def render(
        self, renderable: RenderableType, options: ConsoleOptions | None = None
    ) -> Iterable[Segment]:
        """Yield the pieces of anything that is shown; rich's own control codes pass."""
        for segment in super().render(renderable, options):
            if segment.control:
                yield segment
            else:
                text = encodable(printable_lines(segment.text), self.encoding)
                yield segment if text == segment.text else Segment(text, segment.style)

    def on_broken_pipe(self) -> None:
        """Raise BrokenPipeError, which rich would turn into an exit."""
        raise  # noqa: PLE0704 (called while it is handled)


def screen(*, stderr: bool = False) -> Console:
    """Return the screen of a command: standard output, or standard error."""
    return Screen(stderr=stderr, force_jupyter=False, emoji=False)
