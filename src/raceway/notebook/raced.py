"""What a race from Python gives back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from raceway.text.printable import printable

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from raceway.record import Run


@dataclass(frozen=True, slots=True, repr=False)
class Raced:
    """A finished race. Printed, it says its answers; a notebook shows tables and charts as well."""

    run: Run
    saved: Path
    """The run's file."""
    notes: tuple[str, ...] = ()
    """What was measured and inferred about the function, a line each."""

    @property
    def frame(self) -> pd.DataFrame:
        """One row per case, as `raceway.load` returns it."""
        from raceway.analysis.run.frame import frame_of  # noqa: PLC0415 (pandas: when asked for)

        return frame_of(self.run)

    @property
    def answers(self) -> list[str]:
        """The advice and the answer of each size, a line each, as commands print them."""
        from raceway.report.run.terminal import summary_lines  # noqa: PLC0415 (as above)

        return summary_lines(self.run)

    @property
    def recipe(self) -> list[str]:
        """The lines of Python that do what is advised, to copy; none if nothing is advised."""
        from raceway.report.run.terminal import recipe_lines  # noqa: PLC0415 (as above)

        return recipe_lines(self.run)

    def __repr__(self) -> str:
        """Return the notes, the answers, the lines to copy, and where the run is saved."""
        recipe = ["In Python", *self.recipe, ""] if self.recipe else []
        told = [*self.notes, *self.answers, *recipe, f"saved: {self.saved}"]
        return "\n".join(map(printable, told))

    def _repr_html_(self) -> str:
        from raceway.report.page.fragment import fragment_of  # noqa: PLC0415 (as above)

        return fragment_of(self.run, self.notes, self.saved)
