"""The filters of a page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

FIELDS = ("kind", "model", "size", "interpreter")
"""The fields of a case to filter by."""


def choices_of(cases: Iterable[Any]) -> dict[str, list[str]]:
    """Return the values of each field; fields with a single value are left out."""
    cases = list(cases)
    values = {
        field: [each for each in dict.fromkeys(getattr(case, field) for case in cases) if each]
        for field in FIELDS
    }
    values["size"].sort(key=_in_order)
    return {field: each for field, each in values.items() if len(each) > 1}


def _in_order(size: str) -> tuple[bool, int, str]:
    """Return a sort key of sizes: words first, then numbers by value."""
    return size.isdecimal(), len(size.lstrip("0")) if size.isdecimal() else 0, size
