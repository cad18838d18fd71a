"""A lane in this very process, and odd models and workloads for it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest

from raceway.case import Family, Kind, Model, Workload
from support.spoken import SpokenLane, module_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.spoken import Put


@pytest.fixture
def lane(tmp_path: Path) -> SpokenLane:
    """Return a lane in this process."""
    return SpokenLane(str(tmp_path))


@pytest.fixture
def put_model(monkeypatch: pytest.MonkeyPatch) -> Put:
    """Return a function that puts a model named `odd` on the registry."""

    def put(open_job: Callable[..., Any], **details: Any) -> None:
        model = Model(summary="", open=open_job, family=Family.ONE_CORE, **details)
        name = "raceway.models.odd"
        monkeypatch.setitem(sys.modules, name, module_of(name, MODEL=model))

    return put


@pytest.fixture
def put_workload(monkeypatch: pytest.MonkeyPatch) -> Put:
    """Return a function that puts a workload named `odd-work` on the registry."""

    def put(task: Callable[..., Any] = abs, **details: Any) -> None:
        known = {"summary": "", "kind": Kind.CPU, "sizes": {"few": (-1, -2)}, **details}
        name = "raceway.workloads.odd_work"
        work = Workload(task=task, **known)
        monkeypatch.setitem(sys.modules, name, module_of(name, WORKLOAD=work))

    return put


@pytest.fixture
def prepared(lane: SpokenLane, put_workload: Put) -> SpokenLane:
    """Return a lane that has prepared two tasks."""
    put_workload()
    lane.told("prepare")
    return lane


@pytest.fixture
def opened(prepared: SpokenLane) -> SpokenLane:
    """Return a lane that has opened the serial model for them."""
    prepared.told("open")
    return prepared
