"""What is saved of a session: run, record, launch, machine, environment.

Rounds are whole nanoseconds, as read from the clock; derived values are seconds (`_s`), bytes
(`_bytes`) or plain ratios. All values are valid strict JSON: no NaN, no infinity.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

import msgspec

from raceway.bounds import (  # noqa: TC001 (msgspec reads the annotations)
    Amount,
    Count,
    Latencies,
    LatencyCount,
    Nanoseconds,
    Seconds,
    Share,
    Size,
    Speed,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

SCHEMA_VERSION = 2

SHORT_COMMIT = 7
SUITE = "suite"
"""The profile of runs of suites."""


class Status(StrEnum):
    """What became of a planned case or of the whole run."""

    OK = "ok"
    FAILED = "failed"
    INTERRUPTED = "interrupted"
    SKIPPED = "skipped"


class Grade(StrEnum):
    """How far the conditions of a group can be trusted; `?` means no evidence."""

    QUIET = "A"
    DISTURBED = "B"
    NOISY = "C"
    """Shown, but kept out of verdicts."""
    UNKNOWN = "?"


class Saved(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Base of everything saved: immutable; defaults are left out, unknown fields ignored."""


class Told(Saved, frozen=True, kw_only=True):
    """What another tool's file tells of rounds that it does not hold; seconds per pass.

    What the file does not tell is None.
    """

    rounds: Size | None = None
    median_s: float | None = None
    mean_s: float | None = None
    stddev_s: float | None = None
    iqr_s: float | None = None
    min_s: float | None = None
    max_s: float | None = None

    @property
    def middle(self) -> tuple[str, float] | None:
        """The name and the value of the best figure for the time of a pass."""
        figures = {"median": self.median_s, "mean": self.mean_s, "min": self.min_s}
        return next(((name, each) for name, each in figures.items() if each is not None), None)


class Description(Saved, frozen=True, kw_only=True):
    """What pytest-benchmark tells of a benchmark of a suite, besides its times."""

    name: str
    group: str | None = None
    param: str | None = None
    params: dict[str, Any] | None = None
    extra_info: dict[str, Any] = {}


class Engine(Saved, frozen=True, kw_only=True):
    """What an engine offered a case in one launch."""

    workers: Count
    """Tasks that it ran at the same time."""
    hosts: Count = 1
    """The machines they ran on."""
    round_trip_s: Seconds | None = None
    """How long a task that does nothing usually took there and back."""
    joined: bool = False
    """Whether its cluster was there before, perhaps on other machines."""


class Launch(Saved, frozen=True, kw_only=True):
    """One case in one launch."""

    index: Size
    """Which launch of the run, from 0."""
    status: Status = Status.OK
    reason: str = ""
    loops: Count = 1
    """Passes over all tasks in each round; divide a round by it to get one pass."""
    rounds_ns: list[Nanoseconds] = []
    """Each round as read from the clock, in the order measured."""
    anchors_ns: list[Nanoseconds] = []
    """The reference loop, timed right after each round; empty where none applies."""
    beside_ns: list[Nanoseconds] = []
    """The reference loop, timed before and after all rounds of a suite's benchmark."""
    turns: list[Size] = []
    """The turn of each round; a group's rounds of the same turn ran side by side."""
    cold_s: Seconds | None = None
    """From opening the model (pool creation) to its first answer."""
    cpu_s: Seconds | None = None
    """CPU time of the lane's process tree over all rounds; None if unknown."""
    queue_s: Seconds | None = None
    """Seconds in which threads of the tree were ready but had no CPU; None if unknown.

    The rest of the rounds, without this and `cpu_s`, was spent waiting.
    """
    contradiction: str = ""
    """The declaration of the workload that the measurement contradicts, and the remedy."""
    peak_memory_bytes: Size | None = None
    """Sum of the peak resident sizes of the lane's process tree."""
    engine: Engine | None = None
    """Only of models that are engines and tell."""
    latencies_ns: Latencies = []
    """How long tasks that wait took from being handed over to their answers, in passes that were
    not timed, sorted; evenly thinned if they were many, the shortest and the longest kept."""
    latency_count: LatencyCount = 0
    """How many tasks these times stand for."""
    description: Description | None = None
    """Only of a suite's benchmark."""
    told: Told | None = None
    """Only if another tool wrote the file without its rounds; `rounds_ns` is then one usual one."""

    @property
    def round_count(self) -> int | None:
        """How many rounds were timed; None if the file does not tell."""
        return self.told.rounds if self.told else len(self.rounds_ns)

    @property
    def timed_ns(self) -> Sequence[float]:
        """The rounds as far as they are known; a told time is not cut to whole nanoseconds."""
        middle = self.told.middle if self.told else None
        return [middle[1] * 1e9 * self.loops] if middle else self.rounds_ns


