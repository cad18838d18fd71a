"""Valid runs to start from, files that users bring along, and real lanes."""

from __future__ import annotations

import contextlib
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import replace
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import msgspec
import psutil
import pytest

import raceway.report.run.terminal  # noqa: F401 (once: pandas cannot be imported again by pytester)
from raceway.measure.control.bootstrap import bundle
from raceway.measure.control.client import start_lane
from raceway.measure.control.lanes import attended
from raceway.plan.catalogue import discover
from raceway.plan.selection import Selection
from raceway.record import (
    SCHEMA_VERSION,
    Commit,
    Environment,
    Grade,
    GroupResult,
    Header,
    Launch,
    Machine,
    Noise,
    Record,
    Run,
    Status,
    records_of,
)
from raceway.session.lineup import Lineup
from raceway.session.options import Options
from raceway.session.session import Session, environment_of
from raceway.store.schema_1 import FAMILIES

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence

    from raceway.measure.control.client import Lane
    from raceway.measure.control.reaper import Reaper
    from raceway.measure.group.plan import Spectator, Wanted
    from raceway.plan.catalogue import Catalogue

pytest_plugins = ["pytester"]

STARTED_AT = "2026-11-23T04:55:00+00:00"
CASE = "primes-small-serial-w1"
TWO_ROUNDS = Launch(index=0, rounds_ns=[1_000_000, 2_000_000])
MACHINE = Machine(
    id="linux-x86_64-xeon-2c-3f9a1c",
    system="Linux",
    architecture="x86_64",
    cpu_model="Xeon",
    logical_cores=2,
    usable_cores=2,
)
ENVIRONMENT = Environment(
    label="current", command="python", version="3.13.0", implementation="CPython"
)


class MakeRun(Protocol):
    """How tests ask for a run."""

    def __call__(
        self,
        launches: Sequence[Launch] = ...,
        *,
        run_id: str = ...,
        case: str = ...,
        started_at: str = ...,
        commit: str = ...,
    ) -> Run:
        """Return a run of one case with these launches."""


def a_record(case: str) -> Record:
    workload, size, model, _ = case.split("-")
    return Record(
        id=case,
        fullname=f"bench/test_cpu.py::test_cpu[{case}]",
        workload=workload,
        size=size,
        model=model,
        family=FAMILIES.get(model, ""),
        kind="cpu",
        tasks=4,
    )


def a_group(launch: Launch, case: str = CASE) -> GroupResult:
    return GroupResult(
        id=case.removesuffix("-serial-w1"),
        launch=launch.index,
        started_at=STARTED_AT,
        wall_s=1.5,
        noise=Noise(),
        launches={case: launch},
    )


@pytest.fixture
def make_group() -> Callable[[int], GroupResult]:
    """Return a factory of groups by launch: that of `make_run`'s case, with three rounds."""
    return lambda launch: a_group(
        Launch(index=launch, rounds_ns=[2_000_000 + launch, 1_000_000, 3_000_000])
    )


@pytest.fixture
def make_run() -> MakeRun:
    """Return a factory of runs of one case, in the launches given (default: one of two rounds)."""

    def make(
        launches: Sequence[Launch] = (TWO_ROUNDS,),
        *,
        run_id: str = "3f9a1c",
        case: str = CASE,
        started_at: str = STARTED_AT,
        commit: str = "0123456789abcdef",
    ) -> Run:
        header = Header(
            schema=SCHEMA_VERSION,
            run_id=run_id,
            started_at=started_at,
            machine=MACHINE,
            environments=[ENVIRONMENT],
            commit=Commit(id=commit),
            command_line=["pytest", "bench/"],
            profile="quick",
            launches=len(launches),
            planned=[a_record(case)],
        )
        groups = [a_group(launch, case) for launch in launches]
        records = records_of(header, groups, [], finished=True)
        return Run(header=header, finished_at=started_at, status=Status.OK, records=records)

    return make


class MeasuredRun(Protocol):
    """How tests ask for a run of several cases whose times they choose."""

    def __call__(
        self, passes_s: Mapping[str, Sequence[float]], *, grade: Grade = ..., **fields: Any
    ) -> Run:
        """Return a run with these seconds a pass, one a launch, by case id."""


