"""What each launch of a run took, by each normalisation."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from raceway.analysis.comparison.launch_logs import launch_logs_of
from raceway.analysis.comparison.normalisation import Normalisation
from raceway.record import GroupResult, Launch, Noise, Record, Status

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    LogsOf = Callable[..., dict[Normalisation, float]]


@pytest.fixture
def logs_of(run: Callable[..., Any]) -> LogsOf:
    """Return a function that gives the logarithms of a run's only launch."""

    def of(one: Launch, *groups: GroupResult) -> dict[Normalisation, float]:
        record = Record(
            id="one", fullname="one", workload="primes", size="4000", model="serial", launches=[one]
        )
        raced = replace(run([record]), groups=list(groups))
        return launch_logs_of(raced).by_launch().get(("one", 0), {})

    return of


def group(parallel_anchors_ns: Sequence[int]) -> GroupResult:
    return GroupResult(
        id="primes-4000",
        launch=0,
        started_at="2026-11-23T04:55:00+00:00",
        wall_s=1.0,
        noise=Noise(),
        launches={},
        parallel_anchors_ns=list(parallel_anchors_ns),
    )


def launch(**fields: object) -> Launch:
    """Return a launch of three turns whose second round and anchor took twice as long."""
    prior = {"rounds_ns": [4_000, 8_000, 4_000], "turns": [0, 1, 2], "loops": 2}
    return Launch(**{"index": 0, "anchors_ns": [1_000, 2_000, 1_000], **prior, **fields})  # type: ignore[arg-type]


def test_raw_is_the_time_of_a_pass(logs_of: LogsOf) -> None:
    assert logs_of(launch())[Normalisation.RAW] == pytest.approx(math.log(2e-6))


def test_a_launch_without_time_has_no_logarithm(logs_of: LogsOf) -> None:
    assert logs_of(launch(status=Status.FAILED)) == {}


def test_each_round_is_divided_by_the_anchor_beside_it(logs_of: LogsOf) -> None:
    assert logs_of(launch())[Normalisation.ANCHOR] == pytest.approx(math.log(2))


def test_each_round_is_divided_by_the_parallel_anchor_of_its_turn(logs_of: LogsOf) -> None:
    logs = logs_of(launch(turns=[1, 0, 1]), group([500, 250]))

    assert logs[Normalisation.PARALLEL] == pytest.approx(math.log(8))


def test_rounds_of_unknown_turns_have_no_parallel_anchor(logs_of: LogsOf) -> None:
    logs = logs_of(launch(turns=[0, 7, -1]), group([500]))

    assert logs[Normalisation.PARALLEL] == pytest.approx(math.log(4))


@pytest.mark.parametrize(
    "fields",
    [{"anchors_ns": []}, {"anchors_ns": [1_000]}, {"anchors_ns": [0, 0, 0]}],
)
def test_anchors_that_are_not_there_for_each_round_do_not_count(
    logs_of: LogsOf, fields: dict[str, object]
) -> None:
    assert Normalisation.ANCHOR not in logs_of(launch(**fields))


@pytest.mark.parametrize("fields", [{"anchors_ns": []}, {"turns": [0]}])
def test_the_parallel_anchor_is_for_anchored_rounds_of_known_turns(
    logs_of: LogsOf,
    fields: dict[str, object],
) -> None:
    assert Normalisation.PARALLEL not in logs_of(launch(**fields), group([500, 500, 500]))


def test_an_old_group_has_no_parallel_anchor(logs_of: LogsOf) -> None:
    assert Normalisation.PARALLEL not in logs_of(launch(), group([]))


def test_a_round_of_no_length_is_left_out(logs_of: LogsOf) -> None:
    logs = logs_of(launch(rounds_ns=[0, 8_000, 4_000]), group([500, 500, 500]))

    assert (logs[Normalisation.ANCHOR], logs[Normalisation.PARALLEL]) == (
        pytest.approx(math.log(2)),
        pytest.approx(math.log(math.sqrt(8 * 4))),
    )
