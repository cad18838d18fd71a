"""Fewer of many."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from raceway.report.format.thinning import thinned


@given(st.lists(st.integers(), max_size=300), st.integers(2, 50))
def test_few_are_left_and_both_ends_among_them(items: list[int], most: int) -> None:
    kept = thinned(items, most)

    assert len(kept) == min(len(items), most)
    assert kept[:1] == items[:1]
    assert kept[-1:] == items[-1:]


def test_what_is_left_is_evenly_spaced() -> None:
    assert thinned(range(101), 5) == [0, 25, 50, 75, 100]
