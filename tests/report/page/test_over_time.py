"""What happened over time, on the page."""

from __future__ import annotations

import re
from typing import Any

import pytest

from raceway.report.page.over_time import HEIGHT, WIDTH, polyline, traces_of
from raceway.report.page.page import Beside, page_html
from support.past import history_in, noisy, past

SLOWER = noisy(40, 1.2, 20)


def page_of(runs: list[Any]) -> str:
    path, newest = runs[-1]
    return page_html(newest, path, Beside(past=lambda: history_in(runs))).partition("<script")[0]


def test_a_change_is_marked_on_its_line_and_told_below() -> None:
    runs = past(SLOWER)
    (trace,) = traces_of(history_in(runs), runs[-1][1])

    assert [slower for *_, slower in trace.marks] == [True]
    assert trace.changes[0].startswith("+2")
    assert trace.runs == 40


def test_the_page_has_a_line_a_series() -> None:
    page = page_of(past(SLOWER))

    assert page.count("<polyline") == 1
    assert page.count('class="worse"') == 1
    assert "1 of 1 series changed level" in page
    assert re.search(r'<td class="words" colspan="6">\+2\d\.\d %', page)


def test_series_that_changed_come_first() -> None:
    runs = [*past(noisy(40), size="1"), *past(SLOWER, size="2")]
    newest = max(runs, key=lambda each: each[1].header.started_at)[1]
    both = history_in(runs)
    cases = [trace.case for trace in traces_of(both, newest)]

    assert cases == [each for each in cases if "-2-" in each]


def test_a_single_run_has_no_past() -> None:
    assert 'id="history"' not in page_of(past([1.0]))


def test_another_machines_past_is_left_out() -> None:
    here, there = past([1.0, 1.0]), past([2.0, 2.0], machine="other")

    assert len(traces_of(history_in([*here, *there]), here[-1][1])) == 1


def test_a_line_stays_in_its_picture() -> None:
    for x, y in polyline([1.0, 100.0, 0.01, 5.0]):
        assert 0 <= x <= WIDTH
        assert 0 <= y <= HEIGHT


def test_a_quiet_series_looks_flat() -> None:
    heights = [y for _, y in polyline([1.0, 1.01, 0.99])]

    assert max(heights) - min(heights) < HEIGHT / 4


@pytest.mark.parametrize("values", [[1.0], [2.0, 2.0]])
def test_a_line_needs_no_range(values: list[float]) -> None:
    assert len(polyline(values)) == len(values)
