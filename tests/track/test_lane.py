"""The lane's commands, given in this very process."""

from __future__ import annotations

import io
import json
import multiprocessing
import os
import sys
from contextlib import contextmanager
from types import ModuleType, SimpleNamespace
from typing import IO, TYPE_CHECKING, Any

import pytest

from raceway.case import Kind, Model, Workload
from raceway.lap import Lap, timed
from raceway.track import lane as inside
from raceway.track.lane import LONGEST_REASON, Lane, private_pipes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from raceway.lap import Job, Runner

    Put = Callable[..., None]
    PutPasses = Callable[..., list[int]]


def module_of(name: str, **content: Any) -> ModuleType:
    module = ModuleType(name)
    module.__dict__.update(content)
    return module


@pytest.fixture
def lane(tmp_path: Path) -> Lane:
    """Return a lane in this process."""
    return Lane(str(tmp_path))


@pytest.fixture
def put_model(monkeypatch: pytest.MonkeyPatch) -> Put:
    """Return a function that puts a model named `odd` on the shelf."""

    def put(open_job: Callable[..., Any], **details: Any) -> None:
        model = Model(summary="", open=open_job, **details)
        name = "raceway.models.odd"
        monkeypatch.setitem(sys.modules, name, module_of(name, MODEL=model))

    return put


@pytest.fixture
def put_workload(monkeypatch: pytest.MonkeyPatch) -> Put:
    """Return a function that puts a workload named `odd-work` on the shelf."""

    def put(task: Callable[..., Any] = abs, **details: Any) -> None:
        known = {"summary": "", "kind": Kind.CPU, "sizes": {"few": (-1, -2)}, **details}
        name = "raceway.workloads.odd_work"
        work = Workload(task=task, **known)
        monkeypatch.setitem(sys.modules, name, module_of(name, WORKLOAD=work))

    return put


def told(lane: Lane, do: str, **arguments: Any) -> dict[str, Any]:
    """Give one command, which must not fail."""
    reply = lane.answer({"do": do, **arguments})
    assert "error" not in reply, reply
    return reply


def error(lane: Lane, do: str, **arguments: Any) -> str:
    """Give one command, and return how it fails."""
    return str(lane.answer({"do": do, **arguments})["error"])


PREPARE = {"workload": "odd-work", "size": "few", "device": "cpu"}
SERIAL = {"model": "serial", "workers": 1, "reference": False, "audit": False}
ODD = {**SERIAL, "model": "odd"}


@pytest.fixture
def prepared(lane: Lane, put_workload: Put) -> Lane:
    """Return a lane that has prepared two tasks."""
    put_workload()
    told(lane, "prepare", **PREPARE)
    return lane


@pytest.fixture
def opened(prepared: Lane) -> Lane:
    """Return a lane that has opened the serial model for them."""
    told(prepared, "open", **SERIAL)
    return prepared


def test_a_lane_says_hello_with_its_folder_and_facts(lane: Lane, tmp_path: Path) -> None:
    hello = told(lane, "hello", required=["json"])

    assert (hello["folder"], hello["present"]) == (str(tmp_path), {"json": True})


def test_an_unknown_command_is_an_error(lane: Lane) -> None:
    assert error(lane, "dance") == "KeyError: 'dance'"


@pytest.mark.parametrize(
    ("command", "complaint"),
    [
        ({"do": "open", **SERIAL}, "RuntimeError: no tasks have been prepared in this lane"),
        ({"do": "warm", "round_s": 1, "warm_s": 1}, "RuntimeError: no case is open in this lane"),
        ({"do": "go", "rounds": 1, "anchored": True}, "RuntimeError: no case is open in this lane"),
        ({"do": "close"}, "RuntimeError: no case is open in this lane"),
    ],
)
def test_commands_out_of_order_are_errors(
    lane: Lane, command: dict[str, Any], complaint: str
) -> None:
    assert lane.answer(command) == {"error": complaint}


def test_a_workload_that_does_not_exist_is_an_error(lane: Lane) -> None:
    assert error(lane, "prepare", workload="no-such", size="few", device="cpu").startswith(
        "ModuleNotFoundError: No module named 'raceway.workloads.no_such'"
    )


def test_a_size_that_does_not_exist_is_an_error(lane: Lane, put_workload: Put) -> None:
    put_workload()

    assert error(lane, "prepare", **{**PREPARE, "size": "many"}) == "KeyError: 'many'"