def a_measured_group(
    passes_s: Mapping[str, Sequence[float]], launch: int, grade: Grade
) -> Iterator[GroupResult]:
    """Yield the groups of one launch, three rounds a case, each with the same anchor."""
    for case, passes in passes_s.items():
        if launch < len(passes):
            rounds_ns = [round(passes[launch] * factor * 1e9) for factor in (0.999, 1, 1.001)]
            measured = Launch(
                index=launch, rounds_ns=rounds_ns, anchors_ns=[1_000_000] * 3, turns=[0, 1, 2]
            )
            group = "-".join(case.split("-")[:2])
            yield msgspec.structs.replace(
                a_group(measured, case), id=group, noise=Noise(grade=grade)
            )


@pytest.fixture
def measured_run(make_run: MakeRun) -> MeasuredRun:
    """Return a factory of runs of several cases, of `make_run`'s machine and interpreter."""

    def make(
        passes_s: Mapping[str, Sequence[float]], *, grade: Grade = Grade.QUIET, **fields: Any
    ) -> Run:
        run = make_run(**fields)
        launches = range(max(map(len, passes_s.values())))
        groups = [group for each in launches for group in a_measured_group(passes_s, each, grade)]
        header = msgspec.structs.replace(
            run.header, launches=len(launches), planned=list(map(a_record, passes_s))
        )
        return msgspec.structs.replace(
            run,
            header=header,
            records=records_of(header, groups, [], finished=True),
            groups=[msgspec.structs.replace(group, launches={}) for group in groups],
        )

    return make


@pytest.fixture
def measured_here(measured_run: MeasuredRun, surveyed: Lineup) -> MeasuredRun:
    """Return a factory of runs as this machine's current interpreter would measure them."""

    def make(passes_s: Mapping[str, Sequence[float]], **fields: Any) -> Run:
        run = measured_run(passes_s, **{"commit": Commit().id, **fields})
        header = msgspec.structs.replace(
            run.header,
            machine=surveyed.machine,
            environments=list(map(environment_of, surveyed.interpreters)),
        )
        return msgspec.structs.replace(run, header=header)

    return make


@pytest.fixture
def remeasured(
    surveyed: Lineup, monkeypatch: pytest.MonkeyPatch
) -> Callable[[Mapping[str, Sequence[float]]], None]:
    """Return a function that says what a race will measure from now on; nothing is raced."""

    def say(passes_s: Mapping[str, Sequence[float]]) -> None:
        def race(
            self: Session, *_: Spectator, wanted: Wanted | None = None, most_s: float = inf
        ) -> None:
            launches = range(max(map(len, passes_s.values())))
            assert wanted
            assert most_s < inf
            for launch in launches:
                if not wanted(launch):
                    break
                for group in a_measured_group(passes_s, launch, Grade.QUIET):
                    self.finished_group(group)

        monkeypatch.setattr(Session, "race", race)
        monkeypatch.setattr(Lineup, "assemble", lambda options: replace(surveyed, options=options))

    return say


class Bring(Protocol):
    """How tests bring a workload file along."""

    def __call__(self, source: str, name: str = ...) -> Catalogue:
        """Return the catalogue with the workload of this source."""


class StartLane(Protocol):
    """How tests start a lane."""

    async def __call__(
        self, catalogue: Catalogue | None = ..., command: Sequence[str] = ...
    ) -> Lane:
        """Return a lane that knows the catalogue, by default what is built in."""


@pytest.fixture
def bring(tmp_path: Path) -> Iterator[Bring]:
    """Return a function that writes a workload file, and discovers it."""
    modules, brought = set(sys.modules), set()

    def make(source: str, name: str = "mine") -> Catalogue:
        brought.add(f"raceway.workloads.{name}")
        path = tmp_path / f"{name}.py"
        path.write_text(f"from raceway import Kind, Workload\n{source}", encoding="utf-8")
        return discover([path])

    yield make
    for module in brought - modules:
        sys.modules.pop(module, None)


