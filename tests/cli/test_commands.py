"""Commands are listed without being imported, and imported when they are called."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from raceway import __version__
from raceway.cli.commands import COMMANDS, loaded

if TYPE_CHECKING:
    from pathlib import Path

    from support.command import Raceway


HEAVY = ("pandas", "numpy", "scipy", "altair", "jinja2", "asyncio", "msgspec")
TOLD = """
import sys
from raceway.cli import main
sys.argv[0] = "raceway"
try:
    main()
finally:
    print(*sorted(sys.modules), file=sys.stderr)
"""


def imported_by(*arguments: str, **surroundings: str) -> set[str]:
    """Return the modules that a command has imported when it ends."""
    done = subprocess.run(
        [sys.executable, "-c", TOLD, *arguments],
        env={**os.environ, **surroundings},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return set(done.stderr.split())


def in_bash(command: str, **surroundings: str) -> str:
    """Return what a command line writes, typed into bash."""
    done = subprocess.run(
        [shutil.which("bash") or "bash", "-c", f"{command}; exit $?"],
        env={**os.environ, **surroundings},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return done.stdout


@pytest.fixture
def program(tmp_path: Path) -> str:
    """Return a program as an installation would have it."""
    path = tmp_path / "raceway"
    path.write_text(f"#!{sys.executable}\nfrom raceway.cli import main\nmain()\n")
    path.chmod(0o755)
    return str(path)


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_says_of_a_command_what_its_own_help_begins_with(name: str) -> None:
    assert loaded(name).help.splitlines()[0] == COMMANDS[name][1]


@pytest.mark.parametrize("arguments", [("--help",), ("--version",)])
def test_the_list_of_commands_imports_none_of_them(arguments: tuple[str, ...]) -> None:
    modules = imported_by(*arguments)

    assert modules & set(HEAVY) == set()
    rooms = {f"raceway.cli.{target.partition(':')[0]}" for target, _ in COMMANDS.values()}
    assert modules & rooms == set()


def test_a_command_imports_no_other(saved_file: Path) -> None:
    modules = imported_by("report", str(saved_file))

    assert "raceway.cli.report" in modules
    assert modules & {"raceway.cli.race", "raceway.cli.history", "raceway.cli.page"} == set()
    assert modules & {"pandas", "altair", "jinja2"} == set()


def test_every_command_is_in_the_help_in_the_order_of_the_table(raceway: Raceway) -> None:
    _, output, _ = raceway("--help")

    words = [line.strip("│ ").split(" ")[0] for line in output]
    assert [word for word in words if word in COMMANDS] == list(COMMANDS)


def test_a_command_that_is_nearly_one_is_suggested(raceway: Raceway) -> None:
    code, _, (error,) = raceway("reprot")

    assert error.startswith("raceway: No such command 'reprot'. Did you mean 'report'?")
    assert code == 4


@pytest.mark.parametrize("flag", ["-V", "--version"])
def test_python_m_raceway_is_the_same_command(flag: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "raceway", flag],
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )

    assert done.stdout == f"raceway {__version__}\n"


def test_the_help_of_python_m_raceway_names_the_command(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "raceway", "report", "--help"],
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )

    assert "Usage: raceway report " in done.stdout


needs_bash = pytest.mark.skipif(not shutil.which("bash"), reason="there is no bash")


@needs_bash
@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("raceway re", {"report", "recover"}),
        ("raceway baseline ", {"set", "list"}),
        ("raceway race --work", {"--workers", "--workload", "--workloads"}),
        ("raceway duel --heat", set()),
    ],
)
def test_a_shell_completes_commands_and_options(
    program: str, typed: str, offered: set[str]
) -> None:
    words = typed.split(" ")
    answer = in_bash(
        program,
        _RACEWAY_COMPLETE="complete_bash",
        COMP_WORDS=typed.strip(),
        COMP_CWORD=str(len(words) - 1),
    )

    assert set(answer.split()) == offered


def test_completing_a_commands_name_imports_no_command() -> None:
    modules = imported_by(
        _RACEWAY_COMPLETE="complete_bash", COMP_WORDS="raceway re", COMP_CWORD="1"
    )

    assert modules & set(HEAVY) == set()


@needs_bash
def test_the_completion_can_be_shown_and_installed(program: str, tmp_path: Path) -> None:
    shown = in_bash(f"{program} --show-completion")
    in_bash(f"{program} --install-completion", HOME=str(tmp_path))

    assert "complete -o default -F _raceway_completion raceway" in shown
    (script,) = tmp_path.glob(".bash_completions/raceway.sh")
    assert "_raceway_completion" in script.read_text(encoding="utf-8")
    assert str(script) in (tmp_path / ".bashrc").read_text(encoding="utf-8")
