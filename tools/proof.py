"""Measures how often raceway raises false alarms, and how often it finds real slowdowns.

    python tools/proof.py pairs FOLDER [--measure 7] [--neighbour] [--threshold 0.05]
    python tools/proof.py duels --times 20 [--planted 1.05] CASE…
    python tools/proof.py gates --times 10 --planted 1.05 [--models serial,asyncio] [--elsewhere]
    python tools/proof.py neighbours --times 4

Nothing else should run on the machine (`--neighbour` starts its own disturbance). tools/delay.py
simulates what would take too long to measure.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from proof_pairs import told_of

from raceway.analysis.comparison.pairing import Pairing
from raceway.analysis.comparison.samples import Side
from raceway.store.runs import load

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).resolve().parent
RACEWAY = [sys.executable, "-c", "from raceway.cli import main; main()"]
FROM_ENVIRONMENT = 'FACTOR = float(os.environ.get("PLANTED", "1"))'
BURST_S = (0.2, 2.0)
"""A neighbour computes and rests in turn, each time for a random span in this range."""


def main() -> None:
    """Run the chosen proof."""
    arguments = parsed()
    proofs = {
        "pairs": pairs,
        "duels": duels,
        "gates": gates,
        "neighbours": neighbours,
        "burn": burn,
    }
    proofs[arguments.proof](arguments)


def parsed() -> argparse.Namespace:
    """Return the command line's arguments."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("proof", choices=("pairs", "duels", "gates", "neighbours", "burn"))
    parser.add_argument("words", nargs="*", help="pairs: the folder of runs; duels: the cases")
    parser.add_argument("--measure", type=int, default=0, help="runs to measure first")
    parser.add_argument("--threshold", type=float, default=0.02, help="pairs: for verdicts")
    parser.add_argument("--neighbour", action="store_true", help="burn a core in bursts meanwhile")
    parser.add_argument("--times", type=int, default=10)
    parser.add_argument("--planted", type=float, default=1.0, help="how much longer side B takes")
    parser.add_argument("--models", default="serial,asyncio")
    parser.add_argument("--launches", type=int, default=5, help="gates: for both revisions")
    parser.add_argument("--elsewhere", action="store_true", help="gates: from another host")
    parser.add_argument("--gate-budget", type=float, default=180.0, help="for a gate's duels")
    parser.add_argument("--budget", type=float, default=60.0)
    return parser.parse_args()


def burn(_: argparse.Namespace) -> None:
    """Be the neighbour: compute in bursts until killed."""
    draw = random.Random(1)  # noqa: S311 (a simulation)
    while True:
        end_s = time.monotonic() + draw.uniform(*BURST_S)
        while time.monotonic() < end_s:
            pass
        time.sleep(draw.uniform(*BURST_S))


@contextmanager
def neighbour(*, wanted: bool) -> Iterator[None]:
    """Run a neighbour in the meantime, if one is wanted."""
    if not wanted:
        yield
        return
    process = subprocess.Popen([sys.executable, __file__, "burn"])  # noqa: S603 (ourselves)
    try:
        yield
    finally:
        process.kill()
        process.wait()


def run(command: list[str], **settings: Any) -> int:
    """Run a program quietly and return its exit code."""
    done = subprocess.run(  # noqa: S603 (our own programs)
        command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **settings
    )
    return done.returncode


def pairs(arguments: argparse.Namespace) -> None:
    """Compare all pairs of several runs of the same code."""
    folder = Path(arguments.words[0])
    bench = [sys.executable, "-m", "pytest", "bench", "-q", "--results", str(folder)]
    with neighbour(wanted=arguments.neighbour):
        for number in range(arguments.measure):
            print(f"run {number + 1} of {arguments.measure}: exit code {run(bench)}", flush=True)
    runs = [one for _, one in load(sorted(folder.glob("*/*.json"))).runs]
    for line in told_of(runs, arguments.threshold):
        print(line)


def duels(arguments: argparse.Namespace) -> None:
    """Duel an interpreter against itself, with a planted slowdown or none."""
    total: Counter[str] = Counter()
    wrong = 0
    for number in range(arguments.times):
        with tempfile.TemporaryDirectory() as folder:
            answer = Path(folder) / "duel.json"
            sides = [
                f"--a=one={sys.executable}",
                f"--b=two=env PLANTED={arguments.planted} {sys.executable}",
            ]
            workload = [f"--workload={HERE / 'planted.py'}"] if arguments.planted != 1 else []
            start_s = time.monotonic()
            terms = [f"--budget={arguments.budget}", f"--json={answer}", f"--results={folder}"]
            run([*RACEWAY, "duel", *arguments.words, *sides, *workload, *terms])
            rows = json.loads(answer.read_text())["rows"]
        told = Counter(row["verdict"] for row in rows)
        total += told
        wrong += any(told[verdict] for verdict in ("slower", "faster"))
        took_s = time.monotonic() - start_s
        print(f"duel {number + 1}: {dict(told)} in {took_s:.0f} s", flush=True)
    cases = sum(total.values())
    print(f"{arguments.times} duels, planted {arguments.planted}, {cases} cases: {dict(total)}")
    if arguments.planted == 1:
        print(f"duels with a false verdict: {wrong} of {arguments.times}")
    else:
        print(
            f"planted slowdowns found: {total['slower']} of {cases} ({total['slower'] / cases:.0%})"
        )


