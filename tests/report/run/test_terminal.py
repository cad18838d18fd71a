"""A run on the terminal."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest
from rich.console import Console

from raceway.record import Status
from raceway.report.run import terminal

if TYPE_CHECKING:
    from collections.abc import Callable

    from raceway.record import Record, Run


def test_the_title_names_the_file(run: Callable[..., Run], screen: Callable[..., str]) -> None:
    assert screen(run()).splitlines()[0] == "raceway: run.json"


def test_the_title_is_there_before_anything_is_computed(
    run: Callable[..., Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    console = Console(file=io.StringIO())
    seen: list[str] = []

    def sections(*_: object, **__: object) -> list[object]:
        seen.append(console.file.getvalue())
        return []

    monkeypatch.setattr(terminal, "sections", sections)
    terminal.show(run(), Path("run.json"), console)

    assert seen == ["raceway: run.json\n"]


def test_answers_come_before_tables(
    field_run: Callable[..., Run], screen: Callable[..., str]
) -> None:
    lines = screen(field_run()).splitlines()

    assert lines[2] == "Advice"


def test_claims_are_shown_only_if_asked_for(
    field_run: Callable[..., Run], screen: Callable[..., str]
) -> None:
    run = field_run()

    assert "Common claims" not in screen(run)
    assert "Common claims" in screen(run, claims=True)


@pytest.mark.parametrize("width", [80, 120])
def test_nothing_is_wider_than_the_terminal(
    field_run: Callable[..., Run], screen: Callable[..., str], width: int
) -> None:
    assert max(map(len, screen(field_run(), width).splitlines())) <= width


def test_a_pipe_gets_no_colour(field_run: Callable[..., Run], screen: Callable[..., str]) -> None:
    assert "\x1b" not in screen(field_run())


def test_a_terminal_gets_colour(field_run: Callable[..., Run], screen: Callable[..., str]) -> None:
    assert "\x1b[1;32mpool" in screen(field_run(), force_terminal=True)


def test_no_color_is_honoured(
    field_run: Callable[..., Run], screen: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")

    assert "[1;32m" not in screen(field_run(), force_terminal=True)


def test_an_ascii_screen_gets_ascii(
    field_run: Callable[..., Run], screen: Callable[..., str]
) -> None:
    assert screen(field_run(), encoding="ascii").isascii()


def test_columns_stay_lined_up_in_ascii(
    field_run: Callable[..., Run], screen: Callable[..., str]
) -> None:
    lengths = [
        list(map(len, screen(field_run(), encoding=encoding).splitlines()))
        for encoding in ("ascii", "utf-8")
    ]

    assert lengths[0] == lengths[1]


def test_markup_in_names_is_text(
    run: Callable[..., Run], record: Callable[..., Record], screen: Callable[..., str]
) -> None:
    assert "[red]pool[/] :smile:" in screen(run([record("[red]pool[/] :smile:", [1.0])]))


def test_control_sequences_in_names_do_not_act(
    run: Callable[..., Run], record: Callable[..., Record], screen: Callable[..., str]
) -> None:
    hostile = record("\x1b]0;owned\x07", [1.0], status=Status.OK, reason="\x1b[2J")

    assert "\x1b" not in screen(run([hostile]))


def test_an_empty_run_says_so(run: Callable[..., Run], screen: Callable[..., str]) -> None:
    assert "nothing was selected, so nothing was measured" in screen(run())


def test_a_run_of_failures_only_tells_their_reasons(
    run: Callable[..., Run], record: Callable[..., Record], screen: Callable[..., str]
) -> None:
    shown = screen(run([record("pool", status=Status.FAILED, reason="the lane was killed")]))

    assert "failed pool: the lane was killed" in shown


def test_a_plain_run_shows_its_table(
    field_run: Callable[..., Run], screen: Callable[..., str]
) -> None:
    plain = [record for record in field_run().records if not record.workload]

    shown = screen(msgspec.structs.replace(field_run(), records=plain, groups=[]))

    assert shown.splitlines()[2].startswith("plain benchmark")


def test_interpreters_are_told_apart(
    run: Callable[..., Run], record: Callable[..., Record], screen: Callable[..., str]
) -> None:
    both = [record("serial", [1.0] * 3, interpreter=label) for label in ("current", "3.14t")]

    assert "serial @3.14t" in screen(run(both))


def test_the_report_waits_for_no_heavy_import() -> None:
    heavy = "{'pandas', 'numpy', 'scipy'}"
    code = f"import sys, raceway.report.run.terminal; print({heavy} & set(sys.modules))"

    command = [sys.executable, "-c", code]
    shown = subprocess.run(command, capture_output=True, check=True, text=True)

    assert shown.stdout == "set()\n"
