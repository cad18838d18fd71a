"""Series as small bars."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raceway.report.format.sparkline import ASCII_BARS, BARS, bars_for, sparkline

values = st.lists(st.floats(1e-9, 1e9), max_size=50)
cells = st.integers(1, 40)


def test_a_series_that_doubles_rises_from_bottom_to_top() -> None:
    assert sparkline([1, 1, 2, 2], 4) == "▁▁██"


def test_a_quiet_series_looks_flat() -> None:
    assert sparkline([1.0, 1.005, 1.0, 0.995], 4) == "▅▅▅▄"


def test_more_values_than_cells_are_shown_by_their_medians() -> None:
    assert sparkline([1, 1, 99, 2, 2, 2], 2) == "▁█"


def test_nothing_is_shown_by_nothing() -> None:
    assert sparkline([], 5) == ""


@pytest.mark.parametrize(
    ("encoding", "bars"), [("utf-8", BARS), ("ascii", ASCII_BARS), ("latin-1", ASCII_BARS)]
)
def test_bars_are_what_the_encoding_can_show(encoding: str, bars: str) -> None:
    assert bars_for(encoding) == bars


@given(values, cells)
def test_there_is_a_bar_for_each_value_or_cell(values: list[float], cells: int) -> None:
    assert len(sparkline(values, cells)) == min(len(values), cells)


@given(values, cells)
def test_a_series_twice_as_large_looks_the_same(values: list[float], cells: int) -> None:
    twice = [2 * value for value in values]

    drawn = zip(sparkline(values, cells), sparkline(twice, cells), strict=True)
    assert all(abs(BARS.index(a) - BARS.index(b)) <= 1 for a, b in drawn)
