"""A user's package on the path, and what a generated workload file does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from raceway.case import Kind
from raceway.plan.catalogue import discover
from raceway.plan.target.workload_text import Shape, workload_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from raceway.case import Workload
    from raceway.plan.target.target import Target


@pytest.fixture
def made(tmp_path: Path) -> Callable[..., Workload]:
    """Return a function that writes the workload file of a target, and discovers it."""

    def make(target: Target, shape: Shape | None = None) -> Workload:
        folder = tmp_path / f"made{len(list(tmp_path.iterdir()))}"
        folder.mkdir()
        file = folder / f"{target.name}.py"
        known = shape or Shape.unknown(target)
        file.write_text(workload_text(target, known), encoding="utf-8")
        return discover([file]).workloads[target.name]

    return make


@pytest.fixture
def answers(made: Callable[..., Workload]) -> Callable[..., list[Any]]:
    """Return a function that answers a target's largest size in a plain loop."""

    def answer(target: Target, shape: Shape | None = None) -> list[Any]:
        work = made(target, shape)
        return [work.task(argument) for argument in list(work.sizes.values())[-1]]

    return answer


@pytest.fixture
def waiting() -> Shape:
    """Return the shape of two tasks that wait."""
    return Shape(Kind.IO, (1, 2), (0.25, 0.5))
