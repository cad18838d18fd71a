"""Imports what holds models and workloads: modules of the package, and users' files."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from raceway.errors import CatalogueError
from raceway.plan.brought import Brought

if TYPE_CHECKING:
    from types import ModuleType


def imported(path: str) -> ModuleType:
    """Import a module of the package; CatalogueError if it cannot be."""
    try:
        return importlib.import_module(path)
    except Exception as error:
        raise CatalogueError(f"{path}: cannot be imported ({reason(error)}); fix it") from error


def imported_file(file: Path, prefix: str, option: str) -> ModuleType:
    """Import a user's file as lanes do, under a name with a prefix of ours.

    CatalogueError, which begins with the option that names it, if it cannot be.
    """
    if not file.is_file():
        raise CatalogueError(f"{option} {file}: no such file; give a Python file")
    if not file.stem.isidentifier() or file.suffix != ".py":
        raise CatalogueError(
            f"{option} {file}: the name cannot be imported; rename the file, as to my_tasks.py"
        )
    brought = Brought.of(file)
    path = sys.path.copy()
    sys.path.extend(brought.folders)
    try:
        module = importlib.import_module(brought.name) if brought.name else loaded(file, prefix)
    except (Exception, SystemExit) as error:
        raise CatalogueError(f"{file}: cannot be imported ({reason(error)}); fix it") from error
    finally:
        sys.path[:] = path
    found = module.__file__ or "nowhere"
    if Path(found).resolve() != file.resolve():
        raise CatalogueError(
            f"{file}: is {brought.name} by its folders, but Python finds that at {found}; rename"
            " the package, or uninstall the other one"
        )
    return module


def loaded(file: Path, prefix: str) -> ModuleType:
    """Run a user's file as a module that stands alone, under its name inside a lane."""
    name = prefix + file.stem
    spec = importlib.util.spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise CatalogueError(f"{file}: not a Python source; give a .py file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def reason(error: BaseException) -> str:
    """Return an exception as one line."""
    return " ".join(f"{type(error).__name__}: {error}".split())
