"""A stand-in for torch, for models of GPUs on machines without one."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pytest


def install_torch(monkeypatch: pytest.MonkeyPatch, **parts: Any) -> None:
    """Let `import torch` give a module whose `cuda` has just these parts."""
    module, cuda = ModuleType("torch"), ModuleType("torch.cuda")
    for name, part in parts.items():
        setattr(cuda, name, part)
    module.cuda = cuda  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "torch", module)
