"""Duels two checkouts by their own suite: benchmark by benchmark in turns, until it is decided."""

from __future__ import annotations

import dataclasses
import fnmatch
import time
from dataclasses import dataclass, field
from math import inf
from typing import TYPE_CHECKING

from msgspec.structs import replace

from raceway.analysis.comparison.comparison import compare_sides
from raceway.analysis.comparison.samples import Side
from raceway.analysis.comparison.verdicts import Verdict
from raceway.errors import LaneError, SelectionError
from raceway.measure.group.plan import Progress
from raceway.record import Launch, Record, Run, Status
from raceway.regression.duel import one_side
from raceway.regression.revisions import DuelSide
from raceway.regression.sequential import LOOKS, looked_at
from raceway.session.deadline import TAIL_S
from raceway.session.recording import Recording
from raceway.session.suite.outcomes import launch_of
from raceway.session.suite.process import SuiteProcess
from raceway.session.suite.session import in_random_order
from raceway.session.suite.timed import Timed
from raceway.store.journal import Journal
from raceway.store.runs import DUELS, save
from raceway.store.suites import of_suite

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from raceway.analysis.comparison.comparison import Comparison
    from raceway.measure.group.plan import Spectator
    from raceway.record import GroupResult
    from raceway.regression.suite_sides import SuiteSide
    from raceway.session.suite.suite import Suite


