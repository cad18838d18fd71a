"""What the user asked for, and everything that could race because of it."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from raceway.case import CURRENT
from raceway.errors import SelectionError
from raceway.measure.control.lanes import survey
from raceway.measure.machine.machine import probe_machine
from raceway.plan.catalogue import discover
from raceway.plan.profile import PROFILES, Profile
from raceway.plan.selection import Selection, parse_interpreter, select

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from raceway.plan.catalogue import Catalogue
    from raceway.plan.selection import Entrant, Interpreter
    from raceway.record import Machine


@dataclass(frozen=True, slots=True)
class Options:
    """What a user can ask for, at either door."""

    results: Path
    profile: str = "default"
    selection: Selection = field(default_factory=Selection)
    workload_files: tuple[Path, ...] = ()
    interpreters: tuple[str, ...] = ()
    """LABEL=COMMAND each, raced beside the current interpreter."""
    launches: int | None = None
    budget_s: float | None = None
    group_timeout_s: float = 60.0
    machine: str | None = None
    save_host: bool = False
    current: bool = True
    """Whether the interpreter that runs the controller races too."""

    def chosen_profile(self) -> Profile:
        """Return the profile with the numbers that were given; SelectionError if one is absurd."""
        if self.profile not in PROFILES:
            raise SelectionError(
                f"--profile {self.profile}: no such profile; choose from {', '.join(PROFILES)}"
            )
        for option, number in (
            ("--launches", self.launches),
            ("--budget", self.budget_s),
            ("--group-timeout", self.group_timeout_s),
            *(("--workers", workers) for workers in self.selection.workers or ()),
        ):
            if number is not None and not 0 < number < float("inf"):
                raise SelectionError(f"{option} {number}: give a number above 0")
        profile = PROFILES[self.profile]
        return replace(
            profile,
            launches=self.launches or profile.launches,
            budget_s=self.budget_s or profile.budget_s,
        )

    def commands(self) -> dict[str, tuple[str, ...]]:
        """Return each interpreter's command by its label; SelectionError if one comes twice."""
        commands: dict[str, tuple[str, ...]] = {}
        if self.current:
            commands[CURRENT] = (sys.executable,)
        for option in self.interpreters:
            label, command = parse_interpreter(option)
            if label in commands:
                raise SelectionError(f"--interpreter {option}: label given twice; rename one")
            commands[label] = command
        return commands


@dataclass(frozen=True, slots=True)
class Lineup:
    """Everything that could race, known before anything does."""

    options: Options
    profile: Profile
    catalogue: Catalogue
    interpreters: Sequence[Interpreter]
    machine: Machine
    entrants: Mapping[str, Entrant]
    """By case id."""

    @classmethod
    def assemble(cls, options: Options) -> Lineup:
        """Look around: catalogue, machine, interpreters; a RacewayError says what cannot be."""
        profile = options.chosen_profile()
        catalogue = discover(options.workload_files)
        machine = probe_machine(options.machine, save_host=options.save_host)
        interpreters = asyncio.run(survey(options.commands(), catalogue))
        entrants = select(catalogue, options.selection, interpreters, profile, machine.usable_cores)
        by_id = {entrant.case.id: entrant for entrant in entrants}
        return cls(options, profile, catalogue, interpreters, machine, by_id)
