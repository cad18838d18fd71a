"""Trees of files, and system calls that refuse."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from pathlib import Path

MakeTree: TypeAlias = "Callable[[Mapping[str, str]], Path]"
Refuse: TypeAlias = Callable[[int], Callable[..., None]]


def write_tree(root: Path, files: Mapping[str, str]) -> Path:
    """Write files by their paths below the root, and return the root."""
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return root


def refusing(number: int) -> Callable[..., None]:
    """Return a system call that fails with an error number."""

    def refused(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    return refused
