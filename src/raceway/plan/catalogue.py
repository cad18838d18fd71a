"""Finds the models and workloads: one file each, with a fixed attribute.

The file gives the name: `models/processes_fork.py` is the model `processes-fork`.
"""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

from raceway import models, workloads
from raceway.case import BROUGHT, Family, Kind, Model, Workload
from raceway.errors import CatalogueError
from raceway.plan.brought import Brought
from raceway.record import Called

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from types import ModuleType

Entry = TypeVar("Entry", Model, Workload)
MOST_TASKS = 10_000_000
"""Tasks of a pass: more, with their answers, fit into no memory."""


@dataclass(frozen=True, slots=True)
class Registry(Generic[Entry]):
    """A package of one-file entries, and what each file must define."""

    package: ModuleType
    attribute: str
    type: type[Entry]

    def found(self) -> Iterator[tuple[str, Entry]]:
        """Yield every entry with its name; CatalogueError names a file that lacks one."""
        for module in pkgutil.iter_modules(self.package.__path__):
            if not module.name.startswith("_"):
                path = f"{self.package.__name__}.{module.name}"
                yield public_name(module.name), self.entry(imported(path), path)

    def entry(self, module: ModuleType, where: str) -> Entry:
        """Return the entry a module defines."""
        value = getattr(module, self.attribute, None)
        if not isinstance(value, self.type):
            lacks = "does not define" if value is None else f"has a {type(value).__name__} as"
            raise CatalogueError(
                f"{where}: {lacks} {self.attribute} = {self.type.__name__}(...); add it"
                " (CONTRIBUTING.md shows an example)"
            )
        return value


MODELS = Registry(models, "MODEL", Model)
WORKLOADS = Registry(workloads, "WORKLOAD", Workload)
ORIGIN = "ORIGIN"
"""The attribute by which a generated workload names the user's file that it is about."""
CALLED = "CALLED"
"""The attribute by which it tells the function it calls, as fields of `record.Called`."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All models and workloads by name, and the users' own files."""

    models: Mapping[str, Model]
    workloads: Mapping[str, Workload]
    files: Mapping[str, Path]
    """By name, the files of workloads that are not built in."""
    origins: Mapping[str, Path] = field(default_factory=dict)
    """By name, the user's file that a generated workload is about."""

    called: Mapping[str, Called] = field(default_factory=dict)
    """By name, the user's function that a generated workload calls."""

    @property
    def under_test(self) -> dict[str, Path]:
        """The users' files by the workload's name: what they wrote, not what was made of it."""
        return {**self.files, **self.origins}

    def required(self) -> list[str]:
        """Return the names of all packages that any entry needs."""
        entries: list[Model | Workload] = [*self.models.values(), *self.workloads.values()]
        return sorted({package for entry in entries for package in entry.requires})


def public_name(module_name: str) -> str:
    """Return what users type for a module's name."""
    return module_name.replace("_", "-")


def discover(files: Sequence[Path] = ()) -> Catalogue:
    """Find everything built in, and the workload in each of `files`.

    CatalogueError if a file lacks its attribute, cannot be imported, or reuses a name.
    """
    found = dict(WORKLOADS.found())
    brought: dict[str, Path] = {}
    origins: dict[str, Path] = {}
    called: dict[str, Called] = {}
    for file in files:
        name = public_name(file.stem)
        if name in found:
            raise CatalogueError(f"{file}: a workload named {name!r} exists; rename the file")
        module = imported_file(file)
        found[name] = WORKLOADS.entry(module, str(file))
        brought[name] = file.resolve()
        if origin := getattr(module, ORIGIN, ""):
            origins[name] = Path(origin)
        if call := getattr(module, CALLED, None):
            called[name] = Called(**call)
    for name, workload in found.items():
        check(name, workload)
    return Catalogue(
        models=known_models(), workloads=found, files=brought, origins=origins, called=called
    )


def known_models() -> dict[str, Model]:
    """Find the models; CatalogueError names a file without a model or family."""
    found = dict(MODELS.found())
    for name, model in found.items():
        if not isinstance(model.family, Family):
            families = ", ".join(f"Family.{family.name}" for family in Family)
            raise CatalogueError(f"model {name}: family={model.family!r}; choose from {families}")
    return found


def check(name: str, workload: Workload) -> None:
    """Raise CatalogueError if the workload's kind is invalid or it has no size."""
    if not isinstance(workload.kind, Kind):
        kinds = ", ".join(f"Kind.{kind.name}" for kind in Kind)
        raise CatalogueError(f"workload {name}: kind={workload.kind!r}; choose from {kinds}")
    if not workload.sizes:
        raise CatalogueError(f"workload {name}: has no sizes; give at least one")
    for size in workload.sizes:
        check_size(name, workload, size)


def check_size(name: str, workload: Workload, size: str) -> None:
    """Raise CatalogueError if a size has no task, or too many, or demands what is not known."""
    where = f"workload {name}: size {size!r}"
    if not isinstance(size, str):
        raise CatalogueError(f"{where} is not text; write '{size}'")
    if not workload.sizes[size]:
        raise CatalogueError(f"{where} has no tasks; give it arguments")
    if (tasks := number_of(workload.sizes[size])) > MOST_TASKS:
        raise CatalogueError(f"{where} has {tasks:,} tasks; give it {MOST_TASKS:,} at most")
    try:
        workload.demand(size)
    except Exception as error:
        raise CatalogueError(f"{where}: its demand cannot be computed ({reason(error)})") from error


def number_of(arguments: Sequence[object]) -> int:
    """Return the number of tasks; a range may be longer than Python can say."""
    try:
        return len(arguments)
    except OverflowError:
        return sys.maxsize


def imported(path: str) -> ModuleType:
    """Import a module of the package; CatalogueError if it cannot be."""
    try:
        return importlib.import_module(path)
    except Exception as error:
        raise CatalogueError(f"{path}: cannot be imported ({reason(error)}); fix it") from error


def imported_file(file: Path) -> ModuleType:
    """Import a user's file as lanes do; CatalogueError if it cannot be."""
    if not file.is_file():
        raise CatalogueError(f"--workload {file}: no such file; give a Python file")
    if not file.stem.isidentifier() or file.suffix != ".py":
        raise CatalogueError(
            f"--workload {file}: the name cannot be imported; rename the file, as to my_tasks.py"
        )
    brought = Brought.of(file)
    path = sys.path.copy()
    sys.path.extend(brought.folders)
    try:
        module = importlib.import_module(brought.name) if brought.name else loaded(file)
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


def loaded(file: Path) -> ModuleType:
    """Run a user's file as a module that stands alone, under its name inside a lane."""
    name = BROUGHT + file.stem
    spec = importlib.util.spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise CatalogueError(f"--workload {file}: not a Python source; give a .py file")
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
