"""raceway beside other plugins in one session, each of them the real one."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest

from raceway.record import Status
from support.files import write_tree
from support.project import INI, OPTIONS, PLAIN, RACED, WRONG_IN_THREADS, runs_in, undecided

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Session = Callable[..., str]

BELOW = ("benchmark", "asyncio")
QUICK = ("--benchmark-max-time=0.01", "-rA")
SEES_COVERAGE = """
import sys
from raceway.case import Kind, Workload

def traced(number):
    return sys.gettrace() is not None or "coverage" in sys.modules

WORKLOAD = Workload(
    summary="sees coverage", kind=Kind.CPU, task=traced,
    expected=lambda number: False, sizes={"few": (0, 0)},
)
"""
COVERAGE = """
[run]
patch = subprocess
parallel = true
"""
THEIRS = """
def pytest_addoption(parser):
    parser.addoption("FLAG", dest="profile", action="store_true")

def pytest_report_header(config):
    return f"theirs: {config.getoption('profile')}"
"""
LOADS_OURS = 'pytest_plugins = ["raceway.plugin"]'
OWN = """
def same(number):
    return number

def test_own(race_models):
    race_models(same, [1, 2, 3])
"""
FLAKY = """
from pathlib import Path

def test_flaky(benchmark):
    benchmark.pedantic(int)
    seen = Path("seen")
    assert seen.exists() or seen.touch()
