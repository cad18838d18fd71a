from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

from raceway.measure.lane import anchor

if TYPE_CHECKING:
    import pytest


def test_the_anchor_is_the_time_from_its_first_step_to_its_last(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    readings_ns = iter([1_000, 1_250])
    monkeypatch.setattr(anchor, "time", SimpleNamespace(perf_counter_ns=lambda: next(readings_ns)))

    assert anchor.anchor_ns() == 250


def test_the_anchor_grows_with_its_sweeps(monkeypatch: pytest.MonkeyPatch) -> None:
    usual_ns = min(anchor.anchor_ns() for _ in range(20))
    monkeypatch.setattr(anchor, "SWEEPS", 20 * anchor.SWEEPS)

    assert min(anchor.anchor_ns() for _ in range(5)) > 5 * usual_ns


def test_old_anchors_stay_comparable() -> None:
    assert (anchor.SWEEPS, anchor.STEPS, anchor.DIVISOR) == (100, 100, 7)
