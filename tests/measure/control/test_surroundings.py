"""Nothing of where one stands leaks into lanes: no file of the current folder, no switch."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from raceway.measure.control.surroundings import surroundings
from raceway.measure.lane.settings import LONGEST, settings_of
from support.lanes import PATIENCE_S
from support.project import undecided

if TYPE_CHECKING:
    from support.brought import Bring
    from support.lanes import StartLane

OUT = (
    "PYTHONTRACEMALLOC", "PYTHONDEVMODE", "PYTHONASYNCIODEBUG", "PYTHONMALLOC",
    "PYTHONPROFILEIMPORTTIME", "PYTHONFAULTHANDLER", "PYTHONINSPECT", "PYTHONVERBOSE",
    "COVERAGE_PROCESS_START", "COVERAGE_PROCESS_CONFIG", "COV_CORE_SOURCE",
    "PYDEVD_LOAD_VALUES_ASYNC", "MALLOC_PERTURB_", "MALLOC_CHECK_", "MALLOC_TRACE", "LD_DEBUG",
)  # fmt: skip
RECORDED = (
    "MALLOC_ARENA_MAX", "LD_PRELOAD", "GLIBC_TUNABLES", "OMP_PROC_BIND", "KMP_BLOCKTIME",
    "PYTHONHASHSEED", "PYTHON_GIL", "MKL_CBWR", "MALLOC_CONF", "TF_ENABLE_ONEDNN_OPTS",
)  # fmt: skip


@pytest.mark.parametrize("name", OUT)
def test_what_slows_the_measured_is_not_set_in_a_lane(name: str) -> None:
    assert surroundings({name: "1", "HOME": "here"}) == {"HOME": "here"}


@pytest.mark.parametrize("name", RECORDED)
def test_what_may_be_meant_reaches_a_lane_and_is_recorded(name: str) -> None:
    assert surroundings({name: "1"}) == {name: "1"}
    assert settings_of({name: "1"}) == settings_of({}) | {name: "1"}


@pytest.mark.parametrize(
    "name",
    [
        "HOME",
        "PATH",
        "PYTHONPATH",
        "AWS_SECRET_ACCESS_KEY",
        "OMP_NUM_THREADS",
        "TF_CLI_CONFIG_FILE",
        "TF_VAR_region",
    ],
)
def test_what_does_not_change_timing_is_not_recorded(name: str) -> None:
    assert settings_of({name: "1"}) == settings_of({})


def test_what_is_set_to_the_default_is_not_recorded() -> None:
    assert settings_of({"PYTHONHASHSEED": "random"}) == settings_of({})


def test_a_switch_set_by_the_interpreters_own_command_is_recorded() -> None:
    assert settings_of({"PYTHONMALLOC": "debug"})["PYTHONMALLOC"] == "debug"


def test_a_long_value_is_recorded_in_part() -> None:
    assert len(settings_of({"LD_PRELOAD": "x" * 9_999})["LD_PRELOAD"]) == LONGEST


@pytest.mark.parametrize("option", ["-X dev", "-X tracemalloc", "-O"])
def test_options_of_an_interpreter_are_recorded(option: str) -> None:
    code = "from raceway.measure.lane.settings import settings_of; print(*settings_of({}), sep=';')"

    done = subprocess.run(
        [sys.executable, *option.split(), "-c", code], capture_output=True, check=True, text=True
    )

    assert option in done.stdout.strip().split(";")


def test_a_tracer_that_no_variable_names_is_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    def trace(*_: Any) -> None:
        """Do nothing."""

    monkeypatch.setattr(sys, "gettrace", lambda: trace)

    assert settings_of({})["trace function"] == trace.__module__


SWITCHES = """
import os, sys, tracemalloc
def task(number):
    leaked = [name for name in ("PYTHONTRACEMALLOC", "PYTHONDEVMODE") if name in os.environ]
    assert not leaked, leaked
    assert not sys.flags.dev_mode
    assert not tracemalloc.is_tracing()
    return number
