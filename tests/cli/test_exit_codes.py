"""Each cell of the table of exit codes: what a command found, and how it ends."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import msgspec
import pytest

from raceway.analysis.comparison.comparison import compare_sides
from raceway.analysis.comparison.samples import Side
from raceway.cli import main
from raceway.cli.endings import ENDINGS, ending_of, ending_of_run
from raceway.doctor.findings import State
from raceway.errors import ExitCode
from raceway.record import Status
from raceway.session.session import Session
from raceway.store.runs import save

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from raceway.analysis.comparison.comparison import Comparison
    from raceway.record import Run
    from support.command import Raceway
    from support.saved import MeasuredRun


CASE, OTHER = "primes-small-serial-w1", "primes-large-serial-w1"
STEADY = (0.0999, 0.1, 0.1001, 0.1, 0.1)
SLOWER = tuple(1.5 * each for each in STEADY)
FEW = STEADY[:2]
BROKEN = """
from raceway.case import Kind, Workload

def fail(number):
    raise ValueError("no answer")

WORKLOAD = Workload(
    summary="failing", kind=Kind.CPU, task=fail, expected=abs, sizes={"few": (1, 2)}
)
"""


def failing(run: Run) -> Run:
    first, *others = run.records
    failed = msgspec.structs.replace(first, status=Status.FAILED, reason="ValueError: no answer")
    return msgspec.structs.replace(run, records=[failed, *others])


@pytest.fixture
def keep(measured_run: MeasuredRun, tmp_path: Path) -> Callable[..., None]:
    """Return a function that saves a run of two cases as that of a day."""

    def make(day: int, passes_s: Sequence[float], *, broken: bool = False) -> None:
        run = measured_run(
            {CASE: passes_s, OTHER: STEADY[: len(passes_s)]},
            run_id=f"day{day:02}", started_at=f"2026-11-{day:02}T00:00:00+00:00",
        )  # fmt: skip
        save(failing(run) if broken else run, tmp_path / "results" / "machine")

    return make


@pytest.mark.parametrize(
    ("passes_s", "broken", "code"),
    [
        (STEADY, False, ExitCode.DONE),
        (SLOWER, False, ExitCode.FAILED),
        (STEADY, True, ExitCode.FAILED),
        (FEW, False, ExitCode.UNTOLD),
    ],
    ids=["same", "slower", "failed", "untold"],
)
def test_compare_ends_by_what_became_of_b(
    raceway: Raceway, keep: Callable[..., None], passes_s: Sequence[float], broken: bool,  # noqa: FBT001 (a parameter)
    code: ExitCode,
) -> None:  # fmt: skip
    keep(1, STEADY)
    keep(2, passes_s, broken=broken)

    assert raceway("compare", "day01", "day02")[0] == code
    assert code in ENDINGS["compare"]


def test_compare_does_not_fail_for_what_failed_before(
    raceway: Raceway, keep: Callable[..., None]
) -> None:
    keep(1, STEADY, broken=True)
    keep(2, STEADY)

    assert raceway("compare", "day01", "day02")[0] == ExitCode.DONE


def compared(run: Callable[[Sequence[float]], Run], passes_s: Sequence[float]) -> Comparison:
    return compare_sides(Side("a", [run(STEADY)]), Side("b", [run(passes_s)]))


@pytest.mark.parametrize(
    ("passes_s", "slower", "code"),
    [
        (STEADY, True, ExitCode.DONE),
        (SLOWER, False, ExitCode.DONE),
        (SLOWER, True, ExitCode.FAILED),
        (FEW, True, ExitCode.UNTOLD),
    ],
)
def test_a_duel_ends_with_slower_only_where_that_was_asked_for(
    measured_run: MeasuredRun, passes_s: Sequence[float], slower: bool, code: ExitCode  # noqa: FBT001 (a parameter)
) -> None:  # fmt: skip
    both = compared(lambda passes_s: measured_run({CASE: passes_s}), passes_s)

    assert ending_of(both, fails=(both.a, both.b), slower=slower) == code
    assert code in ENDINGS["duel"]


@pytest.mark.parametrize("side", [0, 1])
def test_a_duel_fails_where_a_case_failed_on_either_side(
    measured_run: MeasuredRun, side: int
) -> None:
    runs = [measured_run({CASE: STEADY, OTHER: STEADY}) for _ in range(2)]
    runs[side] = failing(runs[side])
    both = compare_sides(Side("a", [runs[0]]), Side("b", [runs[1]]))

    assert ending_of(both, fails=(both.a, both.b), slower=False) == ExitCode.FAILED


def test_race_fails_if_a_case_failed(raceway: Raceway, tmp_path: Path) -> None:
    file = tmp_path / "failing.py"
    file.write_text(BROKEN)
    code, output, _ = raceway("race", str(file), "--models=serial", "--launches=1", "--budget=0.01")

    assert code == ExitCode.FAILED
    assert any("no answer" in line for line in output)


def test_race_is_done_where_every_case_was_measured(raceway: Raceway, tiny: Path) -> None:
    arguments = ("--models=serial", "--launches=1", "--budget=0.01")

    assert raceway("race", str(tiny), *arguments)[0] == ExitCode.DONE


def test_race_tells_nothing_where_no_case_could_be_measured(measured_run: MeasuredRun) -> None:
    run = measured_run({CASE: STEADY})
    (record,) = run.records
    left_out = msgspec.structs.replace(record, status=Status.SKIPPED, reason="no GPU", launches=[])

    assert ending_of_run(run) == ExitCode.DONE
    assert ending_of_run(msgspec.structs.replace(run, records=[left_out])) == ExitCode.UNTOLD


@pytest.mark.parametrize(
    ("state", "arguments", "code"),
    [
        (State.BAD, [], ExitCode.DONE),
        (State.BAD, ["--strict"], ExitCode.FAILED),
        (State.OK, ["--strict"], ExitCode.DONE),
    ],
)
def test_doctor_fails_only_where_it_is_strict(
    raceway: Raceway, monkeypatch: pytest.MonkeyPatch, state: State, arguments: list[str],
    code: ExitCode,
) -> None:  # fmt: skip
    class Checkup:
        findings = (type("Finding", (), {"state": state})(),)

    async def nothing() -> None:
        pass

    monkeypatch.setattr("raceway.cli.doctor.probe_facts", nothing)
    monkeypatch.setattr("raceway.cli.doctor.checkup_of", lambda _: Checkup)
    monkeypatch.setattr("raceway.cli.doctor.show_checkup", lambda *_: None)

    assert raceway("doctor", *arguments)[0] == code


SHOWING = [
    ("report", "latest"),
    ("history",),
    ("list",),
    ("baseline", "set", "day01"),
    ("recover",),
]


@pytest.mark.parametrize("arguments", SHOWING, ids=lambda each: each[0])
def test_a_command_that_shows_is_done(
    raceway: Raceway, keep: Callable[..., None], arguments: tuple[str, ...]
) -> None:
    keep(1, SLOWER)

    assert raceway(*arguments)[0] == ExitCode.DONE
    assert set(ENDINGS[arguments[0]]) == {ExitCode.DONE}


@pytest.mark.parametrize("command", sorted(ENDINGS))
def test_a_wrong_call_ends_every_command_alike(raceway: Raceway, command: str) -> None:
    assert raceway(command, "--no-such-option")[0] == ExitCode.WRONG_CALL


@pytest.mark.parametrize("command", sorted(ENDINGS))
def test_an_interruption_ends_every_command_alike(
    command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(**_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("raceway.cli.app", interrupt)
    monkeypatch.setattr(sys, "argv", ["raceway", command])

    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == ExitCode.INTERRUPTED


def test_an_interrupted_race_ends_so_and_keeps_what_had_finished(
    raceway: Raceway, tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Session, "race", interrupt)

    assert raceway("race", str(tiny), "--models=serial")[0] == ExitCode.INTERRUPTED
