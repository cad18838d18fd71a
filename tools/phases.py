"""Tells where a race's time goes besides its rounds.

    python tools/phases.py saved results/MACHINE/RUN.json     # wall time of a run, by phase
    python tools/phases.py lanes primes-1000 [--times 10]     # CPU time of a lane, step by step

`saved` reads what a run noted of itself. `lanes` starts the lanes of a group one by one, as a race
does, and counts the CPU milliseconds of all processes: the lane, its workers, and this one, which
controls it. So it can be compared on a busy machine, too.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import resource
import sys
import time
from collections import Counter
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any, TypeVar

from raceway.case import CURRENT
from raceway.measure.control.lanes import Lanes, attended, survey
from raceway.measure.group.capacity import ANCHOR_S, LEAD_S
from raceway.measure.group.group import ROUND_S, WARM_S
from raceway.measure.lane.tree import CPUCLOCK_SCHED, descendants, text_of
from raceway.plan.catalogue import discover
from raceway.plan.profile import DEFAULT
from raceway.plan.selection import Selection, select
from raceway.store.runs import load

if TYPE_CHECKING:
    from collections.abc import Awaitable, Iterator, Mapping, Sequence

    from raceway.case import Case
    from raceway.record import GroupResult, Run

Result = TypeVar("Result")
PATIENCE_S = 60.0
Taken = dict[str, list[float]]
"""CPU seconds by step, each as often as it was taken."""


def main() -> None:
    """Print the phases of saved runs, or the steps of lanes."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("what", choices=("saved", "lanes"))
    parser.add_argument("names", nargs="+", help="run files, or groups")
    parser.add_argument("--times", type=int, default=10)
    asked = parser.parse_args()
    if asked.what == "saved":
        for path, run in load(map(Path, asked.names)).runs:
            print(path.name, *told(run), sep="\n")
        return
    for name in asked.names:
        print(*asyncio.run(steps(name, asked.times)), sep="\n")


def told(run: Run) -> Iterator[str]:
    """Yield the wall time of a run by phase, a line each."""
    start, end = map(datetime.fromisoformat, (run.header.started_at, run.finished_at))
    whole_s = (end - start).total_seconds()
    count = sum(len(record.launches) for record in run.records if record.workload)
    beside_s = sum(group.wall_s for group in run.groups) - rounds_of(run)
    yield f"{whole_s:.0f} s, {len(run.groups)} groups, {count} case-launches"
    yield f"{'':34} {'s':>7} {'share':>6} {'s a case-launch':>16}"
    for name, spent_s in {**spent(run, start, end), "groups without rounds": beside_s}.items():
        yield f"{name:34} {spent_s:7.1f} {spent_s / whole_s:6.1%} {spent_s / count:16.3f}"


def spent(run: Run, start: datetime, end: datetime) -> dict[str, float]:
    """Return the seconds of each phase, of what lies between groups, and of what lies around."""
    groups = sorted(run.groups, key=lambda group: group.started_at)
    phases = Counter[str]()
    for group in groups:
        phases.update(group.phases_s)
        phases["the rest of groups"] += group.wall_s - sum(group.phases_s.values())
    begun = [datetime.fromisoformat(group.started_at) for group in groups]
    ended = [at + timedelta(seconds=group.wall_s) for at, group in zip(begun, groups, strict=True)]
    between = Counter[str]()
    for number, (one, other) in enumerate(pairwise(groups)):
        where = "between groups" if one.launch == other.launch else "between launches"
        between[where] += (begun[number + 1] - ended[number]).total_seconds()
    return {
        "before the first group": (begun[0] - start).total_seconds(),
        **raced(run, groups, phases),
        **between,
        "after the last group": (end - ended[-1]).total_seconds(),
    }


def raced(run: Run, groups: Sequence[GroupResult], phases: Counter[str]) -> dict[str, float]:
    """Return the phases, with what a race consists of told apart."""
    launches = [each for record in run.records if record.workload for each in record.launches]
    parts = {
        "race: rounds": rounds_of(run),
        "race: reference loops": sum(sum(each.anchors_ns) for each in launches) / 1e9,
        "race: bursts of all cores": (ANCHOR_S + LEAD_S)
        * sum(len(group.parallel_anchors_ns) for group in groups),
    }
    rest_s = phases.pop("the rest of groups")
    if "race" in phases:  # runs of before tell no phases
        parts["race: the rest"] = phases.pop("race") - sum(parts.values())
    else:
        rest_s -= sum(parts.values())
    return {**phases, **parts, "the rest of groups": rest_s}


def rounds_of(run: Run) -> float:
    """Return the seconds of all rounds of the raced cases."""
    raced = [each for record in run.records if record.workload for each in record.launches]
    return sum(sum(launch.rounds_ns) for launch in raced) / 1e9


async def steps(group: str, times: int) -> Iterator[str]:
    """Return what each step of a group's lanes takes in CPU milliseconds, a line a model."""
    catalogue = discover()
    workload, _, size = group.rpartition("-")
    interpreters = await survey({CURRENT: [sys.executable]}, catalogue)
    wanted = Selection(workloads=(workload,), sizes=(size,))
    entrants = select(catalogue, wanted, interpreters, DEFAULT, len(os.sched_getaffinity(0)))
    taken: dict[str, Taken] = {}
    async with attended() as reaper:
        lanes = Lanes({CURRENT: [sys.executable]}, catalogue, reaper)
        for _ in range(times):
            for entrant in filter(lambda each: each.races, entrants):
                await life(entrant.case, lanes, taken.setdefault(entrant.case.model, {}))
    return table(group, taken)


async def life(case: Case, lanes: Lanes, taken: Taken) -> None:
    """Take a lane through all steps, and note what each one takes."""
    lane = await counted("start", taken, lanes.fetch(case))

    async def step(do: str, **arguments: Any) -> None:
        await counted(do, taken, lane.ask(do, PATIENCE_S, **arguments))

    work = {"workload": case.workload, "size": case.size, "device": case.device}
    await step("prepare", model=case.model, **work)
    await step("open", model=case.model, workers=case.workers, reference=False, audit=False)
    await step("warm", round_s=ROUND_S, warm_s=WARM_S)
    await step("close")
    await counted("end", taken, lanes.end_launch())


async def counted(step: str, taken: Taken, work: Awaitable[Result]) -> Result:
    """Await something, and note the CPU time that all processes have spent on it."""
    before_s = family_cpu_s()
    result = await work
    taken.setdefault(step, []).append(family_cpu_s() - before_s)
    return result


def family_cpu_s() -> float:
    """Return the CPU seconds of this process and its descendants, also those that have ended."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    total_s = time.process_time() + ended.ru_utime + ended.ru_stime
    for pid in descendants(os.getpid())[1:]:
        with suppress(OSError):
            total_s += time.clock_gettime((~pid << 3) | CPUCLOCK_SCHED)
            of_ended = text_of(f"/proc/{pid}/stat").rpartition(") ")[2].split()[13:15]
            total_s += sum(map(int, of_ended)) / os.sysconf("SC_CLK_TCK")
    return total_s


def table(group: str, taken: Mapping[str, Taken]) -> Iterator[str]:
    """Yield the median of each step in milliseconds, a line a model."""
    steps = list(next(iter(taken.values())))
    yield f"{group:24}" + "".join(f"{step:>9}" for step in [*steps, "all"])
    for model, by_step in taken.items():
        medians_ms = [1e3 * median(by_step[step]) for step in steps]
        yield f"{model:24}" + "".join(f"{each:9.1f}" for each in [*medians_ms, sum(medians_ms)])


if __name__ == "__main__":
    main()
