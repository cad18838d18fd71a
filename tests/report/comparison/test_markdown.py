"""A comparison as Markdown."""

from __future__ import annotations

import re
from math import log
from typing import TYPE_CHECKING

import pytest

from raceway.report.comparison.markdown import comparison_markdown, escaped
from support.single_runs import compared

if TYPE_CHECKING:
    from collections.abc import Callable

    from raceway.analysis.comparison.comparison import Comparison
    from raceway.record import Record
    from support.synthetic import Compare


HOSTILE = "<script>alert(1)</script> | `rm` [x](http://y) **b** \x1b\n# h"


def rows(markdown: str) -> list[str]:
    """Return all rows of tables, titles left out."""
    lines = [line for line in markdown.splitlines() if line.startswith("|")]
    return [line for line in lines if not line.startswith(("| case", "| ---"))]


def test_the_title_is_the_answer(every_verdict: Comparison) -> None:
    assert comparison_markdown(every_verdict).splitlines()[0] == (
        "### raceway: **1 slower**, **1 faster**, **1 missing**, **1 new**, **1 unclear**,"
        " **1 same**"
    )


def test_nothing_measured_says_so(comparison: Compare) -> None:
    assert comparison_markdown(comparison([], [])).startswith("### raceway: nothing was measured\n")


def test_both_sides_are_told(every_verdict: Comparison) -> None:
    lines = comparison_markdown(every_verdict).splitlines()

    assert (lines[2][:3], lines[3][:3]) == ("A: ", "B: ")


def test_what_is_true_of_all_cases_is_told(every_verdict: Comparison) -> None:
    assert "\nAll cases together: " in comparison_markdown(every_verdict)


def test_only_changed_cases_stand_before_the_fold(every_verdict: Comparison) -> None:
    before, _, _ = comparison_markdown(every_verdict).partition("<details>")

    assert [re.sub(r"\\", "", line).split(" | ")[1] for line in rows(before)] == [
        "slower", "faster", "missing: failed: a wrong answer", "new",
    ]  # fmt: skip


def test_all_cases_lie_folded(every_verdict: Comparison) -> None:
    _, _, folded = comparison_markdown(every_verdict).partition("<details>")

    assert len(rows(folded)) == 6


def test_without_changes_there_is_no_table_before_the_fold(
    comparison: Compare, record: Callable[..., Record], steady: list[float]
) -> None:
    both = [record("threads", steady, kind="io")]
    before, _, _ = comparison_markdown(comparison(both, both)).partition("<details>")

    assert "|" not in before


def test_the_fold_counts_its_cases(every_verdict: Comparison) -> None:
    assert "<details><summary>6 cases</summary>" in comparison_markdown(every_verdict)


def test_what_else_differs_is_listed(comparison: Compare) -> None:
    markdown = comparison_markdown(comparison([], [], b_version="3.14.0"))

    assert "- Python: 3.13.0 → 3.14.0" in markdown.splitlines()


def test_every_row_has_as_many_cells_as_titles(
    comparison: Compare, record: Callable[..., Record], steady: list[float]
) -> None:
    both = [record("threads", steady, id=HOSTILE, kind="io")]
    markdown = comparison_markdown(comparison(both, both))

    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows(markdown)} == {10}


@pytest.mark.parametrize("sign", list("<>|`[]()*_#!~&\\{}+-"))
def test_signs_that_mark_something_up_are_escaped(sign: str) -> None:
    assert escaped(f"a{sign}b") == f"a\\{sign}b"


def test_hostile_text_cannot_become_markup() -> None:
    assert not re.search(r"(?<!\\)[<>|`\[\]*#\n\x1b]", escaped(HOSTILE).replace("\\\\", ""))


def test_the_file_ends_with_a_line(every_verdict: Comparison) -> None:
    assert comparison_markdown(every_verdict).endswith("</details>\n")


def test_a_verdict_without_launches_says_so() -> None:
    markdown = comparison_markdown(compared([0.0], [log(10)]))

    assert "**1 slower (single runs)**" in markdown
    assert "| slower \\(single runs\\) | 10.0× " in markdown
