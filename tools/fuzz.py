"""Damages run files, journals, cache files and lane replies, and looks what raceway makes of them.

    python tools/fuzz.py [--seconds 60] [--seed 1] [--only run-file] [--jobs 2]

Each mutant must be read or refused in one line, in every command: no traceback, no row with another
value than that of its record, no control character on the screen, no hang, in time that grows with
the file. Ends with 1, and keeps the mutants in fuzz-findings/, if one of these is not so.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from contextlib import chdir
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from fuzz_files import Journal, RunFile
from fuzz_growth import growth_findings
from fuzz_small import Cache, Reply
from fuzz_tally import Tally, Trial

TARGETS = {"run-file": RunFile, "journal": Journal, "cache": Cache, "reply": Reply}
IN_MEMORY = Path("/dev/shm")  # noqa: S108 (a private folder in it)
"""Where it exists, files are written there: they need not last."""


def main() -> None:
    """Fuzz for a while, and print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", choices=sorted(TARGETS), action="append")
    parser.add_argument("--most", type=int, default=10**9, help="mutants of each kind")
    parser.add_argument("--jobs", type=int, default=1, help="how many processes try them")
    options = parser.parse_args()
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(options.jobs, mp_context=context) as pool:
        every = pool.map(partial(fuzzed, options), range(options.jobs))
        tally = sum(every, Tally())
    tally.findings += growth_findings()
    tally.show()
    sys.exit(1 if tally.findings else 0)


def fuzzed(options: argparse.Namespace, job: int) -> Tally:
    """Try mutants of each kind in this process, and return what was found."""
    usable = IN_MEMORY if os.access(IN_MEMORY, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="fuzz-", dir=usable) as folder, chdir(folder):
        os.environ["XDG_CACHE_HOME"] = f"{folder}/cache"
        names = options.only or sorted(TARGETS)
        targets = {name: TARGETS[name](Path(folder) / name) for name in names}
        most = -(-options.most // options.jobs)
        return Trial(targets, f"{options.seed}-{job}").run(options.seconds, most)


if __name__ == "__main__":
    main()
