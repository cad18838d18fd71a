"""Engines that options describe, each as a small module with a model, as a user would write it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from raceway.errors import TargetError
from raceway.lap import INSTALLED
from raceway.models import dask, executor
from raceway.plan.catalogue import MODEL_FILE
from raceway.plan.target.binding import Folder, file_of
from raceway.plan.target.lookup import FORM, found
from raceway.plan.target.workload_text import path_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from raceway.case import Model

DASK = "dask"
EXECUTOR = "executor-"
"""How the names of factories' models begin."""
OWN_FORM = "give module:factory, called with the number of workers"


@dataclass(frozen=True, slots=True)
class Engine:
    """A model that an option describes."""

    name: str
    model: Model
    lines: tuple[str, ...]
    """Its module, which lanes find before one built in."""
    folders: tuple[Folder, ...] = ()
    """What must be on the path for it."""

    @property
    def source(self) -> str:
        """The text of its module."""
        path = ["import sys", *path_lines(self.folders)] if self.folders else []
        return "\n".join([*path, *self.lines])

    def in_checkout(self, tree: Path, top: Path) -> Engine:
        """Return what it is in a checkout of the repository at `top`, whose folders have moved."""
        return replace(self, folders=tuple(moved(each, tree, top) for each in self.folders))

    @property
    def file(self) -> str:
        """How its module is called among those that travel."""
        return MODEL_FILE.format(self.name)


def engines_of(scheduler: str | None, factories: Sequence[str]) -> list[Engine]:
    """Return the engines of `--dask-scheduler` and `--executor`; TargetError if one is no good."""
    engines = {} if scheduler is None else {DASK: dask_at(scheduler)}
    for reference in factories:
        engine = executor_by(reference)
        if engine.name in engines:
            raise TargetError(
                f"--executor {reference}: another one is {engine.name}, too; rename the function"
            )
        engines[engine.name] = engine
    return list(engines.values())


def dask_at(address: str) -> Engine:
    """Return the model `dask`, on the cluster of a scheduler."""
    lines = (
        "import os",
        f'os.environ["DASK_SCHEDULER_ADDRESS"] = {address!r}',
        "from raceway.models.dask import MODEL",
    )
    return Engine(DASK, dask.MODEL, lines)


def moved(folder: Folder, tree: Path, top: Path) -> Folder:
    """Return a folder of a repository as it is called in a checkout; others stay."""
    path = Path(folder.path).resolve()
    here = path.is_relative_to(top)
    return replace(folder, path=str(tree / path.relative_to(top))) if here else folder


def executor_by(reference: str) -> Engine:
    """Return the model of a factory, `module:name`; TargetError if there is none."""
    try:
        factory = found(reference)
    except TargetError as error:
        raise TargetError(f"--executor {error}".replace(FORM, OWN_FORM)) from error
    if not callable(factory.value):
        raise TargetError(f"--executor {reference}: cannot be called; {OWN_FORM}")
    module = reference.partition(":")[0]
    requires = (module.partition(".")[0],) if INSTALLED.search(file_of(module)) else ()
    lines = (
        "from raceway.models.executor import of_factory",
        f"MODEL = of_factory({reference!r}, {requires!r})",
    )
    model = executor.of_factory(reference, requires)
    return Engine(executor_name(reference), model, lines, tuple(factory.binding.folders))


def executor_name(reference: str) -> str:
    """Return the model's name: that of the factory, in lower case."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", reference.rpartition(":")[2])
    return EXECUTOR + re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")


def is_executor(model: str) -> bool:
    """Whether a model has the name of one that a factory makes."""
    return model.startswith(EXECUTOR)
