"""The provenance of a run: completeness, conditions, machine, interpreters, commit."""

from __future__ import annotations

import shlex
from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from rich.text import Text

from raceway.analysis.run.conditions import BEST_FIRST, KNOWN_TO, conditions_of, run_capacity
from raceway.analysis.run.disturbance import graded_groups
from raceway.record import SUITE, Commit, Grade, Status
from raceway.report.format.labels import joined
from raceway.report.format.layout import INDENT
from raceway.report.run.groups import FAILED_STYLE
from raceway.report.run.sentences import DOUBTFUL
from raceway.text import numbers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raceway.analysis.run.conditions import Conditions
    from raceway.record import Environment, Machine, Record, Run

GRADES = {
    Grade.QUIET: "quiet (A)",
    Grade.DISTURBED: "disturbed (B)",
    Grade.NOISY: "too noisy to compare with other runs (C)",
    Grade.UNKNOWN: "not known (?)",
}
MOST_DISTURBED = 6
"""Groups whose disturbances are shown; the rest are counted."""
MOST_REASONS = 3
FEWEST_FOR_WIDTH = 3
"""With fewer launches, the report says that intervals are wide."""


def status_lines(run: Run) -> Iterator[Text]:
    """Yield what is missing: groups not reached, cases that failed."""
    if run.status is Status.INTERRUPTED:
        of_suite = run.header.profile == SUITE
        what, command = (
            ("benchmark", "raceway suite run …") if of_suite else ("group", "pytest bench/")
        )
        groups = len({record.measured_in for record in _measurable(run)})
        whole = groups * run.header.launches
        done = f"{min(len(run.groups), whole)} of {numbers.count(whole, what)} measured"
        how = f"{command} --resume continues"
        yield Text.assemble(("interrupted", DOUBTFUL), f": {done}; {how}")
    failed = sum(record.status is Status.FAILED for record in run.records)
    if failed:
        cases = f"{failed} of {numbers.count(len(run.records), 'case')}"
        yield Text.assemble(("failed", FAILED_STYLE), f": {cases}; reasons below")


def _measurable(run: Run) -> list[Record]:
    """Return the cases, or a suite's benchmarks, that were to be measured."""
    return [
        record
        for record in run.records
        if (record.workload or run.header.profile == SUITE)
        and record.status is not Status.SKIPPED
        and record.computed_s is None
    ]


def skipped_lines(run: Run) -> Iterator[Text]:
    """Yield one line per reason why cases were skipped."""
    models: dict[str, dict[str, int]] = {}
    for record in run.records:
        if record.status is Status.SKIPPED:
            counts = models.setdefault(" ".join(record.reason.split()) or "no reason given", {})
            name = record.model or record.fullname
            counts[name] = counts.get(name, 0) + 1
    for reason, counts in models.items():
        cases = numbers.count(sum(counts.values()), "case")
        yield Text(f"skipped: {joined(counts)} ({reason}) - {cases}")


def condition_lines(run: Run) -> Iterator[Text]:
    """Yield how quiet the machine was, and what disturbed which groups."""
    grades = Counter(group.noise.grade for group in graded_groups(run))
    if not grades:
        return
    shares = [f"{grades[grade]} {words}" for grade, words in GRADES.items() if grades[grade]]
    what = "benchmark launch" if run.header.profile == SUITE else "group launch"
    text = Text(f"Conditions of {numbers.count(len(run.groups), what)}: {joined(shares)}")
    capacity = run_capacity(run)
    if capacity is not None:
        cores = run.header.machine.usable_cores
        credible = capacity <= KNOWN_TO * cores
        ran = numbers.cores(min(capacity, cores)) if credible else "it could not be told how many"
        text.append(f"; {ran} of {numbers.count(cores, 'core')} really ran at once")
    yield text
    more = "more benchmark" if run.header.profile == SUITE else "more group"
    yield from _disturbances(conditions_of(run), more)


def _disturbances(conditions: dict[str, Conditions], more: str) -> Iterator[Text]:
    disturbed = {
        group: each
        for grade in (Grade.NOISY, Grade.DISTURBED)
        for group, each in conditions.items()
        if each.grade is grade
    }
    for group, each in list(disturbed.items())[:MOST_DISTURBED]:
        worst_first = sorted(
            (noise for _, noise in each.by_launch if noise.grade in BEST_FIRST),
            key=lambda noise: -BEST_FIRST.index(noise.grade),
        )
        reasons = dict.fromkeys(reason for noise in worst_first for reason in noise.reasons)
        told = "; ".join(list(reasons)[:MOST_REASONS]) or "no reason given"
        yield Text.assemble(INDENT, (f"{each.grade} {group}", DOUBTFUL), f": {told}")
    if len(disturbed) > MOST_DISTURBED:
        yield Text(f"{INDENT}and {numbers.count(len(disturbed) - MOST_DISTURBED, more)}")


