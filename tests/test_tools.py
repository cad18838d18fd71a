"""The programs in tools/ name models and workloads by hand; what they name exists."""

from __future__ import annotations

import os
import re
import sys
import time
from datetime import datetime
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest
from msgspec.structs import replace

from raceway.analysis.run.payoff import Payoff
from raceway.analysis.stats.intervals import Estimate
from raceway.case import Case
from raceway.measure.control.lanes import Lanes, attended
from raceway.plan.catalogue import discover
from raceway.session.options import OPTIONS
from raceway.store.runs import load as load_runs
from support.files import write_tree
from support.own_suite import git

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    Load = Callable[[str], ModuleType]

TOOLS = Path(__file__).parents[1] / "tools"


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch) -> Load:
    """Return a function that imports a program of tools/, which may import its neighbours."""
    monkeypatch.syspath_prepend(TOOLS)

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


def test_engines_are_raced_on_what_exists(load: Load) -> None:
    known = discover()
    flags = {row.flag for row in OPTIONS}
    for words in load("engines").RACES.values():
        given = dict(word.split("=") for word in words)
        assert given.keys() <= flags
        assert set(given["--models"].split(",")) <= known.models.keys()
        assert set(given["--workloads"].split(",")) <= known.workloads.keys()


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


def test_the_table_of_options_of_pytest_is_made_of_those_that_are_shown(load: Load) -> None:
    rows = load("site_tables").table_of("options pytest").splitlines()[2:]

    assert [re.split(r"[` ]", row)[2] for row in rows] == [row.flag for row in OPTIONS]


def test_the_figures_of_a_set_of_runs_are_told_with_counts(load: Load, tmp_path: Path) -> None:
    answers = load("answers")
    for kind, number in (("quiet", 3), ("noisy", 1)):
        for file in sorted((TOOLS.parent / "results").glob("*2c*/20261123T08*.json"))[:number]:
            folder = tmp_path / kind / file.parent.name
            folder.mkdir(parents=True, exist_ok=True)
            (folder / file.name).write_bytes(file.read_bytes())
    (tmp_path / "walls.csv").write_text("quiet,233.1,0\nphases,240.0,0\n")

    quiet, noisy = answers.runs_in(tmp_path / "quiet"), answers.runs_in(tmp_path / "noisy")
    lines = list(answers.figures(tmp_path, quiet, noisy))

    assert lines[0] == "3 quiet and 1 noisy runs"
    assert "wall time, phases: 240 to 240 s, median 240; exit codes {0: 1}" in lines
    assert any(re.match(r"noisy: wrong 0 of \d\d", line) for line in lines)
    assert any(re.match(r"quiet: answered \d+ of \d+ \((9\d\.\d|100\.0)%", line) for line in lines)


def test_an_answer_that_contradicts_the_long_run_is_wrong(load: Load) -> None:
    answers = load("answers")
    slower, faster, open_still = (
        Estimate(1.0, low, high, 9) for low, high in ((0.8, 0.9), (1.2, 1.3), (0.9, 1.2))
    )

    wrong = [
        (answer, truth)
        for answer in Payoff
        for truth in (slower, faster, open_still)
        if answers.is_wrong(answer, truth)
    ]

    assert wrong == [(Payoff.PAYS, slower), (Payoff.AS_SERIAL, faster)]


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [(0, 20, 0.0, 0.161), (3, 20, 0.052, 0.360), (20, 20, 0.839, 1.0), (0, 0, 0.0, 1.0)],
)
def test_a_share_comes_with_its_interval(
    load: Load, successes: int, trials: int, low: float, high: float
) -> None:
    assert load("suite_trust_figures").wilson(successes, trials) == pytest.approx(
        (low, high), abs=5e-4
    )


def test_the_scatter_of_turns_depends_on_how_far_they_are_apart(load: Load) -> None:
    turns = load("turns")
    slow = [float(number // 10 % 2) for number in range(2_000)]  # ten turns of each kind in a row

    assert turns.scatter(slow, 1, 1) == pytest.approx(0.5, abs=0.01)
    assert turns.scatter(slow, 2, 1) > 0.4
    assert turns.scatter(slow, 2, 10) == pytest.approx(0, abs=0.01)


def test_turns_are_timed_for_as_long_as_asked(load: Load) -> None:
    begun_s = time.monotonic()

    assert len(load("turns").log_ratios(0.3, 0.002)) > 3
    assert time.monotonic() - begun_s < 10.0


def test_a_slowdown_is_planted_in_the_second_revision_of_a_suite_alone(
    load: Load, tmp_path: Path
) -> None:
    trust = load("suite_trust")
    project, repository = tmp_path / "project", tmp_path / "repository"
    write_tree(project, {"perf/test_it.py": "", "suite.txt": "perf -k it\n"})

    suite = trust.repository_of(project, repository, 1.05, "")

    assert suite == f"perf -k it -p {trust.SLOWED}"
    factors = [
        git(repository, "show", f"{revision}:{trust.SLOWED}.py").partition("FACTOR = ")[2][:4]
        for revision in ("before", "after")
    ]
    assert factors == ["1.0\n", "1.05"]
    same = trust.repository_of(project, tmp_path / "same", 1.0, "")
    assert same == "perf -k it"
    assert git(tmp_path / "same", "diff", "--name-only", "before", "after") == "revision.txt"


def test_the_time_of_a_run_is_told_by_phase(load: Load) -> None:
    phases = load("phases")
    file = next((TOOLS.parent / "results").glob("*2c*/20261123T0806*.json"))
    run = load_runs([file]).runs[0][1]
    groups = [replace(each, phases_s={"prepare": 0.5, "race": each.wall_s - 0.75})
              for each in run.groups]  # fmt: skip

    start, end = map(datetime.fromisoformat, (run.header.started_at, run.finished_at))
    spent = phases.spent(replace(run, groups=groups), start, end)

    assert sum(spent.values()) == pytest.approx((end - start).total_seconds(), rel=0.01)
    assert spent["prepare"] == 0.5 * len(groups)
    assert spent["the rest of groups"] == pytest.approx(0.25 * len(groups))
    assert spent["race: rounds"] > spent["race: the rest"] > 0


async def test_the_steps_of_a_lane_are_counted_in_cpu_time(load: Load) -> None:
    taken: dict[str, list[float]] = {}
    async with attended() as reaper:
        lanes = Lanes({"current": [sys.executable]}, discover(), reaper)
        await load("phases").life(Case("primes", "100", "processes-fork", 2), lanes, taken)

    assert list(taken) == ["start", "prepare", "open", "warm", "close", "end"]
    assert sum(len(each) for each in taken.values()) == 6
    assert taken["start"][0] > 0.005


def test_noise_takes_the_cores_in_phases_and_ends_with_its_user(
    load: Load,
) -> None:
    noise = load("noise")

    with noise.noise("phases"):
        time.sleep(0.5)
        mine = [each for each in psutil.process_iter(["cmdline"]) if is_noise(each)]
        assert len(mine) == len(os.sched_getaffinity(0))

    assert not [each for each in psutil.process_iter(["cmdline"]) if is_noise(each)]


def is_noise(process: psutil.Process) -> bool:
    """Whether a process is the noise program."""
    return str(TOOLS / "noise.py") in (process.info["cmdline"] or ())
