"""Strict JSON in both directions, with errors that users can act on."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from raceway.errors import StoreError
from raceway.text.printable import as_utf8, printable

if TYPE_CHECKING:
    from collections.abc import Iterator

_Struct = TypeVar("_Struct")
LONGEST = 400
"""Characters of a reason; it may quote what the file holds."""
_BYTE = re.compile(r"(.*) \(byte (\d+)\)")


class UnreadableError(StoreError):
    """Content that is not a run; `reason` says why, `remedy` what to do about its file."""

    def __init__(self, reason: str, remedy: str = "Delete it or move it away.") -> None:
        """Make the reason safe to print."""
        self.reason = printable(reason if len(reason) <= LONGEST else f"{reason[:LONGEST]}…")
        self.remedy = remedy
        super().__init__(self.reason)


def to_json(value: msgspec.Struct) -> bytes:
    """Return compact JSON of a struct; StoreError names each number that is not finite.

    Invalid Unicode (an odd file name in a command line) is escaped.
    """
    plain = msgspec.to_builtins(value)
    wrong = list(_not_finite(plain, ""))
    if wrong:
        message = f"cannot be saved: {', '.join(wrong)}. Measure a finite number or leave it out."
        raise StoreError(message)
    try:
        return msgspec.json.encode(plain)
    except UnicodeEncodeError:
        return msgspec.json.encode(_without_surrogates(plain))


def from_json(content: bytes, decoder: msgspec.json.Decoder[_Struct]) -> _Struct:
    """Return the struct in some JSON; UnreadableError names the byte or field at fault."""
    try:
        return decoder.decode(content)
    except msgspec.ValidationError as error:
        raise UnreadableError(f"not a benchmark file ({error})") from None
    except msgspec.DecodeError as error:
        raise UnreadableError(f"not JSON ({_malformed(str(error), len(content))})") from None
    except UnicodeDecodeError as error:
        raise UnreadableError(f"not JSON (not UTF-8: {error.reason})") from None
    except RecursionError:
        raise UnreadableError("not a benchmark file (nested too deeply)") from None


def _malformed(message: str, size_bytes: int) -> str:
    if message == "Input data was truncated":
        return f"unexpected end, byte {size_bytes}"
    what = message.removeprefix("JSON is malformed: ")
    return _BYTE.sub(r"\1, byte \2", what)


def _not_finite(value: Any, where: str) -> Iterator[str]:
    if isinstance(value, float) and not math.isfinite(value):
        yield f"{where.lstrip('.')} is {value}"
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _not_finite(inner, f"{where}.{key}")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _not_finite(inner, f"{where}[{index}]")


def _without_surrogates(value: Any) -> Any:
    if isinstance(value, str):
        return as_utf8(value)
    if isinstance(value, dict):
        return {_without_surrogates(key): _without_surrogates(value[key]) for key in value}
    if isinstance(value, list):
        return [_without_surrogates(inner) for inner in value]
    return value
