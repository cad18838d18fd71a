"""Hardware names, shortened for ids and folders."""

from __future__ import annotations

import re

_NOISE = re.compile(
    r"\((r|tm|c)\)|\bcpu\b|\bprocessor\b|@.*|\b\d+-core\b|\bwith radeon.*|\bnot known\b",
    re.IGNORECASE,
)
_VENDORS = re.compile(r"\b(amd|intel|genuine|authentic)\b", re.IGNORECASE)
_LONGEST_SLUG = 32


def slug(text: str, also: str = "") -> str:
    """Return the text in lower case, with dashes for all but letters, digits and `also`."""
    dashed = re.sub(rf"[^a-z0-9{also}]+", "-", text.lower())
    return dashed[:_LONGEST_SLUG].strip("-")


def cpu_slug(cpu_model: str) -> str:
    """Return the distinctive words of a processor's name, such as `xeon-e5-2670-v3`."""
    short = slug(_NOISE.sub(" ", cpu_model))
    return slug(_VENDORS.sub(" ", short)) or short or "cpu"
