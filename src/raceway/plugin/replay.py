"""Replays measured rounds into pytest-benchmark, through its public interface alone.

pytest-benchmark reads its timer before and after each round. The replay clock moves only when told,
by one recorded round each time. So pytest-benchmark records what was measured, and its table,
options and JSON keep working.
"""

from __future__ import annotations

import inspect
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from raceway.plugin.neighbours import is_recorder

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from pytest_benchmark.fixture import BenchmarkFixture

ROUND_S = 0.002
"""Shortest round of an async benchmark; shorter work is looped."""
BUDGET_S = 0.4
FEWEST_ROUNDS, MOST_ROUNDS = 5, 200


@dataclass
class ReplayClock:
    """A timer that shows zero, except for each recorded round once.

    Reading it resets it to zero, so that the difference of the two readings around a round is the
    recorded time to the last bit.
    """

    shown_s: float = 0.0
    __name__ = "replay_clock"  # what pytest-benchmark saves as the timer

    def __call__(self) -> float:
        """Return the time and reset it to zero."""
        shown_s, self.shown_s = self.shown_s, 0.0
        return shown_s


CLOCK = ReplayClock()
"""The timer of every test that replays rounds."""


def replay(benchmark: BenchmarkFixture, samples_s: Sequence[float]) -> None:
    """Record `samples_s`, in seconds per pass, as the rounds of a benchmark.

    The test's timer must be `CLOCK`. With --benchmark-disable nothing is recorded.
    """
    if not benchmark.enabled:
        benchmark.pedantic(lambda: None)
        return
    benchmark.cprofile = False  # it would show the replay, not the work
    upcoming = iter(samples_s)

    def advance() -> None:
        CLOCK.shown_s = next(upcoming)

    CLOCK()
    benchmark.pedantic(advance, rounds=len(samples_s), iterations=1, warmup_rounds=0)


@dataclass(slots=True)
class AsyncBenchmark:
    """Times an awaitable inside the running event loop: `await async_benchmark(function, …)`."""

    benchmark: BenchmarkFixture
    samples_s: tuple[float, ...] = ()
    loops: int = 1

    async def __call__(
        self,
        function: Callable[..., Awaitable[Any]],
        *args: Any,
        **kwargs: Any,
    ) -> Any:
        """Warm up, choose loops, measure and record rounds; return the function's last answer.

        The clock is read inside the coroutine. TypeError if the function is not asynchronous.
        """
        result = function(*args, **kwargs)
        if not inspect.isawaitable(result):
            raise TypeError(
                f"async_benchmark({function!r}): its result cannot be awaited; use `benchmark`"
            )
        answer = await result
        if not is_recorder(self.benchmark):
            return answer
        if not self.benchmark.enabled:
            replay(self.benchmark, ())
            return answer

        async def round_s(loops: int) -> float:
            nonlocal answer
            start_s = time.perf_counter()
            for _ in range(loops):
                answer = await function(*args, **kwargs)
            return time.perf_counter() - start_s

        self.loops = await fitting_loops(round_s)
        self.samples_s = await measured(round_s, self.loops)
        self.benchmark.extra_info["loops"] = self.loops
        replay(self.benchmark, self.samples_s)
        return answer


async def fitting_loops(round_s: Callable[[int], Awaitable[float]]) -> int:
    """Return how many calls make a round long enough; this also warms up."""
    loops = 1
    while (lasted_s := await round_s(loops)) < ROUND_S:
        loops = max(2 * loops, min(16 * loops, int(1.1 * loops * ROUND_S / max(lasted_s, 1e-9))))
    return loops


async def measured(round_s: Callable[[int], Awaitable[float]], loops: int) -> tuple[float, ...]:
    """Measure rounds until the budget is spent; return the seconds per call of each."""
    samples_s: list[float] = []
    deadline_s = time.monotonic() + BUDGET_S
    while len(samples_s) < FEWEST_ROUNDS or (
        len(samples_s) < MOST_ROUNDS and time.monotonic() < deadline_s
    ):
        samples_s.append(await round_s(loops) / loops)
    return tuple(samples_s)
