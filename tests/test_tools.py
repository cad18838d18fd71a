"""The programs in tools/ name models and workloads by hand; what they name exists."""

from __future__ import annotations

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from raceway.plan.catalogue import discover

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    Load = Callable[[str], ModuleType]

TOOLS = Path(__file__).parents[1] / "tools"


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch) -> Load:
    """Return a function that imports a program of tools/."""

    def imported(name: str) -> ModuleType:
        spec = spec_from_file_location(f"tools_{name}", TOOLS / f"{name}.py")
        assert spec is not None
        assert spec.loader is not None
        module = module_from_spec(spec)
        monkeypatch.setitem(sys.modules, module.__name__, module)
        spec.loader.exec_module(module)
        return module

    return imported


def test_a_crowd_of_runs_is_of_models_that_exist(load: Load) -> None:
    assert set(load("crowd").MODELS) <= discover().models.keys()


def test_neighbours_are_models_that_exist(load: Load) -> None:
    *fewer, most = load("proof").LINEUPS

    assert set(most) <= discover().models.keys()
    assert all(set(each) <= set(most) for each in fewer)


def test_the_instrument_is_tried_on_cases_that_exist(load: Load) -> None:
    known = discover()

    for model, (workload, size) in load("instrument").COMPARED.items():
        assert model in known.models
        assert size in known.workloads[workload].sizes


def test_the_table_of_models_is_made_of_all_of_them(load: Load) -> None:
    rows = load("site_tables").table_of("models").splitlines()[2:]

    assert {row.split("`")[1] for row in rows} == discover().models.keys()
