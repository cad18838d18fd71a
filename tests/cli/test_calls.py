from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from raceway import __version__

if TYPE_CHECKING:
    from pathlib import Path

    from support.command import Raceway


def test_the_version_is_told(raceway: Raceway) -> None:
    assert raceway("--version") == (0, [f"raceway {__version__}"], [])


def test_no_command_shows_the_commands(raceway: Raceway) -> None:
    code, output, errors = raceway()

    assert {"list", "report", "recover", "race"} <= {
        line.strip("│ ").split(" ")[0] for line in output
    }
    assert (code, errors) == (4, [])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("bogus",), "No such command 'bogus'."),
        (("--bogus",), "No such option: --bogus"),
        (("race", "tiny.py", "--launches=x"), "Invalid value for '--launches': "),
    ],
)
def test_a_wrong_call_is_refused_in_one_line(
    raceway: Raceway, arguments: tuple[str, ...], said: str
) -> None:
    code, _, (error,) = raceway(*arguments)

    assert error.startswith(f"raceway: {said}")
    assert error.endswith("(see raceway --help)")
    assert code == 4


def test_the_list_tells_what_races_here(raceway: Raceway, tiny: Path) -> None:
    code, output, errors = raceway("list", f"--workload={tiny}")

    assert any(re.fullmatch(r"\d+ of \d+ cases race here\.", line.strip()) for line in output)
    assert max(map(len, output)) <= 80
    assert (code, errors) == (0, [])


def test_the_list_as_json_holds_every_case(raceway: Raceway, tiny: Path) -> None:
    code, output, errors = raceway("list", "--json", f"--workload={tiny}")

    cases = {case["case"]: case for case in json.loads("\n".join(output))["cases"]}
    assert cases["tiny-few-serial-w1"]["races"]
    assert (code, errors) == (0, [])
