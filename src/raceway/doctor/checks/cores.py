"""How many cores there really are: counted, allowed, and measured."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING

from raceway.analysis.run.grading import CAPACITY, Bounds
from raceway.doctor.checks.states import judged, not_told, state_by
from raceway.doctor.findings import Check, Finding, State
from raceway.text.numbers import count, percent

if TYPE_CHECKING:
    from raceway.doctor.facts import Cores, Quota

ABOVE_ALL = 1.05
"""Share of the cores beyond which the burst of one alone was disturbed."""
THROTTLED_BOUNDS = Bounds(0.0, 0.1)
"""Share of the periods of the check-up in which the quota may stop us."""
THROTTLED_BEFORE = 0.01
"""Share of all periods so far, beyond which it is a warning."""
ASK_FOR_CORES = "in a container or virtual machine ask for cores of your own"


def usable_cores(cores: Cores) -> Finding:
    """Tell whether fewer cores may be used than programs will count."""
    seen = f"{cores.usable} of {count(cores.logical, 'core')}"
    if cores.usable == 1:
        return Finding(
            Check.CORES,
            State.BAD,
            seen,
            "No model can compute side by side: no speedup of computing above 1 is to be had. "
            "Waiting can still overlap.",
            "Give it at least 2 cores (docker --cpus, taskset, the size of the machine).",
        )
    if cores.usable == cores.logical:
        return Finding(Check.CORES, State.OK, f"all {cores.logical}")
    why = "affinity" if cores.allowed == cores.usable else "the CPU quota"
    return Finding(
        Check.CORES,
        State.WARN,
        f"{seen}, by {why}",
        f"Programs that go by os.cpu_count() start {cores.logical} workers "
        f"for {count(cores.usable, 'core')}.",
        f"Pass workers={cores.usable} to every pool, "
        f"or set PYTHON_CPU_COUNT={cores.usable} (Python 3.13 and newer).",
    )


def parallel_capacity(cores: Cores) -> Finding:
    """Tell how many cores really ran side by side, against the physical ones that are usable.

    A capacity above the number of cores is no capacity: the burst of one alone, which it is
    measured by, was disturbed. If most are, nothing is known.
    """
    tries = len(cores.capacities)
    sound = [
        min(capacity, cores.usable)
        for capacity in cores.capacities
        if 0 < capacity <= ABOVE_ALL * cores.usable
    ]
    if not sound or 2 * len(sound) < tries:
        return _not_measured(tries - len(sound), tries)
    middle = statistics.median(sound)
    counted = count(tries, "try") if len(sound) == tries else f"{len(sound)} of {tries} tries"
    seen = (
        f"{middle:.2f} of {count(cores.usable, 'core')} ran at once "
        f"({min(sound):.2f} to {max(sound):.2f} in {counted})"
    )
    expected = min(cores.usable, cores.physical or cores.usable)
    return judged(
        Check.CAPACITY,
        state_by(CAPACITY, middle / expected),
        seen,
        f"{cores.usable} workers get the work of {middle:.1f} done: speedups come out that much "
        "too small, whatever the model.",
        f"End other work; {ASK_FOR_CORES}; or race with fewer workers.",
    )


def _not_measured(disturbed: int, tries: int) -> Finding:
    return Finding(
        Check.CAPACITY,
        State.UNKNOWN,
        f"could not be measured: even one worker alone was disturbed in "
        f"{disturbed} of {count(tries, 'try')}",
        "Nobody knows how many cores there are right now: speedups would be chance.",
        f"End other work and ask again; {ASK_FOR_CORES}.",
    )


def hyper_threads(cores: Cores) -> Finding:
    """Tell whether usable cores share the arithmetic of fewer physical ones."""
    if cores.physical is None:
        return not_told(Check.HYPER_THREADS)
    if cores.usable <= cores.physical:
        seen = f"none told of: {count(cores.physical, 'physical core')}"
        return Finding(Check.HYPER_THREADS, State.OK, seen)
    physical = count(cores.physical, "physical core")
    return Finding(
        Check.HYPER_THREADS,
        State.WARN,
        f"{cores.usable} usable cores are hyper-threads of {physical}",
        f"Two on one core share its arithmetic: {cores.usable} workers that compute speed up by "
        f"little more than {cores.physical}, and by how much depends on who sits where.",
        f"Race with {count(cores.physical, 'worker')}, or with one hyper-thread a core (taskset).",
    )


def cpu_quota(quota: Quota, cores: Cores) -> Finding:
    """Tell whether a quota stops us, did so before, or will once all cores are busy."""
    limit = "none" if quota.cores is None else f"{quota.cores:g} cores"
    one_spare = cores.usable - 1
    if quota.throttled_now:
        periods = max(quota.periods_now or 0, quota.throttled_now)
        state = state_by(THROTTLED_BOUNDS, quota.throttled_now / periods)
        stopped = f"{quota.throttled_now} of {count(periods, 'period')}"
        return _stopping(state, f"{limit}; it stopped us in {stopped} just now", one_spare)
    if quota.cores is None or quota.cores >= cores.allowed:
        return Finding(Check.QUOTA, State.OK, limit)
    if quota.cores != int(quota.cores):
        return _stopping(State.WARN, f"{limit}, not a whole number", cores.usable)
    before = (quota.throttled or 0) / max(quota.periods or 0, 1)
    if before > THROTTLED_BEFORE:
        stopped = f"in {percent(before)} of all periods"
        return _stopping(State.WARN, f"{limit}; it stopped us {stopped}", one_spare)
    return Finding(Check.QUOTA, State.OK, limit)


def _stopping(state: State, seen: str, most_workers: int) -> Finding:
    fewer = f", or race with at most {most_workers} workers" if most_workers > 1 else ""
    return Finding(
        Check.QUOTA,
        state,
        seen,
        "When the quota of a period (0.1 s, as a rule) is spent, all processes stand still until "
        "the next: rounds take times that their work does not.",
        "Raise the quota to a whole number of cores, one to spare (docker --cpus, Kubernetes "
        f"limits.cpu){fewer}.",
    )
