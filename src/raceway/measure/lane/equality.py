"""Inside a lane: whether two answers are the same, as people mean it. Standard library only.

Arrays, tensors and frames are compared, NaN is NaN, in containers and dataclasses too. What nobody
can compare, such as two locks, is named instead.
"""

from __future__ import annotations

import cmath
import math
from collections import deque
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import fields, is_dataclass
from enum import Enum
from numbers import Number
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any

from raceway.measure.lane.arrays import same_by_library

if TYPE_CHECKING:
    from collections.abc import Iterable

RELATIVE = 1e-12
"""How far floats may be apart: sums in another order are right, too."""
ROWS = (list, tuple, deque)
VIEWS: tuple[Any, ...] = (type({}.values()), type({}.items()))
SINGLE = (type, Enum, ModuleType)
"""Types whose values exist once, so that identity is equality."""
REMEDY = "say with agrees= which answers are right"


class IncomparableError(Exception):
    """Two answers are equal only if they are one object, which tells nothing."""


def alike(answer: Any, expected: Any) -> bool:
    """Return whether two answers are the same; IncomparableError if nobody can tell."""
    return Comparison().same(answer, expected)


class Comparison:
    """A walk through two answers, side by side."""

    def __init__(self) -> None:
        """Begin with no pair seen."""
        self.seen: set[tuple[int, int]] = set()

    def same(self, one: Any, other: Any) -> bool:
        """Return whether two values are the same; IncomparableError if nobody can tell."""
        if one is other:
            return True
        by_library = same_by_library(one, other, self.same)
        if by_library is not None:
            return by_library
        if equal(one, other):
            return True
        if isinstance(one, Number) and isinstance(other, Number):
            return same_numbers(one, other)
        if (id(one), id(other)) in self.seen:  # a structure that holds itself
            return True
        self.seen.add((id(one), id(other)))
        try:
            return self.same_inside(one, other)
        except RecursionError:
            raise IncomparableError(
                f"answers nested this deeply are not compared: {REMEDY}"
            ) from None
        finally:
            self.seen.discard((id(one), id(other)))

    def same_inside(self, one: Any, other: Any) -> bool:
        """Compare what two values hold."""
        for rows in ROWS:
            if isinstance(one, rows) and isinstance(other, rows):
                return self.same_rows(one, other)
        if isinstance(one, Mapping) and isinstance(other, Mapping):
            return equal(one.keys(), other.keys()) and all(
                self.same(value, other[key]) for key, value in one.items()
            )
        if isinstance(one, AbstractSet) and isinstance(other, AbstractSet):
            return self.same_sets(one, other)
        return type(one) is type(other) and self.same_objects(one, other)

    def same_objects(self, one: Any, other: Any) -> bool:
        """Compare two objects of one type by their fields; IncomparableError if they have none."""
        if isinstance(one, VIEWS):
            return self.same_rows([*one], [*other])
        names = field_names(one)
        if names is not None:
            return all(
                self.same(getattr(one, name, None), getattr(other, name, None)) for name in names
            )
        by_identity: Any = object.__eq__
        if type(one).__eq__ is by_identity and not isinstance(one, SINGLE):
            raise IncomparableError(why_incomparable(one))
        return False

    def same_rows(self, one: Any, other: Any) -> bool:
        """Compare two sequences, element by element."""
        return len(one) == len(other) and all(map(self.same, one, other))

    def same_sets(self, one: AbstractSet[Any], other: AbstractSet[Any]) -> bool:
        """Compare two sets, whose elements may hold NaN."""
        rest = [element for element in other if element not in one]
        for element in one:
            if element in other:
                continue
            match = next((each for each in rest if self.same(element, each)), rest)
            if match is rest:
                return False
            rest.remove(match)
        return not rest


def equal(one: Any, other: Any) -> bool:
    """Whether `==` plainly says so; an array, an exception or anything else is no."""
    try:
        return (one == other) is True
    except Exception:  # noqa: BLE001 (a user's __eq__, or arrays in a container)
        return False


def same_numbers(one: Any, other: Any) -> bool:
    """Whether two numbers that `==` tells apart are both NaN, or equal up to rounding."""
    if isinstance(one, complex) or isinstance(other, complex):
        if cmath.isnan(one) or cmath.isnan(other):
            return same_parts(one.real, other.real) and same_parts(one.imag, other.imag)
        return cmath.isclose(one, other, rel_tol=RELATIVE)
    if isinstance(one, float) or isinstance(other, float):
        return same_parts(one, other)
    return bool(one != one and other != other)  # a Decimal, which may be NaN  # noqa: PLR0124


def same_parts(one: Any, other: Any) -> bool:
    """Whether two real numbers are both NaN, or equal up to rounding."""
    try:
        if math.isnan(one) or math.isnan(other):
            return math.isnan(one) and math.isnan(other)
        return math.isclose(one, other, rel_tol=RELATIVE)
    except (OverflowError, TypeError, ValueError):  # an int beyond all floats
        return False


def field_names(value: Any) -> Iterable[str] | None:
    """Return the names of what makes a value equal to another; None if it has no such fields."""
    kind = type(value)
    if is_dataclass(kind):
        return [each.name for each in fields(kind) if each.compare]
    if hasattr(kind, "__attrs_attrs__"):
        return [each.name for each in kind.__attrs_attrs__ if each.eq]
    if hasattr(kind, "__struct_fields__"):  # msgspec
        return list(kind.__struct_fields__)
    if hasattr(kind, "model_fields") or isinstance(value, SimpleNamespace):  # pydantic
        return sorted(vars(value))
    if isinstance(value, BaseException):
        return ["args", *sorted(vars(value))]
    return None


def why_incomparable(value: Any) -> str:
    """Return why a value cannot be compared with another, and what to do."""
    name = type(value).__qualname__
    if hasattr(value, "__next__") or hasattr(value, "__anext__"):
        return f"a {name} can be read only once: let the task return list(…), or {REMEDY}"
    return (
        f"two values of type {name} are equal only if they are the same object: let the task"
        f" return plain data, give the class an __eq__ (a dataclass has one), or {REMEDY}"
    )