class Noise(Saved, frozen=True, kw_only=True):
    """What disturbed a group in one launch, as far as the system tells."""

    grade: Grade = Grade.UNKNOWN
    reasons: list[str] = []
    """Why the grade is not A."""
    parallel_capacity: Amount | None = None
    """Cores that really ran side by side when all usable ones were busy."""
    anchor_spread: Amount | None = None
    """Interquartile range over median of the reference loops in single-threaded lanes."""
    serial_cpu_share: Amount | None = None
    """CPU time over wall time of single-threaded computing lanes; 1 if never preempted."""
    pressure_share: Amount | None = None
    """Share of the time in which some process of the system waited for a CPU (PSI)."""
    steal_share: Amount | None = None
    """Share of the time that the hypervisor gave to other guests."""
    load: Amount | None = None
    """One-minute load average at the end of the group."""


class GroupResult(Saved, frozen=True, kw_only=True):
    """One group of one launch: a line of the journal."""

    id: str
    launch: Size
    started_at: str
    """UTC, ISO 8601."""
    wall_s: Seconds
    noise: Noise
    launches: dict[str, Launch]
    """By case id."""
    longest_task_share: Share | None = None
    """The longest task's share of the serial time, in the untimed reference pass."""
    parallel_anchors_ns: list[Nanoseconds] = []
    """The reference loop of all usable cores at once, timed after each turn."""


class Ending(StrEnum):
    """Why a group stopped racing."""

    ANSWERED = "answered"
    """No question was open any more."""
    LAST_LOOK = "last look"
    """A question was open after the most launches allowed."""
    OUT_OF_TIME = "out of time"
    """A question was open, but the budget left no time for another launch."""
    LEFT_OUT = "left out"
    """The budget was too small for enough launches of all sizes."""


class GroupEnd(Saved, frozen=True, kw_only=True):
    """The look at which a group ended, and its confidence."""

    id: str
    launches: Size
    """The group's launches up to then."""
    confidence: Share
    """Confidence of the intervals at that look, which are also shown: 0.9875 at four looks."""
    why: Ending
    reason: str = ""
    """The same in words, if it needs an explanation."""


class Stats(Saved, frozen=True, kw_only=True, omit_defaults=False):
    """The statistics that pytest-benchmark saves, with its names and definitions, in seconds."""

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
    """The case id, or a plain benchmark's full name."""
    fullname: str
    """The name for other tools: pytest's node id or `raceway::<case id>`."""
    workload: str = ""
    size: str = ""
    model: str = ""
    family: str = ""
    """What the model runs its tasks on, a `case.Family`; empty if unknown."""
    kind: str = ""
    workers: Count = 1
    device: str = "cpu"
    interpreter: str = "current"
    status: Status = Status.OK
    reason: str = ""
    tasks: Count = 1
    """Tasks in one pass."""
    shortest_wait_s: Seconds = 0.0
    """The least time that the declared waits take with these workers."""
    flops: Amount = 0.0
    moved_bytes: Amount = 0.0
    to_device_bytes: Amount = 0.0
    """Copied from the host to the device in one pass."""
    from_device_bytes: Amount = 0.0
    precision: str = "fp32"
    """In which the operations are done; it chooses the peak."""
    payload_bytes: Amount = 0.0
    """Carried to workers and back again in one pass, as far as the workload tells."""
    releases_gil: bool = False
    """Whether its tasks compute without the GIL, as the workload tells."""
    concurrency: Count = 1
    """The most tasks that run at the same time."""
    work_digest: str = ""
    """Hash of the task's source and arguments, to notice changed work; empty if unknown."""
    computed_s: Seconds | None = None
    """The time of one pass, if it was computed from declared waits instead of measured."""
    blocking: bool = False
    """Whether tasks ran on an event loop as plain functions, which block it."""
    launches: list[Launch] = []

    @property
    def contradiction(self) -> str:
        """The declaration that proved false, with the remedy; empty if none did.

        It concerns the workload, so all cases of the group are kept out of advice and claims.
        """
        return next((each.contradiction for each in self.launches if each.contradiction), "")

    def is_other_work(self, digest: str) -> bool:
        """Whether its work is known not to be the one with that digest, so that times differ."""
        return bool(digest and self.work_digest) and digest != self.work_digest

    @property
    def engine(self) -> Engine | None:
        """What its engine offered, as told last; None for other models."""
        return next((each.engine for each in reversed(self.launches) if each.engine), None)

    @property
    def is_tensor(self) -> bool:
        """Whether peaks of a device limit it."""
        return any(
            each > 0
            for each in (
                self.flops, self.moved_bytes, self.to_device_bytes, self.from_device_bytes,
            )
        )  # fmt: skip

    @property
    def group(self) -> str:
        """The id of the group the case raced in; empty for a plain benchmark."""
        return f"{self.workload}-{self.size}" if self.workload else ""

    @property
    def measured_in(self) -> str:
        """The id of the group that it was measured in: each benchmark of a suite has its own."""
        return self.group or self.id


