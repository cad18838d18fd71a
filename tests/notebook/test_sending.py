"""Functions of a notebook's cell, or of `__main__`, get into other processes with all they use."""

from __future__ import annotations

import linecache
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest

from raceway.errors import TargetError
from raceway.notebook.sending import binding_of_live, sourced
from raceway.plan.target.binding import Named, Pickled
from raceway.plan.target.target import Target

if TYPE_CHECKING:
    from collections.abc import Callable

NUMBERS = count()
CELL = """
import math
import math as arithmetic
from collections import Counter
from dataclasses import dataclass
from os.path import join as joined
from textwrap import dedent

BASE = 3
WORDS = {"a": [1, 2]}
LATER = None

@dataclass
class Size:
    width: int

    def area(self):
        return self.width * BASE

class Point:
    factor = BASE

    def __init__(self, x):
        self.x = x

    def far(self):
        return arithmetic.hypot(self.x, self.factor)

def doubled(function):
    return lambda n: 2 * function(n)

def uses_modules(n):
    return math.isqrt(n) + arithmetic.gcd(n, 4)

def uses_imports(n):
    return Counter(dedent(str(n))), joined("a", str(n))

def uses_values(n):
    return [BASE * n for _ in WORDS["a"]]

def uses_functions(n):
    return uses_modules(n) + uses_values(n)[0]

def uses_a_class(n):
    return Point(n).far()

def uses_a_dataclass(n):
    return Size(n).area()

def calls_itself(n):
    return 1 if n == 0 else n * calls_itself(n - 1)

def is_even(n):
    return n == 0 or is_odd(n - 1)

def is_odd(n):
    return n > 0 and is_even(n - 1)

@doubled
def decorated(n):
    return n

def has_defaults(n, more=BASE):
    return n + more

def annotated(n: "Unknown", more: Size | None = None) -> math.inf:
    return n

def made(factor):
    def closure(n):
        return n * factor
    return closure

short = lambda n: n + 1
point = Point(1)

def uses_an_object(n):
    return point.x

async def waits(n):
    return BASE + n
"""
CALLED = (
    "uses_modules", "uses_imports", "uses_values", "uses_functions", "uses_a_class",
    "uses_a_dataclass", "annotated", "calls_itself", "is_even", "has_defaults",
)  # fmt: skip


@pytest.fixture
def cell() -> dict[str, Any]:
    """Return the names that a cell of a notebook has defined."""
    file = f"<cell {next(NUMBERS)}>"
    linecache.cache[file] = (len(CELL), None, CELL.splitlines(keepends=True), file)
    names: dict[str, Any] = {"__name__": "__main__"}
    exec(compile(CELL, file, "exec", dont_inherit=True), names)  # noqa: S102 (as a notebook does)
    return names


@pytest.fixture
def no_cloudpickle(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let cloudpickle not be installed."""
    monkeypatch.setattr("raceway.notebook.sending.find_spec", lambda _: None)


def elsewhere(function: Callable[..., Any]) -> Any:
    """Return the function as another process would make it."""
    names: dict[str, Any] = {"__name__": "__main__"}
    lines = ["from __future__ import annotations", *sourced(function).lines("function")]
    exec(compile("\n".join(lines), "task.py", "exec", dont_inherit=True), names)  # noqa: S102 (as above)
    return names["function"]


@pytest.mark.parametrize("name", CALLED)
def test_a_function_does_elsewhere_what_it_does_here(cell: dict[str, Any], name: str) -> None:
    assert elsewhere(cell[name])(6) == cell[name](6)


def test_a_coroutine_function_is_sent_too(cell: dict[str, Any]) -> None:
    sent = elsewhere(cell["waits"])(1)

    with pytest.raises(StopIteration) as told:
        sent.send(None)
    assert told.value.value == 4


def test_only_what_is_used_is_sent(cell: dict[str, Any]) -> None:
    assert sourced(cell["uses_values"]).source.splitlines() == [
        "BASE = 3",
        "WORDS = {'a': [1, 2]}",
        "def uses_values(n):",
        '    return [BASE * n for _ in WORDS["a"]]',
    ]


def test_a_function_of_a_module_is_imported() -> None:
    bound = binding_of_live(Named.lines, "the function")

    assert isinstance(bound, Named)


@pytest.mark.usefixtures("no_cloudpickle")
@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("short", "the function <lambda>: its source is part of another statement"),
        ("decorated", "the function doubled.<locals>.<lambda>: has no source of its own"),
        ("uses_an_object", "uses point, an object of the class Point defined here"),
    ],
)
def test_what_cannot_be_sent_is_named_with_the_remedy(
    cell: dict[str, Any], name: str, reason: str
) -> None:
    with pytest.raises(TargetError) as told:
        binding_of_live(cell[name], "the function")

    assert reason in str(told.value)
    assert str(told.value).endswith("or install cloudpickle (pip install 'raceway[notebook]')")


@pytest.mark.parametrize("name", ["short", "decorated", "closure"])
def test_what_has_no_source_is_sent_by_cloudpickle(cell: dict[str, Any], name: str) -> None:
    pytest.importorskip("cloudpickle", reason="cloudpickle is not installed")
    function = cell["made"](5) if name == "closure" else cell[name]
    bound = binding_of_live(function, "the function")

    assert isinstance(bound, Pickled)
    names: dict[str, Any] = {}
    exec("\n".join(["import base64, pickle", *bound.lines("function")]), names)  # noqa: S102 (as above)
    assert names["function"](6) == function(6)


def test_a_partial_of_a_function_of_a_cell_is_taken_apart(cell: dict[str, Any]) -> None:
    target = Target.of(partial(cell["has_defaults"], more=1), [1], bind=binding_of_live)

    assert target.kwargs == {"more": 1}
    assert target.called == "__main__:has_defaults"
