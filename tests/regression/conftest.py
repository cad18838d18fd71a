"""Gates that judge what tests say was measured."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from raceway.analysis.comparison.samples import Side
from raceway.regression.gate import Gate
from raceway.session.options import Options

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from support.saved import MeasuredRun, Passes


@pytest.fixture(autouse=True)
def unversioned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each test begin in a folder of its own, outside of any repository."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def gate(measured_here: MeasuredRun, tmp_path: Path, tiny: Path) -> Callable[..., Gate]:
    """Return a function that judges one run's passes by another's."""

    def make(before: Passes, after: Passes, files: Sequence[Path] = (tiny,), **fields: Any) -> Gate:
        baseline = measured_here(before, run_id="before")
        candidate = measured_here(after, run_id="after", **fields)
        options = Options(tmp_path / "results", workload_files=tuple(files))
        return Gate(Side("baseline", [baseline]), Side("latest", [candidate]), options, 0.02, 60.0)

    return make
