"""Whether two answers are the same, as people mean it, without libraries."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections import OrderedDict, deque
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from types import SimpleNamespace
from typing import Any, NamedTuple

import pytest

from raceway.measure.lane.equality import IncomparableError, alike


def nan() -> float:
    """Return a NaN of its own: the very same one would be equal to itself in a list."""
    return float("nan")


@dataclass
class Point:
    x: Any
    y: Any = 0
    label: str = field(default="", compare=False)


@dataclass(eq=False)
class Plain:
    x: Any


class Pair(NamedTuple):
    left: Any
    right: Any


class Colour(Enum):
    RED = 1
    BLUE = 2


class Opaque:
    """Equal to itself alone."""


def holding_itself(value: Any) -> list[Any]:
    values = [value]
    values.append(values)
    return values


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (nan(), nan()),
        (complex(nan(), 1), complex(nan(), 1)),
        (Decimal("nan"), Decimal("nan")),
        ([1, [nan()]], [1, [nan()]]),
        ((nan(),), (nan(),)),
        (deque([nan()]), deque([nan()])),
        ({"a": nan()}, OrderedDict(a=nan())),
        ({1, nan()}, {1, nan()}),
        ({"a": 1}.values(), {"b": 1}.values()),
        (Point(nan(), [nan()], "one"), Point(nan(), [nan()], "other")),
        (Plain(1), Plain(1)),
        (Pair(nan(), 2), Pair(nan(), 2)),
        (SimpleNamespace(a=nan()), SimpleNamespace(a=nan())),
        (ValueError("no", 1), ValueError("no", 1)),
        (sum([0.1] * 10), 1.0),
        (1 + 1e-14j, 1 + 1e-14j + 1e-16),
        (holding_itself(nan()), holding_itself(nan())),
        (Fraction(1, 3), Fraction(2, 6)),
        (1, 1.0),
        (b"x", bytearray(b"x")),
    ],
)
def test_answers_of_the_same_value_are_alike(one: Any, other: Any) -> None:
    assert alike(one, other)
    assert alike(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1, 2),
        (0.1, 0.1000001),
        (nan(), 0.0),
        (complex(nan(), 1), complex(nan(), 2)),
        (2**2000, 1.0),
        (2**2000, nan()),
        (1, "1"),
        (None, 1),
        ([1, 2], [1]),
        ([1], (1,)),
        ({"a": nan()}, {"b": nan()}),
        ({nan(), 1}, {nan(), 2}),
        ({nan(), 1}, {nan(), nan()}),
        (Point(nan()), Point(1.0)),
        (Point(1), Plain(1)),
        (Plain([nan()]), Plain([1.0])),
        (ValueError("no"), ValueError("yes")),
        (ValueError("no"), TypeError("no")),
        (Colour.RED, Colour.BLUE),
        (int, str),
        (holding_itself(1), holding_itself(2)),
        ([Opaque()], [1]),
    ],
)
def test_answers_of_other_values_are_not_alike(one: Any, other: Any) -> None:
    assert not alike(one, other)
    assert not alike(other, one)


@pytest.mark.parametrize(
    ("make", "complaint"),
    [
        (threading.Lock, r"of type lock are equal only if they are the same object"),
        (Opaque, r"of type Opaque are equal only.* __eq__ .*agrees="),
        (lambda: {"a": [Opaque()]}, "of type Opaque"),
        (lambda: Point(Opaque()), "of type Opaque"),
        (lambda: (n for n in range(3)), r"a generator can be read only once.*list\(…\).*agrees="),
        (lambda: map(abs, [1]), "a map can be read only once"),
        (lambda: lambda: 1, "of type function"),
    ],
)
def test_answers_that_nobody_can_compare_are_named_with_the_remedy(
    make: Any, complaint: str
) -> None:
    with pytest.raises(IncomparableError, match=complaint):
        alike(make(), make())


def test_answers_nested_too_deeply_to_walk_through_are_named() -> None:
    def nested() -> Any:
        value: Any = nan()
        for _ in range(100_000):
            value = [value]
        return value

    with pytest.raises(IncomparableError, match=r"nested this deeply.*agrees="):
        alike(nested(), nested())


def test_no_library_is_imported_to_compare() -> None:
    code = (
        "import sys; before = set(sys.modules);"
        "from raceway.measure.lane.equality import alike;"
        "assert alike([float('nan')], [float('nan')]);"
        "print(*({name.partition('.')[0] for name in sys.modules} & {'numpy', 'torch', 'pandas'}))"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)

    assert done.stdout.split() == []