@dataclass(slots=True)
class SuiteDuel(Recording):
    """One duel of two checkouts, from collecting their suites to both saved runs."""

    suite: Suite
    """Where runs are saved, and by which names."""
    pair: Sequence[SuiteSide]
    budget_s: float
    threshold: float
    patterns: Sequence[str] = ()
    """Patterns of node ids; none means all."""
    apart: str = DUELS
    """The folder of its runs, below the machine's."""
    start_s: float = field(default_factory=time.monotonic)
    running: dict[str, SuiteProcess] = field(init=False, default_factory=dict)
    """The pytest of each side, by its label."""
    tests: list[str] = field(init=False)
    on_one_side: list[str] = field(init=False)
    """The benchmarks that only one side has."""
    still_open: list[str] = field(init=False)
    lasted_s: dict[str, float] = field(init=False, default_factory=dict)
    """How long both sides of a benchmark took last."""
    out_of_time: bool = field(init=False, default=False)

    def __post_init__(self) -> None:
        """Collect both suites, and begin the journal; SelectionError if nothing can be raced."""
        try:
            self.start()
            self.choose()
            self.begin_journal()
        except BaseException:
            self.end(at_once=True)
            raise

    def start(self) -> None:
        """Start the pytest of each side that does not run, both at once."""
        new = {side.label: SuiteProcess(side.command) for side in self.pair
               if side.label not in self.running}  # fmt: skip
        self.running |= new
        for label in new:
            self.running[label].collect()

    def choose(self) -> None:
        """Find the benchmarks that both sides have; SelectionError if there are none."""
        a, b = (self.running[side.label].collected.tests for side in self.pair)
        meant = [test for test in dict.fromkeys([*a, *b]) if self._is_meant(test)]
        self.tests = [test for test in meant if test in a and test in b]
        self.on_one_side = [test for test in meant if test not in self.tests]
        self.still_open = list(self.tests)
        if not self.tests:
            raise SelectionError("no benchmark that is meant exists on both sides")

    def _is_meant(self, test: str) -> bool:
        return not self.patterns or any(fnmatch.fnmatchcase(test, each) for each in self.patterns)

    def begin_journal(self) -> None:
        """Begin the journal; StoreError if it cannot be written."""
        environments = []
        for side in self.pair:
            suite = replace_command(self.suite, side)
            known = suite.environment(self.running[side.label].collected)
            environments.append(replace(known, label=side.label))
        planned = [
            Record(id=f"{test}@{side.label}", fullname=test, interpreter=side.label)
            for side in self.pair
            for test in self.tests
        ]
        self.header = self.suite.header(environments, self.pair[1].commit, planned)
        folder = self.suite.results / self.header.machine.id / self.apart
        self.journal = Journal.create(folder, self.header)

    def race(self, *spectators: Spectator) -> None:
        """Go on until every benchmark is decided, or the time is up."""
        try:
            for launch in range(LOOKS[-1]):
                self.launch(launch, spectators)
                self.end()
                if launch + 1 in LOOKS:
                    self.still_open = self.undecided()
                if self.out_of_time or not self.still_open:
                    return
        finally:
            self.end(at_once=True)

    def launch(self, launch: int, spectators: Sequence[Spectator]) -> None:
        """Run the open benchmarks on both sides in fresh pytests; the first side alternates."""
        order = in_random_order(self.still_open)
        for place, test in enumerate(order):
            if not self.has_time(test):
                self.out_of_time = True
                return
            following = order[place + 1] if place + 1 < len(order) else None
            self._tell_started(launch, place, test, len(order), spectators)
            timed = Timed(test, launch, self.header.machine.usable_cores)
            sides = self.pair if (launch + place) % 2 == 0 else self.pair[::-1]
            measured = {
                f"{test}@{side.label}": self.one(side, launch, test, following) for side in sides
            }
            result = timed.of(measured)
            self.lasted_s[test] = result.wall_s
            self.keep(result, spectators)

    def one(self, side: SuiteSide, launch: int, test: str, following: str | None) -> Launch:
        """Run a benchmark on one side; if its pytest dies, it has failed."""
        try:
            self.start()
            return launch_of(launch, self.running[side.label].run(test, following))
        except LaneError as error:
            self.running.pop(side.label).end(at_once=True)
            return Launch(index=launch, status=Status.FAILED, reason=str(error))

    def keep(self, result: GroupResult, spectators: Sequence[Spectator]) -> None:
        """Write both launches to the disk; what has no time on a side is not run again."""
        self.finished_group(result)
        if any(launch.status is not Status.OK for launch in result.launches.values()):
            self.still_open.remove(result.id)
        for spectator in spectators:
            spectator.finished(result)

    def has_time(self, test: str) -> bool:
        """Whether a benchmark would end in time."""
        usual_s = self.lasted_s.get(test, max(self.lasted_s.values(), default=0.0))
        return time.monotonic() + usual_s < self.start_s + self.budget_s - TAIL_S

    def undecided(self) -> list[str]:
        """Return the open benchmarks without a verdict."""
        rows = self.comparison(self.run(Status.INTERRUPTED)).rows
        unclear = {row.case for row in rows if row.verdict is Verdict.UNCLEAR}
        return [test for test in self.still_open if test in unclear]

    def comparison(self, run: Run) -> Comparison:
        """Return the verdicts on what was measured."""
        one, other = (
            Side(side.label, [one_side(run, plain_side(side), run.header.run_id)])
            for side in self.pair
        )
        return compare_sides(one, other, looked_at(LOOKS, self.threshold))

    def run(self, status: Status) -> Run:
        """Return both sides in one run."""
        run = super(SuiteDuel, self).run(status)
        return replace(run, records=of_suite(run.header, run.records))

    def verdicts(self) -> tuple[Comparison, list[Path]]:
        """Return the verdicts, and the saved files of both sides' runs."""
        comparison = self.comparison(self.run(Status.OK))
        paths = [save(side.runs[-1], self.folder) for side in (comparison.a, comparison.b)]
        self.journal.remove()
        return comparison, paths

    def end(self, *, at_once: bool = False) -> None:
        """End both pytests."""
        while self.running:
            self.running.popitem()[1].end(at_once=at_once)

    def _tell_started(
        self, launch: int, place: int, test: str, tests: int, spectators: Sequence[Spectator]
    ) -> None:
        left_s = self.start_s + self.budget_s - time.monotonic() if self.budget_s < inf else None
        progress = Progress(launch + 1, 0, test, place, tests, 0, left_s, "benchmark")
        for spectator in spectators:
            spectator.started(progress)


def replace_command(suite: Suite, side: SuiteSide) -> Suite:
    """Return the suite as a side runs it."""
    return dataclasses.replace(suite, command=side.command)


def plain_side(side: SuiteSide) -> DuelSide:
    """Return a side as duels of cases know it."""
    return DuelSide(side.label, side.label, files={}, commit=side.commit, digests={})
