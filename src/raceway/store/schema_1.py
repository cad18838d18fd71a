"""Schema 1, written until version 0.1: groups were called heats. Read, and never written again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from raceway.record import GroupResult, JournalLine

if TYPE_CHECKING:
    from collections.abc import Iterable


class Heat(GroupResult, frozen=True, kw_only=True):
    """A group as schema 1 wrote it."""

    id: str = msgspec.field(name="heat")


class AnyJournalLine(JournalLine, frozen=True, kw_only=True):
    """A line of a journal of either schema."""

    heat: Heat | None = None


def upgraded(heats: Iterable[Heat]) -> list[GroupResult]:
    """Return groups of schema 1 as today's."""
    return [
        GroupResult(**{name: getattr(heat, name) for name in heat.__struct_fields__})
        for heat in heats
    ]
