"""The screen of all commands: nothing on it acts on the terminal."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.progress import Progress, TextColumn
from rich.table import Table
from rich.text import Text

from raceway.report.format.screen import Screen, screen

if TYPE_CHECKING:
    from rich.console import RenderableType

HOSTILE = "a\x1b]0;mine\x07\x1b[2J\x9b2J\u202egnp\udcff\rb"
SHOWN = r"a\x1b]0;mine\x1b[2J\x9b2J\u202egnp\udcffb"
"""As rich drops the bell and the carriage return."""


def shown(content: RenderableType, encoding: str = "utf-8", **options: bool) -> str:
    file = io.TextIOWrapper(io.BytesIO(), encoding=encoding, newline="")
    Screen(file=file, width=100, **options).print(content, soft_wrap=True)
    file.seek(0)
    return file.read()


@given(st.text())
def test_no_text_acts_on_the_terminal(text: str) -> None:
    assert shown(Text(text)).replace("\n", "").isprintable()


def test_a_name_between_colons_becomes_no_picture(capsys: pytest.CaptureFixture[str]) -> None:
    screen().print("mysvc.core:lock: 4 items")

    assert capsys.readouterr().out == "mysvc.core:lock: 4 items\n"


def test_what_is_not_printable_is_shown_as_its_escape() -> None:
    assert shown(HOSTILE) == f"{SHOWN}\n"


def test_a_table_shows_escapes_in_place() -> None:
    table = Table("name", box=None)
    table.add_row(Text(HOSTILE))

    assert shown(table).splitlines()[1].strip() == r"a\x1b]0;mine\x1b[2"  # as wide as the name was


def test_a_progress_bar_shows_escapes() -> None:
    file = io.StringIO()
    console = Screen(file=file, width=100, force_terminal=True, color_system=None)
    with Progress(TextColumn("{task.description}"), console=console, auto_refresh=False) as bar:
        bar.add_task(HOSTILE)

    assert r"a\x1b]0;mine" in file.getvalue()
    assert "\x1b]0" not in file.getvalue()


def test_styles_are_kept() -> None:
    assert "\x1b[1m" in shown(Text("fast", "bold"), force_terminal=True)


def test_what_the_encoding_lacks_has_a_stand_in() -> None:
    assert shown(Text("2.04× größer"), encoding="ascii") == "2.04x gr??er\n"


def test_the_end_of_the_reader_is_told_to_the_command() -> None:
    class Closed(io.StringIO):
        def write(self, _: str) -> int:
            raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        Screen(file=Closed()).print("a")
