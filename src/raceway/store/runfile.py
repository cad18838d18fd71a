"""One run as one file: valid pytest-benchmark JSON that keeps all our data."""

from __future__ import annotations

from itertools import islice

import msgspec
from msgspec.structs import asdict, replace

from raceway.record import SCHEMA_VERSION, Header, Record, Run, Status
from raceway.store.benchmarks import benchmark_of, is_timed, machine_info_of
from raceway.store.layout import Aside, ReadFile, ReadSchemaOnly, ReadSection, RunFile, Section
from raceway.store.lenient import read_leniently
from raceway.store.plain import machine_of, record_of_plain, run_of_plain
from raceway.store.schema_1 import upgraded, with_family
from raceway.store.soundness import check_run
from raceway.store.strict import UnreadableError, from_json, to_json

_FILE = msgspec.json.Decoder(ReadFile)
_SCHEMA = msgspec.json.Decoder(ReadSchemaOnly)


def encode(run: Run) -> bytes:
    """Return the run as JSON; StoreError if it holds a number that is not finite."""
    aside = [
        Aside(place=place, record=record)
        for place, record in enumerate(run.records)
        if not is_timed(record)
    ]
    file = RunFile(
        machine_info=machine_info_of(run.header),
        commit_info=asdict(run.header.commit),
        benchmarks=[benchmark_of(record) for record in run.records if is_timed(record)],
        datetime=run.finished_at,
        raceway=_section(run, aside),
    )
    return to_json(file)


def decode(content: bytes) -> Run:
    """Return the run in a file, ours or plain; StoreError says why there is none."""
    file = _read(content)
    section = file.raceway
    if section is None:
        return check_run(run_of_plain(file, content))
    check_schema(section.schema)
    records = _records(file, section)
    run = Run(
        header=_header(file, section, records),
        finished_at=file.datetime,
        status=section.status,
        records=records,
        groups=section.groups or upgraded(section.heats),
        peaks=section.peaks,
        ends=section.ends,
    )
    return check_run(run)


def _read(content: bytes) -> ReadFile:
    """Return the file; of one that raceway did not write, odd fields are left out."""
    try:
        return from_json(content, _FILE)
    except UnreadableError:
        _refuse_newer(content)
        if file := read_leniently(content):
            return file
        raise


def check_schema(schema: int) -> None:
    """Raise UnreadableError if a newer raceway wrote this."""
    if schema > SCHEMA_VERSION:
        reason = f"schema {schema} of a newer raceway, this one reads up to {SCHEMA_VERSION}"
        raise UnreadableError(reason, "Upgrade raceway.")


def _section(run: Run, aside: list[Aside]) -> Section:
    header = run.header
    followed = {record.id: _as_planned(record) for record in reversed(run.records)}
    return Section(
        schema=SCHEMA_VERSION,
        run_id=header.run_id,
        started_at=header.started_at,
        environments=header.environments,
        command_line=header.command_line,
        profile=header.profile,
        launches=header.launches,
        planned=[
            record.id if followed.get(record.id) == record else record for record in header.planned
        ],
        status=run.status,
        resumed_from=header.resumed_from,
        files=header.files,
        called=header.called,
        host=header.host,
        duel=header.duel,
        groups=[replace(group, launches={}) for group in run.groups],
        peaks=run.peaks,
        ends=run.ends,
        aside=aside,
    )


def _as_planned(record: Record) -> Record:
    """Return the planned record behind a measured one."""
    if not record.launches and (record.status is Status.SKIPPED or record.computed_s is not None):
        return record
    return replace(record, status=Status.OK, reason="", launches=[])


def _records(file: ReadFile, section: ReadSection) -> list[Record]:
    timed = iter(list(map(record_of_plain, file.benchmarks)))
    records: list[Record] = []
    for aside in sorted(section.aside, key=lambda aside: aside.place):
        records += islice(timed, max(0, aside.place - len(records)))
        records.append(with_family(aside.record))
    return [*records, *timed]


def _header(file: ReadFile, section: ReadSection, records: list[Record]) -> Header:
    measured = {record.id: record for record in reversed(records)}
    missing = [planned for planned in section.planned if not _is_known(planned, measured)]
    if missing:
        raise UnreadableError(f"not a benchmark file (planned {missing[0]!r} has no record)")
    return Header(
        schema=SCHEMA_VERSION,
        run_id=section.run_id,
        started_at=section.started_at,
        machine=machine_of(file.machine_info),
        environments=section.environments,
        commit=file.commit_info,
        command_line=section.command_line,
        profile=section.profile,
        launches=section.launches,
        planned=[
            _as_planned(measured[planned]) if isinstance(planned, str) else with_family(planned)
            for planned in section.planned
        ],
        resumed_from=section.resumed_from,
        files=section.files,
        called=section.called,
        host=section.host,
        duel=section.duel,
    )


def _is_known(planned: str | Record, measured: dict[str, Record]) -> bool:
    return not isinstance(planned, str) or planned in measured


def _refuse_newer(content: bytes) -> None:
    try:
        schema = from_json(content, _SCHEMA).raceway.schema
    except UnreadableError:
        return
    check_schema(schema)
