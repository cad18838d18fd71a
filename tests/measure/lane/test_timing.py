"""Warming up, choosing loops, and timing rounds; passes last exactly as long as told."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from raceway.lap import Lap, timed
from raceway.measure.lane import server as inside

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from raceway.lap import Job, Runner
    from support.spoken import Put

    PutPasses = Callable[..., list[int]]


@pytest.fixture
def put_passes(prepared: Any, put_model: Put) -> PutPasses:
    """Return a function that opens a model whose passes last so long; it notes all loops."""

    def put(*passes_s: float, **details: Any) -> list[int]:
        durations_s, loops_run = list(passes_s), []

        @contextmanager
        def simulated(_: Job) -> Iterator[Runner]:
            def lap(loops: int) -> Lap:
                loops_run.append(loops)
                pass_s = durations_s.pop(0) if len(durations_s) > 1 else durations_s[0]
                return Lap(round(loops * pass_s * 1e9), [1, 2])

            yield lap

        put_model(simulated, **details)
        prepared.told("open", model="odd")
        loops_run.clear()
        return loops_run

    return put


def warm_s(loops_run: list[int], pass_s: float) -> float:
    return sum(loops_run) * pass_s


@pytest.mark.parametrize("pass_s", [1e-9, 3e-7, 1e-5, 0.0011])
def test_short_passes_are_looped_until_a_round_is_long_enough(
    prepared: Any, put_passes: PutPasses, pass_s: float
) -> None:
    put_passes(pass_s)

    reply = prepared.told("warm")

    assert reply["round_s"] == pytest.approx(reply["loops"] * pass_s)
    assert reply["round_s"] >= 0.002 or reply["loops"] == 1_000_000


@pytest.mark.parametrize("pass_s", [3e-7, 1e-5, 0.0011])
def test_rounds_are_not_much_longer_than_they_must_be(
    prepared: Any, put_passes: PutPasses, pass_s: float
) -> None:
    put_passes(pass_s)

    assert prepared.told("warm")["round_s"] < 0.002 * 2.5


@pytest.mark.parametrize("pass_s", [1e-5, 0.004, 0.08])
def test_a_model_is_run_warm_for_as_long_as_asked(
    prepared: Any, put_passes: PutPasses, pass_s: float
) -> None:
    loops_run = put_passes(pass_s)

    prepared.told("warm")

    assert warm_s(loops_run, pass_s) >= 0.03


def test_a_pass_of_a_round_is_not_looped(prepared: Any, put_passes: PutPasses) -> None:
    put_passes(0.004)

    assert prepared.told("warm") == {"loops": 1, "round_s": 0.004}


def test_a_pass_longer_than_the_warm_up_is_one(prepared: Any, put_passes: PutPasses) -> None:
    loops_run = put_passes(5.0)

    assert prepared.told("warm") == {"loops": 1, "round_s": 5.0}
    assert not loops_run


@pytest.mark.parametrize("started", [{"fresh_workers": True}, {"compiles": True}])
def test_a_first_pass_in_which_workers_or_a_compiler_started_tells_nothing(
    prepared: Any, put_passes: PutPasses, started: dict[str, bool]
) -> None:
    put_passes(5.0, 1e-4, **started)

    reply = prepared.told("warm")

    assert (reply["loops"] > 1, reply["round_s"] < 0.005) == (True, True)


def test_a_first_pass_on_a_gpu_tells_nothing_of_others(
    prepared: Any, put_passes: PutPasses
) -> None:
    prepared.tasks = replace(prepared.tasks, device="cuda:0")
    put_passes(5.0, 1e-4)

    assert prepared.told("warm")["loops"] > 1


def test_a_clock_that_stands_still_ends_the_search_for_loops(
    prepared: Any, put_passes: PutPasses
) -> None:
    put_passes(0.0)

    assert prepared.told("warm", round_s=0.002, warm_s=1e-9)["loops"] == 1_000_000


def test_loops_that_are_known_are_run_in_as_many_laps_as_told(
    prepared: Any, put_passes: PutPasses
) -> None:
    loops_run = put_passes(0.0005)

    assert prepared.told("warm", loops=5, laps=3) == {"loops": 5, "round_s": 0.002}
    assert loops_run == [5, 5, 5]
    assert prepared.told("go", rounds=1, anchored=False)["rounds_ns"] == [2_500_000]


def test_with_known_loops_a_first_pass_longer_than_the_warm_up_is_one_too(
    prepared: Any, put_passes: PutPasses
) -> None:
    loops_run = put_passes(5.0)
    prepared.told("warm", loops=1, laps=1)

    assert not loops_run


def test_rounds_are_timed_in_the_loops_chosen(prepared: Any, put_passes: PutPasses) -> None:
    loops_run = put_passes(0.0005)
    loops = prepared.told("warm")["loops"]
    loops_run.clear()

    assert prepared.told("go", rounds=3, anchored=False)["rounds_ns"] == [loops * 500_000] * 3
    assert loops_run == [loops] * 3


def test_each_round_has_its_anchor(opened: Any) -> None:
    assert len(opened.told("go", rounds=3, anchored=True)["anchors_ns"]) == 3


def test_waiting_has_no_anchors(opened: Any) -> None:
    assert opened.told("go", rounds=3, anchored=False)["anchors_ns"] == []


def test_every_round_is_checked(prepared: Any, put_model: Put) -> None:
    answers = iter([[1, 2], [1, 2], [1, -2]])

    @contextmanager
    def forgetful(_: Job) -> Iterator[Runner]:
        yield timed(lambda: next(answers))

    put_model(forgetful)
    prepared.told("open", model="odd")

    assert prepared.error("go", rounds=5, anchored=False).endswith(
        "gave -2, expected 2 (what a plain loop answered)"
    )


def cpu_of(monkeypatch: pytest.MonkeyPatch, *readings_s: float | None) -> None:
    readings = iter(readings_s)
    told = SimpleNamespace(used_s=lambda _: (next(readings), None), core=lambda: 0)
    monkeypatch.setattr(inside, "tree", told)


def test_cpu_time_is_that_of_the_rounds_without_their_anchors(
    opened: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    cpu_of(monkeypatch, 10.0, 12.0)
    monkeypatch.setattr(inside, "anchor_ns", lambda: 100_000_000)

    assert opened.told("go", rounds=5, anchored=True)["cpu_s"] == pytest.approx(1.5)


def test_workers_that_ended_between_readings_do_not_make_time_negative(
    opened: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    cpu_of(monkeypatch, 10.0, 9.0)

    assert opened.told("go", rounds=1, anchored=False)["cpu_s"] == 0.0


@pytest.mark.parametrize("readings_s", [(None, 1.0), (1.0, None), (None, None)])
def test_cpu_time_that_cannot_be_read_is_not_known(
    opened: Any, monkeypatch: pytest.MonkeyPatch, readings_s: tuple[float | None, ...]
) -> None:
    cpu_of(monkeypatch, *readings_s)

    assert opened.told("go", rounds=1, anchored=False)["cpu_s"] is None
