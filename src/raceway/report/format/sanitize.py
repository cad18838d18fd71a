"""Text from files, made safe to print on any terminal.

Run files may come from strangers. Unprintable characters (control sequences, bidirectional
overrides, line breaks in names) are shown as escapes.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import msgspec
from rich.segment import Segment

from raceway.record import Run
from raceway.report.format.shortening import MARK, shortened
from raceway.text import numbers
from raceway.text.printable import printable as escaped

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderableType, RenderResult

LONGEST_NAME = 120
LONGEST_REASON = 4_000
STAND_INS = str.maketrans({numbers.TIMES: "x", "µ": "u", numbers.UNKNOWN: "-", "…": "~"})
"""ASCII stand-ins for our own characters, each as wide as the one it replaces."""


def printable(text: str, longest: int = LONGEST_NAME) -> str:
    """Return the text on one line, cut to `longest` characters."""
    return escaped(_cut(text, longest))


def printable_run(run: Run) -> Run:
    """Return the run with all its texts printable; only reasons keep their line breaks."""
    return msgspec.convert(_printable_value(msgspec.to_builtins(run)), Run)


def encodable(text: str, encoding: str) -> str:
    """Return the text with stand-ins for characters the encoding lacks."""
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return "".join(_encodable_character(character, encoding) for character in text)
    return text


class Sanitized:
    """Wraps anything rich can show: limited to the console's encoding, without padding."""

    def __init__(self, content: RenderableType) -> None:
        """Wrap `content`."""
        self.content = content

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the content line by line."""
        for line in console.render_lines(self.content, options, pad=False):
            yield from _trimmed(
                [
                    Segment(encodable(segment.text, options.encoding), segment.style)
                    for segment in line
                    if not segment.is_control
                ]
            )
            yield Segment.line()


def _trimmed(line: list[Segment]) -> list[Segment]:
    """Return the line without trailing blanks."""
    while line and not line[-1].text.strip():
        line.pop()
    if line:
        line[-1] = Segment(line[-1].text.rstrip(), line[-1].style)
    return line


def _cut(text: str, longest: int) -> str:
    """Return the text cut to a length: a name in its middle, a longer text at its end."""
    if len(text) <= longest:
        return text
    return shortened(text, longest) if longest <= LONGEST_NAME else f"{text[: longest - 1]}{MARK}"


@cache
def _encodable_character(character: str, encoding: str) -> str:
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return character.translate(STAND_INS).encode("ascii", "replace").decode("ascii")
    return character


def _printable_value(value: Any, key: str = "") -> Any:
    match value:
        case str() if key == "reason":
            lines = _cut(value, LONGEST_REASON).splitlines()
            return "\n".join(printable(line, LONGEST_REASON) for line in lines)
        case str():
            return printable(value)
        case dict():
            return {printable(name): _printable_value(item, name) for name, item in value.items()}
        case [int(), *_]:
            return value
        case list():
            return [_printable_value(item) for item in value]
        case _:
            return value
