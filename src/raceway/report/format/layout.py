"""Wrapping of styled text."""

from __future__ import annotations

import re

from rich.text import Text

INDENT = "  "
HANG = "    "
"""Precedes continuation lines."""
BREAK = re.compile(r" (?!(?:%|[nµm]?s|[KMGT]iB|cores?)(?:\W|$))(?![^\[\]]*\])")
"""Spaces to break at: none between a number and its unit, none inside an interval."""


def wrapped(text: Text, width: int, hang: str = HANG) -> list[Text]:
    """Return the text as lines of at most `width` cells; longer words stay whole.

    Continuation lines begin with `hang`.
    """
    if text.cell_len <= width:
        return [text]
    lines: list[Text] = []
    line = Text()
    for word in _words(text):
        joined = Text(" ").join([line, word]) if line.plain else word
        if line.plain.strip() and joined.cell_len > width:
            lines.append(line)
            joined = Text.assemble(hang, word)
        line = joined
    return [*lines, line]


def _words(text: Text) -> list[Text]:
    """Return the pieces between possible breaks; leading blanks stay with the first word."""
    indent = len(text.plain) - len(text.plain.lstrip())
    spaces = [match for match in BREAK.finditer(text.plain) if match.start() >= indent]
    starts = [0, *(match.end() for match in spaces)]
    ends = [*(match.start() for match in spaces), len(text.plain)]
    return [text[start:end] for start, end in zip(starts, ends, strict=True)]
