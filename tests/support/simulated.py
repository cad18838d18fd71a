"""Groups whose lanes and clock are simulated."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from itertools import repeat
from typing import TYPE_CHECKING, Any

from raceway.case import Case, Kind
from raceway.demand import Demand
from raceway.errors import LaneError
from raceway.measure.group.contender import Contender, Pace
from raceway.measure.group.group import Group
from raceway.plan.selection import Entrant

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from raceway.record import GroupResult, Launch


@dataclass
class Clock:
    """A clock that only simulated lanes move."""

    now_s: float = 1_000.0

    def monotonic(self) -> float:
        """Return the time."""
        return self.now_s


@dataclass
class SimulatedLane:
    """A lane whose rounds last exactly as long as told."""

    model: str
    track: SimulatedTrack
    rounds_s: Iterator[float]
    fails: dict[str, str] = field(default_factory=dict)
    """Command to the reason it fails with."""
    says: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Command to what its reply says instead."""

    async def ask(self, do: str, timeout_s: float, **arguments: Any) -> dict[str, Any]:
        self.track.asked.append((self.model, do, {"timeout_s": timeout_s, **arguments}))
        if do in self.fails:
            raise LaneError(self.fails[do])
        reply: dict[str, Any] = getattr(self, do)(**arguments)
        return {**reply, **self.says.get(do, {})}

    def round_ns(self) -> int:
        lasts_s = next(self.rounds_s)
        self.track.clock.now_s += lasts_s
        return round(lasts_s * 1e9)

    def prepare(self, **_: Any) -> dict[str, Any]:
        return {}

    def open(self, *, reference: bool, **_: Any) -> dict[str, Any]:
        return {"cold_s": 0.5, **({"longest_task_share": 0.25} if reference else {})}

    def warm(self, **_: Any) -> dict[str, Any]:
        return {"loops": 3, "round_s": self.round_ns() / 1e9}

    def go(self, rounds: int, *, anchored: bool) -> dict[str, Any]:
        rounds_ns = [self.round_ns() for _ in range(rounds)]
        return {
            "rounds_ns": rounds_ns,
            "anchors_ns": [200_000] * rounds if anchored else [],
            "cpu_s": sum(rounds_ns) / 1e9,
        }

    def latency(self, **_: Any) -> dict[str, Any]:
        times_ns = sorted(self.round_ns() for _ in range(2))
        return {"latencies_ns": times_ns, "latency_count": 4, "left_behind": []}

    def close(self) -> dict[str, Any]:
        return {"peak_memory_bytes": 4_096, "left_behind": []}


@dataclass
class SimulatedTrack:
    """The lanes of one group, and all that was asked of them in its order."""

    clock: Clock = field(default_factory=Clock)
    lanes: dict[str, SimulatedLane] = field(default_factory=dict)
    asked: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    discarded: list[str] = field(default_factory=list)

    async def fetch(self, case: Case) -> SimulatedLane:
        return self.lanes[case.model]

    async def discard(self, case: Case) -> None:
        self.discarded.append(case.model)

    def who_did(self, do: str) -> list[str]:
        """Return the models that were asked to do something, in that order."""
        return [model for model, done, _ in self.asked if done == do]

    def told(self, model: str, do: str) -> dict[str, Any]:
        """Return what a model was last told to do something with."""
        return next(told for who, done, told in reversed(self.asked) if (who, done) == (model, do))

    def of(self, result: GroupResult, model: str) -> Launch:
        """Return what a model did in a group."""
        return next(launch for case, launch in result.launches.items() if f"-{model}-" in case)

    def contender(
        self, model: str, rounds_s: float | Iterable[float] = 0.01, *,
        kind: Kind = Kind.CPU, concurrency: int = 1, **lane: Any,
    ) -> Contender:  # fmt: skip
        """Give a model a lane whose rounds last so long, and return its contender."""
        durations_s = repeat(rounds_s) if isinstance(rounds_s, float) else iter(rounds_s)
        self.lanes[model] = SimulatedLane(model, self, durations_s, **lane)
        case = Case("work", "small", model, concurrency)
        return Contender(Entrant(case, kind, Demand(tasks=1), concurrency))

    def group(
        self, *contenders: Contender, seed: int = 1, audit: bool = False, **pace: Any
    ) -> Group:
        """Return a group of these contenders, by default of ten turns whatever their precision."""
        known = {
            "budget_s": 1e9, "timeout_s": 60.0, "precision": -1.0, "fewest_turns": 1,
            "most_rounds": 10, **pace,
        }  # fmt: skip
        draw = random.Random(seed)  # noqa: S311 (an order to race in)
        return Group([*contenders], Pace(**known), draw, self.fetch, self.discard, audit=audit)
