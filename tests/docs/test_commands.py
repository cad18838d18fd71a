"""Every command and option that a page names exists."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from typer.main import get_command

from raceway.cli import app

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Document

ROOT = Path(__file__).parents[2]
OPTION = re.compile(r"(?<![\w-])--?[a-z][\w-]*")
END = {"&&", "||", "|", ">", ">>", ";"}
OF_OTHERS = {"--group-by", "--columns", "--heat-timeout", "--codspeed", "--raceway-profile"}
"""Of pytest-benchmark's own command; of raceway 0.1, on the page about moving; and those that
are there beside another plugin."""
DECLARED = re.compile(r'^\+ *Option\("([\w-]+)"', re.MULTILINE)
"""An option that a page's own example adds."""


@pytest.fixture(scope="session")
def of_pytest() -> set[str]:
    """Return the options of pytest with our plugin, as its help shows them."""
    told = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "raceway.plugin", "-p", "xdist", "--help"],
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    if told.returncode:  # xdist is optional
        told = subprocess.run(
            [sys.executable, "-m", "pytest", "-p", "raceway.plugin", "--help"],
            capture_output=True, text=True, check=True, timeout=120,
        )  # fmt: skip
    return {*OPTION.findall(told.stdout), "-n"}


def calls_in(document: Document) -> Iterator[list[str]]:
    """Yield the words of each command of ours: in a block behind `$`, or within a sentence."""
    for block in document.blocks("console", "text"):
        for line in block.replace("\\\n", " ").splitlines():
            if line.startswith("$ "):
                yield from parts_of(shlex.split(line[2:], comments=True))
    for span in re.findall(r"`((?:raceway|pytest bench/) [^`\n]+)`", document.prose()):
        yield from parts_of(shlex.split(span))


def parts_of(words: list[str]) -> Iterator[list[str]]:
    """Yield each program's words in a line of several."""
    part: list[str] = []
    for word in [*words, ";"]:
        if word not in END:
            part.append(word)
            continue
        if part:
            part[0] = Path(part[0]).name
            yield part
        part = []


def options_in(words: list[str]) -> set[str]:
    return {word.partition("=")[0] for word in words if OPTION.fullmatch(word.partition("=")[0])}


def command_of(words: list[str]) -> tuple[Any, list[str]]:
    """Return the command that a call of `raceway` means, and the words behind its name."""
    command: Any = get_command(app)
    rest = words[1:]
    while rest and hasattr(command, "get_command") and not rest[0].startswith("-"):
        found = command.get_command(None, rest[0])
        assert found, f"`{shlex.join(words)}`: there is no such command"
        command, rest = found, rest[1:]
    return command, rest


def test_every_raceway_command_and_its_options_exist(
    document: Document, of_pytest: set[str]
) -> None:
    for words in calls_in(document):
        if words[0] == "raceway" and words[1:] not in (["COMMAND", "--help"], []):
            command, rest = command_of(words)
            flags = ((*each.opts, *each.secondary_opts) for each in command.params)
            known = {"-h", "--help"}.union(*flags)
            known |= of_pytest if command.context_settings.get("ignore_unknown_options") else set()
            assert options_in(rest) <= known, shlex.join(words)


def test_every_pytest_option_exists(document: Document, of_pytest: set[str]) -> None:
    for words in calls_in(document):
        if words[0] == "pytest":
            assert options_in(words[1:]) <= of_pytest, shlex.join(words)


def test_every_option_in_a_sentence_exists(document: Document, of_pytest: set[str]) -> None:
    named = {each for span in re.findall(r"`([^`\n]+)`", document.prose())
             for each in OPTION.findall(span) if each.startswith("--")}  # fmt: skip
    declared = {f"--{name}" for name in DECLARED.findall(document.text)}
    assert {each for each in named if not each.endswith("-")} <= {
        *of_pytest, *of_raceway(), *of_tools(), *OF_OTHERS, *declared, "--help",
    }  # fmt: skip


def of_raceway() -> Iterator[str]:
    """Yield the options of all commands."""
    waiting: list[Any] = [get_command(app)]
    for command in waiting:
        yield from (flag for each in command.params for flag in (*each.opts, *each.secondary_opts))
        if hasattr(command, "list_commands"):
            names = command.list_commands(None)
            waiting += [command.get_command(None, name) for name in names]


def of_tools() -> Iterator[str]:
    """Yield the options of the programs in tools/."""
    for path in (ROOT / "tools").glob("*.py"):
        yield from re.findall(r'"(--[a-z-]+)"', path.read_text(encoding="utf-8"))


def test_every_command_has_its_table_of_options() -> None:
    page = (ROOT / "docs" / "options.md").read_text(encoding="utf-8")
    told = set(re.findall(r"^<!-- table: options ([a-z ]+) -->$", page, re.MULTILINE))

    assert told == {"pytest", *names_of(get_command(app))}


def names_of(command: Any, name: str = "") -> Iterator[str]:
    """Yield the names of all commands below one, those of groups in two words."""
    if not hasattr(command, "list_commands"):
        yield name
        return
    for each in command.list_commands(None):
        yield from names_of(command.get_command(None, each), f"{name} {each}".strip())


@pytest.mark.parametrize("path", ["README.md", "docs/duel.md", "docs/gate.md", "docs/options.md"])
def test_the_pages_that_hold_commands_are_seen_to_do_so(path: str) -> None:
    text = (ROOT / path).read_text(encoding="utf-8")
    assert "```console" in text
