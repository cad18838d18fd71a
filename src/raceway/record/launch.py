"""One case in one launch: its rounds, and what was seen beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from raceway.bounds import Count, Latencies, LatencyCount, Nanoseconds, Seconds, Size
from raceway.record.saved import Saved, Status

if TYPE_CHECKING:
    from collections.abc import Sequence


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
    core_loops_ns: list[list[Nanoseconds]] = []
    """In each turn, the CPU time of a short loop on each usable core, ordered by their numbers.

    The mean of right before and right after the rounds; empty if unknown.
    """
    cores: list[Size] = []
    """In each turn, the core that the lane ran on last, by its place in that order."""
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
