from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from raceway.record import Launch, Record, Run, Status
from raceway.store.runfile import decode, encode

if TYPE_CHECKING:
    from pathlib import Path

    from support.saved import MakeRun


def document(run: Run) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(encode(run))
    return read


def test_other_tools_find_their_keys(make_run: MakeRun) -> None:
    benchmark = document(make_run())["benchmarks"][0]

    assert {
        "group",
        "name",
        "fullname",
        "params",
        "param",
        "extra_info",
        "options",
        "stats",
    } == set(benchmark)
    assert benchmark["fullname"] == "bench/test_cpu.py::test_cpu[primes-small-serial-w1]"
    assert benchmark["stats"]["mean"] == 0.0015


def test_a_group_is_a_group(make_run: MakeRun) -> None:
    assert document(make_run())["benchmarks"][0]["group"] == "primes-small"


def test_a_plain_benchmark_has_no_group(make_run: MakeRun) -> None:
    launch = Launch(index=0, rounds_ns=[1])
    plain = Record(id="a::b", fullname="a::b", launches=[launch])

    benchmark = document(replace(make_run(), records=[plain]))["benchmarks"][0]

    assert (benchmark["group"], benchmark["name"]) == (None, "b")


def test_pytest_benchmark_compares_a_saved_run(make_run: MakeRun, tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    path.write_bytes(encode(make_run()))

    command = [sys.executable, "-m", "pytest_benchmark", "compare", str(path)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)

    assert re.search(r"^test_cpu\[primes-small-serial-w1\]", done.stdout, re.MULTILINE)


def test_a_failed_case_is_no_time_for_other_tools(make_run: MakeRun) -> None:
    wrong = Launch(index=0, rounds_ns=[1, 2], status=Status.FAILED, reason="wrong answer")
    run = make_run([wrong])

    assert document(run)["benchmarks"] == []
    assert run == decode(encode(run))


def test_the_host_stays_private(make_run: MakeRun) -> None:
    assert document(make_run())["machine_info"]["node"] == "linux-x86_64-xeon-2c-3f9a1c"


def test_the_host_is_told_where_it_was_asked_for(make_run: MakeRun) -> None:
    run = make_run()
    machine = replace(run.header.machine, host="build-7")

    saved = document(replace(run, header=replace(run.header, machine=machine)))

    assert saved["machine_info"]["node"] == "build-7"