def test_a_model_that_fails_to_open_is_an_error(prepared: Lane, put_model: Put) -> None:
    @contextmanager
    def fail(_: Job) -> Iterator[Runner]:
        raise OSError("no more processes")
        yield

    put_model(fail)

    assert error(prepared, "open", **ODD) == "OSError: no more processes"


def test_a_case_that_failed_to_open_cannot_be_raced(prepared: Lane, put_model: Put) -> None:
    @contextmanager
    def fail(_: Job) -> Iterator[Runner]:
        raise OSError("no more processes")
        yield

    put_model(fail)
    error(prepared, "open", **ODD)

    assert error(prepared, "go", rounds=1, anchored=False) == (
        "RuntimeError: odd-work-few is not open"
    )


def test_a_wrong_answer_names_the_model_and_the_task(prepared: Lane, put_model: Put) -> None:
    @contextmanager
    def absent_minded(job: Job) -> Iterator[Runner]:
        yield timed(lambda: [0 for _ in job.arguments])

    put_model(absent_minded)

    assert error(prepared, "open", **ODD) == (
        "odd-work-few by odd: wrong answer: task 1 of 2 gave 0, expected 1"
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
    lane: Lane, put_workload: Put, raised: BaseException, complaint: str
) -> None:
    def task(_: int) -> None:
        raise raised

    put_workload(task, expected=abs)
    told(lane, "prepare", **PREPARE)

    assert error(lane, "open", **SERIAL) == complaint


def test_an_exception_whose_own_code_fails_is_an_error(lane: Lane, put_workload: Put) -> None:
    class ShyError(Exception):
        def __str__(self) -> str:
            raise LookupError("not me")

    def task(_: int) -> None:
        raise ShyError

    put_workload(task, expected=abs)
    told(lane, "prepare", **PREPARE)

    assert error(lane, "open", **SERIAL) == "ShyError: not printable: LookupError('not me')"


def test_an_audit_runs_where_it_was_asked_for(lane: Lane, put_workload: Put) -> None:
    put_workload(audit=lambda _: False)
    told(lane, "prepare", **PREPARE)

    assert error(lane, "open", **{**SERIAL, "audit": True}) == (
        "odd-work-few by serial: wrong answer: the audit failed"
    )


def test_no_audit_runs_where_none_was_asked_for(lane: Lane, put_workload: Put) -> None:
    put_workload(audit=lambda _: False)
    told(lane, "prepare", **PREPARE)

    told(lane, "open", **SERIAL)


def test_the_cold_start_is_timed(prepared: Lane) -> None:
    assert told(prepared, "open", **SERIAL)["cold_s"] > 0.0


def test_only_a_reference_tells_the_longest_share(prepared: Lane) -> None:
    assert "longest_task_share" not in told(prepared, "open", **SERIAL)


def test_a_reference_tells_the_longest_share(prepared: Lane) -> None:
    assert 0.0 <= told(prepared, "open", **{**SERIAL, "reference": True})["longest_task_share"] <= 1


@pytest.fixture
def put_passes(prepared: Lane, put_model: Put) -> PutPasses:
    """Return a function that opens a model whose passes last so long; it notes all loops."""

    def put(*passes_s: float, fresh_workers: bool = False) -> list[int]:
        durations_s, loops_run = list(passes_s), []

        @contextmanager
        def simulated(_: Job) -> Iterator[Runner]:
            def lap(loops: int) -> Lap:
                loops_run.append(loops)
                pass_s = durations_s.pop(0) if len(durations_s) > 1 else durations_s[0]
                return Lap(round(loops * pass_s * 1e9), [1, 2])

            yield lap

        put_model(simulated, fresh_workers=fresh_workers)
        told(prepared, "open", **ODD)
        loops_run.clear()
        return loops_run

    return put


WARM = {"round_s": 0.002, "warm_s": 0.03}


def warm_s(loops_run: list[int], pass_s: float) -> float:
    return sum(loops_run) * pass_s


@pytest.mark.parametrize("pass_s", [1e-9, 3e-7, 1e-5, 0.0011])
def test_short_passes_are_looped_until_a_round_is_long_enough(
    prepared: Lane, put_passes: PutPasses, pass_s: float
) -> None:
    put_passes(pass_s)

    reply = told(prepared, "warm", **WARM)

    assert reply["round_s"] == pytest.approx(reply["loops"] * pass_s)
    assert reply["round_s"] >= 0.002 or reply["loops"] == 1_000_000


@pytest.mark.parametrize("pass_s", [3e-7, 1e-5, 0.0011])
def test_rounds_are_not_much_longer_than_they_must_be(
    prepared: Lane, put_passes: PutPasses, pass_s: float
) -> None:
    put_passes(pass_s)

    assert told(prepared, "warm", **WARM)["round_s"] < 0.002 * 2.5


