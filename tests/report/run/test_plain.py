"""Plain benchmarks beside one another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from raceway.record import Grade, GroupResult, Launch, Noise, Record, Status, Told
from raceway.report.run.plain import PLAIN_TITLES, plain_lines, plain_rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from raceway.record import Run


def plain(fullname: str, *rounds_us: int, **fields: object) -> Record:
    launches = [Launch(index=0, rounds_ns=[each * 1_000 for each in rounds_us])]
    return Record(id=fullname, fullname=fullname, launches=launches, **fields)


@pytest.fixture
def lines(run: Callable[..., Run]) -> Callable[..., list[str]]:
    return lambda *records: [line.plain.rstrip() for line in plain_lines(run(records), 80)]


def test_a_benchmark_has_median_spread_and_rounds(lines: Callable[..., list[str]]) -> None:
    assert lines(plain("bench/test_a.py::test_b", 10, 20, 30, 40))[2].split() == [
        "test_b", "25.0", "µs", "20.0", "µs", "4", "1",
    ]  # fmt: skip


def of_suite(run: Callable[..., Run], *grades: Grade) -> Run:
    """Return the run of a suite with one benchmark, measured once a grade."""
    name = "bench/test_a.py::test_b"
    launches = [Launch(index=n, rounds_ns=[10_000, 20_000]) for n in range(len(grades))]
    groups = [
        GroupResult(
            id=name, launch=n, started_at="", wall_s=1.0, noise=Noise(grade=grade), launches={}
        )
        for n, grade in enumerate(grades)
    ]  # fmt: skip
    return run([Record(id=name, fullname=name, launches=launches)], groups=groups)


def test_a_suites_benchmark_has_its_launches_and_their_usual_grade(run: Callable[..., Run]) -> None:
    measured = of_suite(run, Grade.QUIET, Grade.DISTURBED, Grade.DISTURBED)

    header, _, row, *_ = (line.plain.split() for line in plain_lines(measured, 80))
    assert (header[-3:], row[-3:]) == (["rounds", "launches", "grade"], ["6", "3", "B"])


def test_launches_and_grade_stay_in_sight_on_a_narrow_screen(run: Callable[..., Run]) -> None:
    measured = of_suite(run, Grade.QUIET, Grade.QUIET, Grade.QUIET)

    header, _, row, *legend = (line.plain for line in plain_lines(measured, 48))
    assert header.split()[-2:] == ["launches", "grade"]
    assert row.split()[-2:] == ["3", "A"]
    assert "left out at this width: " in legend[0]


def test_long_names_do_not_hide_launches_and_grade(run: Callable[..., Run]) -> None:
    measured = of_suite(run, Grade.QUIET, Grade.QUIET, Grade.QUIET)
    (record,) = measured.records
    long = replace(record, id="a", fullname=f"a.py::test_it[{'long ' * 20}x::y]")

    header, file, *rows = (
        line.plain for line in plain_lines(replace(measured, records=[record, long]), 80)
    )
    assert {"launches", "grade"} <= set(header.split())
    assert (file, rows[1]) == ("bench/test_a.py", "a.py")
    assert "x::y]" in rows[2]


def test_the_table_of_documents_tells_launches_and_grade_too(run: Callable[..., Run]) -> None:
    (row,) = plain_rows(of_suite(run, Grade.NOISY, Grade.NOISY, Grade.NOISY))

    told = dict(zip(PLAIN_TITLES, row, strict=True))
    assert (told["launches"], told["grade"]) == ("3", "C")


def test_a_benchmark_without_a_time_fills_its_row(run: Callable[..., Run]) -> None:
    (row,) = plain_rows(run([plain("a.py::b", 1, status=Status.FAILED, reason="no")]))

    assert row == ("a.py::b", "failed: no", *[""] * (len(PLAIN_TITLES) - 2))


def test_another_tools_file_tells_no_launches(run: Callable[..., Run]) -> None:
    ours = run([plain("a.py::b", 10, 20)])
    foreign = replace(ours, header=replace(ours.header, saved_by="pytest-benchmark 5.2.3"))

    assert "launches" not in next(plain_lines(foreign, 80)).plain


def test_one_round_has_no_spread(lines: Callable[..., list[str]]) -> None:
    assert "IQR" not in lines(plain("bench/test_a.py::test_b", 10))[0]


def test_parameters_of_a_test_stand_beside_the_fastest(lines: Callable[..., list[str]]) -> None:
    shown = lines(plain("a.py::test_b[asyncio]", 30, 30), plain("a.py::test_b[uvloop]", 20, 20))

    assert [line.split()[0] for line in shown[2:4]] == ["test_b[uvloop]", "test_b[asyncio]"]


def test_the_slower_one_tells_how_much_longer_it_takes(lines: Callable[..., list[str]]) -> None:
    shown = lines(plain("a.py::test_b[asyncio]", 30, 30), plain("a.py::test_b[uvloop]", 20, 20))

    assert shown[3].endswith("1.50×")


def test_a_benchmark_of_no_time_is_compared_with_nobody(lines: Callable[..., list[str]]) -> None:
    shown = lines(plain("a.py::test_b[x]", 0, 0), plain("a.py::test_b[y]", 20, 20))

    assert "×" not in "".join(shown)


def test_each_file_is_named_once(lines: Callable[..., list[str]]) -> None:
    shown = lines(plain("a.py::b", 1), plain("c.py::d", 1), plain("a.py::e", 1))

    assert [line for line in shown if ".py" in line] == ["a.py", "c.py"]


def test_a_failed_benchmark_has_its_reason_in_full(lines: Callable[..., list[str]]) -> None:
    failed = plain("a.py::b", 1, status=Status.FAILED, reason="assert 1 == 2\nboom")

    assert lines(failed) == ["failed a.py::b: assert 1 == 2", "  boom"]


def test_without_plain_benchmarks_there_is_no_table(lines: Callable[..., list[str]]) -> None:
    assert lines() == []


def test_statistics_of_another_tool_are_shown_as_they_are_told(
    lines: Callable[..., list[str]],
) -> None:
    told = Told(rounds=50_862, median_s=2e-7, iqr_s=1.5e-8)
    launch = Launch(index=0, rounds_ns=[200], told=told)

    shown = lines(Record(id="a.py::b", fullname="a.py::b", launches=[launch]))

    assert shown[2].split() == ["b", "200", "ns", "15.0", "ns", "50,862", "1"]


def test_what_is_not_told_is_not_shown(lines: Callable[..., list[str]]) -> None:
    launch = Launch(index=0, rounds_ns=[200], told=Told(mean_s=2e-7))

    shown = lines(Record(id="a.py::b", fullname="a.py::b", launches=[launch]))

    assert shown[0].split() == ["plain", "benchmark", "median", "launches"]
    assert shown[2].split() == ["b", "200", "ns", "(mean)", "1"]


def test_a_mean_is_not_compared_with_a_median(lines: Callable[..., list[str]]) -> None:
    mean = [Launch(index=0, rounds_ns=[200], told=Told(mean_s=2e-7))]
    median = [Launch(index=0, rounds_ns=[100], told=Told(median_s=1e-7))]

    shown = lines(
        Record(id="a.py::b[x]", fullname="a.py::b[x]", launches=mean),
        Record(id="a.py::b[y]", fullname="a.py::b[y]", launches=median),
    )

    assert "×" not in "".join(shown)
