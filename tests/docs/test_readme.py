"""The first page is short, and a stranger can read it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Document

ROOT = Path(__file__).parents[2]
MOST_CHARACTERS = 7_000


def test_the_readme_is_short(readme: Document) -> None:
    assert len(readme.text) <= MOST_CHARACTERS


@pytest.mark.parametrize(
    "word", ["lanes?", "anchors?", "graded", "grade [ABC]", "the tutorial", "heats?", "launch(es)?"]
)
def test_the_readme_uses_no_word_that_it_does_not_explain(readme: Document, word: str) -> None:
    assert not re.search(rf"\b{word}\b", readme.text)


@pytest.mark.parametrize(
    "command",
    [
        "pip install .",
        "python3 -m pip install tox && tox -e bench",
        "python3 -m pip install tox && tox -e tests",
        "raceway race math:factorial --items",
        "raceway race my_tasks.py",
    ],
)
def test_the_readme_says_how_to_begin_on_its_first_screen(readme: Document, command: str) -> None:
    assert command in "\n".join(readme.text.splitlines()[:45])


def test_every_file_the_readme_links_to_is_there(readme: Document) -> None:
    targets = [part.split(")")[0] for part in readme.text.split("](")[1:]]

    assert targets
    assert [each for each in targets if not (ROOT / each.split("#")[0]).exists()] == []
