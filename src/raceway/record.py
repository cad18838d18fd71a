"""What a session measured, as it is saved: run, record, launch, machine, environment.

Times of rounds are whole nanoseconds as read from the clock; everything derived is seconds
(`_s`), bytes (`_bytes`) or plain ratios. All values survive strict JSON: no NaN, no infinity.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import msgspec

if TYPE_CHECKING:
    from collections.abc import Sequence

SCHEMA_VERSION = 2

SHORT_COMMIT = 7
LARGEST_INT = 2**63 - 1
Count = Annotated[int, msgspec.Meta(ge=1, le=LARGEST_INT)]
"""A whole number one may divide by; checked when a file is read."""
Int64 = Annotated[int, msgspec.Meta(ge=-LARGEST_INT, le=LARGEST_INT)]
"""A whole number that fits into 64 bits; checked when a file is read."""
Nanoseconds = Annotated[int, msgspec.Meta(ge=0, le=LARGEST_INT)]
"""A span of time; checked when a file is read."""


class Status(StrEnum):
    """What became of a planned case, or of the run as a whole."""

    OK = "ok"
    FAILED = "failed"
    INTERRUPTED = "interrupted"
    SKIPPED = "skipped"


class Grade(StrEnum):
    """How far the conditions of a group can be trusted: from `?`, no evidence, to C, the worst."""

    QUIET = "A"
    DISTURBED = "B"
    NOISY = "C"
    """Shown, and kept out of verdicts."""
    UNKNOWN = "?"


class Saved(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Base of everything saved: immutable, defaults left out, unknown fields ignored on load."""


class Launch(Saved, frozen=True, kw_only=True):
    """One case in one launch: its rounds and what was seen beside them."""

    index: Int64
    """Which launch of the run, from 0."""
    status: Status = Status.OK
    reason: str = ""
    loops: Count = 1
    """Passes over all tasks in each round; divide a round by it."""
    rounds_ns: list[Nanoseconds] = []
    """Each round as read from the clock, in the order measured."""
    anchors_ns: list[Nanoseconds] = []
    """The fixed reference timed right after each round; empty where none applies."""
    turns: list[Int64] = []
    """The turn each round belongs to; rounds of one turn of a group ran side by side."""
    cold_s: float | None = None
    """From opening the model (pool creation) to its first answer."""
    cpu_s: float | None = None
    """CPU time of the lane's process tree over all rounds; None where not known."""
    queue_s: float | None = None
    """Seconds in which threads of the tree were ready and had no CPU; None where not known.

    What is left of the rounds without this and `cpu_s` was waited.
    """
    contradiction: str = ""
    """Which declaration of the workload the measurement contradicts, and the remedy, in a line."""
    peak_memory_bytes: Int64 | None = None
    """Sum of the peak resident sizes of the lane's process tree."""


class Noise(Saved, frozen=True, kw_only=True):
    """What disturbed one group in one launch, as far as the system tells."""

    grade: Grade = Grade.UNKNOWN
    reasons: list[str] = []
    """Why the grade is not A, in words."""
    parallel_capacity: float | None = None
    """Cores that really ran side by side when all usable ones were asked to."""
    anchor_spread: float | None = None
    """Interquartile range of the anchors of single-threaded lanes over their median."""
    serial_cpu_share: float | None = None
    """CPU time over wall time of single-threaded computing lanes; 1 when never preempted."""
    pressure_share: float | None = None
    """Share of the group in which some process of the system waited for a CPU (PSI)."""
    steal_share: float | None = None
    """Share of the group the hypervisor gave to other guests."""
    load: float | None = None
    """Load average over one minute at the end of the group."""


class GroupResult(Saved, frozen=True, kw_only=True):
    """One group of one launch: a line of the journal."""

    id: str
    launch: Int64
    started_at: str
    """UTC, ISO 8601."""
    wall_s: float
    noise: Noise
    launches: dict[str, Launch]
    """Case id to what it did."""
    longest_task_share: float | None = None
    """The longest task's share of the serial time, from the untimed reference pass."""
    parallel_anchors_ns: list[Nanoseconds] = []
    """After each turn: a fixed piece of computing done by all usable cores at once."""


