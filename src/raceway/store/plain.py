"""Reads files that pytest-benchmark wrote without raceway, as far as possible."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from raceway.bounds import LARGEST_INT
from raceway.record import (
    SCHEMA_VERSION,
    Environment,
    Header,
    Launch,
    Machine,
    Record,
    Run,
    Status,
    Told,
)
from raceway.store.schema_1 import with_family
from raceway.store.soundness import is_folder_name
from raceway.text.slugs import cpu_slug, slug

if TYPE_CHECKING:
    from raceway.store.layout import ReadBenchmark, ReadFile, ReadMachine, ReadStats

TOOL = "pytest-benchmark"


def run_of_plain(file: ReadFile, content: bytes) -> Run:
    """Return a plain file as a run of one launch; its id is a hash of the content."""
    records = [record_of_plain(benchmark) for benchmark in file.benchmarks]
    saved_at = _in_utc(file.datetime)
    header = Header(
        schema=SCHEMA_VERSION,
        run_id=f"plain-{hashlib.sha256(content).hexdigest()[:8]}",
        started_at=saved_at,
        machine=machine_of(file.machine_info),
        environments=[_environment_of(file.machine_info)],
        commit=file.commit_info,
        command_line=[],
        profile="",
        launches=1,
        planned=[],
        saved_by=f"{TOOL} {file.version}".strip(),
    )
    return Run(header=header, finished_at=saved_at, status=Status.OK, records=records)


def record_of_plain(benchmark: ReadBenchmark) -> Record:
    """Return raceway's record of a benchmark if there is one, else its rounds as one launch.

    Rounds that the file does not hold in full are told by its statistics; without either the record
    has failed.
    """
    if benchmark.extra_info.raceway:
        return with_family(benchmark.extra_info.raceway)
    stats, name = benchmark.stats, benchmark.fullname
    whole = bool(stats.data) and stats.rounds in {None, 0, len(stats.data)}
    told = None if whole else _told(stats)
    middle = told.middle if told else None
    samples_s = stats.data if whole else [] if middle is None else [middle[1]]
    longest_s = LARGEST_INT / 1e9 / max(stats.iterations, 1)
    usable = stats.iterations >= 1 and all(0 <= sample_s < longest_s for sample_s in samples_s)
    if not samples_s or not usable:
        reason = "the file holds no usable time"
        return Record(id=name, fullname=name, status=Status.FAILED, reason=reason)
    rounds_ns = [round(sample_s * stats.iterations * 1e9) for sample_s in samples_s]
    launch = Launch(index=0, loops=stats.iterations, rounds_ns=rounds_ns, told=told)
    return Record(id=name, fullname=name, launches=[launch])


def _told(stats: ReadStats) -> Told:
    return Told(
        rounds=max(stats.rounds or 0, 0) or None,
        median_s=stats.median,
        mean_s=stats.mean,
        stddev_s=stats.stddev,
        iqr_s=stats.iqr,
        min_s=stats.min,
        max_s=stats.max,
    )


def machine_of(info: ReadMachine) -> Machine:
    """Return the machine we saved, else the hardware that pytest-benchmark tells."""
    cpu_model = _cpu_of(info)
    return info.raceway or Machine(
        id=_id_of(info, cpu_model),
        system=info.system,
        architecture=info.machine,
        cpu_model=cpu_model,
        logical_cores=max(info.cpu.count, 0),
        usable_cores=0,
        kernel=info.release,
    )


def _id_of(info: ReadMachine, cpu_model: str) -> str:
    """Return a name made of the hardware: runners change their host's name with every run.

    Only where no processor is told, the host's name is all there is.
    """
    if not cpu_model:
        return info.node if is_folder_name(info.node) else slug(info.node) or "unknown"
    cores = f"{info.cpu.count}c" if info.cpu.count > 0 else ""
    parts = (slug(info.system), slug(info.machine, "_"), cpu_slug(cpu_model), cores)
    return "-".join(filter(None, parts))


def _cpu_of(info: ReadMachine) -> str:
    """Return the processor's name; many systems give the architecture instead."""
    told = info.processor if info.processor != info.machine else ""
    return info.cpu.brand_raw or info.cpu.brand or told


def _environment_of(info: ReadMachine) -> Environment:
    return Environment(
        label="current",
        command="",
        version=info.python_version,
        implementation=info.python_implementation,
        compiler=info.python_compiler,
        gil_enabled=None,
    )


def _in_utc(moment: str) -> str:
    """Return a time with its zone: before version 5 it is UTC, and does not say so."""
    try:
        known = datetime.fromisoformat(moment)
    except ValueError:
        return moment
    return moment if known.tzinfo else known.replace(tzinfo=UTC).isoformat()
