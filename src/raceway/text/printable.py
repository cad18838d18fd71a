"""Text that is safe to print and stays on one line."""

from __future__ import annotations


def printable(text: object) -> str:
    """Return the text with everything escaped that could disturb a terminal or break the line."""
    whole = str(text)
    if whole.isprintable():
        return whole
    return "".join(
        character if character.isprintable() else ascii(character)[1:-1] for character in whole
    )


def printable_lines(text: object) -> str:
    """Return the text with everything escaped but the ends of its lines."""
    return "\n".join(map(printable, str(text).split("\n")))


def as_utf8(text: str) -> str:
    """Return the text with what no UTF-8 holds escaped, as from a file's name that is none."""
    return text.encode("utf-8", "backslashreplace").decode()
