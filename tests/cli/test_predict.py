"""`raceway predict`: what it answers, what it refuses."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import msgspec
import pytest

from raceway.store.runs import save
from support.priced import a_priced_run

if TYPE_CHECKING:
    from pathlib import Path

    from support.command import Raceway

ASKED = ("--task", "10ms", "--tasks", "100")


@pytest.fixture(autouse=True)
def priced_file(tmp_path: Path) -> Path:
    """Save a run whose prices are known, as the latest one."""
    return save(a_priced_run(), tmp_path / "results" / "machine")


def test_the_best_model_its_time_and_the_border_are_told(raceway: Raceway) -> None:
    code, output, errors = raceway("predict", *ASKED)

    assert output[0] == "100 tasks of 10 ms that compute and hold the GIL"
    assert output[1] == "  best: processes-fork, 510 ms; pool within 10 %"
    assert output[2].startswith("  border: serial below, from ")
    assert output[2].endswith(" µs a task pool")
    assert (code, errors) == (0, [])


def test_waiting_is_another_question(raceway: Raceway) -> None:
    _, output, _ = raceway("predict", *ASKED, "--waits")

    assert output[0] == "100 tasks of 10 ms that wait"
    assert output[1].startswith("  best: asyncio, 11 ms")


def test_a_payload_makes_processes_dear(raceway: Raceway) -> None:
    _, output, _ = raceway("predict", "--task=1ms", "--tasks=100", "--payload=2MiB")

    assert output[0].endswith("2 MiB each there and back")
    assert output[1].startswith("  best: serial, 100 ms")


def test_without_a_question_the_prices_alone_are_shown(raceway: Raceway) -> None:
    code, output, _ = raceway("predict")

    assert output[0].startswith("From run 3f9a1c of linux-x86_64-xeon-2c-3f9a1c, where 2.00 cores")
    assert "Prices where a task computes" in output
    assert "Prices where a task waits" in output
    assert code == 0


def test_json_holds_prices_prediction_and_borders(raceway: Raceway) -> None:
    _, output, _ = raceway("predict", *ASKED, "--json=-")
    told = json.loads("\n".join(output))

    assert told["schema"] == "raceway-prediction/1"
    assert told["prediction"]["best"] == "processes-fork"
    assert [each["best"] for each in told["prediction"]["borders"]] == ["serial", "pool"]
    assert told["prediction"]["borders"][-1]["to_task_s"] is None
    assert {each["model"] for each in told["prices"]} == {
        "asyncio", "threads", "pool", "processes-fork",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--task=5ms",), "nothing to predict without --tasks, how many there are"),
        (("--tasks=5",), "nothing to predict without --task, how long one takes"),
        (("--task=5", "--tasks=5"), "--task 5: give a time above 0 with its unit"),
        (("--task=0ms", "--tasks=5"), "--task 0ms: give a time above 0 with its unit"),
        (("--task=5ms", "--tasks=5", "--payload=1"), "--payload 1: give an amount with its unit"),
        (("--interpreter=3.99",), "no interpreter 3.99 was raced; choose from current"),
        (("bogus",), "bogus: no run, folder, machine, "),
    ],
)
def test_what_cannot_be_asked_is_told_in_one_line(
    raceway: Raceway, arguments: tuple[str, ...], said: str
) -> None:
    code, output, errors = raceway("predict", *arguments)

    assert errors[-1].startswith(f"raceway: {said}")
    assert (code, output) == (4, [])


@pytest.mark.parametrize(
    ("typed", "task_s"), [("2s", 2.0), ("1.5 ms", 1.5e-3), ("80us", 8e-5), ("80µs", 8e-5)]
)
def test_a_time_is_read_in_any_unit(raceway: Raceway, typed: str, task_s: float) -> None:
    _, output, _ = raceway("predict", "--task", typed, "--tasks=10", "--json=-")

    assert json.loads("\n".join(output))["prediction"]["task_s"] == pytest.approx(task_s)


def test_runs_of_other_machines_are_left_out(raceway: Raceway, tmp_path: Path) -> None:
    run = a_priced_run(run_id="elsewhere")
    machine = msgspec.structs.replace(run.header.machine, id="elsewhere")
    old = msgspec.structs.replace(
        run.header, machine=machine, started_at="2025-01-01T00:00:00+00:00"
    )
    file = save(msgspec.structs.replace(run, header=old), tmp_path / "elsewhere")
    _, output, errors = raceway("predict", str(file), "latest")

    assert output[0].startswith("From run 3f9a1c of linux")
    assert errors == ["1 of 2 runs are used: those of the newest one's machine and interpreter"]


def test_a_run_that_tells_no_price_is_undecided(raceway: Raceway, tmp_path: Path) -> None:
    save(a_priced_run("echo", run_id="short"), tmp_path / "short")
    two = a_priced_run("sleep", run_id="two")
    records = [each for each in two.records if each.size in {"10", "100"}]
    file = save(msgspec.structs.replace(two, records=records), tmp_path / "two")
    code, output, _ = raceway("predict", str(file), *ASKED)

    assert output[1] == "  best: serial, 1 s"
    assert any("cannot tell: " in line for line in output)
    assert code == 2