@pytest.mark.parametrize("pass_s", [1e-5, 0.004, 0.08])
def test_a_model_is_run_warm_for_as_long_as_asked(
    prepared: Lane, put_passes: PutPasses, pass_s: float
) -> None:
    loops_run = put_passes(pass_s)

    told(prepared, "warm", **WARM)

    assert warm_s(loops_run, pass_s) >= 0.03


def test_a_pass_of_a_round_is_not_looped(prepared: Lane, put_passes: PutPasses) -> None:
    put_passes(0.004)

    assert told(prepared, "warm", **WARM) == {"loops": 1, "round_s": 0.004}


def test_a_pass_longer_than_the_warm_up_is_one(prepared: Lane, put_passes: PutPasses) -> None:
    loops_run = put_passes(5.0)

    assert told(prepared, "warm", **WARM) == {"loops": 1, "round_s": 5.0}
    assert not loops_run


def test_a_first_pass_in_which_workers_started_tells_nothing(
    prepared: Lane, put_passes: PutPasses
) -> None:
    put_passes(5.0, 1e-4, fresh_workers=True)

    reply = told(prepared, "warm", **WARM)

    assert (reply["loops"] > 1, reply["round_s"] < 0.005) == (True, True)


def test_a_clock_that_stands_still_ends_the_search_for_loops(
    prepared: Lane, put_passes: PutPasses
) -> None:
    put_passes(0.0)

    assert told(prepared, "warm", round_s=0.002, warm_s=1e-9)["loops"] == 1_000_000


def test_rounds_are_timed_in_the_loops_chosen(prepared: Lane, put_passes: PutPasses) -> None:
    loops_run = put_passes(0.0005)
    loops = told(prepared, "warm", **WARM)["loops"]
    loops_run.clear()

    assert told(prepared, "go", rounds=3, anchored=False)["rounds_ns"] == [loops * 500_000] * 3
    assert loops_run == [loops] * 3


def test_each_round_has_its_anchor(opened: Lane) -> None:
    assert len(told(opened, "go", rounds=3, anchored=True)["anchors_ns"]) == 3


def test_waiting_has_no_anchors(opened: Lane) -> None:
    assert told(opened, "go", rounds=3, anchored=False)["anchors_ns"] == []


def test_every_round_is_checked(prepared: Lane, put_model: Put) -> None:
    answers = iter([[1, 2], [1, 2], [1, -2]])

    @contextmanager
    def forgetful(_: Job) -> Iterator[Runner]:
        yield timed(lambda: next(answers))

    put_model(forgetful)
    told(prepared, "open", **ODD)

    assert error(prepared, "go", rounds=5, anchored=False).endswith("gave -2, expected 2")


def cpu_of(monkeypatch: pytest.MonkeyPatch, *readings_s: float | None) -> None:
    readings = iter(readings_s)
    monkeypatch.setattr(inside, "tree", SimpleNamespace(cpu_s=lambda: next(readings)))


def test_cpu_time_is_that_of_the_rounds_without_their_anchors(
    opened: Lane, monkeypatch: pytest.MonkeyPatch
) -> None:
    cpu_of(monkeypatch, 10.0, 12.0)
    monkeypatch.setattr(inside, "anchor_ns", lambda: 100_000_000)

    assert told(opened, "go", rounds=5, anchored=True)["cpu_s"] == pytest.approx(1.5)


def test_workers_that_ended_between_readings_do_not_make_time_negative(
    opened: Lane, monkeypatch: pytest.MonkeyPatch
) -> None:
    cpu_of(monkeypatch, 10.0, 9.0)

    assert told(opened, "go", rounds=1, anchored=False)["cpu_s"] == 0.0


@pytest.mark.parametrize("readings_s", [(None, 1.0), (1.0, None), (None, None)])
def test_cpu_time_that_cannot_be_read_is_not_known(
    opened: Lane, monkeypatch: pytest.MonkeyPatch, readings_s: tuple[float | None, ...]
) -> None:
    cpu_of(monkeypatch, *readings_s)

    assert told(opened, "go", rounds=1, anchored=False)["cpu_s"] is None


def test_a_closed_model_is_stopped(prepared: Lane, put_model: Put) -> None:
    stopped = []

    @contextmanager
    def stoppable(_: Job) -> Iterator[Runner]:
        yield timed(lambda: [1, 2])
        stopped.append(True)

    put_model(stoppable)
    told(prepared, "open", **ODD)

    told(prepared, "close")

    assert stopped


