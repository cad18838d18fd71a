from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from raceway.bounds import LARGEST_INT
from raceway.errors import StoreError
from raceway.record import (
    SCHEMA_VERSION,
    Called,
    Commit,
    Environment,
    GroupEnd,
    GroupResult,
    Header,
    HostState,
    Launch,
    Machine,
    Noise,
    Peak,
    Record,
    Run,
    Status,
)
from raceway.store.runfile import decode, encode

if TYPE_CHECKING:
    from support.saved import MakeRun


text = st.text(max_size=6)
names = st.text(st.sampled_from("abc-1"), min_size=1, max_size=6)
seconds = st.floats(0, 1e10)
amounts = st.floats(0, 1e30)
speeds = st.floats(1, 1e30)
times_ns = st.integers(min_value=0, max_value=LARGEST_INT)
counts = st.integers(min_value=1, max_value=LARGEST_INT)
statuses = st.sampled_from(Status)


@st.composite
def launches(draw: st.DrawFn) -> Launch:
    rounds_ns = draw(st.lists(times_ns, max_size=4))
    anchors_ns = [1] * len(rounds_ns) if draw(st.booleans()) else []
    latencies_ns = sorted(draw(st.lists(times_ns, max_size=3)))
    return Launch(
        index=draw(st.integers(0, 9)),
        status=draw(statuses),
        loops=draw(counts),
        rounds_ns=rounds_ns,
        anchors_ns=anchors_ns,
        turns=list(range(len(anchors_ns))),
        cold_s=draw(st.none() | seconds),
        latencies_ns=latencies_ns,
        latency_count=len(latencies_ns) * draw(st.integers(1, 9)),
    )


records = st.builds(
    Record,
    id=text,
    fullname=text,
    workload=text,
    status=statuses,
    reason=text,
    computed_s=st.none() | seconds,
    flops=amounts,
    launches=st.lists(launches(), max_size=2, unique_by=lambda launch: launch.index),
)
machines = st.builds(
    Machine,
    id=names,
    system=text,
    architecture=text,
    cpu_model=text,
    logical_cores=counts,
    usable_cores=counts,
    host=st.none() | text,
)
environments = st.builds(
    Environment, label=text, command=text, version=text, implementation=text, gil_enabled=...
)
groups = st.builds(
    GroupResult,
    id=text,
    launch=counts,
    started_at=text,
    wall_s=seconds,
    noise=st.builds(Noise, load=st.none() | amounts),
    launches=st.just({}),
)
peaks = st.builds(
    Peak, device=text, interpreter=text, precision=text, flops_per_s=speeds, bytes_per_s=speeds
)
called = st.builds(Called, function=text, setup=text, direct=..., kwargs=text)
ends = st.builds(GroupEnd, id=text, launches=counts, confidence=st.just(0.95), why=...)


@st.composite
def runs(draw: st.DrawFn) -> Run:
    saved = draw(st.lists(records, max_size=4, unique_by=lambda record: record.id))
    as_planned = [replace(record, launches=[], status=Status.OK, reason="") for record in saved]
    header = Header(
        schema=SCHEMA_VERSION,
        run_id=draw(text),
        started_at=draw(text),
        machine=draw(machines),
        environments=draw(st.lists(environments, max_size=2)),
        commit=draw(st.builds(Commit, id=text, time=st.none() | text, dirty=...)),
        command_line=draw(st.lists(text, max_size=2)),
        profile=draw(text),
        launches=draw(counts),
        planned=draw(st.sampled_from([saved, as_planned]) | st.lists(records, max_size=2)),
        resumed_from=draw(st.none() | text),
        files=draw(st.dictionaries(text, text, max_size=1)),
        called=draw(st.dictionaries(text, called, max_size=1)),
        host=draw(st.none() | st.builds(HostState, microcode=text)),
        duel=draw(st.none() | text),
    )
    return Run(
        header=header,
        finished_at=draw(text),
        status=draw(statuses),
        records=saved,
        groups=draw(st.lists(groups, max_size=2)),
        peaks=draw(st.lists(peaks, max_size=2)),
        ends=draw(st.lists(ends, max_size=1)),
    )


def refuse_constant(name: str) -> None:
    raise AssertionError(name)


@given(run=runs())
def test_a_run_survives_saving_and_loading(run: Run) -> None:
    assert run == decode(encode(run))


@given(run=runs())
def test_a_file_is_strict_json(run: Run) -> None:
    json.loads(encode(run), parse_constant=refuse_constant)


@given(run=runs(), cut=st.integers(min_value=1))
def test_a_truncated_file_is_an_error_of_ours(run: Run, cut: int) -> None:
    content = encode(run)

    with pytest.raises(StoreError, match=r"^not JSON \(.*, byte \d+\)$"):
        decode(content[: -1 - cut % (len(content) - 1)])


def document(run: Run) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(encode(run))
    return read


def test_what_was_planned_is_not_saved_twice(make_run: MakeRun) -> None:
    assert document(make_run())["raceway"]["planned"] == ["primes-small-serial-w1"]


def test_what_was_skipped_is_not_saved_twice(make_run: MakeRun) -> None:
    skipped = Record(id="a", fullname="a", status=Status.SKIPPED, reason="no GPU")
    run = make_run()
    header = replace(run.header, planned=[skipped])

    saved = document(replace(run, header=header, records=[skipped]))["raceway"]

    assert saved["planned"] == ["a"]


def test_launches_are_saved_only_in_their_records(make_run: MakeRun) -> None:
    launch = Launch(index=0, rounds_ns=[1])
    group = GroupResult(
        id="a", launch=0, started_at="", wall_s=1, noise=Noise(), launches={"a": launch}
    )

    assert document(replace(make_run(), groups=[group]))["raceway"]["groups"][0]["launches"] == {}


def test_a_number_that_is_not_finite_is_refused_by_name(make_run: MakeRun) -> None:
    run = make_run([Launch(index=0, rounds_ns=[1], cold_s=float("nan"))])

    with pytest.raises(StoreError, match=r"launches\[0\]\.cold_s is nan"):
        encode(run)


def test_a_command_line_that_is_no_text_is_escaped(make_run: MakeRun) -> None:
    run = make_run()
    odd = os.fsdecode(b"\xff.py")

    read = decode(encode(replace(run, header=replace(run.header, command_line=[odd]))))

    assert read.header.command_line == ["\\udcff.py"]


def test_unknown_fields_are_passed_over(make_run: MakeRun) -> None:
    run = make_run()
    grown = document(run)
    grown["raceway"]["later"] = grown["benchmarks"][0]["extra_info"]["raceway"]["later"] = [1]

    assert run == decode(json.dumps(grown).encode())
