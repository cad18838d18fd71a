"""Damages run files, journals, cache files and lane replies, and looks what raceway makes of them.

    python tools/fuzz.py [--seconds 60] [--seed 1] [--only run-file]

Each mutant must be read or refused in one line, in every command: no traceback, no row with another
value than that of its record, no control character on the screen, no hang, in time that grows with
the file. Ends with 1, and keeps the mutants in fuzz-findings/, if one of these is not so.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
import traceback
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parent))

from fuzz_checks import FindingError
from fuzz_files import Journal, RunFile
from fuzz_growth import growth_findings
from fuzz_small import Cache, Reply

if TYPE_CHECKING:
    from collections.abc import Sequence

LONGEST_S = 20.0
"""No mutant may take longer, on whatever machine; most take a tenth of a second."""
TARGETS = {"run-file": RunFile, "journal": Journal, "cache": Cache, "reply": Reply}
KEPT = Path("fuzz-findings")


@dataclass
class Tally:
    """What was tried, and what was found."""

    tried: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    findings: list[str] = field(default_factory=list)
    spent_s: Counter[str] = field(default_factory=Counter)
    slowest_s: float = 0.0


def main() -> None:
    """Fuzz for a while, and print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", choices=sorted(TARGETS), action="append")
    parser.add_argument("--most", type=int, default=10**9, help="mutants of each kind")
    options = parser.parse_args()
    tally = Tally()
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        fuzz(tally, options.only or sorted(TARGETS), Path(folder), options)
    tally.findings += growth_findings()
    show(tally)
    sys.exit(1 if tally.findings else 0)


def fuzz(tally: Tally, names: Sequence[str], folder: Path, options: argparse.Namespace) -> None:
    """Try mutants of each kind, each for its share of the time, until that is up."""
    targets = {name: TARGETS[name](folder / name) for name in names}
    end_s = time.monotonic() + options.seconds
    while time.monotonic() < end_s:
        wanted = [each for each in names if tally.tried[each] < options.most]
        if not wanted:
            break
        name = min(wanted, key=lambda each: tally.spent_s[each] / targets[each].weight)
        one(tally, name, targets[name], f"{options.seed}-{tally.tried[name]}")


def one(tally: Tally, name: str, target: object, seed: str) -> None:
    """Try one mutant."""
    mutant = target.mutant(Random(seed))  # type: ignore[attr-defined]  # noqa: S311
    began_s = time.monotonic()
    tally.tried[name] += 1
    try:
        tally.refused[name] += not target.survives(mutant, Random(seed))  # type: ignore[attr-defined]  # noqa: S311
    except FindingError as error:
        keep(tally, name, seed, mutant, str(error))
    except Exception:  # noqa: BLE001 (that is what is looked for)
        keep(tally, name, seed, mutant, traceback.format_exc())
    took_s = time.monotonic() - began_s
    tally.spent_s[name] += took_s
    tally.slowest_s = max(tally.slowest_s, took_s)
    if took_s > LONGEST_S:
        keep(tally, name, seed, mutant, f"took {took_s:.1f} s")


def keep(tally: Tally, name: str, seed: str, mutant: bytes, what: str) -> None:
    """Note a finding, and keep its mutant."""
    KEPT.mkdir(exist_ok=True)
    file = KEPT / f"{name}-{seed}"
    file.write_bytes(mutant)
    tally.findings.append(f"{file}: {what}")


def show(tally: Tally) -> None:
    """Print the findings, and a table of what was tried."""
    for finding in tally.findings:
        print(finding)
    print("| mutants of | tried | refused in one line | read |\n| --- | ---: | ---: | ---: |")
    for name, tried in sorted(tally.tried.items()):
        refused = tally.refused[name]
        print(f"| {name} | {tried:,} | {refused:,} | {tried - refused:,} |")
    print(f"\n{len(tally.findings)} findings; the slowest mutant took {tally.slowest_s:.2f} s")


if __name__ == "__main__":
    main()
