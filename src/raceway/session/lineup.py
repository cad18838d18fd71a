"""Everything that could race, given the options."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from raceway.measure.control.lanes import survey
from raceway.measure.control.running import run_to_its_end
from raceway.measure.machine.machine import probe_machine
from raceway.plan.selection import select

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from raceway.plan.catalogue import Catalogue
    from raceway.plan.profile import Profile
    from raceway.plan.selection import Entrant, Interpreter
    from raceway.record import Machine
    from raceway.session.options import Options


@dataclass(frozen=True, slots=True)
class Lineup:
    """Everything that could race, found before the race."""

    options: Options
    profile: Profile
    catalogue: Catalogue
    interpreters: Sequence[Interpreter]
    machine: Machine
    entrants: Mapping[str, Entrant]
    """By case id."""
    out_of_scope: Mapping[str, Entrant]
    """What races in a larger profile or by name only, with the reason."""

    @classmethod
    def assemble(cls, options: Options) -> Lineup:
        """Find catalogue, machine, interpreters and entrants; RacewayError if one is invalid."""
        profile = options.chosen_profile()
        catalogue = options.catalogue()
        machine = probe_machine(options.machine, save_host=options.save_host)
        interpreters = run_to_its_end(survey(options.commands(), catalogue))
        entrants = select(catalogue, options.selection, interpreters, profile, machine.usable_cores)
        inside, outside = (
            {each.case.id: each for each in entrants if each.out_of_scope is out}
            for out in (False, True)
        )
        return cls(options, profile, catalogue, interpreters, machine, inside, outside)
