from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from raceway.session.lineup import Lineup

RESULTS = Path("results")


def test_a_lineup_holds_what_was_selected(surveyed: Lineup) -> None:
    threads = max(2, surveyed.machine.usable_cores)

    assert list(surveyed.entrants) == ["tiny-few-serial-w1", f"tiny-few-threads-w{threads}"]


def test_a_lineup_knows_its_interpreter(surveyed: Lineup) -> None:
    (current,) = surveyed.interpreters

    assert tuple(current.facts["version_info"]) == sys.version_info[:2]
