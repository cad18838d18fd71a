"""Models and workloads that installed packages add, by the entry points of our groups."""

from __future__ import annotations

import importlib
from dataclasses import dataclass, field
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from raceway.errors import CatalogueError
from raceway.plan.importing import reason

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from importlib.metadata import EntryPoint

Entry = TypeVar("Entry")


@dataclass(frozen=True, slots=True)
class Plugins(Generic[Entry]):
    """What was found in a group, and what was not."""

    entries: dict[str, Entry] = field(default_factory=dict)
    files: dict[str, Path] = field(default_factory=dict)
    """By name, the file that travels to lanes."""
    notes: list[str] = field(default_factory=list)
    """A line for each that is skipped."""


def plugins_in(
    group: str, entry_in: Callable[[Any, str, str], Entry], taken: Collection[str]
) -> Plugins[Entry]:
    """Return the plug-ins of a group; one that is broken is skipped with a note.

    `entry_in` takes a module, a place to name in errors, and the entry's name. `taken` are the
    names of what is built in.
    """
    found: Plugins[Entry] = Plugins()
    for point in sorted(entry_points(group=group)):
        name = point.name.replace("_", "-")
        try:
            if name in taken or name in found.entries:
                raise CatalogueError("another one has its name")  # noqa: TRY301 (told below)
            module = importlib.import_module(point.module)
            found.entries[name] = entry_in(module, point.module, name)
            found.files[name] = Path(module.__file__ or "")
        except CatalogueError as error:
            found.notes.append(f"{described(point, name)}: {error}; skipped")
        except (Exception, SystemExit) as error:  # noqa: BLE001 (a stranger's module)
            why = f"cannot be imported ({reason(error)})"
            found.notes.append(f"{described(point, name)}: {why}; skipped")
    return found


def described(point: EntryPoint, name: str) -> str:
    """Return which plug-in it is, and whose."""
    whose = f" of {point.dist.name} {point.dist.version}" if point.dist else ""
    return f"plug-in {name}{whose} ({point.group})"
