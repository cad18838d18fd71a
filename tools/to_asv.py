"""Writes the runs of a results folder as an asv project, to compare asv on the same series.

    python tools/to_asv.py RESULTS PROJECT [--samples]
    cd PROJECT && asv publish

Each run becomes an empty commit. asv gets only medians, as by default in its own runs, or all
samples, as with `asv run --record-samples`. Needs git; asv only to publish.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
from datetime import datetime
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from raceway.store.runs import run_files, stream

if TYPE_CHECKING:
    from raceway.record import Run

MACHINE = "crowd"
RESULTS_VERSION, BENCHMARKS_VERSION, MACHINE_VERSION = 2, 2, 1


def main() -> None:
    """Write the project."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("results", type=Path)
    parser.add_argument("project", type=Path)
    parser.add_argument("--samples", action="store_true")
    options = parser.parse_args()
    project = options.project
    (project / "results" / MACHINE).mkdir(parents=True)
    git(project, "init", "--quiet", "--initial-branch=main", "repo")
    benchmarks: dict[str, Any] = {"version": BENCHMARKS_VERSION}
    for _, run in stream(run_files(options.results), []):
        commit, samples_s = commit_of(project / "repo", run), samples_of(run)
        benchmarks |= {name: benchmark(name) for name in samples_s}
        content = results(commit, run, samples_s, with_samples=options.samples)
        write(project / "results" / MACHINE / f"{commit[:8]}-python.json", content)
    write(project / "results" / "benchmarks.json", benchmarks)
    write(project / "results" / MACHINE / "machine.json",
          {"machine": MACHINE, "version": MACHINE_VERSION, "arch": "", "cpu": "", "num_cpu": "2",
           "os": "", "ram": ""})  # fmt: skip
    write(project / "asv.conf.json",
          {"version": 1, "project": "crowd", "repo": "repo", "branches": ["main"],
           "results_dir": "results", "html_dir": "html", "benchmark_dir": "benchmarks",
           "environment_type": "virtualenv"})  # fmt: skip
    print(f"{len(benchmarks) - 1} benchmarks in {project}")


def commit_of(repository: Path, run: Run) -> str:
    """Make a commit with the run's time and return its id."""
    time = run.header.started_at
    who = {"GIT_AUTHOR_DATE": time, "GIT_COMMITTER_DATE": time, "GIT_AUTHOR_NAME": "crowd",
           "GIT_AUTHOR_EMAIL": "crowd@localhost", "GIT_COMMITTER_NAME": "crowd",
           "GIT_COMMITTER_EMAIL": "crowd@localhost"}  # fmt: skip
    git(repository, "commit", "--quiet", "--allow-empty", f"--message={run.header.run_id}", **who)
    return git(repository, "rev-parse", "HEAD")


def git(folder: Path, *words: str, **variables: str) -> str:
    """Run git in a folder and return its output."""
    done = subprocess.run(  # noqa: S603 (git, and words of ours)
        ["git", *words], cwd=folder, check=True, capture_output=True, text=True,  # noqa: S607
        env={**os.environ, **variables},
    )  # fmt: skip
    return done.stdout.strip()


def samples_of(run: Run) -> dict[str, list[float]]:
    """Return the seconds of all passes of each case, by a name that asv accepts."""
    return {
        f"crowd.time_{record.id.replace('-', '_')}": [
            ns / 1e9 / launch.loops for launch in record.launches for ns in launch.rounds_ns
        ]
        for record in run.records
        if any(launch.rounds_ns for launch in record.launches)
    }


def results(
    commit: str, run: Run, samples_s: dict[str, list[float]], *, with_samples: bool
) -> dict[str, Any]:
    """Return a results file."""
    date_ms = int(datetime.fromisoformat(run.header.started_at).timestamp() * 1000)
    return {
        "version": RESULTS_VERSION,
        "commit_hash": commit,
        "date": date_ms,
        "params": {"machine": MACHINE, "python": "3.13"},
        "env_name": "python",
        "python": "3.13",
        "requirements": {},
        "env_vars": {},
        "result_columns": ["result", "params", "version", *(["samples"] if with_samples else [])],
        "results": {
            name: [[median(each)], [], "1", *([[each]] if with_samples else [])]
            for name, each in samples_s.items()
        },
        "durations": {},
    }


def benchmark(name: str) -> dict[str, Any]:
    """Return what asv saves about a benchmark."""
    return {"name": name, "code": "", "type": "time", "unit": "seconds", "version": "1",
            "param_names": [], "params": [], "timeout": 60.0, "number": 0, "repeat": 0,
            "rounds": 2, "sample_time": 0.01, "warmup_time": -1,
            "min_run_count": 2}  # fmt: skip


def write(path: Path, content: dict[str, Any]) -> None:
    """Write compact JSON."""
    path.write_text(json.dumps(content, separators=(",", ":")))


if __name__ == "__main__":
    main()
