"""A race started by a command: progress on screen, and nothing lost if interrupted."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from raceway.cli.words import tell
from raceway.session.progress import ProgressDisplay

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console

    from raceway.session.recording import Recording


@contextmanager
def on_screen(session: Recording, console: Console) -> Iterator[ProgressDisplay]:
    """Show the race's progress; if it is cut short, save what had finished and say where."""
    try:
        with ProgressDisplay(console) as display:
            yield display
    except BaseException:
        if saved := session.save_interrupted():
            tell(f"interrupted; what had finished is saved: {saved[0]}", console)
        raise
