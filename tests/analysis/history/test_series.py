"""Runs as series over time."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec
import pytest

from raceway.analysis.comparison.normalisation import Normalisation
from raceway.analysis.history.past import moment
from raceway.record import Grade, Launch, Status
from support.past import noisy, past, series_in, with_python

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from raceway.analysis.history.series import Series, SeriesPoint
    from raceway.record import Header, Record, Run


def points(series: Series) -> list[SeriesPoint]:
    return [series.point(index) for index in range(len(series))]


def upgraded(**facts: object) -> Callable[[int, Header], Header]:
    return lambda day, header: with_python(header, **facts) if day >= 10 else header


def test_points_stand_in_the_order_of_their_runs() -> None:
    (series,) = series_in(reversed(past([1.0, 2.0, 3.0])))

    assert [point.pass_s for point in points(series)] == pytest.approx([1.0, 2.0, 3.0])
    assert [point.header.run_id for point in points(series)] == ["one-000", "one-001", "one-002"]


def test_each_machine_has_series_of_its_own() -> None:
    every = series_in([*past([1.0], machine="two"), *past([1.0])])

    assert [series.place.machine for series in every] == ["one", "two"]


@pytest.mark.parametrize(
    ("facts", "interpreters"),
    [
        ({"version": "3.13.2", "libraries": {"numpy": "2.0"}}, ["CPython 3.13 (current)"]),
        ({"version": "3.14.0"}, ["CPython 3.13 (current)", "CPython 3.14 (current)"]),
        (
            {"free_threaded": True, "gil_enabled": False},
            ["CPython 3.13 (current)", "CPython 3.13 free-threaded (current)"],
        ),
        (
            {"free_threaded": True},
            ["CPython 3.13 (current)", "CPython 3.13 free-threaded with GIL (current)"],
        ),
    ],
)
def test_feature_releases_and_builds_have_series_of_their_own_and_patches_have_not(
    facts: dict[str, object], interpreters: list[str]
) -> None:
    every = series_in(past([1.0] * 12, edit=upgraded(**facts)))

    assert [series.place.interpreter for series in every] == interpreters


def test_an_interpreter_that_is_not_described_goes_by_its_label() -> None:
    def undescribed(_: int, header: Header) -> Header:
        return msgspec.structs.replace(header, environments=[])

    (series,) = series_in(past([1.0], edit=undescribed))

    assert series.place.interpreter == "current"


def test_only_wanted_cases_have_series() -> None:
    runs = [*past([1.0]), *past([1.0], size="9")]

    assert [series.case for series in series_in(runs, lambda case: "-9-" in case)] == [
        "primes-9-serial-w1@"
    ]


@pytest.mark.parametrize(
    "case", [{"status": Status.FAILED}, {"status": Status.SKIPPED}, {"computed_s": 1.0}]
)
def test_what_was_not_measured_is_no_point(case: dict[str, object]) -> None:
    without = [] if "computed_s" in case else [Launch(index=0, rounds_ns=[1])]

    runs = past([1.0])
    path, run = runs[0]
    record = msgspec.structs.replace(run.records[0], launches=without, **case)

    assert series_in([(path, msgspec.structs.replace(run, records=[record]))]) == []


def test_noisy_runs_are_shown_and_not_judged() -> None:
    (series,) = series_in(past([1.0, 2.0, 3.0], noise=[1]))

    assert [point.grade for point in points(series)] == [Grade.QUIET, Grade.NOISY, Grade.QUIET]
    assert series.values == pytest.approx([1.0, 3.0])


def test_plain_benchmarks_have_series_of_unknown_grade(record: Callable[..., Record]) -> None:
    path, run = past([1.0])[0]
    plain = msgspec.structs.replace(record("", [2.0]), workload="", id="bench/test_a.py::test_b")
    (series,) = series_in([(path, msgspec.structs.replace(run, records=[plain]))])

    assert (series.case, series.point(0).grade) == ("bench/test_a.py::test_b", Grade.UNKNOWN)


def test_copies_of_a_run_count_once() -> None:
    ((path, run),) = past([1.0])
    (series,) = series_in([(path, run), (path.with_name("copy.json"), run)])

    assert len(series) == 1


def test_a_run_that_was_resumed_counts_as_what_it_became() -> None:
    def resumed(day: int, header: Header) -> Header:
        return msgspec.structs.replace(header, resumed_from="one-000") if day == 1 else header

    (series,) = series_in(past([1.0, 2.0], edit=resumed))

    assert [point.pass_s for point in points(series)] == [2.0]


def drifting(days: int = 40) -> tuple[list[float], list[float]]:
    """Return passes that drift with the machine, and anchors that do so too."""
    drift = noisy(days, seed=7)
    passes = [value**5 for value in drift]
    return passes, [
        1e-3 * pass_s * own**0.2 for pass_s, own in zip(passes, noisy(days), strict=True)
    ]


def test_an_anchor_that_takes_noise_away_is_used() -> None:
    passes_s, anchors_s = drifting()
    (series,) = series_in(past(passes_s, anchors_s=anchors_s))

    assert series.normalisation is Normalisation.ANCHOR
    assert series.values == pytest.approx([1000 / 1.0] * 40, rel=0.02)
    assert series.point(0).value == series.values[0]
    assert series.point(0).pass_s == pytest.approx(passes_s[0])


def test_an_anchor_that_brings_noise_is_not_used() -> None:
    _, anchors_s = drifting()
    (series,) = series_in(past(noisy(40, seed=3), anchors_s=anchors_s))

    assert series.normalisation is Normalisation.RAW
    assert series.values == pytest.approx(noisy(40, seed=3))


def test_a_constant_series_stays_raw() -> None:
    (series,) = series_in(past([1.0] * 40, anchors_s=[1e-3] * 40))

    assert series.normalisation is Normalisation.RAW


def test_an_anchor_is_not_used_across_interpreters() -> None:
    passes_s, anchors_s = drifting()
    edit = upgraded(version="3.13.2")
    (series,) = series_in(past(passes_s, anchors_s=anchors_s, edit=edit))

    assert series.normalisation is Normalisation.RAW


def test_too_few_runs_do_not_show_what_an_anchor_is_worth() -> None:
    passes_s, anchors_s = drifting(9)
    (series,) = series_in(past(passes_s, anchors_s=anchors_s))

    assert series.normalisation is Normalisation.RAW


def test_an_anchor_that_some_runs_lack_is_not_used() -> None:
    passes_s, anchors_s = drifting()
    runs: list[tuple[Path, Run]] = [
        *past(passes_s, anchors_s=anchors_s)[:30],
        *past(passes_s)[30:],
    ]
    (series,) = series_in(runs)

    assert series.normalisation is Normalisation.RAW


@pytest.mark.parametrize(
    ("iso", "expected"),
    [
        ("2026-11-20T12:00:00+02:00", datetime(2026, 11, 20, 10, tzinfo=UTC)),
        ("2026-11-20T12:00:00", datetime(2026, 11, 20, 12, tzinfo=UTC)),
        ("yesterday", datetime.min.replace(tzinfo=UTC)),
    ],
)
def test_times_are_read_as_utc_and_others_come_first(iso: str, expected: datetime) -> None:
    assert moment(iso) == expected


@pytest.mark.parametrize(
    ("works", "lengths"),
    [
        (["a", "a", "a"], [3]),
        (["a", "b", "b"], [1, 2]),
        (["a", "b", "a"], [2, 1]),
        (["", "a", "a"], [3]),
        (["", "a", "b"], [2, 1]),
        (["a", "b", ""], [1, 2]),
    ],
    ids=["the same", "other work", "back again", "not known before", "both", "not known since"],
)
def test_other_work_begins_another_series(works: list[str], lengths: list[int]) -> None:
    runs = [
        (path, msgspec.structs.replace(run, records=[
            msgspec.structs.replace(record, work_digest=work) for record in run.records
        ]))
        for (path, run), work in zip(past([1.0, 2.0, 3.0]), works, strict=True)
    ]  # fmt: skip

    assert [len(series) for series in series_in(runs)] == lengths
