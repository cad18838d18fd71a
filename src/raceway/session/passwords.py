"""What users type, without its passwords, since runs are shared."""

from __future__ import annotations

import re

IN_ADDRESS = re.compile(r"(://[^\s/@:]*:)[^\s/@]+(?=@)")
"""As in `postgresql://me:secret@host`."""
NAMED = re.compile(r"(password\s*=\s*)('(?:\\.|[^'\\])*'|[^\s&]+)", re.IGNORECASE)
"""As in `host=db password='my secret'`, quoted as libpq does, or in the query of an address."""
HIDDEN = "…"


def without_passwords(text: str) -> str:
    """Return text with each password in it replaced."""
    return NAMED.sub(rf"\g<1>{HIDDEN}", IN_ADDRESS.sub(rf"\g<1>{HIDDEN}", text))
