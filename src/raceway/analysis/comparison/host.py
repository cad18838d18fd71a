"""Whether two sides were measured on the same host, in the same state.

A machine's id names its hardware. Hosts with one id may differ in microcode, speed and wake-ups,
and a host changes with its neighbours. Absolute times can be compared only if the state is the
same; the reference loops show how much slower the machine itself ran.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from math import exp, log
from statistics import median
from typing import TYPE_CHECKING

from raceway.analysis.comparison.likeness import same_interpreter
from raceway.analysis.comparison.normalisation import Normalisation, anchor_of
from raceway.case import CURRENT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from raceway.analysis.comparison.samples import Side
    from raceway.record import Environment, HostState, Run

NEAR = 1.10
"""Up to this ratio of levels, a reference loop is usable, and a host counts as the same."""
NAMED_FACTS = {"stepping": "stepping", "microcode": "microcode", "caches": "caches"}
TOLERANCES = {
    "frequency_mhz": ("frequency", 1.05),
    "memory_bytes_per_s": ("memory speed", 1.5),
    "timer_wake_s": ("timers", 1.6),
    "pipe_wake_s": ("pipes", 1.6),
}
"""Short measurements, and the ratio by which they vary on one host."""
WAKE_NOISE_S = 20e-6
"""Added to wake-ups on both sides: differences of some microseconds mean nothing."""
LOOPS = {Normalisation.ANCHOR: "bytecode loop", Normalisation.PARALLEL: "parallel loop"}


@dataclass(frozen=True, slots=True)
class Hosts:
    """What differs between the hosts of two sides."""

    differing: Sequence[str] = ()
    """The facts that differ, or are known on one side only."""
    ratios: Mapping[Normalisation, float] = field(default_factory=dict)
    """Each reference loop's time on side B over that on side A."""
    known: bool = False
    """Whether either side describes its host: runs of schema 1 do not."""

    @property
    def differ(self) -> bool:
        """Whether absolute times cannot be compared."""
        return bool(self.differing)

    @property
    def reason(self) -> str:
        """Why absolute times cannot be compared; empty if they can."""
        if not self.differing:
            return ""
        return f"another host ({', '.join(self.differing)}){self._slower()}; a duel would tell"

    def serves(self, loop: Normalisation) -> bool:
        """Whether a reference loop is close enough to its usual level to be used.

        If the hosts are unknown, it is.
        """
        return not self.known or is_near(self.ratios.get(loop, 1.0), NEAR)

    def _slower(self) -> str:
        if not self.ratios:
            return ""
        ratio = max(self.ratios.values(), key=lambda each: abs(log(each)))
        if ratio >= 1:
            return f": the machine itself ran {ratio:.2g}× slower"
        return f": the machine itself ran {1 / ratio:.2g}× faster"


def hosts_of(a: Side, b: Side) -> Hosts:
    """Return what differs between the hosts of two sides' newest runs.

    A new boot id does not make another host. Two sides without a description count as the same.
    """
    one, other = a.runs[-1], b.runs[-1]
    ratios = _ratios(a, b)
    if one.header.host is None and other.header.host is None:
        return Hosts(ratios=ratios)
    facts = differing_facts(one.header.host, other.header.host)
    loops = [LOOPS[loop] for loop, ratio in ratios.items() if not is_near(ratio, NEAR)]
    return Hosts([*facts, *loops], ratios, known=True)


def differing_facts(a: HostState | None, b: HostState | None) -> list[str]:
    """Return the names of the facts that differ beyond tolerance or are missing on one side."""
    if a is None or b is None:
        return [] if a is b else ["not known of one run"]
    named = [words for fact, words in NAMED_FACTS.items() if getattr(a, fact) != getattr(b, fact)]
    measured = [
        words
        for fact, (words, tolerance) in TOLERANCES.items()
        if not _alike(fact, getattr(a, fact), getattr(b, fact), tolerance)
    ]
    return [*named, *measured]


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
