"""The pages that users read, cut into what can be tried."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")])
BLOCK = re.compile(r"^```(?P<language>\w+)\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Document:
    """A page, by its name in the repository."""

    name: str
    text: str

    def blocks(self, *languages: str) -> Iterator[str]:
        """Yield the blocks of code in these languages."""
        for block in BLOCK.finditer(self.text):
            if block["language"] in languages:
                yield block["text"]

    def prose(self) -> str:
        """Return the page without its blocks."""
        return BLOCK.sub("", self.text)


def read(path: Path) -> Document:
    return Document(str(path.relative_to(ROOT)), path.read_text(encoding="utf-8"))


@pytest.fixture(params=PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def document(request: pytest.FixtureRequest) -> Document:
    """Give one page after the other."""
    return read(request.param)


@pytest.fixture(scope="session")
def readme() -> Document:
    """Give the first page."""
    return read(ROOT / "README.md")