@pytest.fixture
def temporary(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return the folder for temporary files of all lanes; short, as sockets' names must be."""
    folder = Path(tempfile.mkdtemp(prefix="rw-"))
    for variable in ("TMPDIR", "TEMP", "TMP"):
        monkeypatch.setenv(variable, str(folder))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
async def reaper() -> AsyncIterator[Reaper]:
    """Return a reaper for as long as the test lasts."""
    async with attended() as reaper:
        yield reaper


@pytest.fixture
async def start(reaper: Reaper, temporary: Path) -> AsyncIterator[StartLane]:  # noqa: ARG001
    """Return a function that starts real lanes; all are ended."""
    started: list[Lane] = []

    async def make(
        catalogue: Catalogue | None = None, command: Sequence[str] = (sys.executable,)
    ) -> Lane:
        known = catalogue or discover()
        lane = await start_lane("lane", command, bundle(known.files), known.required(), reaper)
        started.append(lane)
        return lane

    yield make
    for lane in started:
        await lane.end()


@pytest.fixture
def strays(reaper: Reaper, temporary: Path) -> Callable[[], list[str]]:
    """Return a function that tells what lanes have left behind: processes, unpacked code.

    Processes are told by their environment, so that orphans are found too, and get a while to
    end.
    """

    def of_a_lane(process: psutil.Process) -> bool:
        with contextlib.suppress(psutil.Error):
            is_reaper = reaper.process is not None and process.pid == reaper.process.pid
            return not is_reaper and process.environ().get("TMPDIR") == str(temporary)
        return False

    def look() -> list[str]:
        for _ in range(200):
            running = list(filter(of_a_lane, psutil.process_iter()))
            if not running:
                break
            psutil.wait_procs(running, timeout=0.05)
        return [*map(str, running), *(folder.name for folder in temporary.glob("raceway-lane-*"))]

    return look


@pytest.fixture
def still_running() -> Callable[[Sequence[psutil.Process]], list[psutil.Process]]:
    """Return a function that gives processes a while to end, and returns those that do not."""

    def runs(process: psutil.Process) -> bool:
        try:
            return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return False

    def wait(processes: Sequence[psutil.Process]) -> list[psutil.Process]:
        for _ in range(200):
            if not any(map(runs, processes)):
                break
            psutil.wait_procs(processes, timeout=0.05)
        return [process for process in processes if runs(process)]

    return wait


TINY = """
from raceway.case import Kind, Workload

def double(number):
    return 2 * number

WORKLOAD = Workload(
    summary="doubling", kind=Kind.CPU, task=double, expected=double, sizes={"few": (1, 2, 3)}
)
"""


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the file of a workload that takes no time."""
    path = tmp_path_factory.mktemp("brought") / "tiny.py"
    path.write_text(TINY, encoding="utf-8")
    return path


NAP = """
import os
import time
from raceway.case import Kind, Workload

def nap(seconds):
    if "BROKEN" in os.environ:
        raise ValueError("broken on this side")
    time.sleep(float(os.environ.get("SLOWNESS", "1")) * seconds)
    return seconds

WORKLOAD = Workload(summary="napping", kind=Kind.IO, task=nap, sizes={"few": (0.004, 0.006)})
"""


@pytest.fixture(scope="session")
def nap(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the file of a workload that waits as long as the environment says."""
    path = tmp_path_factory.mktemp("brought") / "nap.py"
    path.write_text(NAP, encoding="utf-8")
    return path


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let duels and gates look after three launches, four at most, whatever else runs here."""
    monkeypatch.setattr("raceway.regression.duel.LOOKS", (3, 4))
    monkeypatch.setattr("raceway.regression.gate.ONE_LOOK", (4,))
    monkeypatch.setattr("raceway.regression.sequential.ROUNDS_S", (0.05, 0.05))
    monkeypatch.setattr(
        "raceway.measure.group.noise.NoiseEvidence.noise", lambda _: Noise(grade=Grade.QUIET)
    )


@pytest.fixture
def git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Return a function that runs git in a fresh repository with one commit, of code.py."""
    for variable in ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"):
        monkeypatch.setenv(variable, str(tmp_path / "no-config"))
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "a")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "a@example.org")
        monkeypatch.setenv(f"GIT_{role}_DATE", "2026-11-23T04:55:00+00:00")

    def run(*arguments: str) -> str:
        command = ["git", "-C", str(tmp_path), *arguments]
        done = subprocess.run(command, check=True, capture_output=True, encoding="utf-8")
        return done.stdout.strip()

    run("init", "-b", "trunk")
    (tmp_path / "code.py").write_text("1")
    run("add", "code.py")
    run("commit", "-m", "first")
    return run


@pytest.fixture(scope="session")
def surveyed(tiny: Path) -> Lineup:
    """Return what can race of the tiny workload, in two launches, on this very machine."""
    return Lineup.assemble(
        Options(
            results=tiny.parent / "results",
            selection=Selection(models=("serial", "threads"), workloads=("tiny",)),
            workload_files=(tiny,),
            launches=2,
            budget_s=0.02,
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
def cache_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Leave the user's cache folder alone."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture
def make_tree(tmp_path: Path) -> Callable[[dict[str, str]], Path]:
    """Return a function that writes files by their paths and returns the root of them all."""

    def make(files: dict[str, str]) -> Path:
        for name, content in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content)
        return tmp_path

    return make
