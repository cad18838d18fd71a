"""A contender: one case in a race, with its lane and its measurements."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import ceil
from statistics import median
from typing import TYPE_CHECKING, Any, Protocol

from raceway.case import Kind
from raceway.measure.group.noise import spread
from raceway.measure.lane.declared import TRUE_FROM
from raceway.measure.lane.warming import MOST_LOOPS
from raceway.record import Engine, Launch, Status

if TYPE_CHECKING:
    from collections.abc import Mapping

    from raceway.case import Case
    from raceway.plan.selection import Entrant

MOST_WAITING = 0.2
"""Share of its time that work of kind CPU may wait."""
LONGER = 1.1
"""A round should rather be a little longer than it must."""
FEWEST_PASSES = 3
"""Passes needed before a declared kind is called false."""


class Asked(Protocol):
    """The part of a lane that a group uses; tests simulate it."""

    async def ask(self, do: str, timeout_s: float, **arguments: Any) -> dict[str, Any]:
        """Send one command and return the reply; LaneError if the lane fails."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How long a group may take, and when it is precise enough."""

    budget_s: float
    timeout_s: float
    precision: float
    fewest_turns: int
    most_rounds: int


@dataclass(slots=True)
class Contender:
    """One case in a group, with its lane and its measurements so far."""

    entrant: Entrant
    lane: Asked | None = None
    failure: str | None = None
    cold_s: float | None = None
    longest_task_share: float | None = None
    loops: int = 1
    round_s: float = 0.0
    rounds_each: int = 1
    rounds_ns: list[int] = field(default_factory=list)
    anchors_ns: list[int] = field(default_factory=list)
    turns: list[int] = field(default_factory=list)
    core_loops_ns: list[list[int]] = field(default_factory=list)
    cores: list[int] = field(default_factory=list)
    cpu_s: float | None = 0.0
    queue_s: float | None = 0.0
    contradiction: str = ""
    peak_memory_bytes: int | None = None
    usual_pass_s: float | None = None
    """Seconds of the fastest usual pass in earlier launches."""
    engine: Engine | None = None
    latencies_ns: list[int] = field(default_factory=list)
    latency_count: int = 0

    @property
    def case(self) -> Case:
        """The case."""
        return self.entrant.case

    @property
    def anchored(self) -> bool:
        """Whether an anchor applies: to computing on the CPU, never to waiting."""
        return self.entrant.kind is not Kind.IO and self.case.device == "cpu"

    @property
    def single_threaded(self) -> bool:
        """Whether it computes in one thread, so that its CPU share shows disturbances."""
        return self.anchored and max(self.entrant.concurrency, self.case.workers) == 1

    @property
    def is_reference(self) -> bool:
        """Whether limits derive from its time, so that each task is timed alone."""
        return self.single_threaded and self.entrant.kind is Kind.CPU

    @property
    def parallel(self) -> bool:
        """Whether it may compute on several cores at once, as the parallel anchor does."""
        return self.anchored and max(self.entrant.concurrency, self.case.workers) > 1

    @property
    def pass_s(self) -> float | None:
        """Seconds of a usual pass; None without rounds."""
        return median(self.rounds_ns) / 1e9 / self.loops if self.rounds_ns else None

    def warm_up(self, round_s: float, warm_s: float) -> dict[str, float]:
        """Return how to warm up for so long; with loops and laps if earlier launches tell them."""
        if not self.usual_pass_s:
            return {"round_s": round_s}
        loops = min(ceil(LONGER * round_s / self.usual_pass_s), MOST_LOOPS)
        round_s = loops * self.usual_pass_s
        return {"round_s": round_s, "loops": loops, "laps": ceil(warm_s / round_s)}

    def went(
        self, turn: int, reply: Mapping[str, Any], around: tuple[int, list[int]] | None
    ) -> None:
        """Take in the rounds of a turn, and on which core they ended beside which loops."""
        self.rounds_ns += reply["rounds_ns"]
        self.anchors_ns += reply["anchors_ns"]
        self.turns += [turn] * len(reply["rounds_ns"])
        if around:
            self.cores.append(around[0])
            self.core_loops_ns.append(around[1])
        self.cpu_s = total(self.cpu_s, reply["cpu_s"])
        self.queue_s = total(self.queue_s, reply.get("queue_s"))

    def is_quick(self, longest_pass_s: float, longest_start_s: float) -> bool:
        """Whether it waits, passes soon, and started soon."""
        if self.entrant.kind is not Kind.IO or self.pass_s is None or self.cold_s is None:
            return False
        return self.pass_s <= longest_pass_s and self.cold_s <= longest_start_s

    def precise(self, target: float) -> bool:
        """Whether the median is known to within `target` of itself.

        By the notch of a box plot, 1.57·IQR/√n (McGill, Tukey and Larsen, The American
        Statistician 32, 1978).
        """
        width = spread(self.rounds_ns)
        return width is not None and 1.57 * width / len(self.rounds_ns) ** 0.5 <= target

    def contradicted(self) -> str:
        """Return the declaration that the rounds contradict, and the remedy; empty if none."""
        pass_s = self.pass_s
        if pass_s is None:
            return ""
        declared_s = self.entrant.demand.shortest_wait_s(self.entrant.concurrency)
        if declared_s and pass_s < TRUE_FROM * declared_s:
            return (
                f"{1e3 * declared_s:.3g} ms of declared waits took {1e3 * pass_s:.3g} ms:"
                " fix wait_s"
            )
        share = self.waiting_share()
        if self.is_reference and share is not None and share > MOST_WAITING:
            return f"declares kind=Kind.CPU and waits {share:.0%} of its time: make it Kind.IO"
        return ""

    def waiting_share(self) -> float | None:
        """Return the share of the rounds in which a single thread neither ran nor wanted to.

        None if unknown, or with too few passes.
        """
        passes, wall_s = len(self.rounds_ns) * self.loops, sum(self.rounds_ns) / 1e9
        if self.cpu_s is None or self.queue_s is None or passes < FEWEST_PASSES or not wall_s:
            return None
        return 1 - (self.cpu_s + self.queue_s) / wall_s

    def launch(self, index: int) -> Launch:
        """Return the record of this launch."""
        return Launch(
            index=index,
            status=Status.FAILED if self.failure else Status.OK,
            reason=self.failure or "",
            loops=self.loops,
            rounds_ns=self.rounds_ns,
            anchors_ns=self.anchors_ns,
            turns=self.turns,
            core_loops_ns=self.core_loops_ns,
            cores=self.cores,
            cold_s=self.cold_s,
            cpu_s=self.cpu_s if self.rounds_ns else None,
            queue_s=self.queue_s if self.rounds_ns else None,
            contradiction=self.contradiction or self.contradicted(),
            peak_memory_bytes=self.peak_memory_bytes,
            engine=self.engine,
            latencies_ns=self.latencies_ns,
            latency_count=self.latency_count,
        )


def total(so_far: float | None, more: float | None) -> float | None:
    """Return the sum; None if a part is unknown."""
    return None if so_far is None or more is None else so_far + more
