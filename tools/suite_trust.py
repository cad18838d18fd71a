"""Measures how far duels of somebody's own suite can be trusted, beside pytest-benchmark's gate.

    python tools/suite_trust.py FOLDER… --same 20 --planted 2 [--budget 60] [--suite 'perf -k "…"']

Each FOLDER holds a project with a pytest-benchmark suite, and perhaps a file `suite.txt`: what
pytest is given. It is copied and committed twice: with the same code, or with a slowdown planted in
what `benchmark` is given, which then takes 5 or 10 % longer; functions below 0.1 ms do not count.
Both revisions are duelled, and then compared by `--benchmark-compare-fail=median:5%`.
"""

from __future__ import annotations

import argparse
import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from suite_trust_figures import share

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

RACEWAY = [sys.executable, "-m", "raceway"]
PLAIN = "--benchmark-compare-fail=median:5%"
PLAIN_GATE = 1.05
LONG_ENOUGH_S = 1e-4
"""The least time of a function in which a slowdown must be found."""
FACTORS = (1.05, 1.10)
SLOWED = "planted_slowdown"
PLUGIN = '''"""Lets all that `benchmark` is given take longer by a factor."""

from functools import wraps
from time import perf_counter

from pytest_benchmark.fixture import BenchmarkFixture

FACTOR = {factor}
call, pedantic = BenchmarkFixture.__call__, BenchmarkFixture.pedantic


def slowed(function):
    @wraps(function)
    def planted(*args, **kwargs):
        start_s = perf_counter()
        answer = function(*args, **kwargs)
        end_s = perf_counter()
        end_s += (end_s - start_s) * (FACTOR - 1)
        while perf_counter() < end_s:
            pass
        return answer

    return planted


BenchmarkFixture.__call__ = lambda self, function, *args, **kwargs: call(
    self, slowed(function), *args, **kwargs
)
BenchmarkFixture.pedantic = lambda self, target, *args, **kwargs: pedantic(
    self, slowed(target), *args, **kwargs
)
'''


@dataclass(slots=True)
class Tally:
    """What was found in duels of one sort, by raceway and by pytest-benchmark."""

    duels: int = 0
    cases: int = 0
    """Those that count: all of the same code, or those long enough with a slowdown."""
    verdicts: Counter[str] = field(default_factory=Counter)
    duels_with_verdict: int = 0
    plain_runs: int = 0
    plain_found: int = 0
    """Pairs that pytest-benchmark's gate failed."""
    plain_cases: int = 0
    plain_cases_found: int = 0


def main() -> None:
    """Duel every project, and print what was found."""
    arguments = parsed()
    projects = [each.resolve() for each in arguments.folders]
    sorts = [(1.0, arguments.same), *((factor, arguments.planted) for factor in FACTORS)]
    tallies = {factor: Tally() for factor, _ in sorts}
    for factor, number in sorts:
        for turn in range(number):
            # The same code: so many duels in all. A slowdown: so many of each project.
            chosen = projects if factor > 1 else [projects[turn % len(projects)]]
            for project in chosen:
                with tempfile.TemporaryDirectory() as folder:
                    one(project, Path(folder), factor, arguments, tallies[factor])
    for factor, tally in tallies.items():
        for line in told(factor, tally):
            print(line)


