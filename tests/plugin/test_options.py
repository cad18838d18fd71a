"""What cannot be done is refused in one line, before anything is measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from raceway.session.options import OPTIONS
from raceway.store.runs import load

if TYPE_CHECKING:
    from pathlib import Path

    from support.project import Measure
    from support.saved import Saved


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ("--models=bogus", "--models bogus: no such model; choose from asyncio, "),
        ("--models=", "--models '': give names, separated by commas"),
        ("--models=serial,", "--models 'serial,': give names, separated by commas"),
        ("--workloads=bogus", "--workloads bogus: no such workload; choose from batched-matmul, "),
        ("--sizes=bogus", "--sizes bogus: no such size; choose from "),
        ("--sizes=0", "--sizes 0: no such size; choose from "),
        ("--profile=bogus", "--profile bogus: no such profile; choose from smoke, "),
        ("--device=bogus", "--device bogus: choose from auto, cpu, cuda, cuda:N"),
        ("--device=cuda:99", "--device cuda:99: no such device "),
        ("--workers=0", "--workers 0: give a number above 0"),
        ("--workers=1000000000", "--workers 1000000000: give a number above 0, 10,000 at most"),
        ("--launches=1001", "--launches 1001: give a number above 0, 1,000 at most"),
        ("--budget=1e300", "--budget 1e+300: give a number above 0, 604,800 at most"),
        ("--models=\x1b[2J", r"--models \x1b[2J: no such model; choose from "),
        ("--workers=-1", "--workers -1: give whole numbers above 0, like 1,2,4"),
        ("--workers=x", "--workers x: give whole numbers above 0, like 1,2,4"),
        ("--workers=1.5", "--workers 1.5: give whole numbers above 0, like 1,2,4"),
        ("--launches=0", "--launches 0: give a number above 0"),
        ("--launches=-1", "--launches -1: give a number above 0"),
        ("--launches=x", "argument --launches: invalid int value: 'x'"),
        ("--budget=nan", "--budget nan: give a number above 0"),
        ("--budget=inf", "--budget inf: give a number above 0"),
        ("--budget=0", "--budget 0.0: give a number above 0"),
        ("--group-timeout=-1", "--group-timeout -1.0: give a number above 0"),
        ("--machine=../up", "machine name '../up' is not a valid folder name everywhere."),
        ("--interpreter=python3", "--interpreter python3: give LABEL=COMMAND "),
        ("--interpreter=a='", "--interpreter a=': No closing quotation; fix the quotes"),
        ("--interpreter=current=python3", "the label 'current' is taken; use another"),
        ("--interpreter=a=/no/such/python", "/no/such/python: cannot be started "),
        ("--interpreter=a=true", "interpreter a: not a Python 3.11 or newer that starts: "),
        ("--workload=missing.py", "--workload missing.py: no such file; give a Python file"),
        ("--workload=broken.py", "broken.py: cannot be imported (ZeroDivisionError: "),
        ("--workload=not_one.py", "not_one.py: does not define WORKLOAD = Workload(...); add it"),
        ("--workload=tiny.py", "tiny.py: a workload named 'tiny' exists; rename the file"),
    ],
)
def test_a_bad_option_is_refused_in_one_line(
    tiny_project: pytest.Pytester, measure: Measure, option: str, said: str
) -> None:
    tiny_project.makepyfile(broken="1 / 0", not_one="")
    result = measure(option)

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert [said in line for line in result.errlines].count(True) == 1
    assert "Traceback" not in result.stdout.str() + result.stderr.str()


def test_an_interpreter_given_twice_is_refused(measure: Measure) -> None:
    result = measure("--interpreter=a=python3", "--interpreter=a=python3")

    result.stderr.fnmatch_lines(["ERROR: --interpreter a=python3: label given twice; rename one"])


def test_a_bad_machine_name_of_the_surroundings_is_refused(
    tiny_project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RACEWAY_MACHINE", "../up")
    result = tiny_project.runpytest_inprocess("--collect-only")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stdout.fnmatch_lines(["machine name '../up' is not a valid folder name everywhere. *"])


def test_the_machine_can_be_named(tiny_project: pytest.Pytester, measure: Measure) -> None:
    measure("--machine=mine", "-k", "serial")

    assert len(list(tiny_project.path.glob("results/mine/*.json"))) == 1


def test_the_results_folder_can_be_chosen(measure: Measure, tmp_path: Path) -> None:
    measure(f"--results={tmp_path / 'elsewhere'}", "-k", "serial")

    assert len(list(tmp_path.glob("elsewhere/*/*.json"))) == 1


def test_the_host_is_saved_if_asked_for(measure: Measure, saved: Saved) -> None:
    measure("--save-host", "-k", "serial")

    (run,) = saved()
    assert run.header.machine.host


def test_a_flag_can_be_taken_back(measure: Measure, saved: Saved) -> None:
    measure("--save-host", "--no-save-host", "-k", "serial")

    (run,) = saved()
    assert not run.header.machine.host


def test_the_old_name_of_the_timeout_means_the_same(measure: Measure) -> None:
    result = measure("--heat-timeout=-1")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*--group-timeout -1.0: give a number above 0, 604,800 at most"])


def test_the_help_shows_every_option_by_its_present_name(tiny_project: pytest.Pytester) -> None:
    shown = tiny_project.runpytest_inprocess("--help").stdout.str()

    assert [row.flag for row in OPTIONS if f"  {row.flag}" not in shown] == []
    assert [alias for row in OPTIONS for alias in row.aliases if alias in shown] == []


def test_a_project_sets_defaults_in_the_root_folder(
    tiny_project: pytest.Pytester, measure: Measure
) -> None:
    (tiny_project.path / "pyproject.toml").write_text(
        "[tool.raceway]\nmachine = 'mine'\nresults = 'kept'\nmodels = ['threads']\n"
    )
    measure("--models=serial")

    (path,) = tiny_project.path.glob("kept/mine/*.json")
    assert [record.model for _, run in load([path]).runs for record in run.records] == ["serial"]


def test_a_project_that_sets_nonsense_is_told_in_one_line(
    tiny_project: pytest.Pytester, measure: Measure
) -> None:
    (tiny_project.path / "pyproject.toml").write_text("[tool.raceway]\nlaunches = 'x'")
    result = measure()

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*pyproject.toml: [[]tool.raceway[]] launches = 'x': give*"])
    assert "Traceback" not in result.stdout.str() + result.stderr.str()
