"""Gates of suites: what looks slower is raced by the tests of both revisions."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from raceway.analysis.comparison.samples import Side
from raceway.errors import SelectionError
from raceway.record import SUITE, Commit, HostState, Launch, Record, Run
from raceway.regression.gate import Gate, GateOutcome, Unclear
from raceway.regression.suite_gate import suite_duel
from raceway.regression.suite_sides import Pytest, suite_against_here
from raceway.session.options import Options
from raceway.store.runs import load
from support.command import raceway_in
from support.gates import cases, shaky, steady, with_host, with_machine
from support.own_suite import GIVEN, SLOW, first_revision, git
from support.project import runs_in

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from support.saved import MeasuredRun

BUSY, IDLE = "perf/test_it.py::test_busy", "perf/test_it.py::test_idle"
ANY_CASE = {"tiny-few-serial-w1": [0.01]}
HOW = Pytest(["perf"])


@pytest.fixture
def judged(measured_here: MeasuredRun, tmp_path: Path) -> Callable[..., Gate]:
    """Return a function that judges a suite's run by another, whose host may differ."""

    def a_run(run_id: str, passes_s: dict[str, Sequence[float]], **header: Any) -> Run:
        run = measured_here(ANY_CASE, run_id=run_id)
        return replace(
            run,
            header=replace(run.header, **{"profile": SUITE, **header}),
            records=[benchmark(name, each) for name, each in passes_s.items()],
            groups=[],
        )

    def make(
        before: dict[str, Sequence[float]], after: dict[str, Sequence[float]],
        other: Callable[[Run], Run] = lambda run: run, **header: Any,
    ) -> Gate:  # fmt: skip
        baseline, candidate = (
            a_run(*each, **header) for each in (("before", before), ("after", after))
        )
        sides = Side("baseline", [other(baseline)]), Side("latest", [candidate])
        return Gate(*sides, Options(tmp_path / "results"), 0.02, 60.0)

    return make


def benchmark(name: str, passes_s: Sequence[float]) -> Record:
    launches = [
        Launch(
            index=index, rounds_ns=[round(pass_s * 1e9)] * 3, beside_ns=[1_000_000] * 4,
            cpu_s=3 * pass_s,
        )
        for index, pass_s in enumerate(passes_s)
    ]  # fmt: skip
    return Record(id=name, fullname=name, kind="cpu", launches=launches)


def why_not(gate: Gate, how: Pytest | None = HOW) -> str:
    """Return why a duel of the suspects is refused."""
    with pytest.raises(SelectionError) as refused, suite_duel(gate, how):
        pass
    return str(refused.value)


def test_a_test_of_a_suite_that_looks_slower_is_to_be_raced(judged: Callable[..., Gate]) -> None:
    gate = judged({BUSY: steady(), IDLE: steady()}, {BUSY: steady(0.013), IDLE: steady()})

    assert cases(gate.to_race()) == cases(gate.suspects()) == [BUSY]


def test_so_is_one_that_may_be_slower(judged: Callable[..., Gate]) -> None:
    gate = judged({BUSY: shaky()}, {BUSY: shaky(0.0104)})

    assert [row.verdict for row in gate.to_race()] == ["unclear"]


def test_plain_benchmarks_of_other_runs_cannot_be_raced(judged: Callable[..., Gate]) -> None:
    gate = judged({BUSY: steady()}, {BUSY: steady(0.013)}, profile="quick")

    assert (cases(gate.suspects()), gate.to_race()) == ([BUSY], [])
    assert "can confirm that" in gate.reason


@pytest.mark.parametrize(
    "other",
    [
        partial(with_machine, machine="elsewhere"),
        partial(with_host, host=HostState(microcode="0x1")),
    ],
    ids=["machine", "host"],
)
def test_from_elsewhere_every_test_is_to_be_raced(
    judged: Callable[..., Gate], other: Callable[[Run], Run]
) -> None:
    gate = judged({BUSY: steady(), IDLE: steady()}, {BUSY: steady(), IDLE: steady()}, other)

    assert cases(gate.to_race()) == [BUSY, IDLE]


def test_without_the_suite_there_is_no_duel_and_it_is_said_how_to_get_one(
    judged: Callable[..., Gate],
) -> None:
    gate = judged({BUSY: steady()}, {BUSY: steady(0.013)})
    why = why_not(gate, None)
    gate.cannot_duel(why)

    assert "give them with --suite 'PATH…'" in why
    assert gate.outcome(Unclear.AUTO) is GateOutcome.UNJUDGED


