"""Whether two sides were measured on the same host, in the same state.

A machine's id names its hardware. Hosts with one id may differ in microcode, speed and wake-ups,
and a host changes with its neighbours. Absolute times can be compared only where the state is the
same: what tells two hosts apart touches every case, what a host's neighbours change (the speed of
several cores, wake-ups) only those that depend on it. The reference loops show how much slower the
machine itself ran.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from math import exp, log
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from raceway.analysis.comparison.likeness import same_interpreter
from raceway.analysis.comparison.normalisation import Normalisation, anchor_of
from raceway.case import CURRENT, Family, Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from raceway.analysis.comparison.samples import Side
    from raceway.record import Environment, HostState, Record, Run

NEAR = 1.10
"""Up to this ratio of levels, a reference loop is usable, and a host counts as the same."""
PARALLEL_CORES = 1.2
"""Cores that a case must keep busy to count as one on several."""
COMPUTES = 0.1
"""From so many busy cores on, the time of a case that waits depends on how fast they are."""
WAKE_NOISE_S = 20e-6
"""Added to wake-ups on both sides: differences of some microseconds mean nothing."""


class Touched(Enum):
    """The cases whose absolute times a difference may have changed."""

    ALL = auto()
    """It tells hosts apart, whatever the cases do."""
    COMPUTING = auto()
    """Those that compute, also while they wait."""
    SEVERAL_CORES = auto()
    """Those that keep several cores busy, and those that compute while they wait."""
    BUSY_WAITING = auto()
    """Those that compute while they wait, and have no reference loop of their own."""
    TENSORS = auto()
    WAITING = auto()
    PROCESSES = auto()
    """Those that send tasks to other processes."""

    def holds(self, record: Record, cores: float) -> bool:
        """Whether a case that keeps so many cores busy is one of them."""
        busy_waiting = record.kind == Kind.IO and cores >= COMPUTES
        return {
            Touched.ALL: True,
            Touched.COMPUTING: record.kind != Kind.IO or busy_waiting,
            Touched.SEVERAL_CORES: cores >= PARALLEL_CORES or busy_waiting,
            Touched.BUSY_WAITING: busy_waiting,
            Touched.TENSORS: record.kind == Kind.TENSOR,
            Touched.WAITING: record.kind == Kind.IO,
            Touched.PROCESSES: record.family in {Family.PROCESSES, Family.ENGINES},
        }[self]


class Difference(NamedTuple):
    """A fact that differs between hosts, or is known on one side only."""

    words: str
    touched: Touched


UNKNOWN = Difference("not known of one run", Touched.ALL)
UNKNOWN_SPEED = Difference("speed not known of both runs", Touched.BUSY_WAITING)
NAMED_FACTS = ("stepping", "microcode", "caches")
TOLERANCES = {
    "frequency_mhz": (Difference("frequency", Touched.ALL), 1.05),
    "memory_bytes_per_s": (Difference("memory speed", Touched.TENSORS), 2.0),
    "timer_wake_s": (Difference("timers", Touched.WAITING), 1.6),
    "pipe_wake_s": (Difference("pipes", Touched.PROCESSES), 3.0),
}
"""Short measurements, and the ratio by which they vary on one host: a byte's way through a pipe
took 9 to 53 µs within the hour, as the system placed the other process."""
LOOPS = {
    Normalisation.ANCHOR: Difference("bytecode loop", Touched.COMPUTING),
    Normalisation.PARALLEL: Difference("parallel loop", Touched.SEVERAL_CORES),
}


@dataclass(frozen=True, slots=True)
class Hosts:
    """What differs between the hosts of two sides."""

    differing: Sequence[Difference] = ()
    ratios: Mapping[Normalisation, float] = field(default_factory=dict)
    """Each reference loop's time on side B over that on side A."""
    known: bool = False
    """Whether either side describes its host: runs of schema 1 do not."""

    @property
    def differ(self) -> bool:
        """Whether it is another host, so that no absolute times can be compared."""
        return any(each.touched is Touched.ALL for each in self.differing)

    @property
    def reason(self) -> str:
        """Why no absolute times can be compared; empty if some can."""
        return self._because(self.differing, self.ratios.values()) if self.differ else ""

    def doubt(self, record: Record, cores: float) -> str:
        """Return why the absolute times of a case cannot be compared; empty if they can.

        `cores` are those that it keeps busy: a thousand short waits compute most of their time.
        """
        touching = [each for each in self.differing if each.touched.holds(record, cores)]
        ratios = [
            ratio for loop, ratio in self.ratios.items() if LOOPS[loop].touched.holds(record, cores)
        ]
        return self._because(touching, ratios) if touching else ""

    def serves(self, loop: Normalisation) -> bool:
        """Whether a reference loop is close enough to its usual level to be used.

        If the hosts are unknown, it is.
        """
        return not self.known or is_near(self.ratios.get(loop, 1.0), NEAR)

    def _because(self, differing: Iterable[Difference], ratios: Iterable[float]) -> str:
        what = "another host" if self.differ else "another state of the host"
        words = ", ".join(each.words for each in differing)
        return f"{what} ({words}){_slower(ratios)}; a duel would tell"


