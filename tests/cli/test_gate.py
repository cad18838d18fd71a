from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from raceway.record import Grade, Status
from raceway.store.baseline import baselines
from raceway.store.runs import load, save

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.archived import Keep
    from support.command import Raceway
    from support.duelled import Duelled
    from support.saved import MeasuredRun

    Judge = Callable[..., tuple[int | str | None, dict[str, Any]]]

SERIAL, FOREIGN = "tiny-few-serial-w1", "gone-few-serial-w1"
STEADY = (0.999, 1.0, 1.001, 1.0005, 0.9995)


def steady(pass_s: float = 0.010) -> list[float]:
    return [pass_s * factor for factor in STEADY]


def said_last(output: list[str], first: str) -> list[str]:
    (place,) = (at for at, line in enumerate(output) if line.startswith(first))
    return output[place:]


@pytest.fixture
def judge(raceway: Raceway, tiny: Path, tmp_path: Path) -> Judge:
    """Return a function that runs the gate against day 1: exit code and JSON."""

    def gate(*arguments: str) -> tuple[int | str | None, dict[str, Any]]:
        file = tmp_path / "gate.json"
        file.unlink(missing_ok=True)
        code, output, errors = raceway(
            "gate", "--baseline=day01", f"--workload={tiny}", "--json=gate.json", *arguments
        )
        assert any(line.startswith("gate ") for line in output)
        assert not any("Traceback" in line for line in [*output, *errors])
        data = json.loads(file.read_text())
        assert data["exit_code"] == code
        return code, data

    return gate


def test_what_is_unchanged_passes(keep: Keep, judge: Judge) -> None:
    for day in (1, 2):
        keep(day, {SERIAL: steady()})
    code, data = judge()

    assert (code, data["outcome"], data["reason"], data["confirmed"]) == (0, "passed", "", [])
    assert data["duel"] is None


def test_a_confirmed_regression_fails(keep: Keep, judge: Judge, duelled: Duelled) -> None:
    duelled({SERIAL: steady(0.013)})
    keep(1, {SERIAL: steady()})
    keep(2, {SERIAL: steady(0.013)})
    code, data = judge()

    assert (code, data["outcome"], data["confirmed"]) == (1, "regressed", [SERIAL])
    assert data["duel"]["summary"]["slower"] == 1


def test_a_suspect_that_is_not_confirmed_passes(keep: Keep, judge: Judge, duelled: Duelled) -> None:
    duelled({SERIAL: steady()})
    keep(1, {SERIAL: steady()})
    keep(2, {SERIAL: steady(0.013)})
    code, data = judge()

    assert (code, data["outcome"], data["confirmed"]) == (0, "passed", [])
    assert data["comparison"]["summary"]["slower"] == 1


def test_a_regression_is_named(raceway: Raceway, keep: Keep, duelled: Duelled, tiny: Path) -> None:
    duelled({SERIAL: steady(0.013)})
    keep(1, {SERIAL: steady()})
    keep(2, {SERIAL: steady(0.013)})
    output = raceway("gate", "--baseline=day01", f"--workload={tiny}")[1]

    assert any(f"{SERIAL}: +30.0% [" in line for line in said_last(output, "gate failed "))


@pytest.mark.parametrize("unclear", ["auto", "fail", "pass"])
def test_a_case_that_was_deselected_is_listed(keep: Keep, judge: Judge, unclear: str) -> None:
    keep(1, {SERIAL: steady(), FOREIGN: steady()})
    keep(2, {SERIAL: steady()})
    code, data = judge(f"--unclear={unclear}")

    assert (code, data["comparison"]["summary"]["missing"]) == (0, 1)
    assert data["left_out"] == [{"case": FOREIGN, "reason": "deselected, or no longer there"}]