"""


@pytest.fixture
def project(tmp_path: Path, tiny: Path) -> Path:
    """Return a folder of tests that race the tiny workload, and of plain benchmarks."""
    files = {"pytest.ini": INI, "test_tiny.py": RACED, "test_plain.py": PLAIN}
    return write_tree(tmp_path, {**files, "tiny.py": tiny.read_text(encoding="utf-8")})


@pytest.fixture
def session(project: Path) -> Session:
    """Return a function that runs the project's tests beside a plugin, and returns the output."""

    def run(
        plugin: str, module: str, *options: str, expected: int = 0, ours: str = "raceway.plugin"
    ) -> str:
        if find_spec(module) is None:
            pytest.skip(f"{module} is not installed")
        plugins = [f"-p{name}" for name in (ours, *BELOW, plugin) if name]
        surroundings = {**undecided(), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_ADDOPTS": ""}
        done = subprocess.run(
            [sys.executable, "-m", "pytest", *plugins, *OPTIONS, *QUICK, *options],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, cwd=project,
            env=surroundings, encoding="utf-8", timeout=300,
        )  # fmt: skip
        assert done.returncode == expected, done.stdout
        return done.stdout

    return run


def raced_names(folder: Path) -> dict[str, str]:
    """Return the full names of the cases in the project's only run, by case."""
    (run,) = runs_in(folder)
    return {record.id: record.fullname for record in run.records if record.workload}


def plain_statuses(folder: Path) -> dict[str, Status]:
    """Return how the plain benchmarks in the project's only run ended, by name."""
    (run,) = runs_in(folder)
    return {record.id: record.status for record in run.records if not record.workload}


def counted(told: str) -> set[str]:
    """Return what pytest's last line counts."""
    return set(re.findall(r"\d+ [a-z]+", told.splitlines()[-1].rpartition(" in ")[0]))


def profiled(told: str) -> list[str]:
    """Return the benchmarks of which pytest-benchmark shows a profile."""
    return re.findall(r"^(\S+::\S+)\n(?=ncalls)", told, re.MULTILINE)


def test_under_codspeed_plain_benchmarks_are_measured_and_raced_cases_skipped(
    session: Session, project: Path
) -> None:
    write_tree(project, {"test_own.py": OWN})
    told = session("codspeed", "pytest_codspeed", "--codspeed", "--codspeed-max-time=0.05")

    assert "2 passed, 4 skipped" in told
    assert "not measured under --codspeed: CodSpeed cannot see the processes" in told
    (results,) = project.glob(".codspeed/results_*.json")
    measured = json.loads(results.read_text("utf-8"))["benchmarks"]
    assert [one["name"] for one in measured] == ["test_plain"]
    assert not (project / "results").exists()


def test_beside_codspeed_without_its_option_everything_is_measured(
    session: Session, project: Path
) -> None:
    assert "4 passed" in session("codspeed", "pytest_codspeed")
    assert len(raced_names(project)) == 2


def test_repetitions_of_a_case_have_its_one_name(session: Session, project: Path) -> None:
    assert "8 passed" in session("repeat", "pytest_repeat", "--count=2")

    names = raced_names(project)
    assert names == {case: f"test_tiny.py::test_tiny[{case}]" for case in names}
    assert len(names) == 2
    assert set(plain_statuses(project)) == {
        "test_plain.py::test_async",
        "test_plain.py::test_plain",
    }


def test_a_failed_repetition_of_a_plain_benchmark_stays(session: Session, project: Path) -> None:
    write_tree(project, {"test_plain.py": FLAKY})
    session("repeat", "pytest_repeat", "--count=2", expected=1)

    assert plain_statuses(project) == {"test_plain.py::test_flaky": Status.FAILED}


def test_of_a_plain_benchmark_that_was_rerun_the_last_try_counts(
    session: Session, project: Path
) -> None:
    write_tree(project, {"test_plain.py": FLAKY})
    told = session("rerunfailures", "pytest_rerunfailures", "--reruns=2")

    assert counted(told) >= {"3 passed", "1 rerun"}
    assert plain_statuses(project) == {"test_plain.py::test_flaky": Status.OK}


def test_a_rerun_of_a_failed_case_does_not_race_again(session: Session, project: Path) -> None:
    write_tree(project, {"tiny.py": WRONG_IN_THREADS})
    told = session("rerunfailures", "pytest_rerunfailures", "--reruns=1", expected=1)

    assert counted(told) >= {"1 failed", "3 passed", "1 rerun"}
    (run,) = runs_in(project)
    assert [group.launch for group in run.groups] == [0]


def test_tests_in_random_order_race_once(session: Session, project: Path) -> None:
    assert "4 passed" in session("randomly", "pytest_randomly")

    (run,) = runs_in(project)
    assert run.status is Status.OK
    assert len(raced_names(project)) == 2


def test_a_profile_by_pytest_benchmark_is_one_of_plain_benchmarks(session: Session) -> None:
    told = session("benchmark", "pytest_benchmark", "--benchmark-cprofile=tottime")

    assert "4 passed" in told
    assert profiled(told) == ["test_plain.py::test_plain"]
    assert "--benchmark-cprofile: raced cases and asynchronous benchmarks have no profile" in told


@pytest.mark.parametrize("ours", ["", "raceway.plugin"], ids=["conftest", "-p"])
@pytest.mark.parametrize("flag", ["--profile", "--profiling"])
def test_another_plugin_may_have_an_option_named_profile(
    session: Session, project: Path, flag: str, ours: str
) -> None:
    write_tree(project, {"theirs.py": THEIRS.replace("FLAG", flag), "conftest.py": LOADS_OURS})
    longer = "--raceway-profile" if flag == "--profile" else "--profile"
    told = session("theirs", "pytest", flag, f"{longer}=smoke", ours=ours)

    assert "theirs: True" in told
    assert runs_in(project)[0].header.profile == "smoke"


@pytest.mark.parametrize("configured", [COVERAGE, ""], ids=["subprocesses", "plain"])
def test_coverage_of_subprocesses_does_not_follow_into_lanes(
    session: Session, project: Path, configured: str
) -> None:
    write_tree(project, {"tiny.py": SEES_COVERAGE, ".coveragerc": configured})

    assert "4 passed" in session("pytest_cov", "pytest_cov", "--cov=.", "--cov-report=")


def test_asynchronous_benchmarks_need_no_mode_of_pytest_asyncio(
    session: Session, project: Path
) -> None:
    write_tree(project, {"pytest.ini": "[pytest]\nasyncio_mode = strict"})

    assert "4 passed" in session("", "pytest_asyncio")


@pytest.mark.parametrize("file", ["test_tiny.py", "test_own.py"])
def test_xdist_is_refused_with_the_reason(session: Session, project: Path, file: str) -> None:
    write_tree(project, {"test_own.py": OWN})
    unused = "-Wignore:Benchmarks are automatically"
    told = session("xdist", "xdist", "-n1", unused, file, expected=4)

    assert "raceway cannot measure under xdist (-n): tests would compete for the cores." in told
    assert not (project / "results").exists()
