"""Tries mutants, one after the other, and keeps what must not be."""

from __future__ import annotations

import signal
import time
import traceback
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from fuzz_checks import FindingError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from fuzz_checks import Target

LONGEST_S = 20.0
"""CPU time: no mutant may take longer, on whatever machine; most take a twentieth of a second."""
HANGS_S = 300.0
"""On the wall's clock, whatever else the machine does."""
TOGETHER = 20
"""Refused mutants that commands find in one folder: fewer than those that start processes."""
KEPT = Path("fuzz-findings").resolve()


@dataclass
class Tally:
    """What was tried, and what was found."""

    tried: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    findings: list[str] = field(default_factory=list)
    slowest_s: float = 0.0

    def __add__(self, other: Tally) -> Tally:
        """Return what both have tried and found."""
        return Tally(
            self.tried + other.tried, self.refused + other.refused,
            self.findings + other.findings, max(self.slowest_s, other.slowest_s),
        )  # fmt: skip

    def keep(self, name: str, seed: str, mutant: bytes, what: str) -> None:
        """Note a finding, and keep its mutant."""
        KEPT.mkdir(exist_ok=True)
        file = KEPT / f"{name}-{seed}"
        file.write_bytes(mutant)
        self.findings.append(f"{file}: {what}")

    def show(self) -> None:
        """Print the findings, and a table of what was tried."""
        for finding in self.findings:
            print(finding)
        print("| mutants of | tried | refused in one line | read |\n| --- | ---: | ---: | ---: |")
        for name, tried in sorted(self.tried.items()):
            refused = self.refused[name]
            print(f"| {name} | {tried:,} | {refused:,} | {tried - refused:,} |")
        slowest = f"the slowest mutant took {self.slowest_s:.2f} s of CPU time"
        print(f"\n{len(self.findings)} findings; {slowest}")


@dataclass
class Trial:
    """Mutants of several targets, each tried for its share of the time."""

    targets: Mapping[str, Target]
    seed: str
    tally: Tally = field(default_factory=Tally)
    spent_s: Counter[str] = field(default_factory=Counter)
    refused: dict[str, list[tuple[str, bytes]]] = field(default_factory=dict)
    """By target: the seeds and mutants that were refused since commands found some together."""

    def run(self, seconds: float, most: int) -> Tally:
        """Try until the time is up, or enough of each; return what was found."""
        end_s = time.monotonic() + seconds
        while time.monotonic() < end_s:
            wanted = [name for name in self.targets if self.tally.tried[name] < most]
            if not wanted:
                break
            name = min(wanted, key=lambda each: self.spent_s[each] / self.targets[each].weight)
            began_s = time.monotonic()
            self.one(name)
            self.spent_s[name] += time.monotonic() - began_s
        for name in self.targets:
            self.together(name)
        return self.tally

    def one(self, name: str) -> None:
        """Try one mutant."""
        seed, target = f"{self.seed}-{self.tally.tried[name]}", self.targets[name]
        mutant = target.mutant(Random(seed))  # noqa: S311 (draws mutants)
        self.tally.tried[name] += 1
        began_s = time.process_time()
        read, found = looked_at(lambda: target.survives(mutant, Random(seed)))  # noqa: S311 (as above)
        took_s = time.process_time() - began_s
        self.tally.slowest_s = max(self.tally.slowest_s, took_s)
        if took_s > LONGEST_S:
            found = f"took {took_s:.1f} s of CPU time; {found}"
        if found:
            self.tally.keep(name, seed, mutant, found)
        elif not read:
            self.tally.refused[name] += 1
            waiting = self.refused.setdefault(name, [])
            waiting.append((seed, mutant))
            if len(waiting) == TOGETHER:
                self.together(name)

    def together(self, name: str) -> None:
        """Let commands find what was refused; what must not be is looked for one by one."""
        waiting, target = self.refused.pop(name, []), self.targets[name]
        if not waiting:
            return
        seed, mutants = waiting[0][0], [mutant for _, mutant in waiting]

        def found_in(some: list[bytes]) -> str:
            return looked_at(lambda: target.together(some, Random(seed)))[1]  # noqa: S311 (as above)

        if found := found_in(mutants):
            alone = [(each, mutant, found_in([mutant])) for each, mutant in waiting]
            for each, mutant, what in alone:
                if what:
                    self.tally.keep(name, each, mutant, what)
            if not any(what for _, _, what in alone):
                self.tally.keep(name, f"{seed}-together", b"\n".join(mutants), found)


def looked_at(look: Callable[[], bool | None]) -> tuple[bool | None, str]:
    """Return what a look returns, and what it finds that must not be."""
    try:
        with in_time():
            return look(), ""
    except FindingError as error:
        return None, str(error)
    except Exception:  # noqa: BLE001 (that is what is looked for)
        return None, traceback.format_exc()


@contextmanager
def in_time() -> Iterator[None]:
    """Raise FindingError if this hangs, where the system has such alarms."""
    if not hasattr(signal, "setitimer"):
        yield
        return

    def hangs(*_: object) -> None:
        raise FindingError("hangs: " + "".join(traceback.format_stack(limit=8)))

    before = signal.signal(signal.SIGALRM, hangs)
    signal.setitimer(signal.ITIMER_REAL, HANGS_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
