"""A run as tables."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest

from raceway.analysis.run.frame import COLUMNS, LAUNCH_COLUMNS, frame_of, launch_frame
from raceway.record import Grade, GroupResult, Noise, Status

if TYPE_CHECKING:
    from collections.abc import Callable

    from raceway.record import Record, Run


@pytest.fixture
def raced(run: Callable[..., Run], record: Callable[..., Record]) -> Run:
    """Return serial and threads in three launches, and a skipped case."""
    skipped = record("cuda", status=Status.SKIPPED, reason="no cuda device", device="cuda:0")
    threads = record("threads", [1.0, 1.1, 0.9], workers=2)
    return run([record("serial", [2.0, 2.0, 2.0]), threads, skipped], capacity=1.6)


def test_each_case_is_one_row(raced: Run) -> None:
    assert list(frame_of(raced)["model"]) == ["serial", "threads", "cuda"]


def test_columns_are_as_documented(raced: Run) -> None:
    assert list(frame_of(raced)) == list(COLUMNS)


def test_a_row_tells_the_family_of_its_model(raced: Run) -> None:
    assert list(frame_of(raced)["family"]) == ["one core", "threads", "tensor"]


def test_a_row_tells_what_was_measured(raced: Run) -> None:
    row = frame_of(raced).set_index("model").loc["threads"]

    assert (row.launches, row.rounds, row.grade) == (3, 9, "A")


def test_a_row_tells_the_speedup_with_its_interval(raced: Run) -> None:
    row = frame_of(raced).set_index("model").loc["threads"]

    assert row.speedup_low < row.speedup < row.speedup_high


def test_a_row_tells_both_limits(raced: Run) -> None:
    row = frame_of(raced).set_index("model").loc["threads"]

    assert (row.limit_s, row.limit_capacity_s) == pytest.approx((1.0, 1.25))


def test_a_case_that_was_not_raced_has_no_numbers(raced: Run) -> None:
    row = frame_of(raced).set_index("model").loc["cuda"]

    assert math.isnan(row.per_pass_s)


def test_a_computed_time_is_marked(run: Callable[..., Run], record: Callable[..., Record]) -> None:
    frame = frame_of(run([record("serial", computed_s=10.0), record("asyncio", [1.0])]))

    assert list(frame["computed"]) == [True, False]


def test_an_empty_run_is_an_empty_frame_of_the_same_types(
    run: Callable[..., Run], raced: Run
) -> None:
    assert list(frame_of(run()).dtypes) == list(frame_of(raced).dtypes)


def test_several_runs_stand_below_one_another(raced: Run, run: Callable[..., Run]) -> None:
    frame = frame_of(raced, run([], run_id="empty"), raced)

    assert len(frame) == 2 * len(frame_of(raced))


def test_a_row_tells_where_it_comes_from(raced: Run) -> None:
    row = frame_of(raced).iloc[0]

    assert (row["run"], row["machine"]) == (raced.header.run_id, raced.header.machine.id)


def test_a_row_tells_from_which_size_its_model_pays(raced: Run) -> None:
    row = frame_of(raced).set_index("model").loc["threads"]

    assert row.crossover == "below the smallest"
    assert row.magnitude == pytest.approx(0.5)
    assert row.per_pass_low_s < row.per_pass_s < row.per_pass_high_s


def test_each_launch_of_a_case_is_one_row(raced: Run) -> None:
    frame = launch_frame(raced)

    assert list(frame[frame["case"].str.contains("threads")]["launch"]) == [0, 1, 2]


def test_a_launch_has_a_speedup_of_its_own(raced: Run) -> None:
    frame = launch_frame(raced)

    assert list(frame[frame["case"].str.contains("threads")]["speedup"]) == pytest.approx(
        [2.0, 2 / 1.1, 2 / 0.9]
    )


def test_a_launch_has_the_grade_of_its_group(
    run: Callable[..., Run], record: Callable[..., Record]
) -> None:
    frame = launch_frame(run([record("serial", [1.0])], grade=Grade.NOISY))

    assert list(frame["grade"]) == ["C"]


def test_a_launch_nobody_graded_is_unknown(
    run: Callable[..., Run], record: Callable[..., Record]
) -> None:
    assert list(launch_frame(run([record("serial", [1.0])], groups=[]))["grade"]) == ["?"]


def test_a_run_without_launches_has_no_launch_rows(run: Callable[..., Run]) -> None:
    assert list(launch_frame(run())) == list(LAUNCH_COLUMNS)


def test_plain_benchmarks_have_rows_of_their_own(
    run: Callable[..., Run], record: Callable[..., Record]
) -> None:
    plain = record("", [2.0], workload="", size="", kind="", id="test_a.py::test_b", tasks=1)
    frame = frame_of(run([record("serial", [1.0]), plain]))

    assert list(frame["case"]) == ["primes-4000-serial-w1@", "test_a.py::test_b"]
    assert list(frame["workload"]) == ["primes", ""]
    assert frame["per_pass_s"].iloc[1] == pytest.approx(2.0)
    assert frame["rounds"].iloc[1] == 3


def test_a_plain_benchmark_of_several_launches_has_its_grade_and_interval(
    run: Callable[..., Run], record: Callable[..., Record]
) -> None:
    names = dict.fromkeys(("workload", "size", "kind"), "") | {"id": "test_a.py::test_b"}
    plain = record("", [2.0, 2.1, 1.9], **names, tasks=1)
    noise = Noise(grade=Grade.DISTURBED)
    groups = [
        GroupResult(id=plain.id, launch=n, started_at="", wall_s=1.0, noise=noise, launches={})
        for n in range(3)
    ]
    row = frame_of(run([plain], groups=groups)).iloc[0]

    assert (row.launches, row.grade) == (3, "B")
    assert row.per_pass_low_s < row.per_pass_s < row.per_pass_high_s
