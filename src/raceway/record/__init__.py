"""What is saved of a session: run, record, launch, machine, environment.

Rounds are whole nanoseconds, as read from the clock; derived values are seconds (`_s`), bytes
(`_bytes`) or plain ratios. All values are valid strict JSON: no NaN, no infinity.
"""

from __future__ import annotations

from raceway.record.environment import SHORT_COMMIT, Commit, Environment
from raceway.record.group import Ending, Grade, GroupEnd, GroupResult, Noise
from raceway.record.launch import Description, Engine, Launch, Told
from raceway.record.machine import HostState, Machine, Peak
from raceway.record.record import Record
from raceway.record.run import SCHEMA_VERSION, SUITE, Called, Header, JournalLine, Run
from raceway.record.saved import Saved, Status
from raceway.record.stats import Stats

__all__ = [
    "SCHEMA_VERSION",
    "SHORT_COMMIT",
    "SUITE",
    "Called",
    "Commit",
    "Description",
    "Ending",
    "Engine",
    "Environment",
    "Grade",
    "GroupEnd",
    "GroupResult",
    "Header",
    "HostState",
    "JournalLine",
    "Launch",
    "Machine",
    "Noise",
    "Peak",
    "Record",
    "Run",
    "Saved",
    "Stats",
    "Status",
    "Told",
]
