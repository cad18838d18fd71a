"""Ends raceway's commands at random moments, and counts what is lost and what stays behind."""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hostile_place import Place

if TYPE_CHECKING:
    import argparse

RACE = ["race", "work.py", "--models=serial,processes-spawn", "--launches=3", "--budget=60"]
RUN_SUITE = ["suite", "run", "test_suite.py", "--benchmark-max-time=0.01", "--launches=3"]
RESUMED = {"race": RACE, "suite": RUN_SUITE}
COMMANDS = {
    **RESUMED,
    "duel": ["duel", "--revisions", "HEAD^", "HEAD", "--workload=work.py", "--budget=8"],
    "report": ["report", "--html", "page.html"],
}
NEXT = {"report": COMMANDS["report"]}
"""What is run next, if it is not `recover`."""
WAYS = {
    "KILL": (signal.SIGKILL,),
    "TERM": (signal.SIGTERM,),
    "HUP": (signal.SIGHUP,),
    "Ctrl-C twice": (signal.SIGINT, signal.SIGINT),
}
MEASURING = {"race", "suite", "duel"}
LONGEST_GROUP_S, MOST_AWAITED = 2.0, 4
COUNTED = (
    "measured", "lost", "not kept", "processes", "temporary files", "half-written", "other files",
    "worktrees", "tracebacks",
)  # fmt: skip


def section(asked: argparse.Namespace, draw: random.Random) -> bool:
    """Try every command in every way; return whether nothing was lost or left."""
    lost: Counter[str] = Counter()
    print("command | ended by | times |", " | ".join(COUNTED), flush=True)
    for name in COMMANDS:
        if asked.only in name:
            subject = Subject.of(name)
            for way in WAYS if not asked.way else (asked.way,):
                counts = subject.trials(way, asked.times, asked.jobs, draw)
                figures = " | ".join(str(counts[each]) for each in COUNTED)
                print(f"{name} | {way} | {asked.times} | {figures}", flush=True)
                lost += counts
            subject.place.remove()
    return not any(lost[each] for each in COUNTED if each != "measured")


@dataclass(frozen=True)
class Subject:
    """A command that is ended at random moments."""

    name: str
    place: Place
    """Where it can be run; each trial has a copy."""
    usual_s: float
    """How long it takes if nobody ends it."""

    @classmethod
    def of(cls, name: str) -> Subject:
        """Prepare a place: a report needs a run."""
        place = Place()
        if name == "report":
            place.run(RACE)
        once = Place(place)
        start_s = time.monotonic()
        once.run(COMMANDS[name])
        usual_s = time.monotonic() - start_s
        once.remove()
        return cls(name, place, usual_s)

    def trials(self, way: str, times: int, jobs: int, draw: random.Random) -> Counter[str]:
        """End it in one way at several moments, and count all that was lost or left."""

        def one(seed: float) -> Counter[str]:
            return self.trial(WAYS[way], random.Random(seed))  # noqa: S311 (moments)

        with ThreadPoolExecutor(jobs) as pool:
            return sum(pool.map(one, [draw.random() for _ in range(times)]), Counter())

    def trial(self, signals: tuple[int, ...], draw: random.Random) -> Counter[str]:
        """End it after a while, and count what was lost and what is left."""
        place = Place(self.place)
        try:
            before = place.measured()
            moment = Moment.drawn(draw, self.usual_s, measures=self.name in MEASURING)
            output = ended(place, COMMANDS[self.name], signals, moment, draw)
            measured = place.measured()
            counts = place.left()
            counts["half-written"] = 0  # the next command is to clear it
            place.run(NEXT.get(self.name, ["recover"]))
            kept = {each[1:] for each in place.measured()}
            counts["measured"] = len(measured - before)
            counts["lost"] = len({each[1:] for each in measured} - kept)
            counts["tracebacks"] = int("Traceback" in output)
            if counts["tracebacks"]:
                print(output, file=sys.stderr)
            if self.name in RESUMED and measured:
                command = RESUMED[self.name]
                counts["not kept"] = not_kept(place, command, len(measured), moment, draw)
            counts += place.left()
            print(self.name, *counts.items(), file=sys.stderr, flush=True)
            return counts
        finally:
            place.remove()


@dataclass(frozen=True)
class Moment:
    """When a command is ended: some time after its start, or after it has measured something."""

    after_s: float
    groups: int = 0
    """How many must be measured before."""

    @classmethod
    def drawn(cls, draw: random.Random, usual_s: float, *, measures: bool) -> Moment:
        """Draw one; half of them among the measurements, however slow the machine is now."""
        if measures and draw.random() < 0.5:  # noqa: PLR2004 (half)
            return cls(draw.uniform(0, LONGEST_GROUP_S), draw.randint(1, MOST_AWAITED))
        return cls(draw.uniform(0, usual_s))

    def has_come(self, process: subprocess.Popen[str], place: Place) -> bool:
        """Wait for it; return whether the command still runs."""
        known = len(place.measured())
        while self.groups and len(place.measured()) < known + self.groups:
            if process.poll() is not None:
                return False
            time.sleep(0.05)
        with suppress(subprocess.TimeoutExpired):
            process.wait(self.after_s)
        return process.poll() is None


def ended(
    place: Place,
    arguments: list[str],
    signals: tuple[int, ...],
    moment: Moment,
    draw: random.Random,
) -> str:
    """Start a command, end it at a moment, and return what it said."""
    process = place.start(arguments)
    if moment.has_come(process, place):
        for number in signals:
            with suppress(OSError):
                os.killpg(process.pid, number)
            time.sleep(draw.uniform(0, 0.3) if len(signals) > 1 else 0)
    return process.communicate()[0]


def not_kept(
    place: Place, command: list[str], measured: int, moment: Moment, draw: random.Random
) -> int:
    """Resume, kill that too, resume again, and return how many groups that did not keep."""
    resume = [*command, "--resume"]
    earlier = Moment(draw.uniform(0, moment.after_s))
    ended(place, resume, (signal.SIGKILL,), earlier, draw)
    said = place.run(resume)
    if "was not interrupted" in said:  # it came to its end before it was killed
        return 0
    kept = re.search(r"(\d+) (?:group|measurement)s? kept", said)
    return max(0, measured - int(kept[1]) if kept else measured)