WORKLOAD = Workload(summary="", kind=Kind.CPU, task=task, sizes={"few": (1, 2)})
"""


async def opened(lane: Any, model: str) -> dict[str, Any]:
    """Prepare and open a case of two workers, and return the reply; LaneError if it fails."""
    await lane.ask("prepare", PATIENCE_S, workload="mine", size="few", device="cpu")
    return dict(
        await lane.ask("open", PATIENCE_S, model=model, workers=2, reference=False, audit=False)
    )


@pytest.mark.parametrize("model", ["serial", "processes-spawn"])
async def test_switches_reach_neither_a_lane_nor_its_workers(
    bring: Bring, start: StartLane, monkeypatch: pytest.MonkeyPatch, model: str
) -> None:
    monkeypatch.setenv("PYTHONTRACEMALLOC", "5")
    monkeypatch.setenv("PYTHONDEVMODE", "1")
    lane = await start(bring(SWITCHES))

    assert (await opened(lane, model))["cold_s"] > 0


async def test_a_lane_tells_what_is_set_in_it(
    start: StartLane, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MALLOC_ARENA_MAX", "2")
    monkeypatch.setenv("PYTHONMALLOC", "debug")

    lane = await start(command=["env", "PYTHONASYNCIODEBUG=1", sys.executable, "-X", "utf8"])

    assert lane.facts["settings"].items() >= {
        "MALLOC_ARENA_MAX": "2", "PYTHONASYNCIODEBUG": "1", "-X utf8": "True",
    }.items()  # fmt: skip
    assert "PYTHONMALLOC" not in lane.facts["settings"]


USES_THE_LIBRARY = """
import asyncio, json, random, statistics
def task(number):
    return [json.loads(f"[{number}]"), statistics.mean([number]), random.Random(number).random()]
async def async_task(number):
    await asyncio.sleep(0)
    return task(number)
WORKLOAD = Workload(
    summary="", kind=Kind.CPU, task=task, async_task=async_task, sizes={"few": (1, 2)}
)
"""


def hide_the_library(folder: Path) -> None:
    """Put a file of each module that the standard library has here into a folder."""
    for name in filter(find_spec, sys.stdlib_module_names):
        (folder / f"{name}.py").write_text(f"raise SystemExit('{name} of the current folder')")


@pytest.mark.parametrize(
    "model", ["serial", "asyncio", "pool", "processes-spawn", "processes-forkserver"]
)
async def test_files_of_the_current_folder_hide_no_module_of_the_library(
    bring: Bring,
    start: StartLane,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    model: str,
) -> None:
    catalogue = bring(USES_THE_LIBRARY)
    hide_the_library(tmp_path)
    monkeypatch.chdir(tmp_path)
    lane = await start(catalogue)

    assert (await opened(lane, model))["cold_s"] > 0


def test_a_race_runs_from_a_folder_full_of_the_librarys_names(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(f"from raceway import Kind, Workload\n{USES_THE_LIBRARY}")
    hide_the_library(tmp_path)
    program = Path(sys.executable).with_name("raceway")
    models = "--models=serial,threads,processes-spawn"

    done = subprocess.run(
        [program, "race", "mine.py", models, "--launches=1", "--budget=30"],
        cwd=tmp_path, env=undecided(), capture_output=True, check=False, text=True,
    )  # fmt: skip

    assert (done.returncode, done.stderr) == (0, "")


def test_the_package_run_as_a_module_finds_the_library_too(tmp_path: Path) -> None:
    for name in ("random", "json", "asyncio", "statistics"):
        (tmp_path / f"{name}.py").write_text(f"raise SystemExit('{name} of the current folder')")

    done = subprocess.run(
        [sys.executable, "-m", "raceway", "list"],
        cwd=tmp_path, env=undecided(), capture_output=True, check=False, text=True,
    )  # fmt: skip

    assert (done.returncode, done.stderr) == (0, "")


READS_THE_PATH = """
import helper_of_mine
def task(number):
    return helper_of_mine.FACTOR * number
WORKLOAD = Workload(
    summary="", kind=Kind.CPU, task=task, expected=lambda n: 7 * n, sizes={"few": (1, 2)}
)
"""


@pytest.mark.parametrize("model", ["serial", "processes-spawn"])
@pytest.mark.parametrize("entry", ["absolute", "relative"])
async def test_the_users_own_pythonpath_works(  # noqa: PLR0913, PLR0917 (fixtures)
    bring: Bring,
    start: StartLane,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    model: str,
    entry: str,
) -> None:
    folder = tmp_path_factory.mktemp("mine")
    (folder / "lib").mkdir()
    (folder / "lib" / "helper_of_mine.py").write_text("FACTOR = 7")
    monkeypatch.chdir(folder)
    monkeypatch.setenv("PYTHONPATH", str(folder / "lib") if entry == "absolute" else "lib")
    with monkeypatch.context() as here:
        here.syspath_prepend(folder / "lib")
        catalogue = bring(READS_THE_PATH)
    lane = await start(catalogue)

    assert (await opened(lane, model))["cold_s"] > 0
