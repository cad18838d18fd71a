"""A file that a user brings along, as a module: its source, and the package it belongs to."""

from __future__ import annotations

import ast
import zlib
from dataclasses import dataclass
from pathlib import Path

from raceway.errors import CatalogueError
from raceway.lap import INSTALLED

IN_PACKAGE = """
import importlib, zlib
module = importlib.import_module({name!r})
with open(module.__file__, "rb") as file:
    if zlib.crc32(file.read()) != {checksum}:
        raise ImportError({name!r} + " is another file here: " + module.__file__)
globals().update({{n: getattr(module, n) for n in ("MODEL", "WORKLOAD") if hasattr(module, n)}})
"""
"""The source that lanes get for a file of a package: they import it from there."""


@dataclass(frozen=True, slots=True)
class Brought:
    """A user's file and, if it imports relative to a package, its name in that."""

    file: Path
    name: str = ""
    """The module's full name, such as `service.tasks`; empty if it stands alone."""
    home: Path = Path()
    """The folder that holds the package."""

    @classmethod
    def of(cls, file: Path) -> Brought:
        """Find a file's package, which it needs if it imports relative to it.

        CatalogueError if it does, but its folder is no package.
        """
        file = file.resolve()
        relative = relative_import(file)
        if not relative:
            return cls(file)
        home, names = file.parent, [file.stem]
        while (home / "__init__.py").is_file():
            names.insert(0, home.name)
            home = home.parent
        if len(names) == 1:
            raise CatalogueError(
                f"{file}: `from {relative} import …` needs a package, and its folder has no"
                f" __init__.py; write `from {relative.lstrip('.') or 'module'} import …`, which"
                " finds files beside it, or make the folder a package"
            )
        return cls(file, ".".join(names), home)

    @property
    def source(self) -> bytes:
        """What lanes get: the file itself or, of a package, what imports it from there."""
        content = self.file.read_bytes()
        if not self.name:
            return content
        return IN_PACKAGE.format(name=self.name, checksum=zlib.crc32(content)).encode()

    @property
    def folders(self) -> list[str]:
        """The folders that must be at the end of the path: none of what is installed.

        Another interpreter would find all else that is installed there.
        """
        if INSTALLED.search(str(self.file)):
            return []
        return [str(self.file.parent), *([str(self.home)] if self.name else [])]


def relative_import(file: Path) -> str:
    """Return the first module that a file imports relative to its package; empty if none."""
    try:
        tree = ast.parse(file.read_bytes())
    except (OSError, SyntaxError, ValueError):
        return ""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.level:
            return "." * node.level + (node.module or "")
    return ""
