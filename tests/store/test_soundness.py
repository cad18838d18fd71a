"""One bad file spoils nothing: what cannot be is refused in one line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from raceway.bounds import MOST_LATENCIES
from raceway.errors import StoreError
from raceway.record import GroupResult, JournalLine, Launch, Noise, Peak, Record, Run, Status
from raceway.store.journal import Journal, read_journal
from raceway.store.recovery import recover
from raceway.store.runfile import decode, encode
from raceway.store.runs import load
from raceway.store.soundness import is_folder_name

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.saved import MakeGroup, MakeRun

PEAK = Peak(device="cpu", interpreter="current", precision="fp32", flops_per_s=1, bytes_per_s=1)


@pytest.fixture
def damaged(make_run: MakeRun) -> Callable[..., bytes]:
    """Return a function that returns a run file with one value replaced."""

    def make(*path: Any, value: Any) -> bytes:
        file = json.loads(encode(replace(make_run(), peaks=[PEAK])))
        holder = file
        for key in path[:-1]:
            holder = holder[key]
        holder[path[-1]] = value
        return json.dumps(file).encode()

    return make


OURS = ("benchmarks", 0, "extra_info", "raceway")


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ((*OURS, "workers"), 0),
        ((*OURS, "workers"), 2**64),
        ((*OURS, "concurrency"), 0),
        ((*OURS, "flops"), -1.0),
        ((*OURS, "shortest_wait_s"), 1e300),
        ((*OURS, "computed_s"), -0.5),
        ((*OURS, "launches", 0, "cold_s"), -1),
        ((*OURS, "launches", 0, "turns"), [-1, 0]),
        ((*OURS, "launches", 0, "latency_count"), 1),
        ((*OURS, "launches", 0, "latencies_ns"), [5]),
        ((*OURS, "launches", 0, "latencies_ns"), ["5"]),
        ((*OURS, "launches", 0, "index"), 10**400),
        (("machine_info", "raceway", "usable_cores"), -1),
        (("machine_info", "raceway", "id"), "a\0b"),
        (("machine_info", "raceway", "id"), "../../etc"),
        (("machine_info", "raceway", "id"), ""),
        (("raceway", "peaks", 0, "flops_per_s"), 5e-324),
        (("raceway", "peaks", 0, "workers"), 0),
        (("raceway", "launches"), 2**64),
        (("raceway", "schema"), 10**30),
    ],
    ids=str,
)
def test_a_run_with_an_impossible_value_is_refused_in_one_line(
    damaged: Callable[..., bytes], tmp_path: Path, path: tuple[Any, ...], value: Any
) -> None:
    file = tmp_path / "run.json"
    file.write_bytes(damaged(*path, value=value))

    (problem,) = load([file]).problems

    assert problem.isprintable()
    assert len(problem) < 1_000


def test_a_reason_does_not_repeat_a_whole_file(damaged: Callable[..., bytes]) -> None:
    with pytest.raises(StoreError) as caught:
        decode(damaged("raceway", "planned", value=["x" * 10**6]))

    assert len(str(caught.value)) < 1_000


def test_the_same_record_again_is_refused(make_run: MakeRun) -> None:
    run = make_run()

    with pytest.raises(StoreError, match="the same record twice: primes-small-serial-w1"):
        decode(encode(replace(run, records=run.records * 40)))


def test_the_same_launch_again_is_refused(make_run: MakeRun) -> None:
    with pytest.raises(StoreError, match="the same launch twice: primes-small-serial-w1, launch 3"):
        decode(encode(make_run([Launch(index=3, rounds_ns=[7])] * 2)))


def test_records_keep_their_places_among_those_without_times(make_run: MakeRun) -> None:
    run = make_run()
    skipped = [Record(id=name, fullname=name, status=Status.SKIPPED) for name in "abc"]
    records = [skipped[0], *run.records, *skipped[1:]]

    assert decode(encode(replace(run, records=records))).records == records


@pytest.mark.parametrize(
    ("latencies_ns", "count"),
    [([6, 5], 2), ([5, 6], 1), ([], 1), ([5], 0), ([5] * (MOST_LATENCIES + 1), 10**6)],
)
def test_latencies_that_cannot_be_are_refused(
    make_run: MakeRun, latencies_ns: list[int], count: int
) -> None:
    launch = Launch(index=0, rounds_ns=[7], latencies_ns=latencies_ns, latency_count=count)

    with pytest.raises(StoreError, match=r"(latencies that cannot be|latencies_ns)"):
        decode(encode(make_run([launch])))


def test_latencies_are_read_as_they_were_saved(make_run: MakeRun) -> None:
    run = make_run([Launch(index=0, rounds_ns=[7], latencies_ns=[5, 5, 6], latency_count=9)])

    assert decode(encode(run)) == run


def test_the_same_group_again_is_skipped(
    make_run: MakeRun, make_group: MakeGroup, tmp_path: Path
) -> None:
    with Journal.create(tmp_path / "machine", make_run().header) as journal:
        for _ in range(40):
            journal.append(JournalLine(group=make_group(0)))

    contents = read_journal(journal.path)

    assert contents.groups == [make_group(0)]
    assert contents.problems[0] == "line 3: the same again: primes-small; skipped"


def test_a_case_of_another_group_is_left_out_if_that_has_it(
    make_run: MakeRun, make_group: MakeGroup, tmp_path: Path
) -> None:
    damaged = replace(make_group(0), id="primes-large")
    with Journal.create(tmp_path / "machine", make_run([]).header) as journal:
        journal.append(JournalLine(group=damaged))
        journal.append(JournalLine(group=make_group(0)))

    contents = read_journal(journal.path)

    assert contents.groups == [make_group(0), replace(damaged, launches={})]
    (problem,) = contents.problems
    assert problem == "primes-large: holds primes-small-serial-w1 of another group; left out"


@pytest.mark.parametrize(
    "launches",
    [
        {"primes-small-serial-w1": Launch(index=0, rounds_ns=[5, 6], anchors_ns=[7])},
        {"primes-large-serial-w1": Launch(index=0, rounds_ns=[5])},
    ],
    ids=["flawed", "of another group"],
)
def test_a_damaged_line_of_a_group_does_not_take_the_place_of_the_intact_one(
    make_run: MakeRun, make_group: MakeGroup, tmp_path: Path, launches: dict[str, Launch]
) -> None:
    header = make_run([]).header
    other = replace(header.planned[0], id="primes-large-serial-w1", size="large")
    header = replace(header, planned=[*header.planned, other])
    with Journal.create(tmp_path / "machine", header) as journal:
        journal.append(JournalLine(group=replace(make_group(0), launches=launches)))
        journal.append(JournalLine(group=make_group(0)))

    assert read_journal(journal.path).groups == [make_group(0)]


def test_a_journal_of_a_machine_whose_name_is_no_folders_is_named(
    make_run: MakeRun, tmp_path: Path
) -> None:
    header = make_run().header
    machine = replace(header.machine, id="\x1b[2J")
    with Journal.create(tmp_path / "machine", replace(header, machine=machine)) as journal:
        pass

    with pytest.raises(StoreError, match="a machine whose name cannot be a folder's"):
        read_journal(journal.path)


def test_what_a_group_lacks_does_not_spoil_what_is_recovered(
    make_run: MakeRun, make_group: MakeGroup, tmp_path: Path
) -> None:
    lacking = Launch(index=1, rounds_ns=[5, 6], anchors_ns=[7])
    bad = GroupResult(
        id="primes-small", launch=1, started_at="", wall_s=1, noise=Noise(),
        launches={"primes-small-serial-w1": lacking},
    )  # fmt: skip
    with Journal.create(tmp_path / "machine", make_run().header) as journal:
        journal.append(JournalLine(group=make_group(0)))
        journal.append(JournalLine(group=bad))

    (recovered,) = recover(tmp_path)
    ((_, run),) = load([recovered.run_file or tmp_path]).runs

    assert [group.launch for group in run.groups] == [0]
    assert recovered.problems[0].startswith("line 3: not every round has a reference loop or turn")


def test_a_planned_case_named_twice_is_recovered_once(
    make_run: MakeRun, make_group: MakeGroup, tmp_path: Path
) -> None:
    header = make_run().header
    with Journal.create(tmp_path / "machine", replace(header, planned=header.planned * 3)) as one:
        one.append(JournalLine(group=make_group(0)))
        one.append(JournalLine(plain=header.planned[0]))

    (recovered,) = recover(tmp_path)
    ((_, run),) = load([recovered.run_file or tmp_path]).runs

    assert [record.id for record in run.records] == ["primes-small-serial-w1"]


def test_what_could_not_be_read_again_is_not_begun(make_run: MakeRun, tmp_path: Path) -> None:
    header = make_run().header
    impossible = [replace(record, flops=-1.0) for record in header.planned]

    with pytest.raises(StoreError, match=r"^cannot be saved: .*flops"):
        Journal.create(tmp_path / "machine", replace(header, planned=impossible))

    assert [*(tmp_path / "machine").iterdir()] == []


def test_a_run_of_other_tools_on_a_host_of_any_name_is_read() -> None:
    content = json.dumps({"benchmarks": [], "machine_info": {"node": "../it's\0mine"}}).encode()

    run: Run = decode(content)

    assert is_folder_name(run.header.machine.id)


@pytest.mark.parametrize("name", ["linux-x86_64-xeon-2c-3f9a1c", "my laptop", "büro", "a..b"])
def test_a_folder_may_be_called(name: str) -> None:
    assert is_folder_name(name)


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "a\\b", "a\nb", "a\0b", "x" * 201, ".git"])
def test_no_folder_may_be_called(name: str) -> None:
    assert not is_folder_name(name)
