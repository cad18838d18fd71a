"""One run of a suite: its benchmarks in random order, in several launches, each on disk at once."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, field
from math import inf
from typing import TYPE_CHECKING

from msgspec.structs import replace

from raceway.errors import LaneError
from raceway.measure.group.plan import Progress
from raceway.record import Ending, GroupEnd, Launch, Record, Run, Status
from raceway.session.recording import Recording
from raceway.session.suite.outcomes import launch_of
from raceway.session.suite.process import SuiteProcess
from raceway.session.suite.suite import module_of
from raceway.session.suite.timed import Timed
from raceway.store.journal import Journal
from raceway.store.suites import of_suite

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from raceway.measure.group.plan import Spectator
    from raceway.record import GroupResult
    from raceway.session.suite.suite import Suite

CONFIDENCE = 0.95


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
            measured, serving = self.measured(launch, test, following, serving)
            self.keep(timed.of({test: measured}), spectators)
        if serving:
            serving.end()

    def measured(
        self, launch: int, test: str, following: str | None, serving: SuiteProcess | None
    ) -> tuple[Launch, SuiteProcess | None]:
        """Run a benchmark; return what it told, and the pytest that runs the following one."""
        try:
            serving = serving or SuiteProcess.collecting(self.suite.command)
            return launch_of(launch, serving.run(test, following)), serving
        except LaneError as error:
            if serving:
                serving.end(at_once=True)
            return Launch(index=launch, status=Status.FAILED, reason=str(error)), None

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


def in_random_order(tests: Iterable[str]) -> list[str]:
    """Return tests with their modules in random order, and each module's tests too."""
    modules: dict[str, list[str]] = {}
    for test in tests:
        modules.setdefault(module_of(test), []).append(test)
    order = random.sample(list(modules), len(modules))
    return [
        test for module in order for test in random.sample(modules[module], len(modules[module]))
    ]
