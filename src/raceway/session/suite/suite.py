"""One run of a suite: its benchmarks in random order, in several launches, each on disk at once."""

from __future__ import annotations

import random
import secrets
import shlex
import sys
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from raceway.case import CURRENT
from raceway.errors import LaneError
from raceway.measure.control.lanes import survey
from raceway.measure.control.running import run_to_its_end
from raceway.measure.group.plan import Progress
from raceway.measure.machine.commit import probe_commit
from raceway.measure.machine.host_state import probe_host_state
from raceway.measure.machine.machine import probe_machine
from raceway.plan.catalogue import discover
from raceway.record import (
    SCHEMA_VERSION,
    SUITE,
    Ending,
    GroupEnd,
    Header,
    Launch,
    Record,
    Run,
    Status,
)
from raceway.session.recording import Recording
from raceway.session.session import environment_of, homeless, program
from raceway.session.suite.outcomes import launch_of
from raceway.session.suite.process import Collected, SuiteCommand, SuiteProcess
from raceway.session.suite.timed import Timed
from raceway.store.journal import Journal
from raceway.store.suites import of_suite

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from raceway.measure.group.plan import Spectator
    from raceway.record import Commit, Environment, GroupResult

CONFIDENCE = 0.95


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
            command_line=[program(sys.argv[0]), *map(homeless, sys.argv[1:])],
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
        root = Path(collected.root)
        modules = {root / module_of(test) for test in collected.tests}
        return probe_commit(self.command.folder, sorted(file for file in modules if file.is_file()))


@dataclass(slots=True)
class SuiteSession(Recording):
    """One run of a suite, from its first benchmark to its file."""

    suite: Suite
    first: SuiteProcess
    """A pytest that has collected the suite; it serves the first launch."""
    kept: Sequence[GroupResult] = ()
    """What an interrupted run measured."""
    resumed_from: str | None = None
    end_s: float = inf
    """The deadline on the monotonic clock: no benchmark begins that would end later."""
    tests: list[str] = field(init=False)
    lasted_s: dict[str, float] = field(init=False, default_factory=dict)
    """How long each benchmark took last."""
    out_of_time: bool = field(init=False, default=False)

    def __post_init__(self) -> None:
        """Begin the journal; StoreError if it cannot be written."""
        collected, suite = self.first.collected, self.suite
        self.tests = list(collected.tests)
        planned = [Record(id=test, fullname=test) for test in self.tests]
        header = suite.header([suite.environment(collected)], suite.commit(collected), planned)
        self.header = replace(header, resumed_from=self.resumed_from)
        folder = suite.results / self.header.machine.id
        self.journal = Journal.create(folder, self.header)
        for group in self.kept:
            self.finished_group(group)

    def race(self, *spectators: Spectator) -> None:
        """Run every benchmark in every launch, as far as the time goes."""
        process: SuiteProcess | None = self.first
        try:
            for launch in range(self.suite.launches):
                tests = self.wanted(launch)
                if tests and not self.out_of_time:
                    self.launch(launch, tests, process, spectators)
                    process = None
        finally:
            self.first.end(at_once=True)
        self.ended_groups(self.endings())

    def wanted(self, launch: int) -> list[str]:
        """Return the benchmarks that a launch lacks, in the order to run them.

        One that failed or was skipped is not run again.
        """
        known = {
            test: each for group in self.groups for test, each in group.launches.items()
            if each.status is not Status.OK or group.launch == launch
        }  # fmt: skip
        return in_random_order(test for test in self.tests if test not in known)

    def launch(
        self,
        launch: int,
        tests: Sequence[str],
        serving: SuiteProcess | None,
        spectators: Sequence[Spectator],
    ) -> None:
        """Run benchmarks in one pytest, which ends; in another one if it dies."""
        for test, following in zip(tests, [*tests[1:], None], strict=True):
            if time.monotonic() + self.lasted_s.get(test, 0.0) > self.end_s:
                self.out_of_time = True
                break
            self.tell_started(launch, test, spectators)
            timed = Timed(test, launch, self.header.machine.usable_cores)
            try:
                serving = serving or SuiteProcess.collecting(self.suite.command)
                measured = launch_of(launch, serving.run(test, following))
            except LaneError as error:
                measured = Launch(index=launch, status=Status.FAILED, reason=str(error))
                if serving:
                    serving.end(at_once=True)
                serving = None
            self.keep(timed.of({test: measured}), spectators)
        if serving:
            serving.end()

    def tell_started(self, launch: int, test: str, spectators: Sequence[Spectator]) -> None:
        """Let spectators know which benchmark begins, and how much is left."""
        done, whole = len(self.groups), self.suite.launches * len(self.tests)
        each_s = sum(self.lasted_s.values()) / len(self.lasted_s) if self.lasted_s else None
        left_s = None if each_s is None else each_s * (whole - done)
        if left_s is not None and self.end_s < inf:
            left_s = min(left_s, max(self.end_s - time.monotonic(), 0.0))
        progress = Progress(
            launch + 1, self.suite.launches, test, done, whole, 0, left_s, "benchmark"
        )
        for spectator in spectators:
            spectator.started(progress)

    def keep(self, result: GroupResult, spectators: Sequence[Spectator]) -> None:
        """Write a benchmark's launch to the disk, and show it."""
        self.lasted_s[result.id] = result.wall_s
        self.finished_group(result)
        for spectator in spectators:
            spectator.finished(result)

    def endings(self) -> list[GroupEnd]:
        """Return how many launches each benchmark had, and why no more."""
        counts = dict.fromkeys(self.tests, 0)
        for group in self.groups:
            counts[group.id] += group.launches[group.id].status is Status.OK
        return [
            GroupEnd(
                id=test,
                launches=number,
                confidence=CONFIDENCE,
                why=Ending.OUT_OF_TIME if self.out_of_time else Ending.LAST_LOOK,
            )
            for test, number in counts.items()
            if number
        ]

    def run(self, status: Status) -> Run:
        """Return all that was measured, as it will be saved."""
        run = super(SuiteSession, self).run(status)
        return replace(run, records=of_suite(run.header, run.records))


def module_of(test: str) -> str:
    """Return the module of a node id."""
    return test.partition("::")[0]


def in_random_order(tests: Iterable[str]) -> list[str]:
    """Return tests with their modules in random order, and each module's tests too."""
    modules: dict[str, list[str]] = {}
    for test in tests:
        modules.setdefault(module_of(test), []).append(test)
    order = random.sample(list(modules), len(modules))
    return [
        test for module in order for test in random.sample(modules[module], len(modules[module]))
    ]
