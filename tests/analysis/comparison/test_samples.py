"""One side of a comparison."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from raceway.analysis.comparison.normalisation import Normalisation
from raceway.analysis.comparison.samples import Side
from raceway.record import Grade, Launch, Record, Status

if TYPE_CHECKING:
    from collections.abc import Callable

    from raceway.analysis.comparison.samples import Sample
    from raceway.record import Run

MEASURED = [1.0, 1.1, 0.9]


def only(side: Side) -> Sample:
    (sample,) = side.samples().values()
    return sample


def graded(run: Run, *grades: Grade) -> Run:
    """Return the run with its groups graded, launch by launch."""
    groups = [
        msgspec.structs.replace(group, noise=msgspec.structs.replace(group.noise, grade=grade))
        for group, grade in zip(run.groups, grades, strict=True)
    ]
    return msgspec.structs.replace(run, groups=groups)


def test_a_case_is_compared_by_its_id(
    side: Callable[..., Side], record: Callable[..., Record]
) -> None:
    assert list(side([record("pool", MEASURED, id="primes-4000-pool-w2")]).samples()) == [
        "primes-4000-pool-w2"
    ]


def test_a_single_interpreter_is_left_out_of_names(
    side: Callable[..., Side], record: Callable[..., Record]
) -> None:
    both = [record("serial", MEASURED, interpreter=label) for label in ("3.13", "3.14t")]

    assert list(side(both, interpreter="3.14t").samples()) == ["primes-4000-serial-w1"]


def test_launches_of_several_runs_come_together(
    run: Callable[..., Run], record: Callable[..., Record]
) -> None:
    runs = [run([record("serial", MEASURED)], run_id=each) for each in ("one", "two")]

    assert only(Side("both", runs)).launches == 6


@pytest.mark.parametrize(
    ("digests", "launches"), [(("a", "b"), 3), (("a", "a"), 6), (("", "b"), 6), (("a", ""), 6)]
)
def test_launches_of_other_work_are_left_out(
    run: Callable[..., Run], record: Callable[..., Record], digests: tuple[str, str], launches: int
) -> None:
    runs = [run([record("serial", MEASURED, work_digest=each)], run_id=str(place))
            for place, each in enumerate(digests)]  # fmt: skip
    sample = only(Side("both", runs))

    assert sample.launches == len(sample.times) == launches


def test_a_pass_takes_the_median_of_all_launches(
    run: Callable[..., Run], record: Callable[..., Record]
) -> None:
    passes_s = ([1.0, 2.0], [4.0])
    runs = [run([record("serial", each)], run_id=str(each)) for each in passes_s]

    assert only(Side("both", runs)).pass_s == pytest.approx(2.0)


def test_the_record_is_that_of_the_newest_run(
    run: Callable[..., Run], record: Callable[..., Record]
) -> None:
    runs = [run([record("serial", MEASURED, flops=each)], run_id=str(each)) for each in (1.0, 2.0)]

    assert only(Side("both", runs)).record.flops == 2.0


def test_the_machine_is_that_of_the_newest_run(run: Callable[..., Run]) -> None:
    old = run()
    new = run(machine=msgspec.structs.replace(old.header.machine, kernel="6.9"))

    assert Side("both", [old, new]).machine.kernel == "6.9"


@pytest.mark.parametrize(("interpreter", "label"), [(None, "3.13"), ("3.14t", "3.14t")])
def test_the_main_environment_is_that_compared_else_the_first(
    side: Callable[..., Side], record: Callable[..., Record], interpreter: str | None, label: str
) -> None:
    both = [record("serial", MEASURED, interpreter=each) for each in ("3.13", "3.14t")]
    environment = side(both, interpreter=interpreter).main_environment

    assert environment is not None
    assert environment.label == label


def test_a_run_may_tell_no_environment(run: Callable[..., Run]) -> None:
    told = run()
    header = msgspec.structs.replace(told.header, environments=[])

    assert Side("A", [msgspec.structs.replace(told, header=header)]).main_environment is None


def test_noisy_launches_are_left_out(
    run: Callable[..., Run], record: Callable[..., Record]
) -> None:
    measured = run([record("serial", MEASURED)])
    sample = only(Side("A", [graded(measured, Grade.QUIET, Grade.NOISY, Grade.DISTURBED)]))

    assert (sample.launches, sample.noisy) == (2, 1)


def test_the_grade_is_the_usual_one_of_all_launches(
    run: Callable[..., Run], record: Callable[..., Record]
) -> None:
    measured = run([record("serial", MEASURED)])
    sample = only(Side("A", [graded(measured, Grade.NOISY, Grade.NOISY, Grade.QUIET)]))

    assert sample.grade is Grade.NOISY


def test_a_case_of_noisy_launches_alone_has_been_raced(
    side: Callable[..., Side], record: Callable[..., Record]
) -> None:
    assert only(side([record("serial", MEASURED)], grade=Grade.NOISY)).raced


def test_a_case_of_noisy_launches_alone_still_shows_its_time(
    side: Callable[..., Side], record: Callable[..., Record]
) -> None:
    assert only(side([record("serial", MEASURED)], grade=Grade.NOISY)).pass_s == 1.0


@pytest.mark.parametrize("status", [Status.FAILED, Status.SKIPPED])
def test_a_case_that_went_wrong_has_no_launches(
    side: Callable[..., Side], record: Callable[..., Record], status: Status
) -> None:
    assert not only(side([record("serial", MEASURED, status=status)])).raced


def test_what_an_interrupted_case_has_measured_counts(
    side: Callable[..., Side], record: Callable[..., Record]
) -> None:
    assert only(side([record("serial", MEASURED, status=Status.INTERRUPTED)])).launches == 3


def test_a_launch_without_time_does_not_count(
    side: Callable[..., Side], record: Callable[..., Record]
) -> None:
    launches = [Launch(index=0, rounds_ns=[0]), Launch(index=1, rounds_ns=[5])]
    sample = only(side([record("serial", launches=launches)]))

    assert (sample.launches, sample.rounds) == (1, 1)


def test_rounds_of_launches_that_count_are_counted(
    side: Callable[..., Side], record: Callable[..., Record]
) -> None:
    assert only(side([record("serial", MEASURED)])).rounds == 9


def test_cores_used_are_those_of_the_rounds(
    side: Callable[..., Side], record: Callable[..., Record]
) -> None:
    assert only(side([record("serial", MEASURED)])).cores_used == pytest.approx(1.0)


@pytest.mark.parametrize(("duel", "run_key"), [(None, "A"), ("d", "d")])
def test_launches_are_told_by_the_duel_or_else_the_run(
    side: Callable[..., Side], record: Callable[..., Record], duel: str | None, run_key: str
) -> None:
    sample = only(side([record("serial", [1.0])], duel=duel))

    assert list(sample.logs[Normalisation.RAW]) == [(run_key, 0)]


def test_a_plain_benchmark_is_compared_by_its_name(side: Callable[..., Side]) -> None:
    plain = Record(id="t.py::t", fullname="t.py::t", launches=[Launch(index=0, rounds_ns=[5])])

    assert side([plain]).samples()["t.py::t"].launches == 1


def test_each_launch_is_set_against_its_own_serial_time(
    side: Callable[..., Side], record: Callable[..., Record]
) -> None:
    pool, serial = (
        side([record("pool", [0.5, 1.0]), record("serial", [1.0, 2.0])]).samples().values()
    )
    pool.against(serial)

    assert list(pool.logs[Normalisation.SERIAL].values()) == pytest.approx(
        [-0.6931, -0.6931], abs=1e-4
    )


def test_serial_is_not_set_against_itself(
    side: Callable[..., Side], record: Callable[..., Record]
) -> None:
    serial = only(side([record("serial", MEASURED)]))
    serial.against(serial)

    assert Normalisation.SERIAL not in serial.logs


@pytest.mark.parametrize(
    ("kind", "queue_s", "counted"),
    [("io", 0.01, 3), ("io", 9.0, 0), ("io", None, 0), ("cpu", 0.01, 0)],
)
def test_noise_concerns_what_waits_only_if_that_was_kept_waiting_for_a_cpu(
    run: Callable[..., Run],
    record: Callable[..., Record],
    kind: str,
    queue_s: float | None,
    counted: int,
) -> None:
    launches = [
        msgspec.structs.replace(each, queue_s=queue_s) for each in record("pool", MEASURED).launches
    ]
    measured = run([record("pool", launches=launches, kind=kind)])
    noisy = graded(measured, *[Grade.NOISY] * len(measured.groups))

    assert only(Side("", [noisy])).launches == counted
