"""Finds the models and workloads: one file each, with a fixed attribute.

The file gives the name: `models/processes_fork.py` is the model `processes-fork`.
"""

from __future__ import annotations

import pkgutil
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

from raceway import models, workloads
from raceway.case import BROUGHT, BROUGHT_MODEL, Family, Kind, Model, Workload
from raceway.errors import CatalogueError
from raceway.plan.importing import imported, imported_file, reason
from raceway.plan.plugins import plugins_in
from raceway.record import Called

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from types import ModuleType

    from raceway.plan.engines import Engine
    from raceway.plan.plugins import Plugins
    from raceway.plan.servers import Server

Entry = TypeVar("Entry", Model, Workload)
MOST_TASKS = 10_000_000
"""Tasks of a pass: more, with their answers, fit into no memory."""


@dataclass(frozen=True, slots=True)
class Registry(Generic[Entry]):
    """A package of one-file entries, and what each file must define."""

    package: ModuleType
    attribute: str
    type: type[Entry]
    what: str = ""
    """The word for an entry, which is also the option that names a user's file."""
    prefix: str = ""
    """How modules of users' files begin."""
    group: str = ""
    """The group of entry points by which installed packages add their own."""

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


MODELS = Registry(models, "MODEL", Model, "model", BROUGHT_MODEL, "raceway.models")
WORKLOADS = Registry(workloads, "WORKLOAD", Workload, "workload", BROUGHT, "raceway.workloads")
MODEL_FILE = "models/{}"
"""How files of models are called, which may have the names of workloads."""
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
    """By name, the files of workloads that are not built in; those of models by `MODEL_FILE`."""
    origins: Mapping[str, Path] = field(default_factory=dict)
    """By name, the user's file that a generated workload is about."""

    called: Mapping[str, Called] = field(default_factory=dict)
    """By name, the user's function that a generated workload calls."""
    engines: Sequence[Engine] = ()
    """The models that options describe."""
    servers: Sequence[Server] = ()
    """The workloads whose servers options name."""
    plugged: Mapping[str, Path] = field(default_factory=dict)
    """Files like those of `files`, of installed packages."""
    notes: Sequence[str] = ()
    """What to say of plug-ins that are skipped, a line each."""

    @property
    def travelling(self) -> dict[str, Path]:
        """All files that lanes need besides what is built in."""
        return {**self.plugged, **self.files}

    @property
    def described(self) -> list[Engine | Server]:
        """All that options describe, whose modules lanes need as well."""
        return [*self.engines, *self.servers]

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


def discover(
    files: Sequence[Path] = (),
    model_files: Sequence[Path] = (),
    engines: Sequence[Engine] = (),
    servers: Sequence[Server] = (),
) -> Catalogue:
    """Find what is built in or plugged in, what each file has, and what options describe.

    CatalogueError if a file lacks its attribute, cannot be imported, or reuses a name.
    """
    works, works_plugged = known_entries(WORKLOADS, check)
    racers, racers_plugged = known_entries(MODELS, check_model)
    origins: dict[str, Path] = {}
    called: dict[str, Called] = {}
    brought: dict[str, Path] = {}
    for file in files:
        name, module = bring(WORKLOADS, file, works)
        check(name, works[name])
        brought[name] = file.resolve()
        if origin := getattr(module, ORIGIN, ""):
            origins[name] = Path(origin)
        if call := getattr(module, CALLED, None):
            called[name] = Called(**call)
    for file in model_files:
        name, _ = bring(MODELS, file, racers)
        check_model(name, racers[name])
        brought |= model_keys({name: file.resolve()})
    for engine in engines:
        racers[engine.name] = engine.model
    works |= {server.name: server.workload for server in servers}
    return Catalogue(
        racers, works, brought, origins, called, engines, servers=servers,
        plugged={**works_plugged.files, **model_keys(racers_plugged.files)},
        notes=[*racers_plugged.notes, *works_plugged.notes],
    )  # fmt: skip


def bring(registry: Registry[Entry], file: Path, found: dict[str, Entry]) -> tuple[str, ModuleType]:
    """Add the entry of a user's file, and return its name and module."""
    name = public_name(file.stem)
    if name in found:
        raise CatalogueError(f"{file}: a {registry.what} named {name!r} exists; rename the file")
    module = imported_file(file, registry.prefix, f"--{registry.what}")
    found[name] = registry.entry(module, str(file))
    return name, module


def model_keys(files: Mapping[str, Path]) -> dict[str, Path]:
    """Return files of models by what they are called among those of workloads."""
    return {MODEL_FILE.format(name): file for name, file in files.items()}


def is_model(name: str) -> bool:
    """Whether a file among those of workloads is one of a model."""
    return name.startswith(MODEL_FILE.format(""))


def known_entries(
    registry: Registry[Entry], valid: Callable[[str, Entry], None]
) -> tuple[dict[str, Entry], Plugins[Entry]]:
    """Find what is built in and plugged in; CatalogueError names a built-in file that is broken."""
    found = dict(registry.found())

    def entry_in(module: ModuleType, where: str, name: str) -> Entry:
        entry = registry.entry(module, where)
        valid(name, entry)
        return entry

    for name, entry in found.items():
        valid(name, entry)
    plugged = plugins_in(registry.group, entry_in, found)
    return {**found, **plugged.entries}, plugged


def known_models() -> dict[str, Model]:
    """Find the models; CatalogueError names a file without a model or family."""
    return known_entries(MODELS, check_model)[0]


def check_model(name: str, model: Model) -> None:
    """Raise CatalogueError if the model's family is invalid."""
    if not isinstance(model.family, Family):
        families = ", ".join(f"Family.{family.name}" for family in Family)
        raise CatalogueError(f"model {name}: family={model.family!r}; choose from {families}")


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
