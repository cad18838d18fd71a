"""One session: its header, all that it measured, and the lines of its journal."""

from __future__ import annotations

from raceway.bounds import Size
from raceway.record.environment import Commit, Environment
from raceway.record.group import GroupEnd, GroupResult
from raceway.record.machine import HostState, Machine, Peak
from raceway.record.record import Record
from raceway.record.saved import Saved, Status

SCHEMA_VERSION = 2

SUITE = "suite"
"""The profile of runs of suites."""


class Called(Saved, frozen=True, kw_only=True):
    """A user's own function that was raced, from which the report writes the lines that call it."""

    function: str = ""
    """`module:name`; empty if there is only a coroutine function."""
    coroutine: str = ""
    setup: str = ""
    instance: bool = False
    """Whether it is a method of an instance that is made without arguments."""
    direct: bool = True
    """Whether workers find it by its name, so that nothing need be defined around it."""
    arguments: str = "()"
    """Those before the item, as Python writes them."""
    kwargs: str = "{}"


class Header(Saved, frozen=True, kw_only=True):
    """What is known about a run before its first group: the first line of its journal."""

    schema: Size
    run_id: str
    started_at: str
    machine: Machine
    environments: list[Environment]
    commit: Commit
    command_line: list[str]
    profile: str
    launches: Size
    """The number of planned launches."""
    planned: list[Record]
    """Every selected case, including skipped ones with their reasons."""
    resumed_from: str | None = None
    files: dict[str, str] = {}
    """Of each file that users brought along, by its workload's name, a digest of its content."""
    called: dict[str, Called] = {}
    """Of each function of the user's own, by its workload's name, how it was called."""
    host: HostState | None = None
    """None in older runs and those of other tools."""
    duel: str | None = None
    """An id that both sides of a duel share: their launches with one index ran side by side."""
    saved_by: str = ""
    """The other tool that saved the file, with its version; empty if it is ours."""


class Run(Saved, frozen=True, kw_only=True):
    """All that one session measured."""

    header: Header
    finished_at: str
    status: Status
    records: list[Record]
    groups: list[GroupResult] = []
    """Noise and times of each group; the launches are in the records."""
    peaks: list[Peak] = []
    ends: list[GroupEnd] = []
    """The look at which each group ended; empty in runs with a fixed number of launches."""

    def record(self, case_id: str) -> Record:
        """Return the record with that id; KeyError if there is none."""
        for record in self.records:
            if record.id == case_id:
                return record
        raise KeyError(case_id)


class JournalLine(Saved, frozen=True, kw_only=True):
    """One line of the journal after the header; exactly one field is set."""

    group: GroupResult | None = None
    plain: Record | None = None
    peaks: list[Peak] | None = None
    ends: list[GroupEnd] | None = None
    finished_at: str | None = None
    """When the session had measured everything; only saving the run was left to do."""
