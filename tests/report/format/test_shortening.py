"""Names too long for their place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.text import Text

from raceway.report.format.grid import Column, Grid
from raceway.report.format.sanitize import LONGEST_NAME, printable
from raceway.report.format.shortening import fitted, joined, shortened

LONG = "tests/benchmarks/test_of_some_module.py::TestOfSomeClass::test_something"
NAMES = [f"{LONG}[{size}-threads]" for size in (10, 100)] + [f"{LONG}_else"]


def test_a_name_that_fits_stays() -> None:
    assert shortened("test_a", 6) == "test_a"


def test_the_middle_gives_way() -> None:
    assert shortened("tests/a.py::test_b[10]", 16) == "tests…test_b[10]"


@given(st.text(max_size=90), st.integers(1, 60))
def test_nothing_is_longer_than_its_place(name: str, width: int) -> None:
    assert len(shortened(name, width)) <= width


@pytest.mark.parametrize("width", [20, 30, 50, 70])
def test_names_that_differ_at_the_end_stay_apart(width: int) -> None:
    shown = [joined(name, pieces) for name, pieces in fitted(NAMES, width).items()]

    assert len(set(shown)) == len(NAMES)
    assert max(map(len, shown)) <= width


@pytest.mark.parametrize("width", [20, 30, 50, 70])
def test_names_that_differ_in_the_middle_stay_apart(width: int) -> None:
    names = [f"{LONG}[{size}-{'x' * 60}]" for size in (10, 100)]
    shown = [joined(name, pieces) for name, pieces in fitted(names, width).items()]

    assert len(set(shown)) == len(names)
    assert max(map(len, shown)) <= width


@pytest.mark.parametrize("width", [24, 40, 60, 80, 200])
def test_a_table_shows_the_ends_of_its_names_at_every_width(width: int) -> None:
    rows = [[Text(name, "bold"), Text("1 ms")] for name in NAMES]
    grid = Grid([Column("case", left=True), Column("time")], rows, width)
    lines = [grid.line(row) for row in rows]

    assert len({line.plain for line in lines}) == len(NAMES)
    assert [line.plain.split()[0][-9:] for line in lines] == ["-threads]", "-threads]", "hing_else"]
    assert max(line.cell_len for line in lines) <= max(width, 26)


def test_a_name_longer_than_any_place_keeps_its_end() -> None:
    names = {printable(f"{'x' * 300}[{number}]") for number in range(3)}

    assert len(names) == 3
    assert max(map(len, names)) == LONGEST_NAME
