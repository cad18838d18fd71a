"""The state of the plugin during one pytest session."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field, replace
from math import inf
from typing import TYPE_CHECKING, Any

import pytest

from raceway.errors import RacewayError
from raceway.measure.scratch.reaper import Reaper
from raceway.record import Record, Status
from raceway.session.deadline import race_end
from raceway.session.lineup import Lineup
from raceway.session.progress import ProgressDisplay
from raceway.session.resume import begin
from raceway.store.recovery import recover

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence
    from pathlib import Path

    from rich.console import Console

    from raceway.plan.selection import Entrant
    from raceway.record import Run
    from raceway.session.options import Options
    from raceway.session.session import Session

MARKER = "raceway"
"""Tests with this mark get cases and devices, and their session is saved."""
USAGE_ERROR = int(pytest.ExitCode.USAGE_ERROR)


def cuda_is_required() -> bool:
    """Whether GPU cases that cannot race must fail instead of being skipped."""
    return os.environ.get("REQUIRE_CUDA", "") not in {"", "0"}


@dataclass(slots=True)
class BenchSession:
    """The lineup, the run in progress and its outcome."""

    options: Options
    check_only: bool = False
    """Run every case once to check its answers, and save nothing."""
    planned: Mapping[str, str] = field(default_factory=dict)
    """Node ids of the collected tests, by case id."""
    active: bool = False
    """Whether any collected test is ours, so that the session is saved."""
    refused: bool = False
    """Whether the session was refused, so that it ends with an error though no test failed."""
    assembled: Lineup | None = None
    reaper: Reaper | None = None
    """Keeps the temporary folder of a session that only checks."""
    start_s: float = field(default_factory=time.monotonic)
    """Start of this session, by the monotonic clock."""
    kept_back_s: float = 0.0
    """Estimated time of the plain benchmarks still to run."""
    cut: str = ""
    """Why the race did not come to its end, if it did not: pytest-timeout, an error."""
    model_races: dict[Hashable, Any] = field(default_factory=dict)
    """The races of `race_models`, by what their tests share."""
    failed: dict[str, str] = field(default_factory=dict)
    """Node ids of plain benchmarks that failed, by their names."""
    session: Session | None = None
    records: Mapping[str, Record] = field(default_factory=dict)
    saved: Path | None = None
    run: Run | None = None
    notes: list[str] = field(default_factory=list)
    """Lines shown at the end of the session: what was recovered, what could not be saved."""

    @property
    def lineup(self) -> Lineup:
        """Everything that could race, found on first use."""
        if self.assembled is None:
            lineup = Lineup.assemble(self.options)
            self.assembled = self.once_only(lineup) if self.check_only else lineup
        return self.assembled

    def once_only(self, lineup: Lineup) -> Lineup:
        """Return a lineup that measures each case once, with its run in a temporary folder."""
        profile = replace(
            lineup.profile, looks=(1,), budget_s=inf, most_group_s=0.001, fewest_turns=1,
            most_rounds=1,
        )  # fmt: skip
        self.reaper = self.reaper or Reaper.start()
        options = replace(lineup.options, results=self.reaper.new_folder())
        return replace(lineup, profile=profile, options=options)

    def over(self) -> None:
        """Remove what was only checked."""
        if self.reaper:
            self.reaper.dismiss()

    def entrants(self, kind: str | None, workloads: Sequence[str] | None) -> list[Entrant]:
        """Return the cases of one kind of work, or of some workloads."""
        return [
            entrant
            for entrant in self.lineup.entrants.values()
            if kind in {None, entrant.kind}
            and (workloads is None or entrant.case.workload in workloads)
        ]

    def devices(self) -> list[str]:
        """Return the chosen devices; `auto` is the first GPU if there is one, else the CPU."""
        has_gpu = bool(self.lineup.interpreters[0].facts["cuda_devices"])
        found = {"auto": "cuda:0" if has_gpu else "cpu", "cuda": "cuda:0"}
        wanted = self.options.selection.devices
        return list(dict.fromkeys(found.get(device, device) for device in wanted))

    def begin(self) -> Session:
        """Recover dead sessions, and begin this one's journal."""
        if self.session is None:
            self.recover()
            self.session, notes = begin(self.lineup, self.planned)
            self.notes += notes
        return self.session

    def recover(self) -> None:
        """Turn journals of dead sessions into run files, and note them."""
        for recovered in recover(self.lineup.options.results):
            if recovered.run_file:
                self.notes.append(recovered.told())
            self.notes += recovered.problems

    def race(self, console: Console) -> None:
        """Race all planned cases, with progress on the console."""
        if not self.planned:
            return
        session = self.begin()
        if not self.check_only:
            budget_s = self.lineup.profile.budget_s
            session.end_s = race_end(self.start_s, budget_s, self.kept_back_s)
        with ProgressDisplay(console) as display:
            session.race(display)
        finished = session.run(Status.OK)
        self.records = {record.id: record for record in finished.records}

    def keep_plain(self, record: Record, nodeid: str) -> None:
        """Add a plain benchmark to the run.

        A rerun of a failed test counts, another repetition of it does not.
        """
        if record.status is Status.FAILED:
            self.failed.setdefault(record.fullname, nodeid)
        if not self.check_only and self.failed.get(record.fullname, nodeid) == nodeid:
            self.begin().finished_plain(record)

    def save(self, *, finished: bool) -> None:
        """Save the run; if that fails, note it and leave the journal for recovery."""
        session, self.session = self.session, None
        if session is None:
            return
        if self.check_only:
            return
        try:
            whole = finished and not self.cut
            saved = session.save(Status.OK) if whole else session.save_interrupted()
        except RacewayError as error:
            journal = session.journal.path
            self.notes.append(str(error))
            self.notes.append(f"All that finished is in {journal}: `raceway recover` saves it.")
            raise
        self.saved, self.run = saved or (None, None)
        if self.cut:
            self.notes.append(told_of_cut(self.cut, any_saved=self.saved is not None))


def told_of_cut(cut: str, *, any_saved: bool) -> str:
    """Return what is said of a race that was cut short, and what to do."""
    kept = (
        "what had finished is saved, `--resume` measures the rest"
        if any_saved
        else "no group had finished"
    )
    remedy = (
        ". The race runs in the setup of the first test that needs it: set timeout_func_only = true"
    )
    return f"{cut.rstrip('.')}; {kept}{remedy if 'pytest-timeout' in cut else ''}"


def is_ours(item: pytest.Item) -> bool:
    """Whether a test is marked `raceway` or is an asynchronous benchmark."""
    return item.get_closest_marker(MARKER) is not None or is_async(item)


def is_async(item: pytest.Item) -> bool:
    """Whether a test uses `async_benchmark`."""
    return "async_benchmark" in getattr(item, "fixturenames", ())


STATE = pytest.StashKey[BenchSession]()
