"""Is anything lost or left behind, whatever happens? Kills commands at random moments, and counts.

    python tools/hostile.py kills --times 25 --jobs 4  # each command, ended in each way so often
    python tools/hostile.py tasks             # tasks that misbehave, by a model of each family

Each section prints a table and exits 1 if anything was lost. docs/reliability.md has the figures.
"""

from __future__ import annotations

import argparse
import random
import signal
import sys

import hostile_kills
import hostile_tasks

SECTIONS = {"kills": hostile_kills.section, "tasks": hostile_tasks.section}


def main() -> None:
    """Run the section asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("section", choices=SECTIONS)
    parser.add_argument("--times", type=int, default=1, help="how often each is tried")
    parser.add_argument("--only", default="", help="a part of the names of what is tried")
    parser.add_argument("--way", choices=hostile_kills.WAYS, help="the only way to end commands")
    parser.add_argument("--jobs", type=int, default=1, help="how many at once")
    parser.add_argument("--seed", type=int, default=None)
    asked = parser.parse_args()
    # What is ignored, as in a shell's background, would be ignored by all that is started here.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sound = SECTIONS[asked.section](asked, random.Random(asked.seed))  # noqa: S311 (moments)
    sys.exit(0 if sound else 1)


if __name__ == "__main__":
    main()
