from __future__ import annotations

import io
import json
from dataclasses import replace

import pytest
from rich.console import Console

from raceway.doctor.checks.checkup import checkup_of
from raceway.doctor.facts import Cores, Facts, Quota
from raceway.doctor.findings import Check, Checkup, Finding, Fit, State
from raceway.report.doctor import as_json, checkup_lines, show_checkup
from support.healthy import a_machine, some_facts


@pytest.fixture
def facts() -> Facts:
    """Return a healthy machine of four cores and a GPU."""
    facts: Facts = some_facts()
    return facts


def ill(facts: Facts) -> Checkup:
    return checkup_of(
        replace(facts, cores=Cores(4, 4, 4, 4, (1.0, 1.1)), quota=Quota(2.5), gpus=())
    )


def screen(checkup: Checkup, width: int = 80, encoding: str = "utf-8") -> list[str]:
    file = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    show_checkup(checkup, Console(file=file, width=width))
    file.seek(0)
    return file.read().splitlines()


def test_the_verdict_comes_first(facts: Facts) -> None:
    assert screen(checkup_of(facts))[0] == "raceway doctor: fit"
    assert screen(ill(facts))[0] == ("raceway doctor: not fit for parallel work: parallel capacity")


def test_a_problem_is_a_block_of_what_was_seen_what_follows_and_what_to_do(
    facts: Facts,
) -> None:
    seen, follows, remedy = screen(ill(facts), 300)[2:5]

    assert seen.startswith("bad   parallel capacity: 1.05 of 4 cores ran at once")
    assert follows.startswith("      4 workers do the work of")
    assert remedy.startswith("      Remedy: Stop other work")


def test_what_is_well_takes_a_line_each(facts: Facts) -> None:
    lines = screen(checkup_of(facts), 120)

    assert lines[2] == "ok    usable cores       all 4"
    assert [line[:2] for line in lines[2:-2]] == ["ok"] * (len(lines) - 4)


def test_what_is_not_told_comes_last_and_is_no_problem(facts: Facts) -> None:
    lines = screen(checkup_of(replace(facts, gpus=())), 120)

    assert (lines[0], lines[-3]) == ("raceway doctor: fit", "?     GPU                no GPU found")


@pytest.mark.parametrize("width", [40, 80, 120])
def test_no_line_is_wider_than_the_screen(facts: Facts, width: int) -> None:
    assert max(map(len, screen(ill(facts), width))) <= width


def test_continued_lines_keep_the_column(facts: Facts) -> None:
    lines = screen(ill(facts))
    block = lines[2 : lines.index("", 2)]

    assert all(line.startswith(("bad   ", "      ")) for line in block)
    assert len(block) > 3


def test_a_checkup_with_problems_alone_has_no_empty_part(facts: Facts) -> None:
    finding = Finding(Check.MEMORY, State.WARN, "little", "Swapping.", "Buy some.")
    checkup = Checkup(1, Fit.RESERVED, ("memory",), (finding,), facts)
    lines = [line.plain for line in checkup_lines(checkup, 200)]

    assert lines[:5] == [
        "raceway doctor: fit with reservations: memory",
        "",
        "warn  memory: little",
        "      Swapping.",
        "      Remedy: Buy some.",
    ]
    assert lines[5:6] == [""]
    assert lines[6].startswith("Machine: ")


def test_what_a_machine_tells_does_not_act_on_the_terminal(facts: Facts) -> None:
    machine = a_machine(governor="\x1b[2J\N{RIGHT-TO-LEFT OVERRIDE}")
    text = "\n".join(screen(checkup_of(replace(facts, machine=machine))))

    assert "governor: \\x1b[2J\\u202e" in text


def test_it_can_be_shown_in_ascii(facts: Facts) -> None:
    assert "".join(screen(ill(facts), encoding="ascii")).isascii()


def test_json_holds_verdict_findings_and_facts(facts: Facts) -> None:
    facts = replace(facts, thread_settings={"OMP_NUM_THREADS": "\udcff"}, libraries=("torch",))
    plain = json.loads(as_json(checkup_of(facts)))

    assert (plain["schema"], plain["fit"]) == ("raceway-doctor/1", "fit with reservations")
    assert plain["because"] == ["library threads"]
    assert plain["findings"][0]["check"] == "library threads"
    assert plain["facts"]["cores"]["capacities"] == [3.9, 3.95, 3.98]
    assert as_json(checkup_of(facts)).isascii()