def parsed() -> argparse.Namespace:
    """Return the command line's arguments."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--same", type=int, default=20, help="duels of the same code, in all")
    parser.add_argument("--planted", type=int, default=2, help="for each project and slowdown")
    parser.add_argument("--budget", type=float, default=60.0, help="seconds of a duel")
    parser.add_argument("--suite", default="", help="what pytest is given, instead of suite.txt")
    parser.add_argument("--plain-time", default="0.5", help="pytest-benchmark's seconds a test")
    return parser.parse_args()


def one(
    project: Path, folder: Path, factor: float, arguments: argparse.Namespace, tally: Tally
) -> None:
    """Duel two revisions of a project, compare them by pytest-benchmark, and count."""
    start_s = time.monotonic()
    repository = folder / project.name
    suite = repository_of(project, repository, factor, arguments.suite)
    rows = duelled(repository, suite, arguments.budget)
    duel_s = time.monotonic() - start_s
    failed, ratios = plainly(repository, suite, folder, arguments.plain_time)
    meant = {row["case"] for row in rows if factor == 1 or (row["a_s"] or 0) >= LONG_ENOUGH_S}
    found = Counter(row["verdict"] for row in rows if row["case"] in meant)
    tally.duels += 1
    tally.cases += len(meant)
    tally.verdicts += found
    tally.duels_with_verdict += any(found[verdict] for verdict in ("slower", "faster"))
    tally.plain_runs += 1
    tally.plain_found += failed
    tally.plain_cases += len(meant & ratios.keys())
    slower = {case for case, ratio in ratios.items() if ratio > PLAIN_GATE}
    tally.plain_cases_found += len(meant & slower)
    print(
        f"{project.name}, planted {factor - 1:.0%}: {dict(found)} in {duel_s:.0f} s;"
        f" pytest-benchmark: {len(meant & slower)} of {len(meant)} beyond 5 %,"
        f" {'failed' if failed else 'passed'}",
        flush=True,
    )
    for row in rows:
        if factor == 1 and row["verdict"] in {"slower", "faster"}:
            print(f"  false: {row['case']} {row['verdict']} {row['ratio']:.3f}"
                  f" [{row['low']:.3f}, {row['high']:.3f}]", flush=True)  # fmt: skip


def repository_of(project: Path, repository: Path, factor: float, suite: str) -> str:
    """Make a repository with the revisions `before` and `after`; return what pytest is given."""
    ignored = shutil.ignore_patterns(".git", "__pycache__", "results", ".pytest_cache")
    shutil.copytree(project, repository, ignore=ignored)
    given = repository / "suite.txt"
    words = suite or (given.read_text().strip() if given.is_file() else "perf")
    git(repository, "init", "-q")
    for revision, slower in (("before", 1.0), ("after", factor)):
        if factor > 1:
            (repository / f"{SLOWED}.py").write_text(PLUGIN.format(factor=slower))
        (repository / "revision.txt").write_text(f"{revision}\n")
        git(repository, "add", "-A", "-f")
        git(repository, "commit", "-qm", revision)
        git(repository, "tag", revision)
    return f"{words} -p {SLOWED}" if factor > 1 else words


def git(folder: Path, *words: str) -> None:
    """Run git as nobody in particular."""
    who = ["-c", "user.name=trust", "-c", "user.email=trust@localhost"]
    subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True)  # noqa: S603, S607


def duelled(repository: Path, suite: str, budget_s: float) -> list[dict[str, Any]]:
    """Duel both revisions, and return the rows."""
    said = repository.parent / "duel.json"
    command = [
        *RACEWAY, "duel", "--revisions", "before", "after", "--suite", suite,
        f"--budget={budget_s}", f"--json={said}", f"--results={repository.parent / 'results'}",
    ]  # fmt: skip
    done = subprocess.run(command, cwd=repository, capture_output=True, text=True, check=False)  # noqa: S603
    if not said.is_file():
        raise SystemExit(f"{' '.join(command)}\n{done.stdout}\n{done.stderr}")
    rows: list[dict[str, Any]] = json.loads(said.read_text())["rows"]
    return rows


def plainly(
    repository: Path, suite: str, folder: Path, seconds: str
) -> tuple[bool, dict[str, float]]:
    """Compare both revisions as pytest-benchmark does: whether it failed, and each ratio."""
    storage, medians = f"--benchmark-storage={folder / 'storage'}", []
    for revision, options in (("before", ["--benchmark-save=a"]),
                              ("after", ["--benchmark-compare=0001", PLAIN])):  # fmt: skip
        git(repository, "checkout", "-q", revision)
        report = folder / f"{revision}.json"
        code = pytest_of(repository, [
            *shlex.split(suite), storage, *options, f"--benchmark-json={report}",
            f"--benchmark-max-time={seconds}",
        ])  # fmt: skip
        medians.append(dict(medians_in(report)))
    a, b = medians
    return code != 0, {case: b[case] / a[case] for case in a if a[case] and case in b}


def pytest_of(repository: Path, words: Sequence[str]) -> int:
    """Run a suite by pytest alone, and return the exit code."""
    command = [sys.executable, "-m", "pytest", "-q", "--benchmark-only", *words]
    paths = [str(repository / "src"), str(repository), os.environ.get("PYTHONPATH", "")]
    surroundings = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))}
    done = subprocess.run(  # noqa: S603
        command, cwd=repository, capture_output=True, check=False, env=surroundings
    )
    return done.returncode


def medians_in(report: Path) -> Iterator[tuple[str, float]]:
    """Yield each benchmark's name and median."""
    for each in json.loads(report.read_text())["benchmarks"]:
        yield each["fullname"], each["stats"]["median"]


def told(factor: float, tally: Tally) -> Iterator[str]:
    """Yield what was found in duels of one sort."""
    if not tally.duels:
        return
    verdicts = dict(tally.verdicts)
    yield f"planted {factor - 1:.0%}: {tally.duels} duels, {tally.cases} cases {verdicts}"
    if factor == 1:
        yield f"  duels with a false verdict: {share(tally.duels_with_verdict, tally.duels)}"
        wrong = tally.verdicts["slower"] + tally.verdicts["faster"]
        yield f"  cases with a false verdict: {share(wrong, tally.cases)}"
        yield f"  pairs that {PLAIN} failed: {share(tally.plain_found, tally.plain_runs)}"
        yield f"  cases beyond 5 % in it: {share(tally.plain_cases_found, tally.plain_cases)}"
        return
    yield f"  found slower: {share(tally.verdicts['slower'], tally.cases)}"
    yield f"  found faster: {share(tally.verdicts['faster'], tally.cases)}"
    yield f"  found by {PLAIN}: {share(tally.plain_cases_found, tally.plain_cases)}"


if __name__ == "__main__":
    main()
