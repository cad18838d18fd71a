"""Aligned columns; the least important are left out where the screen is narrow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.text import Text

from raceway.report.format.shortening import MARK, fitted
from raceway.text.numbers import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Sequence

GAP = "  "
QUIET_STYLE = "dim"
"""For titles and legends."""
NARROWEST = 20
"""Characters that the first column keeps at any width."""
ANY_LENGTH = 1_000
"""More than any screen holds: columns are left out before names are shortened."""


@dataclass(frozen=True, slots=True)
class Column:
    """How one column looks."""

    title: str
    meaning: str = ""
    """What the title stands for, if it needs explaining."""
    left: bool = False
    spare: int = 0
    """0: always shown; else the largest is left out first."""


class Grid:
    """Lays out rows, one cell per column, as lines of at most `width` characters."""

    def __init__(
        self,
        columns: Sequence[Column],
        rows: Sequence[Sequence[Text]],
        width: int,
        *,
        longest: int = ANY_LENGTH,
    ) -> None:
        """Measure all `rows` that will be shown; empty columns are left out.

        No column is left out for what the first one has beyond `longest` characters.
        """
        self._columns = columns
        self._widths = [
            max([Text(column.title).cell_len, *(row[place].cell_len for row in rows)])
            for place, column in enumerate(columns)
        ]
        self._shown = [
            place
            for place in range(len(columns))
            if place == 0 or any(row[place].plain not in {"", UNKNOWN} for row in rows)
        ]
        self._hidden: list[int] = []
        self._drop_until(width, longest)
        self._kept = fitted([row[0].plain for row in rows], self._widths[0])

    def _drop_until(self, width: int, longest: int) -> None:
        """Leave out spare columns, then shorten the first."""
        by_spare = sorted(self._shown, key=lambda place: self._columns[place].spare)
        beyond = max(0, self._widths[0] - longest)
        while self._overflow(width) > beyond and self._columns[by_spare[-1]].spare:
            self._hidden.insert(0, by_spare.pop())
            self._shown.remove(self._hidden[0])
        self._widths[0] = max(
            min(self._widths[0], NARROWEST), self._widths[0] - max(self._overflow(width), 0)
        )

    def _overflow(self, width: int) -> int:
        taken = sum(self._widths[place] for place in self._shown)
        return taken + len(GAP) * (len(self._shown) - 1) - width

    def header(self, **titles: str) -> Text:
        """Return the line of titles; keywords replace the columns' own titles."""
        line = self.line([Text(titles.get(column.title, column.title)) for column in self._columns])
        line.stylize(QUIET_STYLE)
        return line

    def legend(self) -> str:
        """Return what the shown titles stand for, and which columns are left out."""
        meanings = [
            f"{column.title}: {column.meaning}"
            for place, column in enumerate(self._columns)
            if place in self._shown and column.meaning
        ]
        if self._hidden:
            hidden = ", ".join(self._columns[place].title for place in self._hidden)
            meanings.append(f"left out at this width: {hidden}")
        return "; ".join(meanings)

    def line(self, cells: Sequence[Text]) -> Text:
        """Return one row as a line."""
        return Text(GAP).join(self._set(cells[place], place) for place in self._shown)

    def _set(self, cell: Text, place: int) -> Text:
        width = self._widths[place]
        cell = self._name(cell) if place == 0 and cell.cell_len > width else cell.copy()
        cell.truncate(width, overflow="ellipsis")
        blanks = " " * (width - cell.cell_len)
        left = self._columns[place].left
        return cell.append(blanks) if left else Text(blanks).append_text(cell)

    def _name(self, cell: Text) -> Text:
        """Return what stays of a name; its end, which tells it from others, does."""
        pieces = self._kept.get(cell.plain)
        return Text(MARK).join([cell[piece] for piece in pieces]) if pieces else cell.copy()
