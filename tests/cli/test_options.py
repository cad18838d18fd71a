"""The commands' options are those of the table, and so are pytest's."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
import typer
from typer.main import get_command

from raceway.cli import app
from raceway.cli.commands import COMMANDS
from raceway.cli.options import takes
from raceway.session.options import ADDITIONS, CHOICES, OPTIONS, Asked
from raceway.store.runs import load

if TYPE_CHECKING:
    from pathlib import Path

    from support.command import Raceway

ONE_MORE = """
from raceway.session import options
from raceway.session.option import Option

options.OPTIONS = (*options.OPTIONS, Option("colour", "paint the cars", "NAME", default="red"))
"""
"""The only edit an option needs, but for whoever uses its value."""


def test_the_help_of_race_shows_every_option_by_its_present_name(raceway: Raceway) -> None:
    code, output, errors = raceway("race", "--help")

    shown = {word for line in output for word in line.split()}
    assert [row.flag for row in OPTIONS if row.flag not in shown] == []
    assert [row.metavar for row in OPTIONS if row.metavar and row.metavar not in shown] == []
    assert [alias for row in OPTIONS for alias in row.aliases if f"--{alias}" in shown] == []
    assert (code, errors) == (0, [])


@pytest.mark.parametrize("command", [("race", "tiny.py"), ("duel", "--a=a=a", "--b=b=b")])
def test_the_old_name_of_the_timeout_means_the_same(
    raceway: Raceway, command: tuple[str, ...]
) -> None:
    code, _, (error,) = raceway(*command, "--heat-timeout=-1")

    assert error.startswith("raceway: --group-timeout -1.0: give a number above 0")
    assert code == 4


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ([], {}),
        (["--heat-timeout=7"], {"group_timeout": 7.0}),
        (["--heat-timeout=7", "--group-timeout=60"], {"group_timeout": 60.0}),
        (["--no-save-host"], {"save_host": False}),
        (["--device=cpu", "--device=cuda"], {"device": ["cpu", "cuda"]}),
    ],
)
def test_a_command_is_told_what_was_typed_and_no_defaults(
    typed: list[str], told: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[Asked] = []

    @takes("group-timeout", "save-host", "device", "machine")
    def command(*, asked: Asked) -> None:
        heard.append(asked)

    monkeypatch.setenv("RACEWAY_MACHINE", "box")
    app = typer.Typer()
    app.command()(command)
    app(typed, standalone_mode=False)

    assert [asked.line for asked in heard] == [told]
    assert {row.name for row in heard[0].rows} == {
        "group-timeout",
        "save-host",
        "device",
        "machine",
    }


@pytest.mark.parametrize(
    "door",
    [
        ["-c", f"{ONE_MORE}\nfrom raceway.cli import main; main()", "race", "--help"],
        ["-m", "pytest", "-p", "one_more", "-p", "raceway.plugin", "--help"],
    ],
    ids=["raceway", "pytest"],
)
def test_an_option_added_to_the_table_is_at_both_doors(door: list[str], tmp_path: Path) -> None:
    (tmp_path / "one_more.py").write_text(ONE_MORE, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, *door],
        cwd=tmp_path,
        env={**os.environ, "COLUMNS": "200"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )

    (line,) = (line for line in done.stdout.splitlines() if "--colour" in line)
    assert "aint the cars" in line
    assert "default: red" in line
    assert done.returncode == 0


def flags_of(command: str) -> set[str]:
    found: Any = get_command(app)
    return {flag for each in found.get_command(None, command).params for flag in each.opts}


def test_whatever_races_or_lists_cases_knows_all_that_can_be_added_to_what_is_built_in() -> None:
    added = {row.flag for row in ADDITIONS}
    known = {name: added & flags_of(name) for name in COMMANDS if not is_group(name)}

    assert {name: flags for name, flags in known.items() if flags} == dict.fromkeys(
        ("race", "duel", "gate", "list"), added
    )


def is_group(name: str) -> bool:
    command: Any = get_command(app)
    return hasattr(command.get_command(None, name), "list_commands")


def test_a_duel_chooses_cases_by_the_options_of_a_race() -> None:
    assert {row.flag for row in CHOICES} <= flags_of("race") & flags_of("duel")


def test_a_project_sets_defaults_that_the_help_shows(raceway: Raceway, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.raceway]\nprofile = 'smoke'\nbudget = 9")
    _, raced, _ = raceway("race", "--help")
    _, fought, _ = raceway("duel", "--help")

    assert any("[default: smoke]" in line for line in raced)
    assert any("[default: 9.0]" in line for line in raced)
    assert any("[default: 240.0]" in line for line in fought)


def test_a_project_sets_what_is_raced(raceway: Raceway, tiny: Path, tmp_path: Path) -> None:
    (tmp_path / "tiny.py").write_text(tiny.read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text(
        "[tool.raceway]\nworkload = ['tiny.py']\nmodels = 'serial'\nlaunches = 1\n"
        "budget = 0.02\nresults = 'kept'\nmachine = 'mine'\n"
    )
    code, output, errors = raceway("race")
    _, reported, _ = raceway("report")

    (path,) = tmp_path.glob("kept/mine/*.json")
    (run,) = load([path]).runs
    assert [record.id for record in run[1].records] == ["tiny-few-serial-w1"]
    assert (code, errors) == (0, [])
    assert any("tiny-few" in line for line in output)
    assert any("tiny-few" in line for line in reported)


@pytest.mark.parametrize("command", ["race", "report", "duel", "doctor"])
def test_a_project_that_sets_nonsense_is_told_in_one_line(
    raceway: Raceway, tmp_path: Path, command: str
) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.raceway]\nmodles = 'serial'")

    assert raceway(command) == (
        4, [], ["raceway: pyproject.toml: [tool.raceway] modles: no such option; there is models"]
    )  # fmt: skip
