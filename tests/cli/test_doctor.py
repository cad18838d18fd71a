from __future__ import annotations

import json
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from raceway.doctor.facts import Cores
from support.healthy import some_facts

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from raceway.doctor.facts import Facts
    from support.command import Raceway


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> Callable[[Cores], None]:
    """Let a healthy machine be probed; return what gives it other cores."""
    facts: list[Facts] = [some_facts()]

    async def probe() -> Facts:
        return facts[-1]

    monkeypatch.setattr("raceway.cli.doctor.probe_facts", probe)
    return lambda cores: facts.append(replace(facts[0], cores=cores))


ILL = Cores(4, 4, 4, 4, (1.0, 1.1))


def test_the_verdict_is_the_first_line(raceway: Raceway) -> None:
    code, output, errors = raceway("doctor")

    assert output[0] == "raceway doctor: fit"
    assert (code, errors) == (0, [])


def test_a_bad_machine_is_no_failure_of_the_command(
    raceway: Raceway, patient: Callable[[Cores], None]
) -> None:
    patient(ILL)
    code, output, _ = raceway("doctor")

    assert output[0] == "raceway doctor: not fit for parallel work: parallel capacity"
    assert code == 0


@pytest.mark.parametrize(("cores", "code"), [(ILL, 1), (Cores(4, 2, 2, 4, (2.0,)), 0)])
def test_strict_fails_only_on_what_is_bad(
    raceway: Raceway, patient: Callable[[Cores], None], cores: Cores, code: int
) -> None:
    patient(cores)

    assert raceway("doctor", "--strict")[0] == code


def test_on_standard_output_json_is_alone(raceway: Raceway) -> None:
    code, output, errors = raceway("doctor", "--json", "-")

    assert json.loads("\n".join(output))["schema"] == "raceway-doctor/1"
    assert (code, errors[0]) == (0, "raceway doctor: fit")


def test_json_is_saved_beside_what_is_shown(raceway: Raceway, tmp_path: Path) -> None:
    _, output, _ = raceway("doctor", "--json", "health.json")

    assert output[0] == "raceway doctor: fit"
    assert json.loads((tmp_path / "health.json").read_text(encoding="utf-8"))["fit"] == "fit"


def test_a_file_that_cannot_be_written_is_told_in_one_line(raceway: Raceway) -> None:
    code, _, (error,) = raceway("doctor", "--json", "no/such/folder.json")

    assert code == 4
    assert error == (
        "raceway: no/such/folder.json: cannot write (No such file or directory). "
        "Check the folder and its disk, or choose another folder."
    )


def test_who_waits_at_a_terminal_is_told_how_long(
    raceway: Raceway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)

    assert raceway("doctor")[2] == ["measuring for about four seconds …"]