def test_a_model_that_stops_cleanly_leaves_nobody_behind(opened: Lane) -> None:
    assert told(opened, "close")["left_behind"] == []


@pytest.mark.skipif(
    "fork" not in multiprocessing.get_all_start_methods(), reason="needs the start method fork"
)
def test_workers_left_behind_are_named(prepared: Lane, put_model: Put) -> None:
    context = multiprocessing.get_context("fork")
    release = context.Event()
    worker = context.Process(target=release.wait, name="straggler", daemon=True)

    @contextmanager
    def careless(_: Job) -> Iterator[Runner]:
        worker.start()
        yield timed(lambda: [1, 2])

    put_model(careless)
    told(prepared, "open", **ODD)
    try:
        assert told(prepared, "close")["left_behind"] == ["straggler"]
    finally:
        release.set()
        worker.join()


def test_a_case_can_be_raced_after_another(opened: Lane) -> None:
    told(opened, "close")
    told(opened, "prepare", **PREPARE)

    told(opened, "open", **SERIAL)


def test_a_peak_is_measured_on_the_device_asked_for(
    lane: Lane, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("raceway.track.peak.measured_peak", lambda *given: {"given": given})

    assert told(lane, "peak", device="cuda:1", workers=3) == {"given": ("cuda:1", 3)}


class KeptOpen(io.BytesIO):
    """A stream that can be read after it has been closed."""

    def close(self) -> None:
        pass


@pytest.fixture
def converse(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[bytes], list[Any]]:
    """Return a function that runs a whole lane on these commands, and returns its replies."""

    def talk(commands: bytes) -> list[Any]:
        replies = KeptOpen()
        monkeypatch.setattr(inside, "private_pipes", lambda: (io.BytesIO(commands), replies))
        (tmp_path / "unpacked").mkdir()
        inside.main(str(tmp_path / "unpacked"))
        return [json.loads(line) for line in replies.getvalue().splitlines()]

    return talk


def test_each_command_is_answered_by_one_line(converse: Callable[[bytes], list[Any]]) -> None:
    assert converse(b'{"do": "close"}\n{"do": "dance"}\n') == [
        {"error": "RuntimeError: no case is open in this lane"}, {"error": "KeyError: 'dance'"},
    ]  # fmt: skip


def test_nothing_is_answered_after_quitting(converse: Callable[[bytes], list[Any]]) -> None:
    assert converse(b'{"do": "quit"}\n{"do": "close"}\n') == []


@pytest.mark.parametrize("commands", [b"", b'{"do": "quit"}\n'], ids=["gone", "quit"])
def test_a_lane_that_ends_removes_its_folder(
    converse: Callable[[bytes], list[Any]], tmp_path: Path, commands: bytes
) -> None:
    converse(commands)

    assert not (tmp_path / "unpacked").exists()


def test_a_lane_that_is_told_nonsense_removes_its_folder(
    converse: Callable[[bytes], list[Any]], tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match="Expecting value"):
        converse(b"nonsense\n")

    assert not (tmp_path / "unpacked").exists()


@contextmanager
def protocol() -> Iterator[tuple[int, int, IO[bytes], IO[bytes]]]:
    """Put pipes in the place of standard input and output, and let a lane take them.

    Yield where to write, where to read, and the lane's ends. (No fixture: between a fixture and
    its test, pytest puts its own files there.)
    """
    kept = os.dup(0), os.dup(1)
    into, out_of = os.pipe(), os.pipe()
    os.dup2(into[0], 0)
    os.dup2(out_of[1], 1)
    commands, replies = private_pipes()
    try:
        yield into[1], out_of[0], commands, replies
    finally:
        commands.close()
        replies.close()
        for number, original in enumerate(kept):
            os.dup2(original, number)
        for descriptor in (*kept, *into, *out_of):
            os.close(descriptor)


def test_the_protocol_has_the_pipes_to_itself() -> None:
    with protocol() as (write_to, read_from, commands, replies):
        os.write(write_to, b"question\n")
        question = commands.readline()
        replies.write(b"answer\n")
        replies.flush()
        answer = os.read(read_from, 99)

    assert (question, answer) == (b"question\n", b"answer\n")


def test_tasks_read_nothing() -> None:
    with protocol() as (write_to, *_):
        os.write(write_to, b"question\n")
        read_by_task = os.read(0, 99)

    assert read_by_task == b""


def test_what_tasks_print_goes_to_standard_error() -> None:
    with protocol():
        output, error_output = os.fstat(1), os.fstat(2)

    assert os.path.samestat(output, error_output)