def hosts_of(a: Side, b: Side) -> Hosts:
    """Return what differs between the hosts of two sides' newest runs.

    A new boot id does not make another host. Two sides without a description count as the same.
    """
    one, other = a.runs[-1], b.runs[-1]
    ratios = _ratios(a, b)
    if one.header.host is None and other.header.host is None:
        return Hosts(ratios=ratios)
    facts = differences_of(one.header.host, other.header.host)
    loops = [LOOPS[loop] for loop, ratio in ratios.items() if not is_near(ratio, NEAR)]
    hosts = Hosts([*facts, *loops], ratios, known=True)
    if hosts.differ or Normalisation.ANCHOR in ratios:
        return hosts
    return replace(hosts, differing=[*hosts.differing, UNKNOWN_SPEED])


def differences_of(a: HostState | None, b: HostState | None) -> list[Difference]:
    """Return the facts that differ beyond tolerance or are known on one side only."""
    if a is None or b is None:
        return [] if a is b else [UNKNOWN]
    named = facts_apart(a, b)
    measured = [
        difference
        for fact, (difference, tolerance) in TOLERANCES.items()
        if not _alike(fact, getattr(a, fact), getattr(b, fact), tolerance)
    ]
    return [*(Difference(fact, Touched.ALL) for fact in named), *measured]


def facts_apart(a: HostState, b: HostState) -> list[str]:
    """Return the facts that tell two hosts apart and that neither changes by itself."""
    return [fact for fact in NAMED_FACTS if getattr(a, fact) != getattr(b, fact)]


def differing_facts(a: HostState | None, b: HostState | None) -> list[str]:
    """Return the names of those facts."""
    return [each.words for each in differences_of(a, b)]


def levels_of(run: Run) -> dict[Normalisation, dict[str, float]]:
    """Return the logarithm of each reference loop's usual time, by case or by group.

    The bytecode loop is the current interpreter's, since others run at their own speed.
    """
    anchors: defaultdict[str, list[float]] = defaultdict(list)
    for record in run.records:
        if record.interpreter == CURRENT:
            levels = (anchor_of(launch) for launch in record.launches)
            anchors[record.id] += [level for level in levels if level is not None]
    parallel: defaultdict[str, list[float]] = defaultdict(list)
    for group in run.groups:
        parallel[group.id] += [log(each) for each in group.parallel_anchors_ns if each > 0]
    loops = {Normalisation.ANCHOR: anchors, Normalisation.PARALLEL: parallel}
    return {
        loop: {name: median(each) for name, each in levels.items() if each}
        for loop, levels in loops.items()
    }


def is_near(ratio: float, tolerance: float) -> bool:
    """Whether a ratio is within a tolerance, in either direction."""
    return abs(log(ratio)) <= log(tolerance)


def _slower(ratios: Iterable[float]) -> str:
    """Return by how much the loops say the machine itself ran slower; empty without loops."""
    ratio = max(ratios, key=lambda each: abs(log(each)), default=None)
    if ratio is None:
        return ""
    if ratio >= 1:
        return f": the machine itself ran {ratio:.2g}× slower"
    return f": the machine itself ran {1 / ratio:.2g}× faster"


def _alike(fact: str, a: float | None, b: float | None, tolerance: float) -> bool:
    if a is None or b is None:
        return a is b
    noise = WAKE_NOISE_S if fact.endswith("_wake_s") else 0.0
    if a + noise <= 0 or b + noise <= 0:
        return a == b
    return is_near((a + noise) / (b + noise), tolerance)


def _ratios(a: Side, b: Side) -> dict[Normalisation, float]:
    """Return B's levels over A's, of the loops that one interpreter ran on both sides.

    They are paired by case or by group, since the work raced affects the loops beside it.
    """
    if not same_interpreter(_current(a), _current(b)):
        return {}
    one, other = levels_of(a.runs[-1]), levels_of(b.runs[-1])
    shared = {
        loop: [
            other[loop][name] - level for name, level in one[loop].items() if name in other[loop]
        ]
        for loop in LOOPS
    }
    return {loop: exp(median(shifts)) for loop, shifts in shared.items() if shifts}


def _current(side: Side) -> Environment | None:
    return side.environment(CURRENT) or side.main_environment
