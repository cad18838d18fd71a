"""What tests of every room ask for: valid runs, files that users bring along, real lanes."""

from __future__ import annotations

import shutil
import signal
import sys
import tempfile
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from hypothesis import settings

import raceway.report.run.terminal  # noqa: F401 (once: pandas cannot be imported again by pytester)
from raceway.case import BROUGHT
from raceway.measure.control.bootstrap import bundle
from raceway.measure.control.client import start_lane
from raceway.measure.control.lanes import attended
from raceway.plan.catalogue import discover
from raceway.plan.selection import Selection
from raceway.record import Commit, Grade, Launch, Noise
from raceway.session.lineup import Lineup
from raceway.session.options import Options
from raceway.session.session import environment_of
from support import lanes
from support.brought import NAP, TINY, discovered
from support.called import FILES, imported_core
from support.checkout import a_checkout, surroundings
from support.duelled import let_duels_measure
from support.files import write_tree
from support.project import ALONE
from support.saved import a_finished_run, a_group, a_measured_run

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Sequence
    from types import ModuleType

    from raceway.measure.control.client import LaneClient
    from raceway.measure.scratch.reaper import Reaper
    from raceway.plan.catalogue import Catalogue
    from raceway.record import Run
    from support.brought import Bring
    from support.checkout import Git
    from support.duelled import Duelled
    from support.files import MakeTree
    from support.lanes import StartLane, StillRunning, Strays
    from support.saved import MakeGroup, MakeRun, MeasuredRun, Passes

pytest_plugins = ["pytester"]
settings.register_profile("untimed", deadline=None)  # other programs run here too
settings.load_profile("untimed")


@pytest.fixture
def make_group() -> MakeGroup:
    """Return a factory of groups by launch: that of `make_run`'s case, with three rounds."""
    return lambda launch: a_group(
        Launch(index=launch, rounds_ns=[2_000_000 + launch, 1_000_000, 3_000_000])
    )


@pytest.fixture
def make_run() -> MakeRun:
    """Return a factory of runs of one case, in the launches given (default: one of two rounds)."""
    return a_finished_run


@pytest.fixture
def measured_run() -> MeasuredRun:
    """Return a factory of runs of several cases, of `make_run`'s machine and interpreter."""
    return a_measured_run


@pytest.fixture
def measured_here(measured_run: MeasuredRun, surveyed: Lineup) -> MeasuredRun:
    """Return a factory of runs as this machine's current interpreter would measure them."""

    def make(passes_s: Passes, **fields: Any) -> Run:
        run = measured_run(passes_s, **{"commit": Commit().id, **fields})
        header = msgspec.structs.replace(
            run.header,
            machine=surveyed.machine,
            environments=list(map(environment_of, surveyed.interpreters)),
        )
        return msgspec.structs.replace(run, header=header)

    return make


@pytest.fixture
def duelled(surveyed: Lineup, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Duelled:
    """Return a function that says what a gate's duels measure here; nothing is raced."""
    return let_duels_measure(surveyed, tmp_path, monkeypatch)


@pytest.fixture
def bring(tmp_path: Path) -> Iterator[Bring]:
    """Return a function that writes a workload file, and discovers it."""
    modules, brought = set(sys.modules), set()

    def make(source: str, name: str = "mine") -> Catalogue:
        brought.add(f"{BROUGHT}{name}")
        return discovered(tmp_path, source, name)

    yield make
    for module in brought - modules:
        sys.modules.pop(module, None)


@pytest.fixture
def temporary(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return the folder for temporary files of all lanes; short, as sockets' names must be."""
    folder = Path(tempfile.mkdtemp(prefix="rw-"))
    for variable in ("TMPDIR", "TEMP", "TMP"):
        monkeypatch.setenv(variable, str(folder))
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
async def reaper(temporary: Path) -> AsyncIterator[Reaper]:  # noqa: ARG001
    """Return a reaper for as long as the test lasts."""
    async with attended() as reaper:
        yield reaper


@pytest.fixture
async def start(reaper: Reaper) -> AsyncIterator[StartLane]:
    """Return a function that starts real lanes; all are ended."""
    started: list[LaneClient] = []

    async def make(
        catalogue: Catalogue | None = None, command: Sequence[str] = (sys.executable,)
    ) -> LaneClient:
        known = catalogue or discover()
        lane = await start_lane(
            "lane", command, bundle(known.travelling, known.described), known.required(), reaper
        )
        started.append(lane)
        return lane

    yield make
    for lane in started:
        await lane.end()


@pytest.fixture
def strays(reaper: Reaper, temporary: Path) -> Strays:
    """Return a function that tells what lanes have left behind: processes, unpacked code."""
    return partial(lanes.left_behind, reaper, temporary)


@pytest.fixture
def still_running() -> StillRunning:
    """Return a function that gives processes a while to end, and returns those that do not."""
    return lanes.still_running


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the file of a workload that takes no time."""
    path = tmp_path_factory.mktemp("brought") / "tiny.py"
    path.write_text(TINY, encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def nap(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the file of a workload that waits as long as the environment says."""
    path = tmp_path_factory.mktemp("brought") / "nap.py"
    path.write_text(NAP, encoding="utf-8")
    return path


@pytest.fixture
def core(make_tree: MakeTree, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """Return a module of a user's package, which is on the path."""
    root = make_tree({f"here/{path}": text for path, text in FILES.items()})
    monkeypatch.syspath_prepend(root / "here")
    with imported_core() as module:
        yield module


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let duels and gates look after three launches, four at most, whatever else runs here."""
    monkeypatch.setattr("raceway.regression.duel.LOOKS", (3, 4))
    monkeypatch.setattr("raceway.regression.sequential.ROUNDS_S", (0.05, 0.05))
    monkeypatch.setattr(
        "raceway.measure.group.noise.NoiseEvidence.noise", lambda _: Noise(grade=Grade.QUIET)
    )


@pytest.fixture
def git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Git:
    """Return a function that runs git in a fresh repository with one commit, of code.py."""
    for variable, value in surroundings(tmp_path).items():
        monkeypatch.setenv(variable, value)
    return a_checkout(tmp_path)


@pytest.fixture(scope="session")
def surveyed(tiny: Path) -> Lineup:
    """Return what can race of the tiny workload, in two launches, on this very machine."""
    return Lineup.assemble(
        Options(
            results=tiny.parent / "results",
            selection=Selection(models=("serial", "threads"), workloads=("tiny",)),
            workload_files=(tiny,),
            launches=2,
            budget_s=1.0,
        )
    )


@pytest.fixture
def lineup(surveyed: Lineup, tmp_path: Path) -> Lineup:
    """Return the surveyed lineup with a results folder of this test's own."""
    return replace(surveyed, options=replace(surveyed.options, results=tmp_path / "results"))


@pytest.fixture(autouse=True, scope="session")
def heard_interrupts() -> Iterator[None]:
    """Let programs started here hear SIGINT, even if a shell started pytest in its background.

    An ignored signal is inherited by every program started later; a handled one is not.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture(autouse=True, scope="session")
def no_other_plugins() -> Iterator[None]:
    """Keep the plugins that tests/plugin/test_other_plugins.py tries out of all other sessions."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTEST_ADDOPTS", ALONE)
        yield


@pytest.fixture(autouse=True, scope="session")
def cache_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Leave the user's cache folder alone."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture
def make_tree(tmp_path: Path) -> MakeTree:
    """Return a function that writes files by their paths and returns the root of them all."""
    return partial(write_tree, tmp_path)