def gates(arguments: argparse.Namespace) -> None:
    """Run gates on a revision in which every case is slower than in the baseline's, or none.

    With `--elsewhere`, the baseline's file says that it comes from another host.
    """
    total: Counter[str] = Counter()
    codes: Counter[int] = Counter()
    for number in range(arguments.times):
        with tempfile.TemporaryDirectory() as folder:
            start_s = time.monotonic()
            code, said = one_gate(Path(folder), arguments)
        cases, found = len(said["comparison"]["rows"]), len(said["confirmed"])
        total.update(cases=cases, confirmed=found)
        codes[code] += 1
        took_s = time.monotonic() - start_s
        print(
            f"gate {number + 1}: exit code {code}, {found} of {cases} confirmed, {took_s:.0f} s",
            flush=True,
        )
    share = total["confirmed"] / max(total["cases"], 1)
    print(f"{arguments.times} gates, planted {arguments.planted}, {arguments.models}:"
          f" {total['confirmed']} of {total['cases']} cases confirmed slower ({share:.0%});"
          f" exit codes {dict(codes)}")  # fmt: skip


def one_gate(project: Path, arguments: argparse.Namespace) -> tuple[int, dict[str, Any]]:
    """Race two revisions of a project of its own, gate the second; return exit code and JSON."""
    race = [*RACEWAY, "race", "planted.py", f"--models={arguments.models}",
            f"--budget={arguments.budget}", f"--launches={arguments.launches}"]  # fmt: skip
    run(["git", "init", "-q"], cwd=project)
    commit(project, 1.0)
    run(race, cwd=project)
    if arguments.elsewhere:
        move_host(next((project / "results").glob("*/*.json")))
    run([*RACEWAY, "baseline", "set"], cwd=project)
    commit(project, arguments.planted)
    run(race, cwd=project)
    gate = ["gate", "--workload=planted.py", f"--budget={arguments.gate_budget}", "--json=said"]
    code = run([*RACEWAY, *gate], cwd=project)
    return code, json.loads((project / "said").read_text())


def commit(project: Path, planted: float) -> None:
    """Commit the workload, and a slowdown in a module that it imports."""
    text = (HERE / "planted.py").read_text()
    (project / "planted.py").write_text(text.replace(FROM_ENVIRONMENT, "from factor import FACTOR"))
    (project / "factor.py").write_text(f"FACTOR = {planted}\n")
    who = ["-c", "user.name=proof", "-c", "user.email=proof@localhost"]
    run(["git", "add", "planted.py", "factor.py"], cwd=project)
    run(["git", *who, "commit", "-qm", f"planted {planted}"], cwd=project)


def move_host(file: Path) -> None:
    """Let a saved run say that its processor has another stepping."""
    saved = json.loads(file.read_text())
    saved["raceway"]["host"]["stepping"] = "another"
    file.write_text(json.dumps(saved))


LINEUPS = (
    ("serial",),
    ("serial", "asyncio"),
    ("serial", "asyncio", "pool", "processes-fork"),
    ("serial", "asyncio", "pool", "processes-fork", "threads", "processes-spawn",
     "processes-forkserver"),
)  # fmt: skip
"""The models of a group, ever more of them."""


def neighbours(arguments: argparse.Namespace) -> None:
    """Race the same cases beside ever more neighbours, and print how far that shifts them."""
    shifts: defaultdict[tuple[str, str], list[float]] = defaultdict(list)
    for number in range(arguments.times):
        sides = [raced_beside(models) for models in LINEUPS]
        for before, after in pairwise(sides):
            for matchup in Pairing.of(before, after).matchups():
                shift = matchup.shift() if matchup.a.raced and matchup.b.raced else None
                if shift:
                    words = f"{before.label} -> {after.label}"
                    shifts[words, matchup.b.record.model].append(shift.log)
        print(f"turn {number + 1} of {arguments.times}", flush=True)
    for (words, model), logs in shifts.items():
        low, middle, high = min(logs), median(logs), max(logs)
        print(f"{words}, {model}: {middle:+.1%} in the median, {low:+.1%} to {high:+.1%}")


def raced_beside(models: tuple[str, ...]) -> Side:
    """Race some models together, with the same time for each whatever their number."""
    with tempfile.TemporaryDirectory() as folder:
        terms = [f"--budget={30 * len(models)}", "--launches=10", f"--results={folder}"]
        run([*RACEWAY, "race", str(HERE / "planted.py"), f"--models={','.join(models)}", *terms])
        loaded = load(sorted(Path(folder).glob("*/*.json"))).runs
    return Side(f"{len(models)} models", [one for _, one in loaded])


if __name__ == "__main__":
    main()
