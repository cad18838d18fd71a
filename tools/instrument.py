"""Is the instrument accurate? Compares lanes with a bare clock loop on the same work.

    python tools/instrument.py [--launches 15] [--turns 40]

Each launch starts a lane and a bare loop: a fresh interpreter that reads the clock around the same
tasks and does nothing else. They take turns in random order. It prints how far the lane's median
lies from the bare one's: the median over all launches with a 95 % interval (by order statistics).
A single launch says little, since processes of the same code differ by up to 3 %.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import statistics
import sys
from typing import cast

from raceway.case import Case
from raceway.measure.control.lanes import Lanes, attended
from raceway.plan.catalogue import discover

ROUNDS = 10
"""Rounds per turn."""
COMPARED = {"serial": ("primes", "100"), "asyncio": ("primes", "100"), "threads": ("sleep", "seed")}
"""The work each model is checked on: at least a millisecond per round."""

BARE = {
    "serial": """
def run():
    start = time.perf_counter_ns()
    [task(argument) for argument in arguments]
    return time.perf_counter_ns() - start
""",
    "asyncio": """
async def one(argument):
    return task(argument)
async def all_of_them():
    start = time.perf_counter_ns()
    await asyncio.gather(*map(one, arguments))
    return time.perf_counter_ns() - start
loop = asyncio.new_event_loop()
def run():
    return loop.run_until_complete(all_of_them())
""",
    "threads": """
from concurrent.futures import ThreadPoolExecutor
pool = ThreadPoolExecutor(len(arguments))
def run():
    start = time.perf_counter_ns()
    list(pool.map(task, arguments))
    return time.perf_counter_ns() - start
""",
}
PROLOGUE = """
import asyncio, json, sys, time
from raceway.workloads.{workload} import WORKLOAD
task, arguments = WORKLOAD.task, WORKLOAD.sizes["{size}"]
"""
EPILOGUE = """
for line in sys.stdin:
    print(json.dumps([run() for _ in range(int(line))]), flush=True)
"""


async def launch(model: str, turns: int) -> float:
    """Return the lane's median round over the bare loop's, in one pair of fresh processes."""
    workload, size = COMPARED[model]
    catalogue = discover()
    workers = len(catalogue.workloads[workload].sizes[size]) if model == "threads" else 1
    case = Case(workload, size, model, workers)
    code = PROLOGUE.format(workload=workload, size=size) + BARE[model] + EPILOGUE
    async with attended() as reaper:
        lane = await Lanes({"current": [sys.executable]}, catalogue, reaper).fetch(case)
        bare = await asyncio.create_subprocess_exec(
            sys.executable, "-c", code,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        await lane.ask("prepare", 60, workload=workload, size=size, device="cpu")
        await lane.ask("open", 60, model=model, workers=workers, reference=False, audit=False)

        async def lane_rounds() -> list[int]:
            reply = await lane.ask("go", 60, rounds=ROUNDS, anchored=True)
            return list(reply["rounds_ns"])

        async def bare_rounds() -> list[int]:
            cast("asyncio.StreamWriter", bare.stdin).write(f"{ROUNDS}\n".encode())
            line = await cast("asyncio.StreamReader", bare.stdout).readline()
            return list(json.loads(line))

        measured: dict[object, list[int]] = {lane_rounds: [], bare_rounds: []}
        for _ in range(turns):
            for side in random.sample([lane_rounds, bare_rounds], 2):
                measured[side] += await side()
        bare.kill()
        await bare.wait()
        await lane.quit()
    return statistics.median(measured[lane_rounds]) / statistics.median(measured[bare_rounds])


def main() -> None:
    """Compare each model and print how far the lane is off."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--launches", type=int, default=15)
    parser.add_argument("--turns", type=int, default=40)
    options = parser.parse_args()
    for model, (workload, size) in COMPARED.items():
        ratios = sorted(asyncio.run(launch(model, options.turns)) for _ in range(options.launches))
        outer = max(0, int(options.launches / 2 - 0.98 * options.launches**0.5))
        low, high = ratios[outer] - 1, ratios[-1 - outer] - 1
        print(
            f"{model:8} {workload}-{size}: lane {statistics.median(ratios) - 1:+.2%} of the bare"
            f" loop [{low:+.2%}, {high:+.2%}], {options.launches} launches of"
            f" {options.turns * ROUNDS} rounds a side"
        )


if __name__ == "__main__":
    main()
