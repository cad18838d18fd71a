"""What everything that is saved has in common."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Saved(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Base of everything saved: immutable; defaults are left out, unknown fields ignored."""


class Status(StrEnum):
    """What became of a planned case or of the whole run."""

    OK = "ok"
    FAILED = "failed"
    INTERRUPTED = "interrupted"
    SKIPPED = "skipped"
