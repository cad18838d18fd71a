"""Mutants of files and replies: bytes out of place, and JSON with values that cannot be."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

NASTY: tuple[Any, ...] = (
    0, -1, 1, 2, 0.5, -0.0, 1e308, -1e308, 5e-324, 2**31, 2**53, 2**63 - 1, 2**63, 2**64, -(2**64),
    10**400, True, False, None, "", "\0", "\x1b]0;mine\x07", "\x1b[2J", "\u202eabc", "a\nb", "\r",
    "=cmd()", "<script>", "]]>", "NaN", "ok", "failed", "x" * 5_000, "é", "\U0001f600" * 50,
    "../../etc", "/dev/zero", "C", "?", "9999-12-31T23:59:59+00:00", "2026-01-01", [], {}, [[]],
    [None], [0], [1e308] * 3, {"": ""},
)  # fmt: skip
BYTES = (b"\0", b"\xff", b"\n", b'"', b"}", b"[", b",", b"9" * 30, b"\\u0000", b"1e999", b"NaN")
REPEATED = 40
OF_BYTES = 0.3
"""The share of changes that heed no JSON."""


def mutant_of(content: bytes, draw: Random) -> bytes:
    """Return a mutant of some content: one or more changes of its bytes or, if JSON, values."""
    for _ in range(draw.choice((1, 1, 1, 2, 4))):
        content = _changed(content, draw)
    return content


def _changed(content: bytes, draw: Random) -> bytes:
    if draw.random() < OF_BYTES:
        return _bytes_changed(content, draw)
    try:
        value = json.loads(content)
    except (ValueError, RecursionError):
        return _bytes_changed(content, draw)
    try:
        return json.dumps(value_changed(value, draw)).encode("utf-8", "surrogatepass")
    except ValueError:  # an int with too many digits for Python
        return content


def value_changed(value: Any, draw: Random) -> Any:
    """Return a JSON value with one part replaced, deleted, repeated or exchanged."""
    # Lists of thousands of rounds would else hide all other fields.
    places: dict[str, list[tuple[Any, Any]]] = {}
    for kind, holder, key in _places(value):
        places.setdefault(kind, []).append((holder, key))
    if not places:
        return draw.choice(NASTY)
    holder, key = draw.choice(places[draw.choice(sorted(places))])
    draw.choice((_replace, _replace, _replace, _delete, _repeat, _exchange))(holder, key, draw)
    return value


def _places(value: Any, kind: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Yield each place in a value: of which kind it is, what holds it, and under which key."""
    is_list = isinstance(value, list)
    for key in range(len(value)) if is_list else list(value) if isinstance(value, dict) else ():
        inner = f"{kind}/*" if is_list else f"{kind}/{key[:20]}"
        yield inner, value, key
        if isinstance(value[key], dict | list):
            yield from _places(value[key], inner)


def _replace(holder: Any, key: Any, draw: Random) -> None:
    holder[key] = copy.deepcopy(draw.choice(NASTY))


def _delete(holder: Any, key: Any, _: Random) -> None:
    del holder[key]


def _repeat(holder: Any, key: Any, draw: Random) -> None:
    if isinstance(holder, list):
        holder[key:key] = [copy.deepcopy(holder[key])] * draw.choice((1, REPEATED))
    else:
        holder[draw.choice(list(holder))] = copy.deepcopy(holder[key])


def _exchange(holder: Any, key: Any, draw: Random) -> None:
    other = draw.choice(range(len(holder)) if isinstance(holder, list) else list(holder))
    holder[key], holder[other] = holder[other], holder[key]


def _bytes_changed(content: bytes, draw: Random) -> bytes:
    at, length = draw.randrange(len(content) + 1), draw.choice((1, 1, 2, 50, 1_000))
    match draw.randrange(5):
        case 0:
            return content[:at]
        case 1:
            return content[:at] + content[at + length :]
        case 2:
            return content[:at] + draw.choice(BYTES) + content[at:]
        case 3:
            return content[:at] + content[at : at + length] * 2 + content[at + length :]
        case _:
            return content[:at] + draw.randbytes(length) + content[at + length :]
