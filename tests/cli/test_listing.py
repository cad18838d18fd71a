from __future__ import annotations

import io
import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from rich.console import Console

from raceway.cli.listing import as_plain, show_listing

if TYPE_CHECKING:
    from raceway.session.lineup import Lineup

SERIAL = "tiny-few-serial-w1"
NO_DEVICE = "no cuda device"


@pytest.fixture
def listed(lineup: Lineup) -> Lineup:
    """Return a lineup of three cases: one races, one is computed, one lacks its device."""
    serial = lineup.entrants[SERIAL]
    computed = replace(serial, case=replace(serial.case, size="long"), computed_s=2.5)
    lacking = replace(serial, case=replace(serial.case, model="cuda"), reason=NO_DEVICE)
    entrants = {one.case.id: one for one in (serial, computed, lacking)}
    return replace(lineup, entrants=entrants)


def shown(lineup: Lineup, width: int) -> list[str]:
    console = Console(file=io.StringIO(), width=width, color_system=None)
    show_listing(lineup, console)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue().splitlines()


@pytest.mark.parametrize("width", [40, 80, 120])
def test_no_line_is_longer_than_the_terminal_is_wide(listed: Lineup, width: int) -> None:
    assert max(map(len, shown(listed, width))) <= width


@pytest.mark.parametrize("width", [80, 120])
def test_every_model_and_workload_is_listed(listed: Lineup, width: int) -> None:
    first_words = {line.split()[0] for line in shown(listed, width) if line.strip()}

    assert {*listed.catalogue.models, *listed.catalogue.workloads} <= first_words


def test_a_workload_is_listed_with_its_cases_and_sizes(listed: Lineup) -> None:
    (line,) = (line for line in shown(listed, 120) if line.startswith(" tiny "))

    assert line.split() == ["tiny", "2/3", "cpu", "few", "doubling"]


def test_a_model_is_listed_with_its_cases_and_family(listed: Lineup) -> None:
    (line,) = (line for line in shown(listed, 120) if line.startswith(" serial "))

    assert line.split() == ["serial", "2/2", "one", "core", "a", "plain", "loop"]


def test_cases_that_do_not_race_are_listed_by_the_reason(listed: Lineup) -> None:
    lines = [" ".join(line.split()) for line in shown(listed, 80)]
    total = lines.index("1 of 3 cases race here.")

    assert sorted(lines[total + 1 :]) == [
        "1 computed from its waits, not measured (tiny by serial)",
        "1 no cuda device (tiny by cuda)",
    ]


def test_a_long_reason_goes_on_below_its_beginning(listed: Lineup) -> None:
    (_, reasons), *_ = [("", shown(listed, 40))]
    begin = next(line for line in reasons if "computed from" in line)
    rest = reasons[reasons.index(begin) + 1]

    assert rest.index(rest.strip()[0]) == begin.index("computed")


def test_the_models_of_a_reason_are_named_together(listed: Lineup) -> None:
    lacking = listed.entrants["tiny-few-cuda-w1"]
    torch = replace(lacking, case=replace(lacking.case, model="torch"))
    entrants = {"1": lacking, "2": torch, "3": replace(torch)}

    assert "  3 no cuda device (tiny by cuda, torch)" in [
        f" {line.rstrip()}" for line in shown(replace(listed, entrants=entrants), 80)
    ]


def test_the_plain_catalogue_survives_json(listed: Lineup) -> None:
    plain = as_plain(listed)

    assert json.loads(json.dumps(plain)) == plain


def test_the_plain_catalogue_holds_every_case_with_its_fate(listed: Lineup) -> None:
    fates = [
        (case["case"], case["races"], case["reason"], case["computed_s"])
        for case in as_plain(listed)["cases"]
    ]

    assert fates == [
        ("tiny-few-serial-w1", True, None, None),
        ("tiny-long-serial-w1", False, None, 2.5),
        ("tiny-few-cuda-w1", False, NO_DEVICE, None),
    ]


def test_the_plain_catalogue_describes_models_and_workloads(listed: Lineup) -> None:
    plain = as_plain(listed)

    assert plain["workloads"]["tiny"] == {"summary": "doubling", "kind": "cpu", "sizes": ["few"]}
    assert plain["models"]["serial"] == {
        "summary": "a plain loop",
        "family": "one core",
        "kinds": ["cpu", "io", "tensor"],
    }
