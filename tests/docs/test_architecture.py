"""ARCHITECTURE.md names rooms and modules that are there, and all rooms."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "raceway"
TEXT = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
MODULE = re.compile(r"`([a-z]\w*(?:/\w+)+)(?:\.(\w+))?`")


@pytest.mark.parametrize(("path", "name"), sorted(set(MODULE.findall(TEXT))))
def test_every_module_it_names_is_there_and_so_is_what_is_in_it(path: str, name: str) -> None:
    if path.startswith(("docs/", "tools/", "tests/")):
        assert (ROOT / path).exists() or (ROOT / f"{path}.{name}").exists()
        return
    module = PACKAGE / f"{path}.py"
    assert module.is_file() or (PACKAGE / path).is_dir(), path
    if name:
        assert re.search(
            rf"^(class|def|async def) {name}\b", module.read_text("utf-8"), re.MULTILINE
        )


@pytest.mark.parametrize("room", sorted(path.parent.name for path in PACKAGE.glob("*/__init__.py")))
def test_every_room_is_described(room: str) -> None:
    assert re.search(rf"^\| .*`{room}/", TEXT, re.MULTILINE)