class Ending(StrEnum):
    """Why a group was raced no further."""

    ANSWERED = "answered"
    """Nothing was open any more."""
    LAST_LOOK = "last look"
    """Something was open after as many launches as were allowed."""
    OUT_OF_TIME = "out of time"
    """Something was open, and the budget held no further launch."""
    LEFT_OUT = "left out"
    """The budget would not have held enough launches of all sizes."""


class GroupEnd(Saved, frozen=True, kw_only=True):
    """At which look a group ended, and how sure that look was."""

    id: str
    launches: Int64
    """How many launches it has had."""
    confidence: float
    """Of the intervals that were looked at, and that are to be shown: 0.9875 at four looks."""
    why: Ending
    reason: str = ""
    """The same in words, where somebody may wonder."""


class Stats(Saved, frozen=True, kw_only=True, omit_defaults=False):
    """The statistics pytest-benchmark saves, with its names and definitions; seconds."""

    min: float
    max: float
    mean: float
    stddev: float
    rounds: int
    median: float
    iqr: float
    q1: float
    q3: float
    iqr_outliers: int
    stddev_outliers: int
    outliers: str
    ld15iqr: float
    hd15iqr: float
    ops: float
    total: float
    iterations: int


class Record(Saved, frozen=True, kw_only=True):
    """One case of a run, or one plain benchmark (then `workload` and `model` are empty)."""

    id: str
    """The case id; of a plain benchmark its full name."""
    fullname: str
    """The name other tools know it by: pytest's node id, or `raceway::<case id>`."""
    workload: str = ""
    size: str = ""
    model: str = ""
    family: str = ""
    """What the model runs its tasks on, a `case.Family`; empty where it is not known."""
    kind: str = ""
    workers: Int64 = 1
    device: str = "cpu"
    interpreter: str = "current"
    status: Status = Status.OK
    reason: str = ""
    tasks: Count = 1
    """Tasks in one pass; a time per task is a time per pass over this."""
    shortest_wait_s: float = 0.0
    """The least time the declared waits take with these workers."""
    flops: float = 0.0
    moved_bytes: float = 0.0
    concurrency: Int64 = 1
    """Tasks under way at the same time, at most."""
    work_digest: str = ""
    """Of the task's source and the arguments: other work where it differs. Empty: unknown."""
    computed_s: float | None = None
    """The time of one pass where it follows from declared waits and was not measured."""
    blocking: bool = False
    """Whether tasks ran on an event loop as plain functions, which block it."""
    launches: list[Launch] = []

    @property
    def contradiction(self) -> str:
        """Which declaration was found to be false, and the remedy; empty if none was.

        It holds for the workload, so for all cases of the group: no advice, no claim.
        """
        return next((each.contradiction for each in self.launches if each.contradiction), "")

    @property
    def group(self) -> str:
        """The id of the group in which the case raced; empty for a plain benchmark."""
        return f"{self.workload}-{self.size}" if self.workload else ""


class Machine(Saved, frozen=True, kw_only=True):
    """Hardware and operating system, identified by facts that stay."""

    id: str
    system: str
    architecture: str
    cpu_model: str
    logical_cores: Int64
    usable_cores: Int64
    """The least of affinity, cgroup quota and count, at least 1."""
    quota_cores: float | None = None
    memory_bytes: Int64 | None = None
    kernel: str = ""
    virtualisation: str = ""
    governor: str = ""
    turbo: bool | None = None
    gpus: list[str] = []
    host: str | None = None
    """The host's name, only where the user asked for it to be saved."""


class HostState(Saved, frozen=True, kw_only=True):
    """In what state the machine's host was: hosts of one machine id need not be equally fast.

    What the system does not tell is empty or None.
    """

    stepping: str = ""
    """Family, model and stepping of the processor."""
    microcode: str = ""
    caches: str = ""
    """Level and size of each cache of a core."""
    frequency_mhz: float | None = None
    """The highest one, as told; else the one of the moment."""
    memory_bytes_per_s: float | None = None
    """Of a short burst of copying, reading and writing counted."""
    timer_wake_s: float | None = None
    """How late a timer of a millisecond wakes a sleeper, usually."""
    pipe_wake_s: float | None = None
    """How long a byte takes to a sleeping process and back, usually."""


