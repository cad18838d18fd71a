"""What options say of engines: which factory, which cluster."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from raceway.errors import LaneError, TargetError
from raceway.plan.catalogue import discover
from raceway.plan.engines import engines_of, executor_name
from support.lanes import PATIENCE_S

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from support.files import MakeTree
    from support.lanes import StartLane

FACTORIES = """
from concurrent.futures import ThreadPoolExecutor
def make(workers):
    return ThreadPoolExecutor(workers)
def none(workers):
    return workers
def refuse(workers):
    raise OSError(f"no {workers} here")
NUMBER = 7
"""


@pytest.fixture
def factories(make_tree: MakeTree, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Let the current folder hold a module of factories."""
    root = make_tree({"here/brought_engines.py": FACTORIES}) / "here"
    monkeypatch.chdir(root)
    yield root
    sys.modules.pop("brought_engines", None)


@pytest.mark.parametrize(
    ("reference", "name"),
    [
        ("concurrent.futures:ThreadPoolExecutor", "executor-thread-pool-executor"),
        ("mpi4py.futures:MPIPoolExecutor", "executor-mpipool-executor"),
        ("mine:make_it", "executor-make-it"),
        ("mine:Holder.make", "executor-holder-make"),
    ],
)
def test_a_factory_gives_its_model_the_name(reference: str, name: str) -> None:
    assert executor_name(reference) == name


def test_a_factory_races_like_any_other_model_and_is_named_in_its_row(factories: Path) -> None:
    (engine,) = engines_of(None, ["brought_engines:make"])
    catalogue = discover(engines=[engine])

    assert catalogue.models["executor-make"].summary == "brought_engines:make, any executor"
    assert catalogue.models["executor-make"].option == ""
    assert str(factories) in engine.source


def test_a_factory_of_an_installed_package_requires_that() -> None:
    pytest.importorskip("loky")
    (engine,) = engines_of(None, ["loky:get_reusable_executor"])

    assert engine.model.requires == ("loky",)


@pytest.mark.parametrize(
    ("reference", "why"),
    [
        ("brought_engines", "brought_engines: not the name of a function; give module:factory"),
        ("no_such_module:make", "no_such_module:make: no module no_such_module here"),
        ("brought_engines:mak", "brought_engines has no mak; did you mean make?"),
        ("brought_engines:NUMBER", "brought_engines:NUMBER: cannot be called; give module:factory"),
    ],
)
@pytest.mark.usefixtures("factories")
def test_what_is_no_factory_is_refused(reference: str, why: str) -> None:
    with pytest.raises(TargetError) as raised:
        engines_of(None, [reference])

    assert str(raised.value).startswith("--executor ")
    assert why in str(raised.value)


@pytest.mark.usefixtures("factories")
def test_two_factories_of_one_name_are_refused() -> None:
    with pytest.raises(TargetError, match="another one is executor-make, too; rename the func"):
        engines_of(None, ["brought_engines:make", "brought_engines:make"])


async def opened(start: StartLane, model: str, *engines: str) -> None:
    """Race a workload in a lane by a factory's model; LaneError if that fails."""
    lane = await start(discover(engines=engines_of(None, engines)))
    await lane.ask("prepare", PATIENCE_S, workload="primes", size="100", device="cpu")
    await lane.ask("open", PATIENCE_S, model=model, workers=2, reference=False, audit=False)
    await lane.ask("go", PATIENCE_S, rounds=1, anchored=True)
    assert (await lane.ask("close", PATIENCE_S))["left_behind"] == []


@pytest.mark.parametrize(
    ("reference", "model"),
    [
        ("brought_engines:make", "executor-make"),
        ("concurrent.futures:ProcessPoolExecutor", "executor-process-pool-executor"),
    ],
)
@pytest.mark.usefixtures("factories")
async def test_a_lane_races_what_a_factory_makes(
    start: StartLane, reference: str, model: str
) -> None:
    await opened(start, model, reference)


@pytest.mark.parametrize(
    ("reference", "model", "why"),
    [
        (
            "brought_engines:none", "executor-none",
            r"^brought_engines:none made a int, which is no executor: return one as those of con",
        ),
        ("brought_engines:refuse", "executor-refuse", r"OSError: no 2 here \(.*brought_engines.py"),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("factories")
async def test_a_factory_that_fails_is_the_cause(
    start: StartLane, reference: str, model: str, why: str
) -> None:
    with pytest.raises(LaneError, match=why):
        await opened(start, model, reference)


def test_a_factory_of_a_checkout_is_found_in_it(factories: Path, tmp_path: Path) -> None:
    (engine,) = engines_of(None, ["brought_engines:make"])
    there = engine.in_checkout(tmp_path / "tree", factories.parent)

    assert repr(str(tmp_path / "tree" / "here")) in there.source
    assert repr(str(factories)) not in there.source
    assert engine.in_checkout(tmp_path / "tree", tmp_path / "elsewhere") == engine


def test_an_address_of_dask_reaches_its_lanes() -> None:
    (engine,) = engines_of("tcp://far:8786", [])

    assert engine.name == "dask"
    assert "os.environ[\"DASK_SCHEDULER_ADDRESS\"] = 'tcp://far:8786'" in engine.source
