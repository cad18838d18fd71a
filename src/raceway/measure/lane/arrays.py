"""Inside a lane: compares arrays, tensors and frames. Standard library only.

No library is imported here: a value of a library means that the task has imported it. Floats may
differ by rounding, up to three quarters of their digits.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    Same = Callable[[Any, Any], bool]

DIGITS = 0.75
"""Share of a float's digits that must be the same."""
CANCELLED = 4
"""How many of its last digits' steps the largest element may lend to small ones."""
FLOATING = frozenset("fc")


def same_by_library(one: Any, other: Any, same: Same) -> bool | None:
    """Compare two values if either is of a library of arrays or frames; None if neither is."""
    if type(one).__module__ == "builtins" and type(other).__module__ == "builtins":
        return None
    numpy, torch = sys.modules.get("numpy"), sys.modules.get("torch")
    if torch and is_any(one, other, getattr(torch, "Tensor", None)):
        return same_tensors(torch, one, other)
    if is_frame(one) or is_frame(other):
        return type(one) is type(other) and same_frames(one, other, same)
    if hasattr(one, "tocsr") and hasattr(other, "tocsr"):
        return same_sparse(one, other, same)
    if numpy and (is_array(numpy, one) or is_array(numpy, other)):
        return same_arrays(numpy, as_array(numpy, one), as_array(numpy, other), same)
    return None


def is_any(one: Any, other: Any, kind: type | None) -> bool:
    """Whether either is of a type, which a library half imported does not have yet."""
    return kind is not None and (isinstance(one, kind) or isinstance(other, kind))


def is_array(numpy: Any, value: Any) -> bool:
    """Whether a value is numpy's, or can tell numpy its numbers."""
    if isinstance(value, numpy.ndarray | numpy.generic):
        return True
    return all(hasattr(value, name) for name in ("__array__", "shape", "dtype"))


def is_frame(value: Any) -> bool:
    """Whether a value is a frame, a series or a table, of any library."""
    return hasattr(value, "equals") and any(
        hasattr(value, name) for name in ("to_numpy", "to_pydict", "to_pylist", "to_dict")
    )


def as_array(numpy: Any, value: Any) -> Any:
    """Return a value as numpy's array, one without shape if it is nothing like one."""
    if isinstance(value, numpy.ndarray):
        return value
    try:
        return numpy.asarray(
            value.get() if hasattr(value, "device") and hasattr(value, "get") else value
        )
    except Exception:  # noqa: BLE001 (a user's object)
        return numpy.asarray(None)


def same_arrays(numpy: Any, one: Any, other: Any, same: Same) -> bool:
    """Compare two arrays by shape and value; masked elements are the same if both are masked."""
    if one.shape != other.shape or one.dtype.names != other.dtype.names:
        return False
    if one.dtype.names:
        return all(same_arrays(numpy, one[name], other[name], same) for name in one.dtype.names)
    if isinstance(one, numpy.ma.MaskedArray) or isinstance(other, numpy.ma.MaskedArray):
        hidden = numpy.ma.getmaskarray(one), numpy.ma.getmaskarray(other)
        if not (hidden[0] == hidden[1]).all():
            return False
        one, other = (numpy.ma.getdata(each)[~hidden[0]] for each in (one, other))
    return same_elements(numpy, one, other, same)


def same_elements(numpy: Any, one: Any, other: Any, same: Same) -> bool:
    """Compare the elements of two arrays of one shape."""
    kinds = {one.dtype.kind, other.dtype.kind}
    if "O" in kinds:
        return all(map(same, one.ravel().tolist(), other.ravel().tolist()))
    if bool(numpy.all(one == other)):
        return True
    if kinds & FLOATING:
        return close_arrays(numpy, one, other)
    return bool(numpy.all((one == other) | ((one != one) & (other != other))))  # noqa: PLR0124 (not a time)


def close_arrays(numpy: Any, one: Any, other: Any) -> bool:
    """Compare two arrays of numbers, at least one of which floats."""
    arrays = one, other
    if not all(each.dtype.kind in "biufc" for each in arrays):
        return False
    epsilon = max(
        float(numpy.finfo(each.dtype).eps) for each in arrays if each.dtype.kind in FLOATING
    )
    wide = "complex128" if any(each.dtype.kind == "c" for each in arrays) else "float64"
    with numpy.errstate(all="ignore"):
        return close(numpy, one.astype(wide), other.astype(wide), epsilon)


def same_tensors(torch: Any, one: Any, other: Any) -> bool:
    """Compare two tensors by shape and value, wherever they are."""
    try:
        tensors = [dense(torch, torch.as_tensor(each)) for each in (one, other)]
    except Exception:  # noqa: BLE001 (one is nothing like a tensor)
        return False
    if tensors[0].shape != tensors[1].shape:
        return False
    floating = [each for each in tensors if each.is_floating_point() or each.is_complex()]
    if not floating:
        return bool((tensors[0] == tensors[1]).all())
    epsilon = max(torch.finfo(each.dtype).eps for each in floating)
    wide = torch.complex128 if any(each.is_complex() for each in tensors) else torch.float64
    return close(torch, tensors[0].to(wide), tensors[1].to(wide), epsilon)


def dense(torch: Any, tensor: Any) -> Any:
    """Return a tensor's values in main memory."""
    tensor = tensor.detach()
    if tensor.is_quantized:
        tensor = tensor.dequantize()
    return (tensor if tensor.layout is torch.strided else tensor.to_dense()).cpu()


def close(library: Any, one: Any, other: Any, epsilon: float) -> bool:
    """Compare two arrays of one library and type of float: NaN is NaN, rounding is no difference.

    `epsilon` is the step of the coarser of their original types. An element near zero may be what
    is left of large ones, and so differ by the steps of the largest.
    """
    sizes = library.abs(other)
    finite = sizes[library.isfinite(other)]
    lent = CANCELLED * epsilon * float(finite.max()) if len(finite) else 0.0
    near = library.abs(one - other) <= epsilon**DIGITS * sizes + lent
    same = (one == other) | ((one != one) & (other != other))  # noqa: PLR0124 (NaN)
    return bool(
        ((near & library.isfinite(sizes) & library.isfinite(library.abs(one))) | same).all()
    )


def same_frames(one: Any, other: Any, same: Same) -> bool:
    """Compare two frames, series or tables of one type, by their columns, index and values."""
    if one.equals(other) is True:
        return True
    for name in ("to_pydict", "to_pylist"):  # pyarrow
        if hasattr(one, name):
            return same(getattr(one, name)(), getattr(other, name)())
    labels = [
        [getattr(each, name, None) for name in ("index", "name", "names")] for each in (one, other)
    ]
    if not callable(labels[0][0]) and not same(*labels):
        return False
    if hasattr(one, "get_columns"):  # polars
        return same(one.to_dict(as_series=False), other.to_dict(as_series=False))
    if hasattr(one, "items") and hasattr(one, "columns"):
        return same(columns(one), columns(other))
    return hasattr(one, "to_numpy") and same(one.to_numpy(), other.to_numpy())


def columns(frame: Any) -> list[tuple[Any, Any]]:
    """Return a frame's columns by name, which may appear twice."""
    return [(name, column.to_numpy()) for name, column in frame.items()]


def same_sparse(one: Any, other: Any, same: Same) -> bool:
    """Compare two sparse matrices by shape and by what they hold."""
    if one.shape != other.shape:
        return False
    held = []
    for matrix in (one, other):
        rows = matrix.tocsr(copy=True)
        rows.sum_duplicates()
        rows.eliminate_zeros()
        held.append((rows.indptr, rows.indices, rows.data))
    return same(*held)
