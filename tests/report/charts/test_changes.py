"""The chart of what changed, case by case."""

from __future__ import annotations

from math import log
from typing import TYPE_CHECKING

from msgspec.structs import replace

from raceway.analysis.comparison.comparison import compare_sides
from raceway.report.charts.changes import change_figures
from raceway.report.charts.files import write_charts
from support.single_runs import plain_run
from support.synthetic import a_side

if TYPE_CHECKING:
    from pathlib import Path

LONG = "tests/benchmarks/test_of_some_module.py::TestOfSomeClass::test_something"


def test_long_names_keep_their_ends(tmp_path: Path) -> None:
    names = [f"{LONG}[{size}]" for size in (10, 1000)]
    a, b = (
        [replace(each, id=name, fullname=name)
         for each, name in zip(plain_run([level] * 2), names, strict=True)]
        for level in (0.0, log(10))
    )  # fmt: skip
    rows = compare_sides(a_side(a, "A"), a_side(b, "B")).rows
    svg, _ = write_charts(list(change_figures(rows, 0.02)), tmp_path)

    drawn = svg.read_text()
    assert "…" in drawn
    assert "test_something[10]</text>" in drawn
    assert "test_something[1000]</text>" in drawn
