"""Makes a machine noisy, in one of two ways, until killed.

    python tools/noise.py phases     every core at half speed, for 20 to 90 seconds at a time
    python tools/noise.py bursts     one core taken, for 0.2 to 2 seconds at a time

Between two phases or bursts the machine is quiet for as long. tools/answers.py races beside it.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

KINDS = {"phases": (20.0, 90.0), "bursts": (0.2, 2.0)}
"""How many seconds noise and quiet last, at random in this range."""


def main() -> None:
    """Make noise of the kind named."""
    kind = sys.argv[1]
    if kind == "phases":
        cores = sorted(os.sched_getaffinity(0))
        for core in cores[1:]:
            if os.fork() == 0:
                burn_on(core, KINDS[kind])
        burn_on(cores[0], KINDS[kind])
    burn_on(None, KINDS[kind])


def burn_on(core: int | None, span_s: tuple[float, float]) -> None:
    """Compute and rest in turn; processes started together keep the same times."""
    if core is not None:
        os.sched_setaffinity(0, {core})
    draw = random.Random(1)  # noqa: S311 (a simulation)
    end_s = time.monotonic()
    while os.getppid() != 1:
        time.sleep(draw.uniform(*span_s))
        end_s = time.monotonic() + draw.uniform(*span_s)
        while time.monotonic() < end_s:
            pass


@contextmanager
def noise(kind: str) -> Iterator[None]:
    """Make noise in the meantime; none if `kind` is empty."""
    if not kind:
        yield
        return
    process = subprocess.Popen([sys.executable, __file__, kind], start_new_session=True)  # noqa: S603 (ourselves)
    try:
        yield
    finally:
        os.killpg(process.pid, 9)
        process.wait()


if __name__ == "__main__":
    main()
