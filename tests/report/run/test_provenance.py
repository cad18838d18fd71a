"""What the numbers of a run stand on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from raceway.record import (
    SUITE,
    Commit,
    Ending,
    Engine,
    Environment,
    Grade,
    GroupEnd,
    Launch,
    Machine,
    Status,
)
from raceway.report.run.provenance import (
    condition_lines,
    environment_text,
    launches_text,
    machine_text,
    origin_lines,
    skipped_lines,
    status_lines,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from rich.text import Text

    from raceway.record import Record, Run


def plain(lines: Iterable[Text]) -> list[str]:
    return [line.plain for line in lines]


def test_an_interrupted_run_tells_how_far_it_came_and_how_to_go_on(
    run: Callable[..., Run], record: Callable[..., Record]
) -> None:
    records = [
        record("serial", [1.0], size="1"),
        record("serial", [1.0], size="2"),
        record("pool", size="2", status=Status.INTERRUPTED),
        record("cuda", size="3", status=Status.SKIPPED),
    ]

    whole = run(records, status=Status.INTERRUPTED)
    cut_short = msgspec.structs.replace(whole, groups=whole.groups[:1])

    assert plain(status_lines(cut_short)) == [
        "interrupted: 1 of 2 groups measured; pytest bench/ --resume continues"
    ]


def test_failures_are_counted_before_the_answers(
    run: Callable[..., Run], record: Callable[..., Record]
) -> None:
    records = [record("serial", [1.0]), record("pool", status=Status.FAILED)]

    assert plain(status_lines(run(records))) == ["failed: 1 of 2 cases; reasons below"]


def test_a_whole_run_has_nothing_missing(
    run: Callable[..., Run], record: Callable[..., Record]
) -> None:
    assert plain(status_lines(run([record("serial", [1.0])]))) == []


def test_skipped_cases_are_folded_by_reason(
    run: Callable[..., Run], record: Callable[..., Record]
) -> None:
    skipped = [
        record(model, size=size, status=Status.SKIPPED, reason="no cuda\ndevice")
        for size in ("1", "2", "3")
        for model in ("cuda", "streams")
    ]

    assert plain(skipped_lines(run(skipped))) == [
        "skipped: cuda and streams (no cuda device) - 6 cases"
    ]


def test_a_skip_without_reason_says_so(
    run: Callable[..., Run], record: Callable[..., Record]
) -> None:
    assert plain(skipped_lines(run([record("cuda", status=Status.SKIPPED)]))) == [
        "skipped: cuda (no reason given) - 1 case"
    ]


def test_conditions_are_counted(run: Callable[..., Run], record: Callable[..., Record]) -> None:
    raced = run([record("serial", [1.0, 1.0])], capacity=1.9)

    assert plain(condition_lines(raced)) == [
        "Conditions of 2 group launches: 2 quiet (A); 1.90 of 2 cores really ran at once"
    ]


def test_a_disturbed_group_tells_what_disturbed_it(
    run: Callable[..., Run], record: Callable[..., Record]
) -> None:
    raced = run([record("serial", [1.0])], grade=Grade.NOISY, reasons=["the anchor varied"])

    assert plain(condition_lines(raced))[1] == "  C primes-4000: the anchor varied"


def test_a_disturbance_without_reason_says_so(
    run: Callable[..., Run], record: Callable[..., Record]
) -> None:
    raced = run([record("serial", [1.0])], grade=Grade.DISTURBED)

    assert plain(condition_lines(raced))[1] == "  B primes-4000: no reason given"


def test_of_many_disturbed_groups_the_rest_is_counted(
    run: Callable[..., Run], record: Callable[..., Record]
) -> None:
    records = [record("serial", [1.0], size=str(size)) for size in range(9)]

    assert plain(condition_lines(run(records, grade=Grade.NOISY)))[-1] == "  and 3 more groups"


def test_the_launches_of_a_suites_benchmarks_are_counted_as_such(
    run: Callable[..., Run], record: Callable[..., Record]
) -> None:
    records = [record("serial", [1.0], size=str(size)) for size in range(8)]
    raced = run(records, grade=Grade.NOISY)
    header = msgspec.structs.replace(raced.header, profile=SUITE)
    first, *_, last = plain(condition_lines(msgspec.structs.replace(raced, header=header)))

    assert first.startswith("Conditions of 8 benchmark launches: 8 too noisy")
    assert last == "  and 2 more benchmarks"


def test_without_groups_there_are_no_conditions(run: Callable[..., Run]) -> None:
    assert plain(condition_lines(run())) == []


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
