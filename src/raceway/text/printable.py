"""Text that is safe to print and stays on one line."""

from __future__ import annotations


def printable(text: object) -> str:
    """Return the text with everything escaped that could disturb a terminal or break the line."""
    return "".join(
        character if character.isprintable() else ascii(character)[1:-1] for character in str(text)
    )
