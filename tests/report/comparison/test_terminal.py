"""A comparison on the terminal."""

from __future__ import annotations

from math import log
from typing import TYPE_CHECKING

import msgspec
import pytest

from raceway.analysis.comparison.comparison import compare_sides
from raceway.analysis.comparison.verdicts import Terms
from raceway.record import Status
from support.single_runs import compared

if TYPE_CHECKING:
    from collections.abc import Callable

    from raceway.analysis.comparison.comparison import Comparison
    from raceway.analysis.comparison.samples import Side
    from raceway.record import Record, Run
    from support.synthetic import Compare


AT_80 = """\
A  A (run A, 2026-11-23 04:55, 0123456 changed)
B  B (run B, 2026-11-23 04:55, 0123456 changed)
1 slower, 1 faster, 1 missing, 1 new, 1 unclear, 1 same (threshold 2% of the
    time; confidence 0.95)
all cases together, geometric mean: -16.8% [-24.3%, -8.5%]

case                         change                   could see  launches  by
slower
  sleep-slower-threads-w64   +20.0% [+18.5%, +21.5%]      +3.8%       5:5  raw
faster
  sleep-faster-threads-w64   0.40× [0.40×, 0.40×]         +3.8%       5:5  raw
missing
  sleep-missing-threads-w64  ~                                –       5:0  –
    failed: a wrong answer
new
  sleep-new-threads-w64      ~                                –       0:5  –
unclear (cannot tell)
  sleep-unclear-threads-w64  +0.0% [-30.8%, +44.4%]      +69.8%       5:5  raw
same
  sleep-same-threads-w64     +0.0% [-1.2%, +1.2%]         +3.8%       5:5  raw
change: B's time over A's, with its interval; could see: the smallest detectable
    change; by: seconds (raw), the reference loop (anchor), or serial; left out
    at this width: A, B, noise

unclear: the interval is too wide (1 case)
nothing else differs: same machine, interpreters, libraries and commit

"""
AT_120 = """\
A  A (run A, 2026-11-23 04:55, 0123456 changed)
B  B (run B, 2026-11-23 04:55, 0123456 changed)
1 slower, 1 faster, 1 missing, 1 new, 1 unclear, 1 same (threshold 2% of the time; confidence 0.95)
all cases together, geometric mean: -16.8% [-24.3%, -8.5%]

case                         change                   could see       A        B  launches  by   noise
slower
  sleep-slower-threads-w64   +20.0% [+18.5%, +21.5%]      +3.8%  100 ms   120 ms       5:5  raw    A:A
faster
  sleep-faster-threads-w64   0.40× [0.40×, 0.40×]         +3.8%  100 ms  40.0 ms       5:5  raw    A:A
missing
  sleep-missing-threads-w64  ~                                –  100 ms        –       5:0  –      A:?
    failed: a wrong answer
new
  sleep-new-threads-w64      ~                                –       –   100 ms       0:5  –      ?:A
unclear (cannot tell)
  sleep-unclear-threads-w64  +0.0% [-30.8%, +44.4%]      +69.8%  100 ms   100 ms       5:5  raw    A:A
same
  sleep-same-threads-w64     +0.0% [-1.2%, +1.2%]         +3.8%  100 ms   100 ms       5:5  raw    A:A
change: B's time over A's, with its interval; could see: the smallest detectable change; A: a pass; by: seconds (raw),
    the reference loop (anchor), or serial; noise: grades of A and B

unclear: the interval is too wide (1 case)
nothing else differs: same machine, interpreters, libraries and commit

"""  # noqa: E501 (a screen wider than this page)
HOSTILE = "\x1b]0;owned\x07[red]x[/] :smile: \u202e"


@pytest.mark.parametrize(("width", "text"), [(80, AT_80), (120, AT_120)])
def test_each_verdict_is_shown_in_its_place(
    every_verdict: Comparison, compared_on: Callable[..., str], width: int, text: str
) -> None:
    assert compared_on(every_verdict, width).splitlines() == text.splitlines()


@pytest.mark.parametrize("width", [40, 80, 120])
def test_nothing_is_wider_than_the_terminal(
    every_verdict: Comparison, compared_on: Callable[..., str], width: int
) -> None:
    assert max(map(len, compared_on(every_verdict, width).splitlines())) <= max(width, 46)


