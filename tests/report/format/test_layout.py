"""Lines that break where a reader would."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.text import Text

from raceway.report.format.layout import HANG, wrapped


def plain(text: str, width: int) -> list[str]:
    return [line.plain for line in wrapped(Text(text), width)]


def test_what_fits_stays_as_it_is() -> None:
    assert plain("model   a task", 14) == ["model   a task"]


def test_continued_lines_hang() -> None:
    assert plain("one two three", 8) == ["one two", f"{HANG}three"]


def test_the_first_lines_indent_stays() -> None:
    assert plain("  one two", 5) == ["  one", f"{HANG}two"]


@pytest.mark.parametrize("whole", ["97 %", "1.6 ms", "88 MiB", "2 cores", "[1.90, 1.95]"])
def test_a_number_stays_with_what_belongs_to_it(whole: str) -> None:
    first_half, _, _ = whole.partition(" ")
    width = len(f"before {first_half}")

    assert any(whole in line for line in plain(f"before {whole} after", width))


def test_a_word_longer_than_a_line_stays_whole() -> None:
    assert plain("a processes-forkserver b", 10) == [
        "a",
        f"{HANG}processes-forkserver",
        f"{HANG}b",
    ]


def test_styles_stay_with_their_words() -> None:
    lines = wrapped(Text.assemble("one ", ("two", "bold")), 4)

    assert [span.style for span in lines[1].spans] == ["bold"]


@given(st.lists(st.text("ab,", min_size=1, max_size=9), min_size=1), st.integers(16, 60))
def test_no_word_is_lost_and_no_line_too_long(words: list[str], width: int) -> None:
    lines = plain(" ".join(words), width)

    assert (" ".join(lines).split(), max(map(len, lines)) <= width + 9) == (words, True)
