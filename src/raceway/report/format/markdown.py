"""Markdown tables, and text escaped for Markdown."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from raceway.report.format.sanitize import LONGEST_REASON, printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_MARKUP = re.compile(r"([\\`*_{}\[\]<>()#+!|~&-])")


def escaped(text: str) -> str:
    """Return the text on one line, escaped for Markdown."""
    return _MARKUP.sub(r"\\\1", printable(text, LONGEST_REASON))


def table_lines(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield the lines of a table; its cells are escaped."""
    yield f"| {' | '.join(titles)} |"
    yield f"|{' --- |' * len(titles)}"
    for row in rows:
        yield f"| {' | '.join(map(escaped, row))} |"
