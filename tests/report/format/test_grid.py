"""Columns that line up and give way."""

from __future__ import annotations

import pytest
from rich.text import Text

from raceway.report.format.grid import Column, Grid

COLUMNS = (
    Column("model", left=True),
    Column("time"),
    Column("cold", "start to first answer", spare=1),
    Column("cores", spare=2),
)
SERIAL = [Text("serial"), Text("1.60 ms"), Text("5 ms"), Text("1.00")]
FORKSERVER = [Text("processes-forkserver-x"), Text("829 µs"), Text("49 ms"), Text("1.98")]
EMPTY = [Text("serial"), Text("1.60 ms"), Text("\N{EN DASH}"), Text("")]


def test_numbers_stand_flush_right() -> None:
    grid = Grid(COLUMNS, [SERIAL, FORKSERVER], 80)

    assert grid.line(FORKSERVER).plain == "processes-forkserver-x   829 µs  49 ms   1.98"


def test_lines_are_as_wide_as_their_header() -> None:
    grid = Grid(COLUMNS, [SERIAL, FORKSERVER], 80)

    assert grid.header().cell_len == grid.line(SERIAL).cell_len


def test_no_column_gives_way_to_a_name_beyond_the_length_allowed() -> None:
    long = [Text(f"{'a' * 60}[x]"), *SERIAL[1:]]

    grid = Grid(COLUMNS, [SERIAL, long], 45, longest=20)
    assert grid.header().plain.split() == ["model", "time", "cold", "cores"]
    assert "…" in grid.line(long).plain
    assert Grid(COLUMNS, [SERIAL, long], 45).header().plain.split() == ["model", "time"]


def test_titles_can_be_replaced() -> None:
    grid = Grid(COLUMNS, [SERIAL], 80)

    assert "a task" in grid.header(time="a task").plain


@pytest.mark.parametrize(
    ("width", "shown"),
    [
        (80, ["model", "time", "cold", "cores"]),
        (42, ["model", "time", "cold"]),
        (33, ["model", "time"]),
    ],
)
def test_spare_columns_give_way(width: int, shown: list[str]) -> None:
    assert Grid(COLUMNS, [SERIAL, FORKSERVER], width).header().plain.split() == shown


def test_then_the_first_column_loses_its_middle() -> None:
    grid = Grid(COLUMNS, [SERIAL, FORKSERVER], 29)

    assert grid.line(FORKSERVER).plain == "proces…-forkserver-x   829 µs"


def test_no_width_makes_it_narrower_than_its_least() -> None:
    grid = Grid(COLUMNS, [SERIAL, FORKSERVER], 1)

    assert grid.line(FORKSERVER).plain == "proces…-forkserver-x   829 µs"


def test_a_column_that_tells_nothing_is_left_out() -> None:
    assert Grid(COLUMNS, [EMPTY], 80).header().plain.split() == ["model", "time"]


def test_the_legend_explains_what_is_shown() -> None:
    assert Grid(COLUMNS, [SERIAL], 80).legend() == "cold: start to first answer"


def test_the_legend_tells_what_is_left_out_for_lack_of_width() -> None:
    legend = Grid(COLUMNS, [SERIAL, FORKSERVER], 33).legend()

    assert legend == "left out at this width: cold, cores"
