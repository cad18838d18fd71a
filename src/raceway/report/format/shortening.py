"""Names too long for their place: what tells them apart stays.

Names of tests begin alike (folder, file, class) and differ at their ends, so the middle gives way.
"""

from __future__ import annotations

from os.path import commonprefix
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    Pieces = tuple[slice, ...]
    """The parts of a name that stay, in order."""

MARK = "…"
HEAD_SHARE = 1 / 3
"""Of the room, for the beginning of a name."""


def shortened(name: str, width: int) -> str:
    """Return a name of at most `width` characters, without its middle."""
    return joined(name, _around_the_middle(len(name), width))


def joined(name: str, pieces: Pieces) -> str:
    """Return the parts of a name, with a mark for all that is left out."""
    return MARK.join(name[piece] for piece in pieces)


def fitted(names: Iterable[str], width: int) -> dict[str, Pieces]:
    """Return what stays of each name within `width` characters.

    Names that would look the same, because they differ in the middle, lose the end they share.
    """
    pieces = {name: _around_the_middle(len(name), width) for name in names}
    alike: dict[str, list[str]] = {}
    for name, kept in pieces.items():
        alike.setdefault(joined(name, kept), []).append(name)
    for members in alike.values():
        if len(members) > 1:
            shared = len(commonprefix([name[::-1] for name in members]))  # noqa: RUF071 (no paths)
            for name in members:
                end = len(name) - shared
                pieces[name] = (*_around_the_middle(end, width - len(MARK)), slice(0, 0))
    return pieces


def _around_the_middle(length: int, width: int) -> Pieces:
    if length <= width:
        return (slice(0, length),)
    room = max(width - len(MARK), 0)
    head = int(room * HEAD_SHARE)
    return slice(0, head), slice(length - (room - head), length)