@pytest.mark.parametrize("unclear", ["auto", "fail", "pass"])
def test_a_case_that_fails_now_fails_the_gate_and_is_named(
    raceway: Raceway, keep: Keep, unclear: str
) -> None:
    for day in (1, 2):
        path = keep(day, {SERIAL: steady(), FOREIGN: steady()})
    ((_, run),) = load([path]).runs
    run.records[1] = msgspec.structs.replace(
        run.records[1], status=Status.FAILED, reason="ValueError: no answer"
    )
    path.unlink()
    save(run, path.parent)
    code, output, errors = raceway("gate", "--baseline=day01", f"--unclear={unclear}")

    assert (code, errors) == (1, [])
    last = said_last(output, "gate failed ")
    assert last[0].endswith(": 1 case failed or vanished")
    assert last[1] == f"  {FOREIGN}: failed: ValueError: no answer"


@pytest.mark.parametrize(("unclear", "code"), [("auto", 2), ("fail", 2), ("pass", 0)])
def test_too_few_launches_cannot_be_judged(
    keep: Keep, judge: Judge, unclear: str, code: int
) -> None:
    for day in (1, 2):
        keep(day, {SERIAL: [0.01, 0.01]})
    ended, data = judge(f"--unclear={unclear}")

    assert ended == code
    assert data["comparison"]["rows"][0]["reason"] == "2 of the 3 launches a verdict needs"


def test_noise_cannot_be_judged(keep: Keep, judge: Judge) -> None:
    for day in (1, 2):
        keep(day, {SERIAL: steady()}, grade=Grade.NOISY)
    code, data = judge()

    assert (code, data["outcome"]) == (2, "unjudged")
    assert data["comparison"]["rows"][0]["reason"] == "too noisy"


def test_a_baseline_of_another_machine_without_a_revision_cannot_be_judged(
    keep: Keep, judge: Judge, measured_here: MeasuredRun, tmp_path: Path
) -> None:
    keep(2, {SERIAL: steady()})
    run = measured_here({SERIAL: steady()}, run_id="day01")
    machine = msgspec.structs.replace(run.header.machine, id="other")
    header = msgspec.structs.replace(run.header, machine=machine)
    save(msgspec.structs.replace(run, header=header), tmp_path / "results" / "other")
    code, data = judge("day02")

    assert code == 2
    assert data["reason"] == (
        "no duel could decide: the baseline was measured outside of any repository: no revision"
    )


def test_another_interpreter_cannot_be_judged(keep: Keep, judge: Judge, tmp_path: Path) -> None:
    path = keep(1, {SERIAL: steady()})
    ((_, run),) = load([path]).runs
    old = [msgspec.structs.replace(each, version="3.10.0") for each in run.header.environments]
    header = msgspec.structs.replace(run.header, environments=old)
    path.unlink()
    save(msgspec.structs.replace(run, header=header), path.parent)
    keep(2, {SERIAL: steady(0.013)})
    code, data = judge()

    assert (code, data["reason"].partition(":")[0]) == (2, "another interpreter")
    assert len([*tmp_path.rglob("*.json")]) == 3


def test_a_regression_of_another_commit_cannot_be_judged(
    keep: Keep, judge: Judge, duelled: Duelled
) -> None:
    duelled({SERIAL: steady()})
    keep(1, {SERIAL: steady()})
    keep(2, {SERIAL: steady(0.013)}, commit="0123456789abcdef")
    code, data = judge()

    assert code == 2
    assert "run day02 was measured at commit 0123456, but unversioned is" in data["reason"]


def test_a_regression_of_a_workload_that_is_not_given_cannot_be_judged(
    raceway: Raceway, keep: Keep
) -> None:
    keep(1, {SERIAL: steady()})
    keep(2, {SERIAL: steady(0.013)})
    code, output, errors = raceway("gate", "--baseline=day01", "--json=gate.json")

    said = "workload tiny is not built in; give its file with --workload"
    assert said in " ".join(" ".join(output).split())
    assert (code, errors) == (2, [])