class Machine(Saved, frozen=True, kw_only=True):
    """Hardware and operating system, identified by facts that do not change."""

    id: str
    system: str
    architecture: str
    cpu_model: str
    logical_cores: Size
    """0 if another tool's file does not tell."""
    usable_cores: Size
    """The least of affinity, cgroup quota and count, at least 1; 0 if not told, by another tool."""
    quota_cores: Amount | None = None
    memory_bytes: Size | None = None
    kernel: str = ""
    virtualisation: str = ""
    governor: str = ""
    turbo: bool | None = None
    gpus: list[str] = []
    host: str | None = None
    """The host's name, saved only if the user asked for it."""


class HostState(Saved, frozen=True, kw_only=True):
    """The state of the machine's host: hosts with one machine id may differ in speed.

    Unknown values are empty or None.
    """

    stepping: str = ""
    """Family, model and stepping of the processor."""
    microcode: str = ""
    caches: str = ""
    """Level and size of each cache of a core."""
    frequency_mhz: Amount | None = None
    """The highest one if reported, else the current one."""
    memory_bytes_per_s: Amount | None = None
    """Copying speed in a short burst, reads and writes both counted."""
    timer_wake_s: Seconds | None = None
    """How late a timer of one millisecond usually wakes a sleeper."""
    pipe_wake_s: Seconds | None = None
    """How long a byte usually takes to a sleeping process and back."""


class Environment(Saved, frozen=True, kw_only=True):
    """A raced interpreter and its libraries, as reported by its own lane."""

    label: str
    command: str
    version: str
    implementation: str
    build: str = ""
    compiler: str = ""
    free_threaded: bool = False
    """Whether the build can run without the GIL."""
    gil_enabled: bool | None = True
    """Whether the GIL was on in the lane; None if the file is another tool's, which do not tell."""
    libraries: dict[str, str] = {}
    settings: dict[str, str] = {}
    """Variables, options and tracers of its lanes that may change timing, such as LD_PRELOAD."""
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
        """The short id; `unversioned` in full."""
        return self.id if self.id == Commit().id else self.id[:SHORT_COMMIT]


class Peak(Saved, frozen=True, kw_only=True):
    """The best speed measured on a device, from which tensor limits follow."""

    device: str
    interpreter: str
    precision: str
    flops_per_s: Speed
    bytes_per_s: Speed
    workers: Count = 1
    """Cores that computed together."""
    to_device_bytes_per_s: float = 0.0
    """Copying pinned memory of the host to the device; 0 if not measured."""
    from_device_bytes_per_s: float = 0.0


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


def records_of(
    header: Header,
    groups: list[GroupResult],
    plain: list[Record],
    *,
    finished: bool,
    ends: Sequence[GroupEnd] = (),
) -> list[Record]:
    """Join what was planned with what was measured.

    A case with a failed launch is `failed`, with that launch's reason. In an unfinished run, a case
    with fewer launches than planned is `interrupted`, unless its group has ended. Any other case
    without launches is `skipped`. Of plain benchmarks of one name, run again, the last counts.
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
    return [*joined, *{record.id: record for record in plain}.values()]


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
