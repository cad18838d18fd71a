"""The layout of a run file: pytest-benchmark's, with our data where it leaves room for users.

All keys of pytest-benchmark are written, since other tools read them. Of other tools' files only
what we use is decoded, so that odd fields do no harm.
"""

from __future__ import annotations

from typing import Any

import msgspec

from raceway.bounds import Size  # noqa: TC001 (msgspec reads the annotation)
from raceway.record import (
    Called,
    Commit,
    Environment,
    GroupEnd,
    GroupResult,
    HostState,
    Machine,
    Peak,
    Record,
    Saved,
    Stats,
    Status,
)
from raceway.store.schema_1 import Heat  # noqa: TC001 (msgspec reads the annotation)

LAYOUT_VERSION = "5.3.1"
"""The pytest-benchmark release with this layout."""


class Whole(msgspec.Struct, frozen=True, kw_only=True):
    """Base of what other tools read: every field is written, even defaults."""


class Aside(Saved, frozen=True, kw_only=True):
    """A record without a time for other tools, and its place among all records."""

    place: Size
    record: Record


class Section(Saved, frozen=True, kw_only=True):
    """The top-level key `raceway`: header, status and records without times."""

    schema: Size
    run_id: str
    started_at: str
    environments: list[Environment]
    command_line: list[str]
    profile: str
    launches: Size
    planned: list[str | Record]
    """Planned records: an id if the rest follows from the measured record, else in full."""
    status: Status
    resumed_from: str | None = None
    files: dict[str, str] = msgspec.field(default_factory=dict)
    called: dict[str, Called] = msgspec.field(default_factory=dict)
    host: HostState | None = None
    duel: str | None = None
    groups: list[GroupResult] = msgspec.field(default_factory=list)
    peaks: list[Peak] = msgspec.field(default_factory=list)
    ends: list[GroupEnd] = msgspec.field(default_factory=list)
    aside: list[Aside] = msgspec.field(default_factory=list)


class ExtraInfo(Whole, frozen=True, kw_only=True):
    """What we add to a benchmark."""

    raceway: Record | None = None


class Benchmark(Whole, frozen=True, kw_only=True):
    """A benchmark as written."""

    group: str | None
    name: str
    fullname: str
    params: dict[str, Any] | None
    param: str | None
    extra_info: dict[str, Any]
    """The suite's own, and ours under `raceway`, as an `ExtraInfo`."""
    options: dict[str, Any]
    stats: Stats


class CpuInfo(Whole, frozen=True, kw_only=True):
    """The processor, in py-cpuinfo's names."""

    brand_raw: str = ""
    count: Size = 0


class MachineInfo(Whole, frozen=True, kw_only=True):
    """The machine and the first interpreter, in pytest-benchmark's names."""

    node: str = ""
    processor: str = ""
    machine: str = ""
    python_compiler: str = ""
    python_implementation: str = ""
    python_implementation_version: str = ""
    python_version: str = ""
    release: str = ""
    system: str = ""
    cpu: CpuInfo = CpuInfo()
    raceway: Machine | None = None


class RunFile(Whole, frozen=True, kw_only=True):
    """A file as written."""

    machine_info: MachineInfo
    commit_info: dict[str, Any]
    benchmarks: list[Benchmark]
    datetime: str
    version: str = LAYOUT_VERSION
    raceway: Section


class ReadStats(Saved, frozen=True, kw_only=True):
    """What we need of other tools' statistics; seconds for one iteration."""

    median: float | None = None
    mean: float | None = None
    stddev: float | None = None
    iqr: float | None = None
    min: float | None = None
    max: float | None = None
    rounds: int | None = None
    data: list[float] = msgspec.field(default_factory=list)
    iterations: int = 1


class ReadCpu(Saved, frozen=True, kw_only=True):
    """The processor, in the names of all versions of py-cpuinfo."""

    brand_raw: str = ""
    brand: str = ""
    """Before version 6."""
    count: int = 0


class ReadMachine(Saved, frozen=True, kw_only=True):
    """The machine and the interpreter, as any version of pytest-benchmark tells them."""

    node: str = ""
    processor: str = ""
    machine: str = ""
    python_compiler: str = ""
    python_implementation: str = ""
    python_version: str = ""
    release: str = ""
    system: str = ""
    cpu: ReadCpu = ReadCpu()
    raceway: Machine | None = None


class ReadBenchmark(Saved, frozen=True, kw_only=True):
    """A benchmark as read."""

    fullname: str
    extra_info: ExtraInfo = ExtraInfo()
    stats: ReadStats = ReadStats()


class ReadSection(Section, frozen=True, kw_only=True):
    """Our section of a file of either schema."""

    heats: list[Heat] = msgspec.field(default_factory=list)
    """Schema 1's groups."""


class ReadFile(Saved, frozen=True, kw_only=True):
    """A file as read: ours, or a plain one of pytest-benchmark."""

    benchmarks: list[ReadBenchmark]
    machine_info: ReadMachine = ReadMachine()
    commit_info: Commit = Commit()
    datetime: str = ""
    version: str = ""
    raceway: ReadSection | None = None


class ReadSchema(Saved, frozen=True, kw_only=True):
    """Only the schema version, since other fields may have changed."""

    schema: Size = 0


class ReadSchemaOnly(Saved, frozen=True, kw_only=True):
    """Only the schema version of a file."""

    raceway: ReadSchema = ReadSchema()
