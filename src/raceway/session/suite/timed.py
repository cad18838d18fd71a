"""A suite's benchmark under way: how long it takes, and what disturbs it."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from raceway.measure.group.noise import Counters, NoiseEvidence, spread
from raceway.record import GroupResult, Status

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from raceway.record import Launch, Noise

ONE_CORE = (0.9, 1.1)
"""Cores wanted by what computes in one thread, at least and at most."""


@dataclass(frozen=True, slots=True)
class Timed:
    """A benchmark in one launch, on one side or on both."""

    test: str
    launch: int
    usable_cores: int
    started_at: str = field(default_factory=lambda: datetime.now(UTC).isoformat())
    before: Counters = field(default_factory=Counters.read)

    def of(self, launches: Mapping[str, Launch]) -> GroupResult:
        """Return it as a line of the journal, with what was measured by record id."""
        return GroupResult(
            id=self.test,
            launch=self.launch,
            started_at=self.started_at,
            wall_s=time.monotonic() - self.before.wall_s,
            noise=self.noise([*launches.values()]),
            launches=dict(launches),
        )

    def noise(self, launches: Sequence[Launch]) -> Noise:
        """Return what disturbed it, and its grade."""
        spreads = [spread(each.beside_ns) for each in launches if each.status is Status.OK]
        shares = [cpu_share(each) for each in launches]
        return NoiseEvidence(
            before=self.before,
            after=Counters.read(),
            usable_cores=max(self.usable_cores, 1),
            anchor_spread=max((each for each in spreads if each is not None), default=None),
            cpu_share=min((each for each in shares if each is not None), default=None),
        ).noise()


def cpu_share(launch: Launch) -> float | None:
    """Return the share of the time in which single-threaded computing had a CPU.

    None for other work, and if unknown.
    """
    wall_s, cpu_s, queue_s = sum(launch.rounds_ns) / 1e9, launch.cpu_s, launch.queue_s
    if not (wall_s and cpu_s) or queue_s is None:
        return None
    least, most = ONE_CORE
    return cpu_s / (cpu_s + queue_s) if least <= (cpu_s + queue_s) / wall_s <= most else None
