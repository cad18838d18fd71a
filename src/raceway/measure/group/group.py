"""Races one group: the cases of one workload and size, their rounds interleaved."""

from __future__ import annotations

import asyncio
import statistics
import time
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from raceway.bounds import MOST_LATENCIES
from raceway.errors import LaneError
from raceway.measure.group.agreement import disagreeing
from raceway.measure.group.core_loops import CoreLoops
from raceway.measure.group.noise import Counters, NoiseEvidence, spread
from raceway.measure.group.others import Others
from raceway.measure.group.phases import Phases
from raceway.record import Engine, GroupResult, Noise

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from random import Random

    from raceway.case import Case
    from raceway.measure.group.contender import Asked, Contender, Pace

ROUND_S = 0.002
"""A round lasts at least this long; shorter work is looped."""
LONG_ROUND_S = 0.01
"""With time left, shorter work is looped up to this, since few rounds are saved."""
WARM_S = 0.03
"""The untimed running of each case before the first turn."""
GO_S = 0.01
"""A lane's turn: long enough for waking up not to matter."""

ENOUGH_TIMES = 1_000
"""Single tasks timed of a case if time allows: of so many the slowest hundredth tells something."""
LATENCY_S = 0.15
"""For timing single tasks of a case, in whole passes; longer if its rounds in a launch were."""
LONGEST_PASS_S = 1.5
"""Tasks of longer passes are not timed singly: two more passes would take too long."""
LONGEST_START_S = 3.0
"""Models that take longer to start are not started again for that."""


