"""The commands a lane is given, and how they fail."""

from __future__ import annotations

import multiprocessing
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from raceway.lap import timed
from raceway.measure.lane.causes import LONGEST_REASON

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from raceway.lap import Job, Runner
    from support.spoken import Put


def test_a_lane_says_hello_with_its_folder_and_facts(lane: Any, tmp_path: Path) -> None:
    hello = lane.told("hello", required=["json"])

    assert (hello["folder"], hello["present"]) == (str(tmp_path), {"json": True})


def test_an_unknown_command_is_an_error(lane: Any) -> None:
    assert lane.error("dance") == "KeyError: 'dance'"


@pytest.mark.parametrize(
    ("command", "complaint"),
    [
        ("open", "RuntimeError: no tasks were prepared in this lane"),
        ("warm", "RuntimeError: no case is open in this lane"),
        ("go", "RuntimeError: no case is open in this lane"),
        ("close", "RuntimeError: no case is open in this lane"),
    ],
)
def test_commands_out_of_order_are_errors(lane: Any, command: str, complaint: str) -> None:
    assert lane.error(command) == complaint


def test_a_workload_that_does_not_exist_is_an_error(lane: Any) -> None:
    assert lane.error("prepare", workload="no-such", size="few", device="cpu").startswith(
        "ModuleNotFoundError: No module named 'raceway.workloads.no_such'"
    )


def test_a_size_that_does_not_exist_is_an_error(lane: Any, put_workload: Put) -> None:
    put_workload()

    assert lane.error("prepare", size="many") == "KeyError: 'many'"


def test_a_model_is_imported_while_its_lane_prepares(lane: Any, put_workload: Put) -> None:
    put_workload()

    assert lane.error("prepare", model="no-such").startswith(
        "ModuleNotFoundError: No module named 'raceway.models.no_such'"
    )


def test_a_model_that_fails_to_open_is_an_error(prepared: Any, put_model: Put) -> None:
    @contextmanager
    def fail(_: Job) -> Iterator[Runner]:
        raise OSError("no more processes")
        yield

    put_model(fail)

    assert re.fullmatch(
        r"OSError: no more processes \(.*test_commands\.py:\d+ in fail\)",
        prepared.error("open", model="odd"),
    )


def test_a_case_that_failed_to_open_cannot_be_raced(prepared: Any, put_model: Put) -> None:
    @contextmanager
    def fail(_: Job) -> Iterator[Runner]:
        raise OSError("no more processes")
        yield

    put_model(fail)
    prepared.error("open", model="odd")

    assert prepared.error("go", rounds=1, anchored=False) == (
        "RuntimeError: odd-work-few is not open"
    )


def test_a_wrong_answer_names_the_model_and_the_task(prepared: Any, put_model: Put) -> None:
    @contextmanager
    def absent_minded(job: Job) -> Iterator[Runner]:
        yield timed(lambda: [0 for _ in job.arguments])

    put_model(absent_minded)

    assert prepared.error("open", model="odd") == (
        "odd-work-few by odd: wrong answer: task 1 of 2 gave 0, expected 1"
        " (what a plain loop answered)"
    )


@pytest.mark.parametrize(
    ("raised", "complaint"),
    [
        (ValueError("bad\n  luck"), "ValueError: bad luck"),
        (ValueError(), "ValueError"),
        (SystemExit(3), "SystemExit: 3"),
        (KeyboardInterrupt(), "KeyboardInterrupt"),
        (ValueError("x" * 10**7), f"ValueError: {'x' * (LONGEST_REASON - 12)}…"),
    ],
    ids=["error", "silent", "exit", "interrupt", "longest"],
)
def test_whatever_a_task_raises_is_an_error(
    lane: Any, put_workload: Put, raised: BaseException, complaint: str
) -> None:
    def task(_: int) -> None:
        raise raised

    put_workload(task, expected=abs)
    lane.told("prepare")

    assert re.fullmatch(rf"{complaint} \(.*test_commands\.py:\d+ in task\)", lane.error("open"))


def test_an_exception_whose_own_code_fails_is_an_error(lane: Any, put_workload: Put) -> None:
    class ShyError(Exception):
        def __str__(self) -> str:
            raise LookupError("not me")

    def task(_: int) -> None:
        raise ShyError

    put_workload(task, expected=abs)
    lane.told("prepare")

    assert lane.error("open").startswith("ShyError: not printable: LookupError('not me') (")


def test_an_audit_runs_where_it_was_asked_for(lane: Any, put_workload: Put) -> None:
    put_workload(audit=lambda _: False)
    lane.told("prepare")

    assert lane.error("open", audit=True) == (
        "odd-work-few by serial: wrong answer: the audit failed"
    )


def test_no_audit_runs_where_none_was_asked_for(lane: Any, put_workload: Put) -> None:
    put_workload(audit=lambda _: False)
    lane.told("prepare")

    lane.told("open")


def test_the_cold_start_is_timed(prepared: Any) -> None:
    assert prepared.told("open")["cold_s"] > 0.0


def test_only_a_reference_tells_the_longest_share(prepared: Any) -> None:
    assert "longest_task_share" not in prepared.told("open")


def test_a_reference_tells_the_longest_share(prepared: Any) -> None:
    assert 0.0 <= prepared.told("open", reference=True)["longest_task_share"] <= 1


def test_a_closed_model_is_stopped(prepared: Any, put_model: Put) -> None:
    stopped = []

    @contextmanager
    def stoppable(_: Job) -> Iterator[Runner]:
        yield timed(lambda: [1, 2])
        stopped.append(True)

    put_model(stoppable)
    prepared.told("open", model="odd")

    prepared.told("close")

    assert stopped


def test_a_model_that_stops_cleanly_leaves_nobody_behind(opened: Any) -> None:
    assert opened.told("close")["left_behind"] == []


@pytest.mark.skipif(
    "fork" not in multiprocessing.get_all_start_methods(), reason="needs the start method fork"
)
def test_workers_left_behind_are_named(prepared: Any, put_model: Put) -> None:
    context = multiprocessing.get_context("fork")
    release = context.Event()
    worker = context.Process(target=release.wait, name="straggler", daemon=True)

    @contextmanager
    def careless(_: Job) -> Iterator[Runner]:
        worker.start()
        yield timed(lambda: [1, 2])

    put_model(careless)
    prepared.told("open", model="odd")
    try:
        assert prepared.told("close")["left_behind"] == ["straggler"]
    finally:
        release.set()
        worker.join()


def test_a_case_can_be_raced_after_another(opened: Any) -> None:
    opened.told("close")
    opened.told("prepare")

    opened.told("open")


def test_peaks_are_measured_on_the_device_asked_for(
    lane: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "raceway.measure.lane.peak.measured_peaks", lambda *given, link: [*given, link]
    )

    told = lane.told("peak", device="cuda:1", workers=3, precisions=["fp32", "bf16"], link=True)

    assert told == {"peaks": ["cuda:1", 3, ["fp32", "bf16"], True]}
