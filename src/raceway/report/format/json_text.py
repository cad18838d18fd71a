"""JSON as all commands write it: strict, and in ASCII that no terminal obeys."""

from __future__ import annotations

import json


def json_text(data: object) -> str:
    """Return indented JSON; ValueError for a number that is not finite.

    Only the standard library writes text that is not valid, as an odd file name.
    """
    return json.dumps(data, indent=2, allow_nan=False).replace("\x7f", "\\u007f")