class Environment(Saved, frozen=True, kw_only=True):
    """One raced interpreter and its libraries, as its own lane reported them."""

    label: str
    command: str
    version: str
    implementation: str
    build: str = ""
    compiler: str = ""
    free_threaded: bool = False
    """Whether the build can run without the GIL."""
    gil_enabled: bool = True
    """Whether the GIL was on in the lane."""
    libraries: dict[str, str] = {}
    gpus: list[str] = []
    cuda: str = ""
    driver: str = ""


class Commit(Saved, frozen=True, kw_only=True):
    """The state of the code that was measured."""

    id: str = "unversioned"
    time: str | None = None
    author_time: str | None = None
    dirty: bool = False
    project: str = ""
    branch: str = "(unknown)"

    @property
    def short(self) -> str:
        """The id as git shortens it; what is no commit is said in full."""
        return self.id if self.id == Commit().id else self.id[:SHORT_COMMIT]


class Peak(Saved, frozen=True, kw_only=True):
    """What a device was measured to do at best: the base of tensor limits."""

    device: str
    interpreter: str
    precision: str
    flops_per_s: float
    bytes_per_s: float
    workers: Int64 = 1
    """Cores that computed together."""


class Header(Saved, frozen=True, kw_only=True):
    """What is known of a run before its first group: the first line of its journal."""

    schema: int
    run_id: str
    started_at: str
    machine: Machine
    environments: list[Environment]
    commit: Commit
    command_line: list[str]
    profile: str
    launches: Int64
    """How many launches were planned."""
    planned: list[Record]
    """Every case of the selection, those that are skipped with their reasons too."""
    resumed_from: str | None = None
    host: HostState | None = None
    """The state of the host; None in runs of before it was noted, and of other tools."""
    duel: str | None = None
    """What both sides of a duel share: their launches of one index ran side by side."""


class Run(Saved, frozen=True, kw_only=True):
    """All that one session measured."""

    header: Header
    finished_at: str
    status: Status
    records: list[Record]
    groups: list[GroupResult] = []
    """Noise and times of each group; their launches are in the records."""
    peaks: list[Peak] = []
    ends: list[GroupEnd] = []
    """At which look each group ended; empty in runs of a fixed number of launches."""

    def record(self, case_id: str) -> Record:
        """Return the record with that id; KeyError if the run has none."""
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


def records_of(
    header: Header,
    groups: list[GroupResult],
    plain: list[Record],
    *,
    finished: bool,
    ends: Sequence[GroupEnd] = (),
) -> list[Record]:
    """Join what was planned with what was measured.

    A planned case with no launch at all, or with fewer than planned in an unfinished run, is
    `interrupted`, unless its group has ended; with any failed launch it is `failed`, with that
    launch's reason. One whose size was left out before its first launch is `skipped`.
    """
    ended = {end.id: end for end in ends}
    measured: dict[str, list[Launch]] = {}
    for group in sorted(groups, key=lambda group: group.launch):
        for case_id, launch in group.launches.items():
            measured.setdefault(case_id, []).append(launch)
    joined = [
        _joined(
            record,
            measured.get(record.id, []),
            header.launches,
            ended.get(record.group),
            finished=finished,
        )
        for record in header.planned
    ]
    return [*joined, *plain]


def _joined(
    planned: Record,
    launches: list[Launch],
    wanted: int,
    end: GroupEnd | None,
    *,
    finished: bool,
) -> Record:
    if planned.status is Status.SKIPPED or planned.computed_s is not None:
        return planned
    failed = next((launch for launch in launches if launch.status is Status.FAILED), None)
    status, reason = Status.OK, ""
    if failed:
        status, reason = Status.FAILED, failed.reason
    elif end and not launches:
        status, reason = Status.SKIPPED, end.reason
    elif len(launches) < wanted and not finished and not end:
        status, reason = Status.INTERRUPTED, f"{len(launches)} of {wanted} launches were measured"
    elif not launches:
        status, reason = Status.SKIPPED, "deselected before its group"
    return msgspec.structs.replace(planned, status=status, reason=reason, launches=launches)


def encode_json(value: Any) -> bytes:
    """Return compact JSON of a saved struct."""
    return msgspec.json.encode(value)
