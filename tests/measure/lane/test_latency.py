"""How long each task takes from being handed over to its answer, with the model opened anew."""

from __future__ import annotations

import asyncio
import pickle
import time
from contextlib import contextmanager
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from raceway.case import Kind
from raceway.lap import timed
from raceway.measure.lane import latency
from raceway.measure.lane.latency import Clocked, Handed, HandedOver, thinned

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from raceway.lap import Job, Runner
    from support.spoken import Put

A_WHILE_S = 0.003
A_WHILE_NS = 3_000_000
WAITS: dict[str, Any] = {"kind": Kind.IO, "sizes": {"few": (A_WHILE_S,) * 4}, "expected": float}


def wait(wait_s: float) -> float:
    time.sleep(wait_s)
    return wait_s


async def wait_async(wait_s: float) -> float:
    await asyncio.sleep(wait_s)
    return wait_s


async def wait_trio(wait_s: float) -> float:
    import trio  # noqa: PLC0415 (where it is installed)

    await trio.sleep(wait_s)
    return wait_s


def test_a_plain_loop_hands_a_task_over_when_the_one_before_is_answered(
    lane: Any, put_workload: Put
) -> None:
    put_workload(wait, **WAITS)
    lane.told("prepare")

    told = lane.told("latency")

    assert told["latency_count"] == 4
    assert told["latencies_ns"][0] >= A_WHILE_NS


def test_the_time_holds_the_waiting_for_a_free_worker(lane: Any, put_workload: Put) -> None:
    put_workload(wait, **WAITS)
    lane.told("prepare")

    times_ns = lane.told("latency", model="threads", workers=1)["latencies_ns"]

    assert all(time_ns >= place * A_WHILE_NS for place, time_ns in enumerate(times_ns, start=1))


def test_tasks_of_other_processes_are_timed_by_the_same_clock(lane: Any, put_workload: Put) -> None:
    put_workload(wait, **WAITS)
    lane.told("prepare")

    told = lane.told("latency", model="pool", workers=2)

    assert told["latency_count"] == 4
    assert told["latencies_ns"][0] >= A_WHILE_NS


@pytest.mark.parametrize("model", ["asyncio", "trio"])
def test_tasks_on_an_event_loop_are_timed_to_their_own_answers(
    lane: Any, put_workload: Put, model: str
) -> None:
    if model == "trio":
        pytest.importorskip("trio")
    sizes = {"few": (A_WHILE_S, 100 * A_WHILE_S)}
    put_workload(wait, **{**WAITS, "sizes": sizes}, async_task=wait_async, trio_task=wait_trio)
    lane.told("prepare")

    short_ns, long_ns = lane.told("latency", model=model, times=2)["latencies_ns"]

    assert long_ns > 10 * short_ns


@pytest.mark.parametrize(
    ("wanted", "passes"),
    [({"times": 2}, 1), ({"times": 5}, 3), ({"times": 100, "most_s": 0.0}, 1)],
)
def test_passes_go_on_until_there_are_enough_times_but_one_always_counts(
    lane: Any, put_workload: Put, wanted: dict[str, Any], passes: int
) -> None:
    ran: list[int] = []

    def task(number: int) -> int:
        ran.append(number)
        return number

    put_workload(task, expected=int)
    lane.told("prepare")

    told = lane.told("latency", **wanted)

    assert told["latency_count"] == 2 * passes
    assert len(ran) == 2 * (1 + passes)  # the first one sets workers up


@pytest.mark.parametrize(("most_s", "passes"), [(10.0, 5), (2.9, 5), (2.0, 2), (0.5, 1)])
def test_all_times_may_take_twice_as_long_if_that_is_enough_for_them(
    monkeypatch: pytest.MonkeyPatch, most_s: float, passes: int
) -> None:
    now_s = [0.0]

    def passed(*_: object) -> tuple[float, list[int]]:
        now_s[0] += 1.0
        return 1.0, [1, 1]

    monkeypatch.setattr(latency, "passed", passed)
    monkeypatch.setattr(latency, "time", SimpleNamespace(perf_counter=lambda: now_s[0]))

    assert len(latency.latencies(None, None, "serial", 10, most_s)) == 2 * passes  # type: ignore[arg-type]


