"""A suite: what is run, and what is known of it before its first benchmark."""

from __future__ import annotations

import os
import secrets
import shlex
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from raceway.case import CURRENT
from raceway.measure.control.lanes import survey
from raceway.measure.control.running import run_to_its_end
from raceway.measure.machine.commit import probe_commit
from raceway.measure.machine.host_state import probe_host_state
from raceway.measure.machine.machine import probe_machine
from raceway.plan.catalogue import discover
from raceway.record import SCHEMA_VERSION, SUITE, Header
from raceway.session.session import discreet, environment_of, homeless, program

if TYPE_CHECKING:
    from raceway.record import Commit, Environment, Record
    from raceway.session.suite.process import Collected, SuiteCommand


@dataclass(frozen=True, slots=True)
class Suite:
    """A suite as it is to be run, and where its runs are saved."""

    command: SuiteCommand
    results: Path
    launches: int = 5
    machine: str | None = None
    save_host: bool = False

    def header(
        self, environments: list[Environment], commit: Commit, planned: list[Record]
    ) -> Header:
        """Return what is known before the first benchmark."""
        return Header(
            schema=SCHEMA_VERSION,
            run_id=secrets.token_hex(4),
            started_at=datetime.now(UTC).isoformat(),
            machine=probe_machine(self.machine, save_host=self.save_host),
            host=probe_host_state(),
            environments=environments,
            commit=commit,
            command_line=[program(sys.argv[0]), *map(discreet, sys.argv[1:])],
            profile=SUITE,
            launches=self.launches,
            planned=planned,
        )

    def environment(self, collected: Collected) -> Environment:
        """Return the facts of the suite's interpreter; SelectionError if it cannot be asked."""
        (asked,) = run_to_its_end(survey({CURRENT: tuple(self.command.python)}, discover(())))
        known, libraries = environment_of(asked), collected.versions
        python = tuple(self.command.python)
        return replace(
            known,
            command="" if python == (sys.executable,) else homeless(shlex.join(python)),
            libraries={**known.libraries, **libraries},
            settings={name: homeless(value) for name, value in collected.settings.items()},
        )

    def commit(self, collected: Collected) -> Commit:
        """Return the commit of the suite; changed or untracked files count as changes."""
        files = [Path(os.fsdecode(bytes.fromhex(name))) for name in collected.files]
        return probe_commit(self.command.folder, sorted(file for file in files if file.is_file()))


def module_of(test: str) -> str:
    """Return the module of a node id."""
    return test.partition("::")[0]
