"""Text from files made fit for any screen."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from rich.control import Control
from rich.text import Text

from raceway.report.format.sanitize import (
    LONGEST_NAME,
    LONGEST_REASON,
    Sanitized,
    encodable,
    printable,
    printable_run,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from raceway.record import Record, Run


def rendered(content: object) -> str:
    console = Console(file=io.StringIO(), width=40)
    console.print(Sanitized(content), end="")
    return console.file.getvalue()


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("\x1b[2J", r"\x1b[2J"),
        ("a\nb", r"a\nb"),
        ("\u202egnp", r"\u202egnp"),
        ("\ud800", r"\ud800"),
        ("[bold]primes", "[bold]primes"),
        ("größe", "größe"),
    ],
)
def test_what_is_not_printable_is_shown_as_its_escape(hostile: str, shown: str) -> None:
    assert printable(hostile) == shown


def test_long_names_are_cut() -> None:
    assert len(printable("x" * 1_000_000)) == LONGEST_NAME


@given(st.text())
def test_no_text_keeps_a_character_that_acts(text: str) -> None:
    assert printable(text).isprintable()


def test_every_text_of_a_run_is_made_printable(
    run: Callable[..., Run], record: Callable[..., Record]
) -> None:
    clean = printable_run(run([record("\x1b[31mthreads", [1.0])], reasons=["\x07loud"]))

    assert (clean.records[0].model, clean.groups[0].noise.reasons) == (
        r"\x1b[31mthreads",
        [r"\x07loud"],
    )


def test_a_run_of_decent_texts_stays_as_it_is(field_run: Callable[..., Run]) -> None:
    original = field_run()

    assert printable_run(original) == original


def test_reasons_keep_their_line_breaks(
    run: Callable[..., Run], record: Callable[..., Record]
) -> None:
    clean = printable_run(run([record("pool", reason="wrong\n\x1b[31manswer")]))

    assert clean.records[0].reason == "wrong\n\\x1b[31manswer"


def test_endless_reasons_are_cut(run: Callable[..., Run], record: Callable[..., Record]) -> None:
    clean = printable_run(run([record("pool", reason="x" * 10**6)]))

    assert len(clean.records[0].reason) == LONGEST_REASON


def test_characters_an_encoding_lacks_have_stand_ins_of_their_width() -> None:
    assert encodable("1.93\N{MULTIPLICATION SIGN} 5 µs \N{EN DASH} größe…", "ascii") == (
        "1.93x 5 us - gr??e~"
    )


def test_characters_an_encoding_has_stay() -> None:
    assert encodable("5 µs \N{EN DASH}", "latin-1") == "5 µs -"


def test_lines_end_without_blanks() -> None:
    assert rendered(Text("serial   ")) == "serial\n"


def test_control_codes_do_not_get_through() -> None:
    assert rendered(Control.home()) == "\n"