def origin_lines(run: Run) -> Iterator[Text]:
    """Yield machine, interpreters, commit, command line and time."""
    header = run.header
    yield Text(f"Machine: {machine_text(header.machine)}")
    several = len(header.environments) > 1
    for environment in header.environments:
        name = f"Python {environment.label}" if several else "Python"
        yield Text(f"{name}: {environment_text(environment)}")
        if environment.settings:
            settings = (f"{each}={value}" for each, value in environment.settings.items())
            yield Text(f"{INDENT}set, and may change timing: {', '.join(settings)}")
    yield from engine_lines(run)
    yield Text(f"Commit: {commit_text(header.commit)}")
    yield Text(f"Run: {how_text(run)}")


def commit_text(commit: Commit) -> str:
    """Return the commit and its branch, as far as they are known."""
    changed = ", with uncommitted changes" if commit.dirty else ""
    known = commit.branch != Commit().branch or commit.id != Commit().id
    branch = f" ({commit.branch})" if commit.branch != Commit().branch else ""
    return f"{commit.short}{branch}{changed}" if known else "not known"


def how_text(run: Run) -> str:
    """Return how and when the run was measured, or which tool saved it."""
    header = run.header
    if header.saved_by:
        return f"saved by {header.saved_by}, {_moment(header.started_at) or 'no date told'}"
    profile = [f"profile {header.profile}"] if header.profile else []
    how = [*profile, launches_text(run), f"started {_moment(header.started_at)}"]
    command = f"{shlex.join(header.command_line)}; " if header.command_line else ""
    return f"{command}{', '.join(how)}"


def launches_text(run: Run) -> str:
    """Return how many launches the groups had, and whether they are too few."""
    had = sorted({end.launches for end in run.ends if end.launches})
    if not had:
        return numbers.count(run.header.launches, "launch")
    words = numbers.count(had[-1], "launch")
    if had[0] < had[-1]:
        words = f"{had[0]} to {words} per group"
    return f"{words}: intervals are wide" if had[-1] < FEWEST_FOR_WIDTH else words


def engine_lines(run: Run) -> Iterator[Text]:
    """Yield what each engine offered; the last case of each tells."""
    for model, engine in {each.model: each.engine for each in run.records if each.engine}.items():
        hosts = numbers.count(engine.hosts, "host")
        cluster = "a cluster that was there" if engine.joined else "a cluster of its own"
        told = f"{numbers.count(engine.workers, 'worker')} on {hosts}, {cluster}"
        trip = f"; {numbers.short_seconds(engine.round_trip_s)} there and back"
        yield Text(f"{model}: {told}{trip if engine.round_trip_s else ''}")


def _moment(iso: str) -> str:
    """Return a time in UTC, to the minute; invalid times are returned unchanged."""
    try:
        return f"{datetime.fromisoformat(iso).astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    except (ValueError, OverflowError):
        return iso


def machine_text(machine: Machine) -> str:
    """Return the main facts about a machine."""
    facts = [
        machine.cpu_model,
        _cores_text(machine),
        *([numbers.memory(machine.memory_bytes)] if machine.memory_bytes else []),
        f"{machine.system} {machine.kernel}".strip(),
        machine.virtualisation,
        *machine.gpus,
    ]
    return f"{machine.id}: {', '.join(filter(None, facts))}"


def _cores_text(machine: Machine) -> str:
    """Return the cores, as far as they are told: other tools do not say how many are usable."""
    cores = numbers.count(machine.logical_cores, "core") if machine.logical_cores else ""
    return f"{machine.usable_cores} of {cores} usable" if machine.usable_cores else cores


def environment_text(environment: Environment) -> str:
    """Return the main facts about an interpreter."""
    gil = {None: "", True: ", GIL on", False: ", GIL off"}[environment.gil_enabled]
    build = ", free-threaded build" if environment.free_threaded else ""
    libraries = [f"{name} {version}" for name, version in environment.libraries.items()]
    told = f"; {', '.join(libraries)}" if libraries else ""
    return f"{environment.implementation} {environment.version}{gil}{build}{told}"