def test_of_many_times_some_are_kept_with_the_shortest_and_the_longest(
    lane: Any, put_workload: Put
) -> None:
    put_workload(wait, **{**WAITS, "sizes": {"few": (0.0, 0.0, 0.0, 10 * A_WHILE_S)}})
    lane.told("prepare")

    told = lane.told("latency", kept=2)

    assert (len(told["latencies_ns"]), told["latency_count"]) == (2, 4)
    assert told["latencies_ns"][0] < 10 * A_WHILE_NS <= told["latencies_ns"][1]


def test_thinned_times_are_evenly_spaced() -> None:
    assert thinned(range(101), 5) == [0, 25, 50, 75, 100]


def test_a_wrong_answer_is_an_error_there_too(lane: Any, put_workload: Put) -> None:
    put_workload(abs, expected=float)
    lane.told("prepare")

    assert "by serial: wrong answer: task 1 of 2 gave 1, expected -1.0" in lane.error("latency")


def late(job: Job) -> Callable[[], list[Any]]:
    """Hand over with the time of a clock that is ahead."""
    return lambda: [job.task(each._replace(at_ns=each.at_ns + 10**15)) for each in job.arguments]


def taken_once(job: Job) -> Callable[[], list[Any]]:
    """Take the arguments once for all passes."""
    arguments = list(job.arguments)
    return lambda: list(map(job.task, arguments))


@pytest.mark.parametrize("model", [late, taken_once])
def test_times_that_lie_outside_of_their_pass_are_not_told(
    prepared: Any, put_model: Put, model: Callable[[Job], Callable[[], list[Any]]]
) -> None:
    @contextmanager
    def odd(job: Job) -> Iterator[Runner]:
        yield timed(model(job))

    put_model(odd)

    told = prepared.told("latency", model="odd")

    assert (told["latencies_ns"], told["latency_count"]) == ([], 0)


@pytest.mark.parametrize(
    "take",
    [
        lambda arguments: [arguments[place] for place in range(len(arguments))],
        lambda arguments: [*arguments[:1], *arguments[1:]],
        lambda arguments: [each for _, each in enumerate(arguments)],
        lambda arguments: [*tuple(arguments)],
    ],
    ids=["one by one", "in slices", "in turn", "at once"],
)
def test_however_a_model_takes_its_arguments_they_know_when(
    take: Callable[[Sequence[Handed]], list[Handed]],
) -> None:
    begun_ns = time.perf_counter_ns()

    taken = take(HandedOver("ab"))

    assert [each.argument for each in taken] == ["a", "b"]
    assert all(begun_ns <= each.at_ns <= time.perf_counter_ns() for each in taken)


def test_arguments_that_tasks_change_are_made_anew_for_each_pass(
    lane: Any, put_workload: Put
) -> None:
    def emptied(numbers: list[int]) -> int:
        return sum(numbers.pop() for _ in range(len(numbers)))

    put_workload(emptied, expected=sum, fresh=list, sizes={"few": ([1, 2], [3])})
    lane.told("prepare")

    assert lane.told("latency")["latency_count"] == 4


def test_a_clocked_task_can_be_sent_to_another_process() -> None:
    task = pickle.loads(pickle.dumps(Clocked(abs)))  # noqa: S301 (our own)

    assert task(Handed(-7, 1)).answer == 7


def test_processes_that_a_model_leaves_behind_are_named(
    prepared: Any, put_model: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextmanager
    def careless(job: Job) -> Iterator[Runner]:
        yield timed(lambda: list(map(job.task, job.arguments)))

    put_model(careless)
    monkeypatch.setattr("raceway.measure.lane.tree.left_running", lambda *_: ["straggler"])

    assert prepared.told("latency", model="odd")["left_behind"] == ["straggler"]
