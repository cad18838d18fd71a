"""A session, the same behind both doors: options in, a race, a saved run out."""

from __future__ import annotations

import os
import re
import secrets
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING

from raceway.case import CURRENT, Family, Workers
from raceway.measure.control.running import run_to_its_end
from raceway.measure.group.plan import Plan
from raceway.measure.group.race import Race
from raceway.measure.machine.commit import file_digests, probe_commit
from raceway.measure.machine.host_state import probe_host_state
from raceway.plan.work import work_digest
from raceway.record import (
    SCHEMA_VERSION,
    Environment,
    Header,
    Record,
    Status,
)
from raceway.session.passwords import without_passwords
from raceway.session.recording import Recording
from raceway.session.schedule import Schedule
from raceway.store.journal import Journal
from raceway.text.printable import as_utf8

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from raceway.measure.group.plan import Progress, Spectator, Wanted
    from raceway.plan.catalogue import Catalogue
    from raceway.plan.selection import Entrant, Interpreter
    from raceway.record import GroupResult, Peak
    from raceway.session.lineup import Lineup


@dataclass(slots=True)
class Session(Recording):
    """One run, from its first group to its file; finished groups survive a crash."""

    lineup: Lineup
    names: Mapping[str, str]
    """Case id to the case's full name in other tools; only these cases are planned."""
    finished: Sequence[GroupResult] = ()
    """The groups kept from an interrupted run."""
    resumed_from: str | None = None
    apart: str = ""
    """A folder below the machine's for runs outside its history, such as duels."""
    sides: bool = False
    """Whether interpreters are the sides of a duel."""
    end_s: float = inf
    """The deadline of the race on the monotonic clock."""

    def __post_init__(self) -> None:
        """Begin the journal; StoreError if it cannot be written."""
        known = self.lineup
        self.header = Header(
            schema=SCHEMA_VERSION,
            run_id=secrets.token_hex(4),
            started_at=datetime.now(UTC).isoformat(),
            machine=known.machine,
            files=file_digests(known.catalogue.under_test),
            called=dict(known.catalogue.called),
            host=probe_host_state(),
            environments=[environment_of(interpreter) for interpreter in known.interpreters],
            commit=probe_commit(Path.cwd(), list(known.catalogue.under_test.values())),
            command_line=[program(sys.argv[0]), *map(discreet, sys.argv[1:])],
            profile=known.profile.name,
            launches=known.profile.launches,
            planned=[
                planned_record(known.entrants[case_id], name, known.catalogue)
                for case_id, name in self.names.items()
            ],
            resumed_from=self.resumed_from,
        )
        self.journal = Journal.create(self.folder, self.header)
        for group in self.finished:
            self.finished_group(group)

    @property
    def folder(self) -> Path:
        """The folder of this machine's runs."""
        return self.lineup.options.results / self.header.machine.id / self.apart

    def race(
        self, *spectators: Spectator, wanted: Wanted | None = None, most_s: float = inf
    ) -> None:
        """Race all planned cases; each finished group is on disk before the next begins.

        The race ends when no question is open or the time is up. If given, `wanted` decides which
        groups each launch races, within `most_s` seconds.
        """
        known = self.lineup
        racing = [known.entrants[case_id] for case_id in self.names]
        entrants = [entrant for entrant in racing if entrant.races]
        groups = list(dict.fromkeys(entrant.case.group for entrant in entrants))
        schedule = Schedule(self, known.profile, groups)
        plan = Plan(
            entrants=entrants,
            interpreters=known.interpreters,
            catalogue=known.catalogue,
            profile=known.profile,
            usable_cores=known.machine.usable_cores,
            group_timeout_s=known.options.group_timeout_s,
            finished={(group.id, group.launch) for group in self.finished},
            wanted=wanted or schedule.wanted,
            most_s=most_s,
            sides=self.sides,
            end_s=self.end_s,
            left_out=schedule.left_out,
        )
        if entrants:
            run_to_its_end(Race(plan, [Recorder(self), *spectators]).run())
        if entrants and wanted is None:
            schedule.over()


@dataclass(frozen=True, slots=True)
class Recorder:
    """The spectator that saves everything."""

    session: Session

    def started(self, progress: Progress) -> None:
        """Do nothing."""

    def finished(self, result: GroupResult) -> None:
        """Save the group before the next one begins."""
        self.session.finished_group(result)

    def peaked(self, peaks: list[Peak]) -> None:
        """Save the peaks."""
        self.session.measured_peaks(peaks)


def program(path: str) -> str:
    """Return the name of the program at a path; for `python -m package`, the package's."""
    called = Path(path)
    return as_utf8(called.parent.name if called.name == "__main__.py" else called.name)


def homeless(text: str) -> str:
    """Return text with the user's home folder replaced by ~, since runs are shared.

    What no UTF-8 holds is escaped, as it would be in the file.
    """
    home = os.path.expanduser("~")  # noqa: PTH111 (Path.home may raise)
    if home not in {"~", os.sep}:
        text = re.sub(rf"{re.escape(home)}(?![\w.-])", "~", text)
    return as_utf8(text)


def discreet(typed: str) -> str:
    """Return what was typed without passwords and the home folder, since runs are shared."""
    return homeless(without_passwords(typed))


def environment_of(interpreter: Interpreter) -> Environment:
    """Return the saved facts of an interpreter."""
    facts = interpreter.facts
    return Environment(
        label=interpreter.label,
        command="" if interpreter.label == CURRENT else homeless(" ".join(interpreter.command)),
        version=facts["version"],
        implementation=facts["implementation"],
        build=facts["build"],
        compiler=facts["compiler"],
        free_threaded=facts["free_threaded"],
        gil_enabled=facts["gil_enabled"],
        libraries=facts["libraries"],
        settings={name: homeless(value) for name, value in facts.get("settings", {}).items()},
        gpus=facts["cuda_devices"],
        cuda=facts["cuda"],
        driver=facts["driver"],
    )


def planned_record(entrant: Entrant, fullname: str, catalogue: Catalogue) -> Record:
    """Return the record of a planned case: not measured yet, perhaps skipped or computed."""
    case, demand = entrant.case, entrant.demand
    model = catalogue.models[case.model]
    on_one_loop = model.family is Family.EVENT_LOOP and model.workers is Workers.ALL
    awaited = catalogue.workloads[case.workload].async_task is not None
    return Record(
        work_digest=work_digest(catalogue.workloads[case.workload], case.size),
        id=case.id,
        fullname=fullname,
        workload=case.workload,
        size=case.size,
        model=case.model,
        family=model.family,
        kind=entrant.kind,
        workers=case.workers,
        device=case.device,
        interpreter=case.interpreter,
        status=Status.SKIPPED if entrant.reason else Status.OK,
        reason=entrant.reason or "",
        tasks=demand.tasks,
        shortest_wait_s=demand.shortest_wait_s(entrant.concurrency),
        first_wait_s=demand.first_wait_s,
        flops=demand.flops,
        moved_bytes=demand.moved_bytes,
        to_device_bytes=demand.to_device_bytes,
        from_device_bytes=demand.from_device_bytes,
        precision=demand.precision,
        payload_bytes=demand.payload_bytes,
        releases_gil=catalogue.workloads[case.workload].releases_gil,
        concurrency=entrant.concurrency,
        computed_s=entrant.computed_s,
        blocking=on_one_loop and not awaited,
    )
