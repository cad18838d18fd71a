"""Plain benchmarks beside one another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from raceway.record import Launch, Record, Status, Told
from raceway.report.run.plain import plain_lines

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
        "test_b", "25.0", "µs", "20.0", "µs", "4",
    ]  # fmt: skip


def test_one_round_has_no_spread(lines: Callable[..., list[str]]) -> None:
    assert "IQR" not in lines(plain("bench/test_a.py::test_b", 10))[0]


def test_parameters_of_a_test_stand_beside_the_fastest(lines: Callable[..., list[str]]) -> None:
    shown = lines(plain("a.py::test_b[asyncio]", 30, 30), plain("a.py::test_b[uvloop]", 20, 20))

    assert [line.split()[0] for line in shown[2:]] == ["test_b[uvloop]", "test_b[asyncio]"]


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

    assert shown[2].split() == ["b", "200", "ns", "15.0", "ns", "50,862"]


def test_what_is_not_told_is_not_shown(lines: Callable[..., list[str]]) -> None:
    launch = Launch(index=0, rounds_ns=[200], told=Told(mean_s=2e-7))

    shown = lines(Record(id="a.py::b", fullname="a.py::b", launches=[launch]))

    assert shown[0].split() == ["plain", "benchmark", "median"]
    assert shown[2].split() == ["b", "200", "ns", "(mean)"]


def test_a_mean_is_not_compared_with_a_median(lines: Callable[..., list[str]]) -> None:
    mean = [Launch(index=0, rounds_ns=[200], told=Told(mean_s=2e-7))]
    median = [Launch(index=0, rounds_ns=[100], told=Told(median_s=1e-7))]

    shown = lines(
        Record(id="a.py::b[x]", fullname="a.py::b[x]", launches=mean),
        Record(id="a.py::b[y]", fullname="a.py::b[y]", launches=median),
    )

    assert "×" not in "".join(shown)
