"""Whether arrays, tensors and frames are the same, as people mean it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from raceway.measure.lane.equality import alike

NAN = float("nan")
array = np.array


@dataclass
class Fit:
    weights: Any
    error: float = NAN


def masked(*values: int) -> Any:
    """Return an array whose last value is hidden."""
    return np.ma.masked_array(values, [False] * (len(values) - 1) + [True])  # type: ignore[no-untyped-call]


def frame(**columns: Any) -> pd.DataFrame:
    return pd.DataFrame(columns)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (array([1.0, NAN]), array([1.0, NAN])),
        (array([]), array([])),
        (array([0.1 + 0.2]), array([0.3])),
        (array([1e6, 1e-11]), array([1e6, 0.0])),
        (array([0.1], "f4") * 3, array([0.3], "f4")),
        (array([np.inf, 1 + 1j]), array([np.inf, 1 + 1j])),
        (array(["NaT", "2026"], "M8[Y]"), array(["NaT", "2026"], "M8[Y]")),
        (array(["a", "b"]), array(["a", "b"])),
        (array([None, {"a": array([1, 2])}]), array([None, {"a": array([1, 2])}])),
        (array([(1, NAN)], "i4,f8"), array([(1, NAN)], "i4,f8")),
        (masked(1, 2), masked(1, 3)),
        (np.float64(0.5), 0.5),
        (np.bool_(1), True),
        (array([1, 2]), [1, 2]),
        ([array([1, 2]), {"a": array([NAN])}], [array([1, 2]), {"a": array([NAN])}]),
        (Fit(array([1.0, 2.0])), Fit(array([1.0, 2.0]))),
        (frame(a=[1.0, NAN], b=["x", None]), frame(a=[1.0, NAN], b=["x", None])),
        (frame(a=[0.1 + 0.2]), frame(a=[0.3])),
        (pd.Series([array([1, 2])]), pd.Series([array([1, 2])])),
        (pd.Index([1, 2]), pd.Index([1, 2])),
        (sparse.eye_array(3).tocsr(), sparse.eye_array(3).tocoo()),
    ],
)
def test_values_of_libraries_are_compared_by_value(one: Any, other: Any) -> None:
    assert alike(one, other)
    assert alike(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (array([1, 2]), array([1, 3])),
        (array([1, 1]), array([1])),
        (array([1]), array([[1]])),
        (array([1e12, 1.0]), array([1e12, 2.0])),
        (array([1.0]), array([1.0001])),
        (array([1.0]), array([NAN])),
        (array([np.inf, 1.0]), array([-np.inf, 1.0])),
        (array(["a"]), array([1.0])),
        (array([Fit(1)]), array([Fit(2)])),
        (array([(1, 2.0)], "i4,f8"), array([(1, 3.0)], "i4,f8")),
        (masked(1, 2), np.ma.masked_array([1, 2], [False, False])),  # type: ignore[no-untyped-call]
        (array([1, 2]), None),
        (array([1, 2]), "12"),
        (Fit(array([1.0, 2.0])), Fit(array([1.0, 3.0]))),
        (frame(a=[1.0]), frame(a=[2.0])),
        (frame(a=[1.0]), frame(b=[1.0])),
        (frame(a=[1.0]), pd.DataFrame({"a": [1.0]}, index=[7])),
        (frame(a=[1.0]), frame(a=[1.0])["a"]),
        (frame(a=pd.Categorical(["x", "y"])), frame(a=pd.Categorical(["x", "z"]))),
        (pd.Index([1]), pd.Index([2])),
        (sparse.eye_array(3), sparse.eye_array(3) * 2),
        (sparse.eye_array(3), sparse.eye_array(4)),
    ],
)
def test_other_values_of_libraries_are_not_alike(one: Any, other: Any) -> None:
    assert not alike(one, other)
    assert not alike(other, one)


def test_tensors_are_compared_by_value() -> None:
    torch = pytest.importorskip("torch", reason="torch is not installed")
    tensor = torch.tensor

    assert alike([tensor([1.0, NAN])], [tensor([1.0, NAN])])
    assert alike(tensor([0.1 + 0.2], dtype=torch.float64), tensor([0.3], dtype=torch.float64))
    assert alike(tensor([1.0, 2.0], requires_grad=True), tensor([1.0, 2.0]))
    assert alike(tensor([]), tensor([]))
    assert alike(torch.eye(3).to_sparse(), torch.eye(3))
    assert alike(tensor([1, 2]), [1, 2])


def test_other_tensors_are_not_alike() -> None:
    torch = pytest.importorskip("torch", reason="torch is not installed")
    tensor = torch.tensor

    assert not alike(tensor([1, 2]), tensor([1, 3]))
    assert not alike(tensor([1, 1]), tensor([1]))
    assert not alike(tensor([1.0, 2.0]), tensor([1.0, 2.001]))
    assert not alike(tensor([1.0], dtype=torch.bfloat16), tensor([1.1], dtype=torch.bfloat16))
    assert not alike(tensor([1.0]), "one")


class Table:
    """What looks like a pyarrow table: NaN is not NaN for its own `equals`."""

    def __init__(self, **columns: Any) -> None:
        self.columns = columns

    def equals(self, other: Any) -> bool:
        return bool(self.columns == other.columns)

    def to_pydict(self) -> dict[str, Any]:
        return {name: list(column) for name, column in self.columns.items()}


def test_a_table_of_another_library_is_compared_by_what_it_holds() -> None:
    assert alike(Table(a=[NAN + 0]), Table(a=[NAN + 0]))
    assert not alike(Table(a=[1.0]), Table(a=[2.0]))


class Remote:
    """What looks like an array on a device."""

    dtype = "f8"

    def __init__(self, *values: float) -> None:
        self.values = array(values)
        self.shape = self.values.shape

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        return self.values


def test_an_array_of_another_library_is_compared_by_its_numbers() -> None:
    assert alike(Remote(1.0, NAN), Remote(1.0, NAN))
    assert not alike(Remote(1.0), Remote(2.0))
