"""Tensors in shared memory, sent to a worker and back by torch.multiprocessing.

Where a model uses multiprocessing's pickler, only the file descriptor of their memory travels.
Others, such as loky's, send the bytes.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from raceway.case import Family, Kind, Scope, Workload

if TYPE_CHECKING:
    import torch

SIZES = {"1KiB": 2**10, "64KiB": 2**16, "1MiB": 2**20, "16MiB": 2**24, "64MiB": 2**26}
TASKS = 4
"""As many at each size, so that their times can be compared; few, as some models copy them."""
FAMILIES = frozenset(Family) - {Family.ENGINES, Family.INTERPRETERS}
"""Workers elsewhere do not share this machine's memory; torch is for one interpreter a process."""


@cache
def shared(size_bytes: int) -> torch.Tensor:
    """Return the tensor of a size, made once in a lane."""
    import torch  # noqa: PLC0415 (an extra: imported where it is needed)

    return torch.full((size_bytes,), size_bytes.bit_length(), dtype=torch.uint8).share_memory_()


def echo(tensor: torch.Tensor) -> torch.Tensor:
    """Return what came."""
    return tensor


WORKLOAD = Workload(
    summary="tensors of 1 KiB to 64 MiB in shared memory, there and back by torch.multiprocessing",
    kind=Kind.CPU,
    task=echo,
    fresh=shared,
    expected=echo,
    sizes={name: (size,) * TASKS for name, size in SIZES.items()},
    size_scopes=dict.fromkeys(SIZES, Scope.FULL),
    requires=("torch",),
    extra="torch",
    families=FAMILIES,
)
