"""What differs between two runs besides their times: code, interpreter, machine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from raceway.record import Commit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raceway.record import Environment, Header, HostState, Machine

NOT_KNOWN = "not known"
NOT_THERE = "not installed"
NOT_SET = "not set"


@dataclass(frozen=True, slots=True)
class Difference:
    """One fact that changed between two runs."""

    what: str
    """For example `numpy`, `kernel` or `governor`."""
    before: str
    after: str


def differences(
    before: Header, after: Header, interpreters: tuple[Environment | None, Environment | None]
) -> list[Difference]:
    """Return what differs, except for the commit; `interpreters` are the case's in each run.

    If either is unknown, interpreters and libraries are left out.
    """
    facts = [
        (_state(before.commit), _state(after.commit)),
        (_machine(before.machine), _machine(after.machine)),
        ({"profile": before.profile}, {"profile": after.profile}),
    ]
    if before.files and after.files:
        facts.append((before.files, after.files))
    if before.host and after.host:
        facts.append((_host(before.host), _host(after.host)))
    found = [each for pair in facts for each in _between(*pair, NOT_KNOWN)]
    old, new = interpreters
    if old and new:
        found += _between(_python(old), _python(new), NOT_KNOWN)
        found += _between(old.libraries, new.libraries, NOT_THERE)
        found += switches(old, new)
    return found


def switches(before: Environment, after: Environment) -> list[Difference]:
    """Return the settings that differ: each may change timing, whatever the code."""
    return list(_between(before.settings, after.settings, NOT_SET))


def facts_of(header: Header, interpreter: Environment | None) -> dict[str, str]:
    """Return all facts that may differ, the commit too, in words; empty if unknown."""
    commit = header.commit
    return {
        "machine": header.machine.id,
        "commit": commit.short if commit.id != Commit().id else "",
        **_state(commit),
        "profile": header.profile,
        **_machine(header.machine),
        **(_known_of(interpreter) if interpreter else {}),
    }


def _between(before: dict[str, str], after: dict[str, str], absent: str) -> Iterator[Difference]:
    for what in dict.fromkeys([*before, *after]):
        old, new = before.get(what) or absent, after.get(what) or absent
        if old != new:
            yield Difference(what, old, new)


def _state(commit: Commit) -> dict[str, str]:
    return {"working tree": "with uncommitted changes" if commit.dirty else "clean"}


def _known_of(environment: Environment) -> dict[str, str]:
    return _python(environment) | environment.libraries | environment.settings


def _python(environment: Environment) -> dict[str, str]:
    return {
        "Python": environment.version,
        "build": environment.build,
        "compiler": environment.compiler,
        "cuda": environment.cuda,
        "driver": environment.driver,
    }


def _host(host: HostState) -> dict[str, str]:
    """Return the facts in which hosts of one machine id may differ."""
    return {"stepping": host.stepping, "microcode": host.microcode, "caches": host.caches}


def _machine(machine: Machine) -> dict[str, str]:
    """Return the facts that may change though the machine keeps its id."""
    quota = "none" if machine.quota_cores is None else f"{machine.quota_cores:g} cores"
    turbo = {None: "", True: "on", False: "off"}[machine.turbo]
    usable = f"{machine.usable_cores} of " if machine.usable_cores else ""
    memory_gib = (machine.memory_bytes or 0) / 2**30
    return {
        "cpu": machine.cpu_model,
        "cores": f"{usable}{machine.logical_cores or ''}",
        "quota": quota,
        "memory": f"{memory_gib:.1f} GiB" if memory_gib else "",
        "kernel": machine.kernel,
        "virtualisation": machine.virtualisation,
        "governor": machine.governor,
        "turbo": turbo,
        "gpus": ", ".join(machine.gpus),
    }