@pytest.mark.parametrize("swapped", [False, True])
def test_a_baseline_of_another_kind_is_told_with_the_remedy(
    judged: Callable[..., Gate], measured_here: MeasuredRun, *, swapped: bool
) -> None:
    gate = judged({BUSY: steady()}, {BUSY: steady()}, planned=[])
    races = Side("baseline", [measured_here(ANY_CASE, run_id="races")])
    sides = (gate.candidate, races) if swapped else (races, gate.candidate)

    other = Gate(*sides, gate.options, 0.02, 60.0)

    assert other.suspects() == []
    assert "`raceway baseline set RUN --name suite`" in other.reason
    assert other.outcome(Unclear.AUTO) is GateOutcome.UNJUDGED


def test_a_baseline_without_a_revision_cannot_be_duelled(
    judged: Callable[..., Gate], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(first_revision(tmp_path))
    here = Commit(id=git(tmp_path, "rev-parse", "HEAD"))
    dirty = judged({BUSY: steady()}, {BUSY: steady(0.013)}, commit=replace(here, dirty=True))
    elsewhere = judged({BUSY: steady()}, {BUSY: steady(0.013)}, commit=Commit(id="0" * 40))

    assert "with uncommitted changes" in why_not(dirty)
    assert f"{here.short} is checked out" in why_not(elsewhere)


@pytest.mark.parametrize("changed", [False, True], ids=["committed", "uncommitted"])
def test_what_is_committed_is_checked_out_and_what_is_not_is_raced_where_it_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, changed: bool
) -> None:
    monkeypatch.chdir(first_revision(tmp_path))
    head = git(tmp_path, "rev-parse", "HEAD")

    with suite_against_here(Commit(id=head), Commit(id=head, dirty=changed), HOW) as (a, b):
        assert (a.label, b.label) == ("baseline", "now")
        assert {a.commit.id, b.commit.id} == {head}
        assert a.command.folder != tmp_path
        assert (b.command.folder.resolve() == tmp_path.resolve()) is changed
        folders = [a.command.folder, b.command.folder]
    assert [folder.exists() for folder in folders] == [False, changed]


@pytest.fixture(scope="module")
def slower(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a project whose baseline is faster than the run of what is now committed."""
    ini = {"pytest.ini": "[pytest]\npythonpath = src\n"}
    folder = first_revision(tmp_path_factory.mktemp("gated"), ini)
    measure = ("suite", "run", *GIVEN.split(), "--launches=4")
    assert raceway_in(folder, *measure).returncode == 0
    assert raceway_in(folder, "baseline", "set").returncode == 0
    (folder / "src/project.py").write_text(SLOW)
    git(folder, "commit", "-qam", "slow")
    assert raceway_in(folder, *measure).returncode == 0
    assert len(runs_in(folder)) == 2
    return folder


@pytest.mark.slow
def test_a_slower_test_fails_the_gate_by_a_duel_of_its_own(slower: Path) -> None:
    done = raceway_in(slower, "gate", "--suite", GIVEN, "--budget=300", "--json=gate.json")

    assert done.returncode == 1, done.stdout + done.stderr
    said = json.loads((slower / "gate.json").read_text())
    assert said["confirmed"] == [BUSY]
    raced = [row["case"] for row in said["duel"]["rows"]]
    assert BUSY in raced
    sides = [run for _, run in load(slower.glob("results/*/gates/*.json")).runs]
    assert len({run.header.commit.id for run in sides}) == 2
    assert {record.id for run in sides for record in run.records} == set(raced)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ((), "the tests are not known"),
        (("--suite", "nowhere"), "no duel could decide: pytest: pytest ended with exit code"),
    ],
)
def test_what_no_duel_can_confirm_is_not_judged(
    slower: Path, words: tuple[str, ...], reason: str
) -> None:
    done = raceway_in(slower, "gate", *words)

    assert done.returncode == 2, done.stdout + done.stderr
    assert reason in " ".join(done.stdout.split())


def test_how_a_suite_is_run_says_nothing_without_the_suite(tmp_path: Path) -> None:
    done = raceway_in(tmp_path, "gate", "--prepare=true")

    assert (done.returncode, done.stderr.strip()) == (
        4, "raceway: --prepare and --python: need --suite PATH",
    )  # fmt: skip
