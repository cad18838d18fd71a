from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raceway.measure.group import noise
from raceway.measure.group.noise import Counters, NoiseEvidence, spread
from raceway.record import Grade

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.files import MakeTree

    Tell = Callable[..., None]

TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
STOLEN = "cpu  1 2 3 4 5 6 7 {ticks} 9 10\ncpu0 0 0 0 0 0 0 0 0 0 0\n"
PRESSURE = "some avg10=0.00 avg60=1.25 avg300=0.50 total={microseconds}\nfull avg10=0.00 total=9\n"

needs_sysconf = pytest.mark.skipif(not hasattr(os, "sysconf"), reason="needs os.sysconf")


def evidence(**seen: Any) -> NoiseEvidence:
    """Return what was seen of a group of ten seconds on four cores."""
    before, after = Counters(100.0, None, None), Counters(110.0, None, None)
    return NoiseEvidence(**{"before": before, "after": after, "usable_cores": 4, **seen})


def stolen(seconds: float) -> dict[str, Any]:
    return {"before": Counters(100.0, None, 7.0), "after": Counters(110.0, None, 7.0 + seconds)}


@pytest.mark.parametrize(
    ("seen", "grade"),
    [
        ({"capacity": 4.0}, Grade.QUIET),
        ({"capacity": 3.6}, Grade.QUIET),
        ({"capacity": 3.59}, Grade.DISTURBED),
        ({"capacity": 3.0}, Grade.DISTURBED),
        ({"capacity": 2.99}, Grade.NOISY),
        ({"cpu_share": 1.02}, Grade.QUIET),
        ({"cpu_share": 0.97}, Grade.QUIET),
        ({"cpu_share": 0.969}, Grade.DISTURBED),
        ({"cpu_share": 0.9}, Grade.DISTURBED),
        ({"cpu_share": 0.899}, Grade.NOISY),
        ({"anchor_spread": 0.05}, Grade.QUIET),
        ({"anchor_spread": 0.051}, Grade.DISTURBED),
        ({"anchor_spread": 0.15}, Grade.DISTURBED),
        ({"anchor_spread": 0.151}, Grade.NOISY),
        (stolen(0.0), Grade.QUIET),
        (stolen(0.39), Grade.QUIET),
        (stolen(0.41), Grade.DISTURBED),
        (stolen(1.99), Grade.DISTURBED),
        (stolen(2.01), Grade.NOISY),
    ],
)
def test_each_piece_of_evidence_is_graded(seen: dict[str, Any], grade: Grade) -> None:
    assert evidence(**seen).noise().grade is grade


def test_the_worst_piece_of_evidence_counts() -> None:
    assert evidence(capacity=4.0, cpu_share=0.5, anchor_spread=0.1).noise().grade is Grade.NOISY


def test_a_group_of_which_nothing_is_known_has_no_grade() -> None:
    assert evidence().noise().grade is Grade.UNKNOWN


def test_what_lowers_the_grade_is_told_in_words() -> None:
    seen = {"capacity": 2.0, "cpu_share": 0.95, "anchor_spread": 0.2, **stolen(0.8)}

    assert evidence(**seen).noise().reasons == [
        "50% of the cores ran side by side",
        "computing had a CPU 95% of the time",
        "the reference loop varied by 20%",
        "2% of the time was stolen",
    ]


def test_a_quiet_group_needs_no_words() -> None:
    assert evidence(capacity=4.0, cpu_share=1.0).noise().reasons == []


def test_pressure_is_a_share_of_the_group() -> None:
    before, after = Counters(100.0, 3.0, None), Counters(110.0, 5.5, None)

    assert evidence(before=before, after=after).noise().pressure_share == 0.25


def test_steal_is_a_share_of_the_time_of_all_cores() -> None:
    assert evidence(**stolen(2.0)).noise().steal_share == 0.05


def test_a_total_that_falls_is_no_negative_share() -> None:
    assert evidence(**stolen(-1.0)).noise().steal_share == 0.0


def test_a_group_of_no_time_has_no_shares() -> None:
    moment = Counters(100.0, 1.0, 1.0)

    assert evidence(before=moment, after=moment).noise().pressure_share is None


@pytest.fixture
def tell(make_tree: MakeTree, monkeypatch: pytest.MonkeyPatch) -> Tell:
    """Return a function that makes the system tell no more than this."""

    def make(**files: str) -> None:
        root = make_tree(files)
        monkeypatch.setattr(noise, "PRESSURE", root / "pressure")
        monkeypatch.setattr(noise, "STAT", root / "stat")

    return make


def test_pressure_is_read_in_seconds(tell: Tell) -> None:
    tell(pressure=PRESSURE.format(microseconds=2_500_000))

    assert Counters.read().pressure_s == 2.5


@needs_sysconf
def test_steal_is_read_in_seconds(tell: Tell) -> None:
    tell(stat=STOLEN.format(ticks=3 * TICKS))

    assert Counters.read().steal_s == 3.0


@pytest.mark.parametrize("content", ["", "nonsense\n", "some avg10=0.00\n"])
def test_pressure_that_cannot_be_read_is_not_known(tell: Tell, content: str) -> None:
    tell(pressure=content)

    assert Counters.read().pressure_s is None


@pytest.mark.parametrize("content", ["", "cpu 1 2 3\n", "a b c d e f g h i j"])
def test_steal_that_cannot_be_read_is_not_known(tell: Tell, content: str) -> None:
    tell(stat=content)

    assert Counters.read().steal_s is None


def test_a_system_that_tells_nothing_has_only_a_clock(tell: Tell) -> None:
    tell()
    counters = Counters.read()

    assert (counters.pressure_s, counters.steal_s) == (None, None)


def test_a_system_without_a_load_average_tells_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "getloadavg", raising=False)

    assert evidence().noise().load is None


@pytest.mark.skipif(not hasattr(os, "getloadavg"), reason="needs a load average")
def test_the_load_is_that_of_the_last_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "getloadavg", lambda: (1.5, 2.0, 3.0))

    assert evidence().noise().load == 1.5


def test_the_spread_is_the_interquartile_range_over_the_median() -> None:
    assert spread([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]) == 1.0


@pytest.mark.parametrize("values", [[], [1.0], [1.0, 2.0, 3.0], [0.0, 0.0, 0.0, 0.0]])
def test_the_spread_of_too_little_is_not_known(values: list[float]) -> None:
    assert spread(values) is None


@given(st.lists(st.integers(1, 10**9), min_size=4), st.integers(2, 1_000))
def test_the_spread_has_no_unit(values: list[int], factor: int) -> None:
    assert spread([value * factor for value in values]) == pytest.approx(spread(values))
