"""How many cores there really are: counted, allowed and measured."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING

from raceway.analysis.run.grading import CAPACITY, Bounds
from raceway.doctor.checks.states import finding_of, not_told, state_by
from raceway.doctor.findings import Check, Finding, State
from raceway.text.numbers import count, percent

if TYPE_CHECKING:
    from raceway.doctor.facts import Cores, Quota

ABOVE_ALL = 1.05
"""A capacity above this share of the cores means that the burst of one core was disturbed."""
THROTTLED_BOUNDS = Bounds(0.0, 0.1)
"""Share of the check-up's periods in which the quota may stop us."""
THROTTLED_BEFORE = 0.01
"""Share of all earlier periods above which it is a warning."""
ASK_FOR_CORES = "in a container or virtual machine, ask for dedicated cores"


def usable_cores(cores: Cores) -> Finding:
    """Tell whether fewer cores may be used than programs count."""
    seen = f"{cores.usable} of {count(cores.logical, 'core')}"
    if cores.usable == 1:
        return Finding(
            Check.CORES,
            State.BAD,
            seen,
            "Computing cannot run in parallel, so no model can speed it up. Waiting can still "
            "overlap.",
            "Provide at least 2 cores (docker --cpus, taskset, the size of the machine).",
        )
    if cores.usable == cores.logical:
        return Finding(Check.CORES, State.OK, f"all {cores.logical}")
    why = "affinity" if cores.allowed == cores.usable else "the CPU quota"
    return Finding(
        Check.CORES,
        State.WARN,
        f"{seen}, by {why}",
        f"Programs that use os.cpu_count() start {cores.logical} workers "
        f"for {count(cores.usable, 'core')}.",
        f"Pass workers={cores.usable} to every pool, "
        f"or set PYTHON_CPU_COUNT={cores.usable} (from Python 3.13 on).",
    )


def parallel_capacity(cores: Cores) -> Finding:
    """Tell how many cores really ran side by side, compared with the usable physical ones.

    A capacity above the number of cores is invalid: the burst of one core, by which it is measured,
    was disturbed. If most are invalid, the capacity is unknown.
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
    return finding_of(
        Check.CAPACITY,
        state_by(CAPACITY, middle / expected),
        seen,
        f"{cores.usable} workers do the work of {middle:.1f}: the speedups of all models come out "
        "that much too small.",
        f"Stop other work; {ASK_FOR_CORES}; or race with fewer workers.",
    )


def _not_measured(disturbed: int, tries: int) -> Finding:
    return Finding(
        Check.CAPACITY,
        State.UNKNOWN,
        "could not be measured: even one worker alone was disturbed in "
        f"{disturbed} of {count(tries, 'try')}",
        "The number of free cores is unknown: speedups would be down to chance.",
        f"Stop other work and try again; {ASK_FOR_CORES}.",
    )


def hyper_threads(cores: Cores) -> Finding:
    """Tell whether the usable cores are hyper-threads of fewer physical ones."""
    if cores.physical is None:
        return not_told(Check.HYPER_THREADS)
    if cores.usable <= cores.physical:
        seen = f"none known: {count(cores.physical, 'physical core')}"
        return Finding(Check.HYPER_THREADS, State.OK, seen)
    physical = count(cores.physical, "physical core")
    return Finding(
        Check.HYPER_THREADS,
        State.WARN,
        f"{cores.usable} usable cores are hyper-threads of {physical}",
        f"Two on one core share its arithmetic: {cores.usable} computing workers are little faster "
        f"than {cores.physical}, and by how much depends on where they run.",
        f"Race with {count(cores.physical, 'worker')}, or one hyper-thread per core (taskset).",
    )


def cpu_quota(quota: Quota, cores: Cores) -> Finding:
    """Tell whether a quota stops us, did so earlier, or will once all cores are busy."""
    limit = "none" if quota.cores is None else f"{quota.cores:g} cores"
    all_but_one = cores.usable - 1
    if quota.throttled_now:
        periods = max(quota.periods_now or 0, quota.throttled_now)
        state = state_by(THROTTLED_BOUNDS, quota.throttled_now / periods)
        stopped = f"{quota.throttled_now} of {count(periods, 'period')}"
        return _stopping(state, f"{limit}; it stopped us in {stopped} just now", all_but_one)
    if quota.cores is None or quota.cores >= cores.allowed:
        return Finding(Check.QUOTA, State.OK, limit)
    if quota.cores != int(quota.cores):
        return _stopping(State.WARN, f"{limit}, not a whole number", cores.usable)
    before = (quota.throttled or 0) / max(quota.periods or 0, 1)
    if before > THROTTLED_BEFORE:
        stopped = f"in {percent(before)} of all periods"
        return _stopping(State.WARN, f"{limit}; it stopped us {stopped}", all_but_one)
    return Finding(Check.QUOTA, State.OK, limit)


def _stopping(state: State, seen: str, most_workers: int) -> Finding:
    fewer = f", or race with at most {most_workers} workers" if most_workers > 1 else ""
    return Finding(
        Check.QUOTA,
        state,
        seen,
        "When the quota of a period (usually 0.1 s) is spent, all processes stop until the next: "
        "rounds take longer than their work.",
        "Raise the quota to a whole number of cores, one more than needed (docker --cpus, "
        f"Kubernetes limits.cpu){fewer}.",
    )
