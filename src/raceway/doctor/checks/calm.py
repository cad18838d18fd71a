"""Other work on the machine, and what changes the speed of its cores."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raceway.analysis.run.grading import STEAL, Bounds
from raceway.doctor.checks.states import not_told, state_by, worst
from raceway.doctor.findings import Check, Finding, State
from raceway.text.numbers import count, percent

if TYPE_CHECKING:
    from raceway.doctor.facts import Calm
    from raceway.record import Machine

BUSY_BOUNDS = Bounds(0.05, 0.25)
"""Share of the cores that others may use while we are idle."""
PRESSURE_BOUNDS = Bounds(0.05, 0.25)
"""Share of that time in which processes may wait for a CPU."""
STEADY_GOVERNORS = {"performance", "userspace"}
CONTAINERS = {"docker", "podman", "kubernetes", "lxc", "containerd", "systemd-nspawn", "oci"}


def other_work(calm: Calm, logical_cores: int) -> Finding:
    """Tell what others did while we were idle."""
    seen, states = [], []
    if calm.busy_share is not None:
        states.append(state_by(BUSY_BOUNDS, calm.busy_share))
        seen.append(f"others used {percent(calm.busy_share)} of {count(logical_cores, 'core')}")
    if calm.pressure_share is not None:
        states.append(state_by(PRESSURE_BOUNDS, calm.pressure_share))
        seen.append(f"waited for one {percent(calm.pressure_share)} of the time")
    if calm.load is not None:
        seen.append(f"load {calm.load:.1f}")
    state = worst(states)
    if state is State.UNKNOWN:
        return not_told(Check.OTHER_WORK)
    if state is State.OK:
        return Finding(Check.OTHER_WORK, state, ", ".join(seen))
    return Finding(
        Check.OTHER_WORK,
        state,
        f"{', '.join(seen)}, while raceway was idle",
        "Rounds sometimes wait for a core; parallel models, which need all cores, lose most.",
        "Stop other programs or wait until they are done (top shows them).",
    )


def stolen_time(calm: Calm) -> Finding:
    """Tell how much the hypervisor gave to other guests while we computed."""
    if calm.steal_share is None:
        return not_told(Check.STEAL)
    seen = f"{percent(calm.steal_share)} of a core"
    state = state_by(STEAL, calm.steal_share)
    if state is State.OK:
        return Finding(Check.STEAL, state, seen)
    return Finding(
        Check.STEAL,
        state,
        f"{seen} went to other guests",
        "Rounds get longer by the stolen time, and this machine cannot see when.",
        "Ask for dedicated cores, or measure when other guests are idle.",
    )


def virtualisation(machine: Machine) -> Finding:
    """Name the hypervisor or container; other checks measure what it does to timings."""
    around = machine.virtualisation
    if not around:
        seen = "no hypervisor and no container seen"
    elif set(around.split(", ")) <= CONTAINERS:
        seen = f"{around}: its limits are checked here"
    else:
        seen = f"{around}: other guests may come and go"
    return Finding(Check.VIRTUALISATION, State.OK, seen)


def governor(machine: Machine) -> Finding:
    """Tell whether the clock speed of the cores follows the load."""
    if not machine.governor:
        return not_told(Check.GOVERNOR)
    if machine.governor in STEADY_GOVERNORS:
        return Finding(Check.GOVERNOR, State.OK, machine.governor)
    return Finding(
        Check.GOVERNOR,
        State.WARN,
        machine.governor,
        "The clock speed follows the load: work runs slower after a pause, which puts models that "
        "wait at a disadvantage.",
        "sudo cpupower frequency-set --governor performance",
    )


def turbo(machine: Machine) -> Finding:
    """Tell whether one busy core is faster than many."""
    if machine.turbo is None:
        return not_told(Check.TURBO)
    if not machine.turbo:
        return Finding(Check.TURBO, State.OK, "off")
    return Finding(
        Check.TURBO,
        State.WARN,
        "on",
        "One busy core runs faster than each of many, and a cool machine faster than a warm one: "
        "speedups come out smaller, and times drift.",
        "Turn it off for comparisons: write 1 to /sys/devices/system/cpu/intel_pstate/no_turbo "
        "or 0 to /sys/devices/system/cpu/cpufreq/boost.",
    )
