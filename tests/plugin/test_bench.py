"""The suite's own bench/, run as its users run it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from raceway.store.runs import load
from support.project import DECIDING

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("options", [[], ["--profile=smoke"]])
def test_the_tutorials_programs_run_in_any_profile(tmp_path: Path, options: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "bench/test_seed.py", "-k", "not gpu", *options,
         f"--results={tmp_path}"],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if name not in DECIDING},
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stdout + done.stderr
    assert "3 passed" in done.stdout


@pytest.mark.slow
def test_given_launches_our_own_plain_benchmarks_are_judged(tmp_path: Path) -> None:
    def raceway(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "raceway", *words, f"--results={tmp_path}"],
            cwd=ROOT,
            env={name: value for name, value in os.environ.items() if name not in DECIDING},
            capture_output=True,
            text=True,
            check=False,
        )

    for _ in range(2):
        chosen = ("bench/test_event_loop.py", "bench/test_seed.py", "-k", "sleep_zero or processes")
        done = raceway("suite", "run", *chosen, "--launches=3")
        assert done.returncode == 0, done.stdout + done.stderr

    before, after = load(tmp_path.glob("*/*.json")).runs
    told = " ".join(done.stdout.split())
    assert "launches grade" in told
    compared = tmp_path / "compared.json"
    raceway("compare", before[1].header.run_id, after[1].header.run_id, f"--json={compared}")
    rows = json.loads(compared.read_text(encoding="utf-8"))["rows"]
    names = {row["case"].partition("::")[2] for row in rows}
    assert names >= {"test_sleep_zero[asyncio]", "test_processes"}
    measured = [record for _, run in (before, after) for record in run.records]
    assert {len(record.launches) for record in measured} == {3}
    assert not any("launches a verdict needs" in row["reason"] for row in rows)
