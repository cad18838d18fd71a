"""A short loop on each core, around the rounds of each lane."""

from __future__ import annotations

import itertools
import os
from typing import TYPE_CHECKING, Any

import pytest

from raceway.measure.group.core_loops import MOST_CORES, CoreLoops

if TYPE_CHECKING:
    from collections.abc import Iterator

affine = pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="needs Linux's affinity")


@pytest.fixture
def allowed() -> Iterator[set[int]]:
    """Return the cores that the process may use; it may use them again at the end."""
    cores = os.sched_getaffinity(0)
    yield cores
    os.sched_setaffinity(0, cores)


@affine
def test_the_loop_is_timed_on_each_core_and_the_thread_may_use_all_of_them_again(
    allowed: set[int],
) -> None:
    loops = CoreLoops.here()
    for _ in range(2):
        loops.time()
        assert loops.after_ns.keys() == allowed
        assert all(10_000 < each < 100_000_000 for each in loops.after_ns.values())

    assert os.sched_getaffinity(0) == allowed
    assert loops.around(min(allowed))


@affine
def test_no_core_always_comes_last(monkeypatch: pytest.MonkeyPatch) -> None:
    chosen: list[tuple[int, ...]] = []
    loops = CoreLoops((0, 1))
    monkeypatch.setattr(os, "sched_setaffinity", lambda _, cores: chosen.append(tuple(cores)))
    loops.time()
    loops.time()

    assert chosen == [(1,), (0,), (1, 0), (0,), (1,), (0, 1)]


@affine
@pytest.mark.parametrize("forbidden", [{(1,)}, {(1,), (0, 1)}])
def test_a_core_that_may_no_longer_be_chosen_leaves_all_unknown(
    monkeypatch: pytest.MonkeyPatch, forbidden: set[tuple[int, ...]]
) -> None:
    left: list[set[int]] = []

    def forbid(_: int, cores: tuple[int, ...]) -> None:
        left.append(set(cores))
        if cores in forbidden:
            raise OSError("not yours")

    monkeypatch.setattr(os, "sched_setaffinity", forbid)
    loops = CoreLoops((1, 0), after_ns={0: 1, 1: 1})
    loops.time()

    assert loops.around(0) is None
    assert left[-1] == {0, 1}


@pytest.mark.parametrize("cores", [range(MOST_CORES + 1), None])
def test_on_very_many_cores_or_without_a_choice_nothing_is_timed(
    monkeypatch: pytest.MonkeyPatch, cores: range | None
) -> None:
    def affinity(_: int) -> set[int]:
        if cores is None:
            raise AttributeError
        return set(cores)

    def choose(_: int, chosen: set[int]) -> None:
        assert chosen

    monkeypatch.setattr(os, "sched_getaffinity", affinity, raising=False)
    monkeypatch.setattr(os, "sched_setaffinity", choose, raising=False)
    loops = CoreLoops.here()
    loops.time()
    loops.time()

    assert loops.around(0) is None


def test_the_loop_around_rounds_is_the_mean_on_each_core_in_the_order_of_their_numbers() -> None:
    assert CoreLoops((4, 2), {4: 300, 2: 100}, {4: 400, 2: 200}).around(4) == (1, [150, 350])


@pytest.mark.parametrize("core", [None, 7])
def test_without_the_core_of_the_rounds_nothing_is_known(core: int | None) -> None:
    assert CoreLoops((0,), {0: 100}, {0: 200}).around(core) is None


class Steps(CoreLoops):
    """Loops that take 100, 102, 104… ns on core 0 and ten times as long on core 1."""

    counted = itertools.count(100, 2)

    def time(self) -> None:
        ns = next(self.counted)
        self.before_ns, self.after_ns = self.after_ns, {0: ns, 1: 10 * ns}


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> Steps:
    monkeypatch.setattr(Steps, "counted", itertools.count(100, 2))
    return Steps()


async def test_each_turn_of_a_case_has_the_loops_right_before_and_after(
    track: Any, steps: Steps
) -> None:
    lanes = [
        track.contender(name, says={"go": {"core": core}}) for name, core in (("a", 0), ("b", 1))
    ]
    group = track.group(*lanes, most_rounds=2, fewest_turns=2)
    group.core_loops = steps
    result = await group.run(0)
    one, other = track.of(result, "a"), track.of(result, "b")

    assert (one.cores, other.cores) == ([0, 0], [1, 1])
    first = [loops_ns[0] for loops_ns in one.core_loops_ns + other.core_loops_ns]
    assert sorted(first) == [101, 103, 107, 109]
    assert one.core_loops_ns[0] == [first[0], 10 * first[0]]


@pytest.mark.parametrize("core", [None, 5])
async def test_a_lane_whose_core_is_unknown_has_none(
    track: Any, steps: Steps, core: int | None
) -> None:
    group = track.group(track.contender("serial", says={"go": {"core": core}}), most_rounds=2)
    group.core_loops = steps

    assert track.of(await group.run(0), "serial").core_loops_ns == []
