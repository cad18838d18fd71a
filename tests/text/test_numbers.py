"""Numbers as people read them."""

from __future__ import annotations

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raceway.text import numbers


@pytest.mark.parametrize(
    ("value_s", "expected"),
    [
        (829e-6, "829 µs"),
        (1.6e-3, "1.60 ms"),
        (999.6e-6, "1.00 ms"),
        (67.7e-9, "67.7 ns"),
        (0.2e-9, "0.200 ns"),
        (12.34, "12.3 s"),
        (86400.0, "86400 s"),
        (1.0, "1.00 s"),
        (0.0, "0 ns"),
        (-0.0, "0 ns"),
        (None, "–"),
        (math.nan, "–"),
    ],
)
def test_times_have_three_digits_and_a_unit(value_s: float | None, expected: str) -> None:
    assert numbers.seconds(value_s) == expected


@pytest.mark.parametrize(
    ("value_s", "expected"),
    [(1.6e-3, "1.6 ms"), (0.01, "10 ms"), (1.0, "1 s"), (0.583, "580 ms"), (None, "–")],
)
def test_short_times_have_no_idle_zeros(value_s: float | None, expected: str) -> None:
    assert numbers.short_seconds(value_s) == expected


@pytest.mark.parametrize(
    ("value_bytes", "expected"),
    [(92_382_003, "88.1 MiB"), (512, "512 B"), (2**30, "1.00 GiB"), (1023.9, "1.00 KiB")],
)
def test_memory_is_in_binary_units(value_bytes: float, expected: str) -> None:
    assert numbers.memory(value_bytes) == expected


@pytest.mark.parametrize(
    ("value_bytes", "expected"),
    [(0, "0 B"), (64 * 2**20, "64 MiB"), (2**33, "8 GiB"), (1.5 * 2**30, "1.5 GiB")],
)
def test_short_amounts_of_memory_have_no_idle_zeros(value_bytes: float, expected: str) -> None:
    assert numbers.short_memory(value_bytes) == expected


@pytest.mark.parametrize(
    ("ratio", "expected"),
    [
        (1.9345, "1.93×"),
        (0.984, "0.98×"),
        (0.996, "1.00×"),
        (0.0123, "0.012×"),
        (12.34, "12.3×"),
        (575.4, "575×"),
        (1234.5, "1230×"),
        (1e9, "1e+09×"),
        (1e-9, "1e-09×"),
        (0.0, "0×"),
        (None, "–"),
    ],
)
def test_ratios_have_digits_that_matter(ratio: float | None, expected: str) -> None:
    assert numbers.times(ratio) == expected


def test_an_interval_stands_in_brackets() -> None:
    assert numbers.interval(1.899, 1.951) == "[1.90, 1.95]"


def test_no_interval_is_no_text() -> None:
    assert numbers.interval(None, None) == ""


@pytest.mark.parametrize(
    ("share", "expected"),
    [
        (0.973, "97 %"),
        (1.0, "100 %"),
        (1.024, "102 %"),
        (0.042, "4.2 %"),
        (0.0031, "0.31 %"),
        (0.9996, "100 %"),
        (math.nan, "–"),
        (None, "–"),
    ],
)
def test_shares_are_percents(share: float | None, expected: str) -> None:
    assert numbers.percent(share) == expected


@pytest.mark.parametrize(("value", "expected"), [(1.978, "1.98"), (-0.0, "0.00"), (None, "–")])
def test_cores_have_hundredths(value: float | None, expected: str) -> None:
    assert numbers.cores(value) == expected


@pytest.mark.parametrize(
    ("number", "noun", "expected"),
    [
        (1, "launch", "1 launch"),
        (5, "launch", "5 launches"),
        (1000, "task", "1,000 tasks"),
        (0, "case", "0 cases"),
        (2, "try", "2 tries"),
        (3, "process", "3 processes"),
    ],
)
def test_counts_agree_with_their_noun(number: int, noun: str, expected: str) -> None:
    assert numbers.count(number, noun) == expected


def test_nan_is_not_known() -> None:
    assert numbers.significant(math.nan) == "–"


@given(st.floats(1e-6, 1e6, exclude_max=True))
def test_a_rounded_number_is_within_half_a_percent(value: float) -> None:
    assert float(numbers.significant(value)) == pytest.approx(value, rel=0.0051)


@given(st.floats())
def test_no_number_is_shown_as_negative_zero_or_nan(value: float) -> None:
    shown = f"{numbers.seconds(abs(value))} {numbers.percent(abs(value))} {numbers.cores(value)}"

    assert not re.search(r"nan|-0(?![\d.]*[1-9])", shown)


@pytest.mark.parametrize(
    ("value", "text"),
    [(9_434.2, "9,430"), (123_456, "123,000"), (12.54, "12.5"), (0.1234, "0.123"), (999.6, "1,000"),
     (None, "–"), (float("nan"), "–")],
)  # fmt: skip
def test_rates_are_in_full(value: float | None, text: str) -> None:
    assert numbers.rate(value) == text
