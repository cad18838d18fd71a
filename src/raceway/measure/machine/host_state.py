"""The state of the host: what affects absolute times but is not part of the machine's id.

Two hosts of the same hardware may differ in microcode, in speed, and in how fast they wake waiting
processes. What the system does not tell stays unknown.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from statistics import quantiles
from typing import TYPE_CHECKING

from raceway.measure.machine import linux
from raceway.record import HostState

if TYPE_CHECKING:
    from collections.abc import Iterable

ROOT = Path("/")
WAKE_UPS = 25
"""Of timers and of pipes; with the memory burst, about 0.15 s in all."""
NAP_S = 0.001
"""The timers' time: long enough for the core to go idle."""
BURST_BYTES = 32 * 2**20
CHUNK_BYTES = 2 * 2**20
"""Copied in about 0.1 ms, so that most chunks are not interrupted."""
SWEEPS = 3
ECHO = "import os\nwhile byte := os.read(0, 1): os.write(1, byte)"


def probe_host_state(root: Path = ROOT) -> HostState:
    """Return the system's facts about its processor, and the results of short measurements."""
    timer_wake_s, pipe_wake_s = wake_ups()
    return HostState(
        stepping=linux.stepping(root),
        microcode=linux.microcode(root),
        caches=linux.caches(root),
        frequency_mhz=linux.frequency_mhz(root),
        memory_bytes_per_s=memory_bytes_per_s(),
        timer_wake_s=timer_wake_s,
        pipe_wake_s=pipe_wake_s,
    )


def memory_bytes_per_s() -> float | None:
    """Return how fast memory is copied, reads and writes added; None if there is too little."""
    try:
        source, target = bytearray(BURST_BYTES), bytearray(BURST_BYTES)
    except MemoryError:
        return None
    target[:] = source  # the first touch of each page is the kernel's work
    views = memoryview(source), memoryview(target)
    places = [*range(0, BURST_BYTES, CHUNK_BYTES)] * SWEEPS
    usual_s = undisturbed(_copied_s(*views, place) for place in places)
    return 2 * CHUNK_BYTES / usual_s if usual_s > 0 else None


def wake_ups() -> tuple[float | None, float | None]:
    """Return how late a timer wakes us, and a byte's round trip to a sleeping process, in seconds.

    The latter is None if no process can be started.
    """
    try:
        echo = subprocess.Popen(  # noqa: S603 (fixed arguments)
            [sys.executable, "-S", "-I", "-c", ECHO],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0,
        )  # fmt: skip
    except OSError:
        return undisturbed(_overslept_s() for _ in range(WAKE_UPS)), None
    with echo:
        try:
            return _beside(echo)
        finally:
            echo.kill()


def undisturbed(times_s: Iterable[float]) -> float:
    """Return the lower quartile, which interruptions of some measurements do not affect."""
    return quantiles(times_s, n=4)[0]


def _beside(echo: subprocess.Popen[bytes]) -> tuple[float, float | None]:
    """Let the echo sleep while each timer runs, then wake it."""
    late_s, away_s = [], []
    with suppress(OSError):
        _echoed_s(echo)  # until it has started
        for _ in range(WAKE_UPS):
            late_s.append(_overslept_s())
            away_s.append(_echoed_s(echo))
    while len(late_s) < WAKE_UPS:
        late_s.append(_overslept_s())
    return undisturbed(late_s), undisturbed(away_s) if len(away_s) == WAKE_UPS else None


def _overslept_s() -> float:
    start_s = time.perf_counter()
    time.sleep(NAP_S)
    return max(time.perf_counter() - start_s - NAP_S, 0.0)


def _echoed_s(echo: subprocess.Popen[bytes]) -> float:
    """Return a byte's round trip time; OSError if it does not come back."""
    if echo.stdin is None or echo.stdout is None:
        raise OSError
    start_s = time.perf_counter()
    os.write(echo.stdin.fileno(), b"?")
    if not os.read(echo.stdout.fileno(), 1):
        raise OSError
    return time.perf_counter() - start_s


def _copied_s(source: memoryview, target: memoryview, place: int) -> float:
    chunk = slice(place, place + CHUNK_BYTES)
    start_s = time.perf_counter()
    target[chunk] = source[chunk]
    return time.perf_counter() - start_s
