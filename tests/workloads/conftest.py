"""torch, as workloads of tensors see it."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest

from support.tensors import NEW, forget

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def torch(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Return torch; what stands in for a GPU is the CPU, whose memory need not be pinned."""
    torch = pytest.importorskip("torch", reason="torch is not installed")
    precision = torch.get_float32_matmul_precision()
    counts = import_module("raceway.workloads.batched_matmul").COUNTS
    monkeypatch.setattr(torch.Tensor, "pin_memory", lambda self: self)
    monkeypatch.setattr(torch.cuda, "synchronize", lambda _=None: None)
    monkeypatch.setitem(counts, 32, 8)
    for name in NEW:
        forget(name)
    yield torch
    for name in NEW:
        forget(name)
    torch.set_float32_matmul_precision(precision)