@dataclass(slots=True)
class Group:
    """Runs a group in one launch; a case that fails drops out, the others go on."""

    contenders: list[Contender]
    pace: Pace
    draw: Random
    fetch: Callable[[Case], Awaitable[Asked]]
    """Returns the lane of a case."""
    discard: Callable[[Case], Awaitable[None]]
    """Ends the lane of a failed case."""
    capacity: Callable[[], Awaitable[float]] | None = None
    core_loops: CoreLoops = field(default_factory=CoreLoops)
    parallel_anchor: Callable[[], Awaitable[int]] | None = None
    """Times a fixed computation on all cores at once, in nanoseconds."""
    usable_cores: int = 1
    audit: bool = False
    """Whether to run the thorough check; once a run is enough."""
    compares_answers: bool = False
    """Whether all interpreters must give the first one's answers, as in a duel."""
    reference: bool = True
    """Whether to find the longest task's share; once a run is enough."""
    cold: bool = True
    """Whether to measure cold starts, one after the other; a few launches are enough."""
    times_tasks: bool = False
    """Whether to time single tasks of work that waits; once a run is enough."""
    meanwhile: Callable[[], Awaitable[None]] | None = None
    """Runs while lanes prepare: ends the previous group's lanes."""
    parallel_anchors_ns: list[int] = field(default_factory=list)
    cores_taken: list[float] = field(default_factory=list)
    phases: Phases = field(default_factory=Phases)

    @property
    def running(self) -> list[Contender]:
        """The contenders that have not failed."""
        return [contender for contender in self.contenders if contender.failure is None]

    async def run(self, launch: int) -> GroupResult:
        """Open, warm up, take turns, close; never raises because of a case."""
        started_at = datetime.now(UTC).isoformat()
        start_s = time.monotonic()
        during = self.phases.during
        await during("prepare", self.prepare_all())
        await during("open", (self.in_turn if self.cold else self.together)(self.open))
        known = all(contender.usual_pass_s for contender in self.running)
        await during("warm", (self.together if known else self.in_turn)(self.warm))
        capacity = await during("capacity", self.capacity()) if self.capacity else None
        noise = await during("race", self.race(capacity))
        await during("close", self.together(self.close))
        if self.times_tasks:
            await during("latency", self.in_turn(self.time_tasks))
        shares = (contender.longest_task_share for contender in self.contenders)
        return GroupResult(
            id=self.contenders[0].case.group,
            launch=launch,
            started_at=started_at,
            wall_s=time.monotonic() - start_s,
            phases_s=self.phases.seconds,
            noise=noise,
            launches={contender.case.id: contender.launch(launch) for contender in self.contenders},
            longest_task_share=next((share for share in shares if share is not None), None),
            parallel_anchors_ns=self.parallel_anchors_ns,
            cores_taken=self.cores_taken,
        )

    async def prepare_all(self) -> None:
        """Prepare all lanes at once; then see whether both sides of a duel agree."""
        meanwhile = [self.meanwhile()] if self.meanwhile else []
        await asyncio.gather(self.together(self.prepare), *meanwhile)
        await self.agree()

    async def agree(self) -> None:
        """Fail contenders whose answers differ from the first side's, if sides must agree."""
        if not (self.compares_answers and self.running):
            return
        try:
            found = await disagreeing(self.running, self.ask)
        except LaneError:  # the lane will fail at its next step, with its own reason
            return
        for how, contenders in found.items():
            for contender in contenders:
                contender.failure = how
                await self.discard(contender.case)

    async def in_turn(self, step: Callable[[Contender], Awaitable[None]]) -> None:
        """Take one step with each contender, one at a time."""
        for contender in self.shuffled():
            await self.guarded(contender, step)

    async def together(self, step: Callable[[Contender], Awaitable[None]]) -> None:
        """Take one untimed step with all contenders at once."""
        await asyncio.gather(*(self.guarded(contender, step) for contender in self.shuffled()))

    def shuffled(self) -> list[Contender]:
        """Return the running contenders in a fresh random order.

        The same case on several interpreters stays together, since these are compared most closely.
        """
        places: dict[Case, float] = {}
        for contender in self.running:
            places.setdefault(replace(contender.case, interpreter=""), self.draw.random())
        return sorted(
            self.running,
            key=lambda contender: (
                places[replace(contender.case, interpreter="")],
                self.draw.random(),
            ),
        )

    async def guarded(
        self, contender: Contender, step: Callable[[Contender], Awaitable[None]]
    ) -> None:
        """Take one step with one contender; if it fails, only its own lane ends."""
        try:
            await step(contender)
        except LaneError as error:
            contender.failure = str(error)
            await self.discard(contender.case)

    async def ask(self, contender: Contender, do: str, **arguments: Any) -> dict[str, Any]:
        """Ask a contender's lane; LaneError if it fails, or was never started."""
        if contender.lane is None:
            raise LaneError("has no lane")
        return await contender.lane.ask(do, self.pace.timeout_s, **arguments)

    async def prepare(self, contender: Contender) -> None:
        """Get the lane, fresh or from the previous group, and let it import and find answers."""
        contender.lane = await self.fetch(contender.case)
        case = contender.case
        reply = await self.ask(
            contender, "prepare", workload=case.workload, size=case.size, device=case.device,
            model=case.model, check=self.audit,
        )  # fmt: skip
        contender.contradiction = reply.get("contradiction", "")

    async def open(self, contender: Contender) -> None:
        """Start the model; its cold start is measured if `cold`."""
        reply = await self.ask(
            contender,
            "open",
            model=contender.case.model,
            workers=contender.case.workers,
            reference=contender.is_reference and self.reference,
            audit=self.audit,
        )
        contender.cold_s = reply["cold_s"] if self.cold else None
        contender.longest_task_share = reply.get("longest_task_share")
        contender.engine = Engine(**reply["engine"]) if "engine" in reply else None

    async def warm(self, contender: Contender) -> None:
        """Warm up, and find how long a round takes, unless earlier launches tell."""
        how = contender.warm_up(self.round_s(), WARM_S)
        reply = await self.ask(contender, "warm", warm_s=WARM_S, **how)
        contender.loops, contender.round_s = reply["loops"], reply["round_s"]

    def round_s(self) -> float:
        """Return how long a round should last, so that the rounds saved fill the budget."""
        fitting_s = self.pace.budget_s / (len(self.contenders) * self.pace.most_rounds)
        return min(max(fitting_s, ROUND_S), LONG_ROUND_S)

    async def race(self, capacity: float | None) -> Noise:
        """Take turns until the budget is spent or every median is precise enough."""
        before, others = Counters.read(), Others(self.usable_cores, self.contenders)
        self.set_pace()
        deadline_s = time.monotonic() + self.pace.budget_s
        for turn in range(self.pace.most_rounds):
            with others.during(turn):
                self.core_loops.time()
                for contender in self.shuffled():
                    await self.guarded(contender, partial(self.go, turn))
            parallel = any(contender.parallel for contender in self.running)
            if self.parallel_anchor and parallel and turn % 2 == 0:
                self.parallel_anchors_ns.append(await self.parallel_anchor())
            late = time.monotonic() >= deadline_s
            seen = all(contender.precise(self.pace.precision) for contender in self.running)
            full = any(
                len(contender.rounds_ns) >= self.pace.most_rounds for contender in self.running
            )
            if not self.running or (turn + 1 >= self.pace.fewest_turns and (late or seen or full)):
                break
        self.cores_taken = others.cores_taken
        return NoiseEvidence(
            before=before,
            after=Counters.read(),
            usable_cores=self.usable_cores,
            capacity=capacity,
            anchor_spread=self.anchor_spread(),
            cpu_share=self.cpu_share(),
        ).noise()

    def set_pace(self) -> None:
        """Set each contender's rounds per turn, so that all last for the same number of turns."""
        turn_s = sum(max(contender.round_s, GO_S) for contender in self.running)
        turns = round(self.pace.budget_s / turn_s) if turn_s else 1
        turns = min(max(turns, self.pace.fewest_turns), self.pace.most_rounds)
        for contender in self.running:
            fitting = int(GO_S / max(contender.round_s, 1e-9))
            contender.rounds_each = max(1, min(fitting, self.pace.most_rounds // turns))

    async def go(self, turn: int, contender: Contender) -> None:
        """Let a lane run its rounds of this turn."""
        rounds = min(contender.rounds_each, self.pace.most_rounds - len(contender.rounds_ns))
        try:
            reply = await self.ask(contender, "go", rounds=rounds, anchored=contender.anchored)
        finally:
            self.core_loops.time()
        contender.went(turn, reply, self.core_loops.around(reply.get("core")))

    async def close(self, contender: Contender) -> None:
        """Stop the model; LaneError if processes are left behind."""
        reply = await self.ask(contender, "close")
        contender.peak_memory_bytes = reply["peak_memory_bytes"]
        check_none_left(reply)

    async def time_tasks(self, contender: Contender) -> None:
        """Time each task from being handed over to its answer, with the model opened anew."""
        if not contender.is_quick(LONGEST_PASS_S, LONGEST_START_S):
            return
        share_s = self.pace.budget_s / len(self.contenders)
        reply = await self.ask(
            contender, "latency", model=contender.case.model, workers=contender.case.workers,
            times=ENOUGH_TIMES, kept=MOST_LATENCIES, most_s=max(LATENCY_S, share_s),
        )  # fmt: skip
        contender.latencies_ns = reply["latencies_ns"]
        contender.latency_count = reply["latency_count"]
        check_none_left(reply)

    def anchor_spread(self) -> float | None:
        """Return the median spread of the anchors of the single-threaded contenders."""
        spreads = [
            spread(contender.anchors_ns) for contender in self.running if contender.single_threaded
        ]
        known = [value for value in spreads if value is not None]
        return statistics.median(known) if known else None

    def cpu_share(self) -> float | None:
        """Return CPU over wall time of the single-threaded contenders' rounds."""
        contenders = [
            contender
            for contender in self.running
            if contender.single_threaded and contender.cpu_s is not None
        ]
        wall_s = sum(sum(contender.rounds_ns) for contender in contenders) / 1e9
        return sum(contender.cpu_s or 0.0 for contender in contenders) / wall_s if wall_s else None


def check_none_left(reply: Mapping[str, Any]) -> None:
    """Raise LaneError if a model that stopped has left processes behind."""
    if reply["left_behind"]:
        raise LaneError(f"left processes behind: {', '.join(reply['left_behind'])[:200]}")
