"""From options to cases: which will race, which will not, and why not."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from raceway.case import CURRENT, SERIAL, Case, Kind, Model, Scope, Workers, Workload
from raceway.errors import SelectionError
from raceway.plan.devices import check_devices, device_obstacles, devices_of
from raceway.plan.scope import first_sizes, is_beyond, suits

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from raceway.demand import Demand
    from raceway.plan.catalogue import Catalogue
    from raceway.plan.engines import Engine
    from raceway.plan.profile import Profile


@dataclass(frozen=True, slots=True)
class Selection:
    """What the user asked for; None means "all" or "what fits"."""

    models: tuple[str, ...] | None = None
    workloads: tuple[str, ...] | None = None
    sizes: tuple[str, ...] | None = None
    workers: tuple[int, ...] | None = None
    devices: tuple[str, ...] = ("auto",)


@dataclass(frozen=True, slots=True)
class Interpreter:
    """An interpreter that can be raced, with the facts its lane reported."""

    label: str
    command: tuple[str, ...]
    facts: Mapping[str, Any]
    files: Mapping[str, Path] | None = None
    """Its own versions of the users' files, if it races another checkout."""
    engines: Sequence[Engine] | None = None
    """Its own versions of engines, as `files`."""


@dataclass(frozen=True, slots=True)
class Entrant:
    """A selected case, and whether it will race."""

    case: Case
    kind: Kind
    demand: Demand
    concurrency: int
    """The most tasks that run at the same time."""
    reason: str | None = None
    """Why it will not race; None if it will."""
    computed_s: float | None = None
    """Its time, if computed from declared waits instead of measured."""
    out_of_scope: bool = False
    """Whether the profile is too small for it, and nobody asked for it by name."""

    @property
    def races(self) -> bool:
        """Whether it will be measured."""
        return self.reason is None and self.computed_s is None


def parse_interpreter(option: str, name: str = "--interpreter") -> tuple[str, tuple[str, ...]]:
    """Return the label and the command's words of LABEL=COMMAND; SelectionError if malformed.

    The command is split as a shell would. `name` is the option to name in errors.
    """
    label, equals, command = option.partition("=")
    try:
        words = tuple(shlex.split(command))
    except ValueError as error:
        raise SelectionError(f"{name} {option}: {error}; fix the quotes") from error
    if not equals or not words or not label.replace(".", "").replace("-", "").isalnum():
        raise SelectionError(
            f"{name} {option}: give LABEL=COMMAND with a label of letters, digits, dots"
            " and dashes, like 3.14=/usr/bin/python3.14"
        )
    if label == CURRENT:
        raise SelectionError(f"{name} {option}: the label {CURRENT!r} is taken; use another")
    return label, words


def select(
    catalogue: Catalogue,
    selection: Selection,
    interpreters: Sequence[Interpreter],
    profile: Profile,
    usable_cores: int,
) -> list[Entrant]:
    """Return every selected case, each with the reason if it will not race.

    SelectionError if the selection names something that does not exist.
    """
    grounds = Grounds(catalogue, profile, usable_cores, selection)
    names = chosen(catalogue.models, selection.models, "--models", "model")
    works = chosen(catalogue.workloads, selection.workloads, "--workloads", "workload")
    check_sizes(catalogue, works, selection.sizes)
    check_devices(selection.devices, interpreters)
    return [
        entrant
        for work in works
        for size in catalogue.workloads[work].sizes
        if selection.sizes is None or size in selection.sizes
        for interpreter in interpreters
        for device in devices_of(selection.devices, catalogue.workloads[work])
        for name in names
        for entrant in grounds.entrants(
            Case(work, size, name, 1, device, interpreter.label), interpreter
        )
    ]


