r"""Lines of JSON from another Python: names of files in it need not be UTF-8.

Python holds what is none in such a name as a lone surrogate, and JSON writes that as an escape
such as `\udce9`, which strict readers refuse. Here it becomes text that shows the escape.
"""

from __future__ import annotations

import re
from typing import TypeVar

import msgspec

Read = TypeVar("Read")
LONGEST_BYTES = 2**20
"""No line with names is longer; a task may write longer ones into the pipe."""
_ESCAPES = re.compile(
    rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"  # a whole character
    rb"|(u[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
    re.DOTALL,
)


def decoded(line: bytes, decoder: msgspec.json.Decoder[Read]) -> Read:
    """Return what a line holds, with lone surrogates as text; msgspec's errors if it is wrong."""
    try:
        return decoder.decode(line)
    except msgspec.ValidationError:
        raise
    except msgspec.DecodeError:
        if len(line) > LONGEST_BYTES:
            raise
        return decoder.decode(_ESCAPES.sub(_shown, line))


def _shown(escape: re.Match[bytes]) -> bytes:
    return b"\\" + escape[0] if escape[1] else escape[0]
