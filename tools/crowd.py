"""Fills a results folder with many synthetic runs, to see how reports cope.

    python tools/crowd.py FOLDER [--runs 200] [--cases 300] [--rounds 50] [--seed 1]

200 runs of 300 cases with 50 rounds each are about 145 MB. One case in ten becomes 5 % slower
halfway. tools/to_asv.py writes the same series for asv.
"""

from __future__ import annotations

import argparse
import math
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from raceway.record import (
    SCHEMA_VERSION,
    Commit,
    Environment,
    Grade,
    GroupResult,
    Header,
    Launch,
    Machine,
    Noise,
    Record,
    Run,
    Status,
)
from raceway.store.runfile import encode

if TYPE_CHECKING:
    from collections.abc import Iterator

FIRST_DAY = datetime(2026, 1, 1, tzinfo=UTC)
MODELS = ("serial", "threads", "asyncio", "pool", "processes-fork", "processes-spawn")
MACHINE = Machine(
    id="linux-x86_64-crowd-2c-000000", system="Linux", architecture="x86_64", cpu_model="synthetic",
    logical_cores=2, usable_cores=2,
)  # fmt: skip
ENVIRONMENT = Environment(
    label="current", command="python3", version="3.13.0", implementation="CPython"
)
SLOWER = 1.05
LAUNCHES = 5


def main() -> None:
    """Write the runs."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--cases", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    draw = random.Random(options.seed)  # noqa: S311 (a simulation)
    folder = options.folder / MACHINE.id
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(options.runs):
        late = number >= options.runs // 2
        run = a_run(number, list(records(options.cases, options.rounds, draw, late=late)), draw)
        name = f"{run.header.started_at[:19].replace('-', '').replace(':', '')}Z_"
        file = folder / f"{name}{run.header.commit.short}_{run.header.run_id}.json"
        file.write_bytes(encode(run))
    print(f"{options.runs} runs of {options.cases} cases in {folder}")


def records(cases: int, rounds: int, draw: random.Random, *, late: bool) -> Iterator[Record]:
    """Yield the cases of one run; one in ten takes longer in later runs."""
    for number in range(cases):
        model = MODELS[number % len(MODELS)]
        size = str(10 ** (1 + number // len(MODELS) % 5))
        workload = f"work{number // (5 * len(MODELS))}"
        pass_s = 0.001 * (1 + number % 7) * (SLOWER if late and number % 10 == 0 else 1.0)
        launches = [
            Launch(index=index, cold_s=0.01, cpu_s=pass_s, peak_memory_bytes=2**25,
                   rounds_ns=times_ns(pass_s, rounds // LAUNCHES, draw),
                   anchors_ns=times_ns(0.0002, rounds // LAUNCHES, draw),
                   turns=list(range(rounds // LAUNCHES)))
            for index in range(LAUNCHES)
        ]  # fmt: skip
        case = f"{workload}-{size}-{model}-w1"
        yield Record(
            id=case, fullname=f"bench/test_crowd.py::test[{case}]", workload=workload, size=size,
            model=model, kind="cpu", tasks=4, launches=launches,
        )  # fmt: skip


def times_ns(pass_s: float, count: int, draw: random.Random) -> list[int]:
    """Return times that vary by 1 %, around a launch's level that also varies by 1 %."""
    level = math.exp(draw.gauss(0, 0.01))
    return [round(pass_s * 1e9 * level * math.exp(draw.gauss(0, 0.01))) for _ in range(count)]


def a_run(number: int, raced: list[Record], draw: random.Random) -> Run:
    """Return the run of day `number`."""
    turns = len(raced[0].launches[0].rounds_ns)
    moment = (FIRST_DAY + timedelta(days=number)).isoformat()
    groups = dict.fromkeys(record.group for record in raced)
    header = Header(
        schema=SCHEMA_VERSION, run_id=f"{number:08x}", started_at=moment, machine=MACHINE,
        environments=[ENVIRONMENT], commit=Commit(id=f"{number:040x}", time=moment, branch="main"),
        command_line=["tools/crowd.py"], profile="default", launches=LAUNCHES, planned=[],
    )  # fmt: skip
    return Run(
        header=header, finished_at=moment, status=Status.OK, records=raced,
        groups=[
            GroupResult(id=group, launch=launch, started_at=moment, wall_s=1.0, launches={},
                       noise=Noise(grade=Grade.QUIET),
                       parallel_anchors_ns=times_ns(0.01, turns, draw))
            for group in groups for launch in range(LAUNCHES)
        ],
    )  # fmt: skip


if __name__ == "__main__":
    main()