@pytest.mark.parametrize(("unclear", "code"), [("auto", 2), ("fail", 2), ("pass", 0)])
def test_no_baseline_at_all_is_told_with_how_to_set_one(
    raceway: Raceway, keep: Keep, unclear: str, code: int
) -> None:
    keep(1, {SERIAL: steady()})
    ended, (line,), errors = raceway("gate", f"--unclear={unclear}")

    assert line.endswith("so nothing is judged: `raceway baseline set latest`")
    assert (ended, errors) == (code, [])


@pytest.mark.parametrize(
    ("option", "outcome"),
    [
        ("--unclear=auto", (2, "unjudged")),
        ("--unclear=pass", (0, "passed")),
        ("--advance", (0, "passed")),
    ],
)
def test_files_are_written_though_there_is_no_baseline(
    raceway: Raceway, keep: Keep, tmp_path: Path, option: str, outcome: tuple[int, str]
) -> None:
    keep(1, {SERIAL: steady()})
    ended, _, _ = raceway("gate", option, "--json=gate.json", "--junit=gate.xml")
    data = json.loads((tmp_path / "gate.json").read_text())

    assert (data["exit_code"], data["outcome"]) == outcome
    assert ended == outcome[0]
    assert data["reason"] == "no baseline was set here yet"
    assert (data["confirmed"], data["comparison"], data["duel"]) == ([], None, None)
    assert 'tests="0"' in (tmp_path / "gate.xml").read_text()


def test_the_first_run_begins_a_history_where_that_is_asked_for(
    raceway: Raceway, keep: Keep
) -> None:
    path = keep(1, {SERIAL: steady()})

    assert raceway("gate", "--advance") == (0, [f"baseline is {path.name} now"], [])
    assert baselines(path.parent) == {"baseline": path}


def test_the_baseline_advances_to_a_run_that_passes(raceway: Raceway, keep: Keep) -> None:
    first, later = (keep(day, {SERIAL: steady()}) for day in (1, 2))
    raceway("baseline", "set", "day01")
    code, output, errors = raceway("gate", "--advance")

    assert (code, output[-1], errors) == (0, f"baseline is {later.name} now", [])
    assert baselines(first.parent) == {"baseline": later}


def test_the_baseline_moves_only_where_that_is_asked_for(raceway: Raceway, keep: Keep) -> None:
    first, _ = (keep(day, {SERIAL: steady()}) for day in (1, 2))
    raceway("baseline", "set", "day01")

    assert raceway("gate")[0] == 0
    assert baselines(first.parent) == {"baseline": first}


@pytest.mark.parametrize("after", [steady(0.013), [0.01]], ids=["regressed", "unjudged"])
def test_the_baseline_does_not_advance_to_a_run_that_does_not_pass(
    raceway: Raceway, keep: Keep, duelled: Duelled, tiny: Path, after: list[float]
) -> None:
    duelled({SERIAL: after})
    first = keep(1, {SERIAL: steady()})
    keep(2, {SERIAL: after})
    raceway("baseline", "set", "day01")
    raceway("gate", "--advance", "--unclear=pass", f"--workload={tiny}")

    assert baselines(first.parent) == {"baseline": first}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--unclear=maybe"], "--unclear maybe: choose from auto, fail, pass"),
        (["--budget=0"], "--budget 0.0: give a number above 0"),
        (["--budget=inf"], "--budget inf: give a number above 0"),
        (["--advance", "--baseline=day01"], "--advance: day01 is no baseline's name; set it once"),
        (["--threshold=5"], "--threshold 5: give a share above 0, like 5% or 0.05"),
        (["--baseline=zz"], "zz: no run, folder, machine, baseline, measured git revision or "),
        (["zz", "--baseline=latest"], "zz: no run, folder, machine, baseline, measured git "),
    ],
)
def test_a_wrong_call_is_refused_in_one_line(
    raceway: Raceway, keep: Keep, arguments: list[str], said: str
) -> None:
    keep(1, {SERIAL: steady()})
    code, output, (error,) = raceway("gate", *arguments)

    assert error.startswith(f"raceway: {said}")
    assert (code, output) == (4, [])
