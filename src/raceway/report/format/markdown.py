"""Text and tables that Markdown shows as they are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from raceway.report.format.sanitize import LONGEST_REASON, printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_MARKUP = re.compile(r"([\\`*_{}\[\]<>()#+!|~&-])")


def escaped(text: str) -> str:
    """Return text that Markdown shows as it is, on one line."""
    return _MARKUP.sub(r"\\\1", printable(text, LONGEST_REASON))


def table_lines(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield the lines of a table; the cells may hold anything."""
    yield f"| {' | '.join(titles)} |"
    yield f"|{' --- |' * len(titles)}"
    for row in rows:
        yield f"| {' | '.join(map(escaped, row))} |"
