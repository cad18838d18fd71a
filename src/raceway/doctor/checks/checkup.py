"""All checks together, and the verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raceway.doctor.checks import calm, clock, cores, resources
from raceway.doctor.checks.gpu import gpu_findings
from raceway.doctor.checks.libraries import library_threads
from raceway.doctor.findings import SCHEMA, Check, Checkup, Finding, Fit, State

if TYPE_CHECKING:
    from collections.abc import Sequence

    from raceway.doctor.facts import Facts

FOR_PARALLEL_WORK = {
    Check.CORES, Check.CAPACITY, Check.HYPER_THREADS, Check.QUOTA, Check.LIBRARY_THREADS,
    Check.PROCESSES, Check.MEMORY, Check.SHARED_MEMORY, Check.OPEN_FILES, Check.TASKS,
}  # fmt: skip
"""Parallel work needs these; the other checks are about timing."""
WORST_FIRST = (State.BAD, State.WARN, State.OK, State.UNKNOWN)


def checkup_of(facts: Facts) -> Checkup:
    """Return the findings, worst first, and the verdict."""
    findings = findings_of(facts)
    fit, decisive = verdict_of(findings)
    because = tuple(dict.fromkeys(str(finding.check) for finding in decisive))
    return Checkup(SCHEMA, fit, because, tuple(sorted(findings, key=_rank)), facts)


def findings_of(facts: Facts) -> list[Finding]:
    """Return what each check found."""
    usable = facts.cores.usable
    library = library_threads(facts.libraries, facts.thread_settings, facts.cores)
    return [
        cores.usable_cores(facts.cores),
        cores.parallel_capacity(facts.cores),
        cores.hyper_threads(facts.cores),
        cores.cpu_quota(facts.quota, facts.cores),
        *([library] if library else []),
        resources.start_methods(facts.resources),
        resources.memory(facts.resources, usable),
        resources.shared_memory(facts.resources),
        resources.open_files(facts.resources),
        resources.process_limit(facts.resources),
        calm.other_work(facts.calm, facts.cores.logical),
        calm.stolen_time(facts.calm),
        calm.virtualisation(facts.machine),
        calm.governor(facts.machine),
        calm.turbo(facts.machine),
        clock.clock(facts.clock),
        clock.gaps(facts.clock),
        clock.steadiness(facts.pulse),
        resources.swap(facts.resources),
        *gpu_findings(facts.gpus),
    ]


def verdict_of(findings: Sequence[Finding]) -> tuple[Fit, list[Finding]]:
    """Return the verdict and the findings that decide it.

    A fact the system does not tell is no reservation; a failed measurement is one.
    """
    bad = [finding for finding in findings if finding.state is State.BAD]
    if in_the_way := [finding for finding in bad if finding.check in FOR_PARALLEL_WORK]:
        return Fit.NOT_PARALLEL, in_the_way
    if bad:
        return Fit.NOT_STEADY, bad
    doubtful = [finding for finding in findings if is_problem(finding)]
    return (Fit.RESERVED, doubtful) if doubtful else (Fit.FIT, [])


def is_problem(finding: Finding) -> bool:
    """Whether a finding has consequences."""
    return finding.state in {State.BAD, State.WARN} or bool(finding.consequence)


def _rank(finding: Finding) -> tuple[bool, int]:
    return not is_problem(finding), WORST_FIRST.index(finding.state)
