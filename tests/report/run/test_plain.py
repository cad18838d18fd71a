"""Plain benchmarks beside one another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from raceway.record import Launch, Record, Status
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
