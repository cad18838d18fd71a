from __future__ import annotations

import pytest

from raceway.cli.words import share_in
from raceway.errors import SelectionError


@pytest.mark.parametrize(
    ("option", "share"), [("5%", 0.05), ("0.05", 0.05), ("2.5 %", 0.025), ("1e-3", 0.001)]
)
def test_a_share_is_a_percentage_or_a_fraction(option: str, share: float) -> None:
    assert share_in(option, "--threshold") == pytest.approx(share)


@pytest.mark.parametrize(
    "option", ["", "%", "5", "0", "0%", "-1%", "100%", "nan", "nan%", "inf%", "5%x", "5%%", "five"]
)
def test_what_is_no_share_is_refused(option: str) -> None:
    with pytest.raises(SelectionError) as raised:
        share_in(option, "--threshold")

    assert str(raised.value) == f"--threshold {option}: give a share above 0, like 5% or 0.05"