def test_an_ascii_screen_gets_ascii(
    every_verdict: Comparison, compared_on: Callable[..., str]
) -> None:
    assert compared_on(every_verdict, encoding="ascii").isascii()


def test_an_ascii_screen_gets_no_question_mark_for_our_own_signs(
    comparison: Compare, record: Callable[..., Record], steady: list[float],
    compared_on: Callable[..., str],
) -> None:  # fmt: skip
    a, b = ([record("threads", [factor * s for s in steady], kind="io")] for factor in (1, 3))
    compared = comparison(a, b, b_version="3.14.0")

    assert "?" not in compared_on(compared, encoding="ascii")


def test_nothing_compared_says_so(comparison: Compare, compared_on: Callable[..., str]) -> None:
    assert "no case was measured on either side" in compared_on(comparison([], []))


def test_terms_are_told(
    record: Callable[..., Record], steady: list[float], side: Callable[..., Side],
    compared_on: Callable[..., str],
) -> None:  # fmt: skip
    both = side([record("threads", steady, kind="io")])
    compared = compare_sides(both, both, Terms(threshold=0.005, confidence=0.99))

    assert "(threshold 0.50% of the time; confidence 0.99)" in compared_on(compared, 120)


def test_machines_are_compared_by_speedup(
    comparison: Compare, run: Callable[..., Run], record: Callable[..., Record],
    steady: list[float], compared_on: Callable[..., str],
) -> None:  # fmt: skip
    other = msgspec.structs.replace(run().header.machine, id="other")
    both = [record("serial", steady)]

    assert "of the speedup over serial, as the machines differ" in compared_on(
        comparison(both, both, b_machine=other), 120
    )


def test_reasons_of_unclear_cases_are_counted(
    comparison: Compare, record: Callable[..., Record], compared_on: Callable[..., str]
) -> None:
    both = [record("threads", [1.0], id=name, kind="io") for name in ("one", "two")]

    assert "unclear: 1 of the 3 launches a verdict needs (2 cases)" in compared_on(
        comparison(both, both)
    )


def test_what_else_differs_is_told(comparison: Compare, compared_on: Callable[..., str]) -> None:
    shown = compared_on(comparison([], [], b_version="3.14.0"))

    assert "Python: 3.13.0 -> 3.14.0" in shown.splitlines()


def test_where_nothing_else_differs_that_is_told(
    comparison: Compare, compared_on: Callable[..., str]
) -> None:
    assert "nothing else differs: same machine" in compared_on(comparison([], []))


def test_hostile_names_stay_text(
    comparison: Compare, record: Callable[..., Record], steady: list[float],
    compared_on: Callable[..., str],
) -> None:  # fmt: skip
    both = [record("threads", steady, id=HOSTILE, kind="io")]

    assert r"\x1b]0;owned\x07[red]x[/] :smile: \u202e" in compared_on(comparison(both, both), 160)


def test_hostile_reasons_and_versions_stay_text(
    comparison: Compare, record: Callable[..., Record], steady: list[float],
    compared_on: Callable[..., str],
) -> None:  # fmt: skip
    failed = record("threads", kind="io", status=Status.FAILED, reason=HOSTILE)
    compared = comparison([record("threads", steady, kind="io")], [failed], b_version=HOSTILE)

    assert compared_on(compared).replace("\n", "").isprintable()


def test_verdicts_without_launches_say_so_and_what_they_rest_on(
    compared_on: Callable[..., str],
) -> None:
    shown = compared_on(compared([0.0, 0.0], [log(10), 0.0]), 120)

    assert "1 slower (single runs), 1 unclear" in shown
    assert "\nslower (single runs)\n" in shown
    assert "single runs, without launches: 2 cases by a prior of 10 %, at 99% confidence" in shown


def test_earlier_runs_are_named_as_the_ground_of_a_verdict(
    compared_on: Callable[..., str],
) -> None:
    shown = compared_on(compared([0.0], [log(10)], [0.01], [-0.01]), 120)

    assert "1 case judged by how far earlier runs of it lie apart" in shown
