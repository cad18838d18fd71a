"""Whether the clock is good enough, and the same work always takes the same time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raceway.analysis.run.grading import SPREAD, Bounds
from raceway.doctor.checks.states import finding_of, not_told, state_by, worst
from raceway.doctor.findings import Check, Finding, State
from raceway.text.numbers import count, percent, short_seconds

if TYPE_CHECKING:
    from raceway.doctor.facts import Clock, Pulse

SLOW_SOURCES = {"acpi_pm", "hpet", "jiffies", "refined-jiffies", "pit"}
"""Sources that the kernel reads from a device, by a system call."""
SLOW_READING_S = 1e-6
COARSE_S = 1e-6
LOST_BOUNDS = Bounds(0.01, 0.05)
"""Share of the time that may be lost in gaps."""
LARGEST_BOUNDS_S = Bounds(0.02, 0.2)
"""How long a gap may be."""
SHOWN_GAPS = 3
DRIFT_BOUNDS = Bounds(0.05, 0.15)


def clock(facts: Clock) -> Finding:
    """Tell whether the clock is fine and cheap enough for short rounds."""
    source = f"{facts.source}, " if facts.source else ""
    reading, finest = short_seconds(facts.reading_s), short_seconds(facts.finest_s)
    seen = f"{source}{reading} a reading, finest step {finest}"
    slow = facts.source in SLOW_SOURCES or facts.reading_s > SLOW_READING_S
    if not slow and facts.finest_s <= COARSE_S:
        return Finding(Check.CLOCK, State.OK, seen)
    return Finding(
        Check.CLOCK,
        State.WARN,
        seen,
        "Each reading of the clock takes long and lengthens short rounds."
        if slow
        else "Short rounds last only a few steps of the clock.",
        "If /sys/devices/system/clocksource/clocksource0/available_clocksource lists tsc, write it "
        "to current_clocksource; else use rounds of at least 10 ms.",
    )


def gaps(facts: Clock) -> Finding:
    """Tell how much of the time something else ran instead of us."""
    watched = short_seconds(facts.watched_s)
    if not facts.gaps_s:
        return Finding(Check.GAPS, State.OK, f"none above 1 ms in {watched}")
    largest = ", ".join(short_seconds(gap_s) for gap_s in facts.gaps_s[:SHOWN_GAPS])
    lost = sum(facts.gaps_s) / facts.watched_s
    counted = count(len(facts.gaps_s), "gap")
    seen = f"{percent(lost)} of {watched} lost in {counted} above 1 ms (largest {largest})"
    state = worst([state_by(LOST_BOUNDS, lost), state_by(LARGEST_BOUNDS_S, max(facts.gaps_s))])
    return finding_of(
        Check.GAPS,
        state,
        seen,
        "Something else runs on our core, and a gap lengthens the round it falls into.",
        "Stop other work or ask for dedicated cores. Otherwise trust medians of many short rounds, "
        "never means.",
    )


def steadiness(pulse: Pulse) -> Finding:
    """Tell how much the times of the same work vary, and whether they drift."""
    if pulse.spread is None:
        return not_told(Check.STEADINESS)
    states = [state_by(SPREAD, pulse.spread)]
    seen = (
        f"the same {short_seconds(pulse.median_s)} of work varied by {percent(pulse.spread)} "
        f"(IQR, {count(pulse.repeats, 'repeat')})"
    )
    if pulse.drift is not None:
        states.append(state_by(DRIFT_BOUNDS, abs(pulse.drift)))
        direction = "slower" if pulse.drift > 0 else "faster"
        seen = f"{seen}, got {percent(abs(pulse.drift))} {direction}"
    return finding_of(
        Check.STEADINESS,
        worst(states),
        seen,
        "Within one launch, smaller differences than this may be chance.",
        "Wait until the machine is quiet, cool and at a fixed clock speed; compare only cases "
        "measured side by side, over at least five launches.",
    )
