"""A suite whose pytest has other plugins, each of them the real one."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest

from raceway.record import Status
from support.suites import begin_suite, record_named, run_suite, the_run

if TYPE_CHECKING:
    from pathlib import Path

FLAKY = """
import time

TRIED = []

def test_flaky(benchmark):
    TRIED.append(1)
    benchmark.pedantic(time.sleep, args=(0.05 if len(TRIED) == 1 else 0.001,), rounds=3)
    assert len(TRIED) > 1
"""


@pytest.mark.skipif(find_spec("pytest_rerunfailures") is None, reason="needs the plugin")
def test_of_a_benchmark_that_was_rerun_the_last_try_counts(tmp_path: Path) -> None:
    folder = begin_suite(tmp_path, {"perf/test_flaky.py": FLAKY})

    done = run_suite(folder, "--launches=1", "-p", "pytest_rerunfailures", "--reruns=1")

    record = record_named(the_run(folder), "test_flaky")
    assert (done.returncode, record.status, record.reason) == (0, Status.OK, "")
    (launch,) = record.launches
    assert all(round_ns < 0.05 * 1e9 for round_ns in launch.rounds_ns)