@dataclass(frozen=True, slots=True)
class Grounds:
    """What decides whether a case races, apart from the case and its interpreter."""

    catalogue: Catalogue
    profile: Profile
    usable_cores: int
    selection: Selection

    def entrants(self, case: Case, interpreter: Interpreter) -> Iterator[Entrant]:
        """Yield the case once per number of workers; nothing if the model cannot run it."""
        model, work = self.catalogue.models[case.model], self.catalogue.workloads[case.workload]
        if not suits(model, work, case.device):
            return
        if model.family not in work.families:
            return
        demand = work.demand(case.size)
        too_much = self.out_of_scope(model, work, case)
        reason = too_much or next(self.obstacles(model, work, case, interpreter), None)
        for workers in self.worker_counts(model, work, demand):
            entrant = Entrant(
                replace(case, workers=workers), work.kind, demand,
                concurrency(model, workers, demand, work.most_at_once), reason,
                out_of_scope=bool(too_much),
            )  # fmt: skip
            yield self.unless_too_long(entrant)

    def out_of_scope(self, model: Model, work: Workload, case: Case) -> str:
        """Return what a case needs that the profile is too small for; empty if nothing."""
        device, wanted = case.device.split(":")[0], self.selection
        asked = (
            (model.scope, case.model, wanted.models, "--models"),
            (work.device_scopes.get(device), case.workload, wanted.workloads, "--workloads"),
            (work.size_scopes.get(case.size), case.size, self.named_sizes(work, case), "--sizes"),
        )
        for scope, name, named, option in asked:
            if scope and name not in (named or ()) and is_beyond(scope, self.profile.name):
                larger = "" if scope is Scope.NAMED else f"--profile {scope} or "
                return f"not in the {self.profile.name} profile: needs {larger}{option} {name}"
        return ""

    def named_sizes(self, work: Workload, case: Case) -> Collection[str]:
        """Return the sizes asked for by name: naming a workload asks for its first in profiles."""
        if self.selection.sizes is None and case.workload in (self.selection.workloads or ()):
            return first_sizes(work)
        return self.selection.sizes or ()

    def unless_too_long(self, entrant: Entrant) -> Entrant:
        """Compute a serial case that would only wait too long, and skip any other such case."""
        floor_s = entrant.demand.shortest_wait_s(entrant.concurrency)
        if entrant.reason or floor_s <= self.profile.longest_round_s:
            return entrant
        if entrant.case.model == SERIAL and not entrant.demand.then_computes:
            return replace(entrant, computed_s=floor_s)
        reason = f"waits at least {floor_s:.3g} s per round: needs a larger --profile"
        return replace(entrant, reason=reason)

    def worker_counts(self, model: Model, work: Workload, demand: Demand) -> tuple[int, ...]:
        """Return the numbers of workers to race: 1 if fixed, those asked for, or what fits."""
        if model.workers is not Workers.POOL:
            return (1,)
        if self.selection.workers:
            return self.selection.workers
        if model.usual_workers:
            return (model.usual_workers,)
        if work.kind is Kind.IO:
            most = work.most_at_once or demand.tasks
            return (min(demand.tasks, model.most_waiting_workers, most),)
        return (max(2, self.usable_cores),)

    def obstacles(
        self, model: Model, work: Workload, case: Case, interpreter: Interpreter
    ) -> Iterator[str]:
        """Yield the reasons why this interpreter and machine cannot race the case."""
        facts = interpreter.facts
        if model.option:
            yield f"needs {model.option}"
        if tuple(facts["version_info"]) < model.python:
            yield f"needs Python {model.python[0]}.{model.python[1]}"
        yield from absent_packages(model, work, facts)
        if work.obstacle and (obstacle := work.obstacle()):
            yield obstacle
        if model.compiles and not facts.get("can_compile"):
            yield "needs a C++ compiler and Python's headers, as of g++ and python3-dev"
        if model.start_method and model.start_method not in facts["start_methods"]:
            yield f"start method {model.start_method!r} does not exist on this system"
        if case.device != "cpu":
            yield from device_obstacles(case.device, work.demand(case.size), facts)
        yield from self.excesses(model, work, case)

    def excesses(self, model: Model, work: Workload, case: Case) -> Iterator[str]:
        """Yield what of the case takes too long for the profile."""
        if model.fresh_workers and work.requires and not self.profile.fresh_imports:
            yield f"every worker imports {work.requires[0]} again: needs --profile full"
        flops = work.demand(case.size).flops
        if case.device == "cpu" and flops > self.profile.most_cpu_flops:
            yield f"takes {flops / 1e9:,.0f} GFLOP per round: needs cuda or a larger --profile"


def absent_packages(model: Model, work: Workload, facts: Mapping[str, Any]) -> Iterator[str]:
    """Yield what a model or workload imports and an interpreter lacks, with the remedy."""
    for entry in (model, work):
        for package in entry.requires:
            if not facts["present"].get(package):
                yield f"{package} is not installed: pip install {source_of(package, entry)}"


def source_of(package: str, entry: Model | Workload) -> str:
    """Return what to `pip install` for a package that a model or workload requires."""
    return f"'raceway[{entry.extra}]'" if entry.extra else package


def concurrency(model: Model, workers: int, demand: Demand, most_at_once: int = 0) -> int:
    """Return the most tasks that run at the same time; a loop may be held to `most_at_once`."""
    if model.threads_per_task:
        return 1
    together = min(demand.tasks, most_at_once or demand.tasks)
    return {Workers.ONE: 1, Workers.ALL: together, Workers.POOL: workers}[model.workers]


def chosen(
    known: Mapping[str, object], wanted: tuple[str, ...] | None, option: str, what: str
) -> list[str]:
    """Return the wanted names, or all; SelectionError for an unknown one lists the known ones."""
    for name in wanted or ():
        if name not in known:
            raise SelectionError(f"{option} {name}: no such {what}; choose from {', '.join(known)}")
    return [name for name in known if wanted is None or name in wanted]


def check_sizes(catalogue: Catalogue, works: Iterable[str], sizes: tuple[str, ...] | None) -> None:
    """Raise SelectionError for a size that no chosen workload has."""
    known = {size: None for work in works for size in catalogue.workloads[work].sizes}
    chosen(known, sizes, "--sizes", "size")
