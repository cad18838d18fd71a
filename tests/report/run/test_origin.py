"""Where the numbers of a run come from: the machine, interpreters, commit and command."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from raceway.record import (
    Commit,
    Ending,
    Engine,
    Environment,
    GroupEnd,
    Launch,
    Machine,
)
from raceway.report.run.provenance import (
    environment_text,
    launches_text,
    machine_text,
    origin_lines,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from rich.text import Text

    from raceway.record import Record, Run


def plain(lines: Iterable[Text]) -> list[str]:
    return [line.plain for line in lines]


def test_a_machine_is_told_as_to_a_colleague() -> None:
    machine = Machine(
        id="linux-2c",
        system="Linux",
        architecture="x86_64",
        cpu_model="Xeon",
        logical_cores=8,
        usable_cores=2,
        memory_bytes=2**33,
        kernel="6.1",
        virtualisation="kvm",
        gpus=["H100"],
    )

    assert machine_text(machine) == (
        "linux-2c: Xeon, 2 of 8 cores usable, 8.00 GiB, Linux 6.1, kvm, H100"
    )


def test_an_interpreter_tells_its_gil_and_libraries() -> None:
    environment = Environment(
        label="3.14t",
        command="python3.14t",
        version="3.14.0",
        implementation="CPython",
        free_threaded=True,
        gil_enabled=False,
        libraries={"numpy": "2.4", "torch": "2.13"},
    )

    assert environment_text(environment) == (
        "CPython 3.14.0, GIL off, free-threaded build; numpy 2.4, torch 2.13"
    )


def test_what_is_set_and_may_change_timing_is_told(
    run: Callable[..., Run], record: Callable[..., Record]
) -> None:
    raced = run([record("serial", [1.0])])
    python = msgspec.structs.replace(
        raced.header.environments[0], settings={"LD_PRELOAD": "jemalloc.so", "-X dev": "True"}
    )
    header = msgspec.structs.replace(raced.header, environments=[python])

    lines = plain(origin_lines(msgspec.structs.replace(raced, header=header)))

    assert lines[2].strip() == ("set, and may change timing: LD_PRELOAD=jemalloc.so, -X dev=True")


def test_interpreters_are_labelled_where_there_are_several(
    run: Callable[..., Run], record: Callable[..., Record]
) -> None:
    raced = run([record("serial", [1.0]), record("serial", [1.0], interpreter="3.14")])

    assert [line.partition(":")[0] for line in plain(origin_lines(raced))[1:3]] == [
        "Python current",
        "Python 3.14",
    ]


def test_the_commit_tells_of_changes(run: Callable[..., Run]) -> None:
    assert "Commit: 0123456 (main), with uncommitted changes" in plain(origin_lines(run()))


def test_the_run_tells_how_and_when(run: Callable[..., Run]) -> None:
    assert plain(origin_lines(run()))[-1] == (
        "Run: pytest bench/; profile default, 1 launch, started 2026-11-23 04:55 UTC"
    )


@pytest.mark.parametrize(
    ("had", "words"),
    [
        ([], "1 launch"),
        ([5, 5], "5 launches"),
        ([0, 3, 12, 5], "3 to 12 launches per group"),
        ([2, 2], "2 launches: intervals are wide"),
        ([1, 2], "1 to 2 launches per group: intervals are wide"),
    ],
)
def test_the_run_tells_how_many_launches_its_groups_had(
    run: Callable[..., Run], had: list[int], words: str
) -> None:
    ends = [
        GroupEnd(id=f"a-{place}", launches=launches, confidence=0.9875, why=Ending.ANSWERED)
        for place, launches in enumerate(had)
    ]

    assert launches_text(msgspec.structs.replace(run(), ends=ends)) == words


@pytest.mark.parametrize("started_at", ["", "yesterday", "0001-01-01T00:00:00+23:59"])
def test_what_is_no_time_is_shown_as_it_is(run: Callable[..., Run], started_at: str) -> None:
    original = run()
    header = msgspec.structs.replace(
        original.header, started_at=started_at, command_line=[], profile=""
    )

    odd = msgspec.structs.replace(original, header=header)

    assert plain(origin_lines(odd))[-1] == f"Run: 1 launch, started {started_at}"


def test_a_machine_of_another_tool_tells_only_what_its_file_says() -> None:
    machine = Machine(
        id="minibox", system="Linux", architecture="x86_64", cpu_model="", logical_cores=0,
        usable_cores=0, kernel="3.13",
    )  # fmt: skip

    assert machine_text(machine) == "minibox: Linux 3.13"
    assert "8 cores, Linux" in machine_text(msgspec.structs.replace(machine, logical_cores=8))


def test_an_interpreter_of_another_tool_tells_no_gil() -> None:
    python = Environment(
        label="current", command="", version="2.7.3", implementation="CPython", gil_enabled=None
    )

    assert environment_text(python) == "CPython 2.7.3"


def test_a_run_of_another_tool_names_the_tool_and_its_time(
    run: Callable[..., Run],
) -> None:
    one = run([])
    header = msgspec.structs.replace(
        one.header,
        saved_by="pytest-benchmark 2.5.0",
        started_at="2015-08-15T00:04:18+00:00",
        commit=Commit(id="5b78858eb718649a31fb93d8dc96ca2cee41a4cd", dirty=True),
    )

    shown = [line.plain for line in origin_lines(msgspec.structs.replace(one, header=header))]

    assert shown[-2:] == [
        "Commit: 5b78858, with uncommitted changes",
        "Run: saved by pytest-benchmark 2.5.0, 2015-08-15 00:04 UTC",
    ]


@pytest.mark.parametrize(
    ("engine", "told"),
    [
        (
            Engine(workers=8, hosts=2, round_trip_s=0.0031, joined=True),
            "dask: 8 workers on 2 hosts, a cluster that was there; 3.1 ms there and back",
        ),
        (Engine(workers=1), "dask: 1 worker on 1 host, a cluster of its own"),
    ],
)
def test_what_an_engine_offered_is_told(
    run: Callable[..., Run], record: Callable[..., Record], engine: Engine, told: str
) -> None:
    launches = [Launch(index=0, rounds_ns=[1_000], engine=engine)]

    assert told in plain(origin_lines(run([record("dask", launches=launches)])))
