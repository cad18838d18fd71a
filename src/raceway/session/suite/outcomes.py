"""What became of a suite's benchmark, as it is saved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raceway.record import Launch, Status

if TYPE_CHECKING:
    from raceway.session.suite.process import Outcome

NOT_CALLED = "its `benchmark` was never called"


def launch_of(index: int, outcome: Outcome) -> Launch:
    """Return a benchmark's launch.

    pytest-benchmark does not tell the CPU time of the rounds alone, so they get their share of that
    of the whole test.
    """
    if outcome.outcome is not Status.OK:
        return Launch(index=index, status=outcome.outcome, reason=outcome.reason)
    if not outcome.rounds_ns:
        return Launch(index=index, status=Status.SKIPPED, reason=NOT_CALLED)
    wall_s = sum(outcome.rounds_ns) / 1e9
    return Launch(
        index=index,
        loops=outcome.loops,
        rounds_ns=outcome.rounds_ns,
        beside_ns=outcome.beside_ns,
        cpu_s=_part_of(wall_s, outcome.cpu_share),
        queue_s=_part_of(wall_s, outcome.queue_share),
        description=outcome.plain,
    )


def _part_of(wall_s: float, share: float | None) -> float | None:
    return None if share is None else share * wall_s
