from __future__ import annotations

import subprocess
import time
from typing import TYPE_CHECKING

import pytest

from raceway.measure.machine import linux
from raceway.measure.machine.host_state import (
    BURST_BYTES,
    memory_bytes_per_s,
    probe_host_state,
    undisturbed,
    wake_ups,
)

if TYPE_CHECKING:
    from support.files import MakeTree

EPYC = (
    "processor\t: 0\ncpu family\t: 25\nmodel\t\t: 17\nmodel name\t: AMD EPYC\nstepping\t: 1\n"
    "microcode\t: 0x1000065\ncpu MHz\t\t: 2596.148\n\nprocessor\t: 1\nstepping\t: 1\n"
)
CACHE = "sys/devices/system/cpu/cpu0/cache"
CACHES = {
    f"{CACHE}/index0/level": "1\n",
    f"{CACHE}/index0/type": "Data\n",
    f"{CACHE}/index0/size": "32K\n",
    f"{CACHE}/index1/level": "1\n",
    f"{CACHE}/index1/type": "Instruction\n",
    f"{CACHE}/index1/size": "32K\n",
    f"{CACHE}/index2/level": "2\n",
    f"{CACHE}/index2/type": "Unified\n",
    f"{CACHE}/index2/size": "1024K\n",
}
MAX_FREQUENCY = "sys/devices/system/cpu/cpu0/cpufreq/cpuinfo_max_freq"


def test_the_state_of_a_host_is_what_its_processor_tells(make_tree: MakeTree) -> None:
    state = probe_host_state(make_tree({"proc/cpuinfo": EPYC, **CACHES}))

    assert (state.stepping, state.microcode) == ("25-17-1", "0x1000065")
    assert state.caches == "L1d 32K, L1i 32K, L2 1024K"
    assert state.frequency_mhz == 2596.148


def test_what_a_host_does_not_tell_is_not_known(make_tree: MakeTree) -> None:
    state = probe_host_state(make_tree({}))

    assert (state.stepping, state.microcode, state.caches) == ("", "", "")
    assert state.frequency_mhz is None


def test_the_highest_frequency_counts_before_that_of_the_moment(make_tree: MakeTree) -> None:
    root = make_tree({"proc/cpuinfo": EPYC, MAX_FREQUENCY: "3500000\n"})

    assert linux.frequency_mhz(root) == 3500.0


@pytest.mark.parametrize("told", ["", "fast", "0", "-1", "inf", "nan"])
def test_a_frequency_that_is_none_is_not_known(make_tree: MakeTree, told: str) -> None:
    assert linux.frequency_mhz(make_tree({"proc/cpuinfo": f"cpu MHz: {told}\n"})) is None


def test_an_arm_core_tells_its_revision(make_tree: MakeTree) -> None:
    assert linux.stepping(make_tree({"proc/cpuinfo": "CPU revision : 1\n"})) == "1"


def test_memory_and_wake_ups_are_measured(make_tree: MakeTree) -> None:
    state = probe_host_state(make_tree({}))

    assert state.memory_bytes_per_s
    assert state.timer_wake_s is not None
    assert state.pipe_wake_s


def test_a_timer_s_wake_up_is_how_late_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    sleep = time.sleep
    monkeypatch.setattr("time.sleep", lambda seconds: sleep(seconds + 0.004))
    late_s, _ = wake_ups()

    assert late_s
    assert late_s >= 0.004


def test_memory_that_cannot_be_had_has_no_speed(monkeypatch: pytest.MonkeyPatch) -> None:
    def none_left(size: int) -> bytearray:
        assert size == BURST_BYTES
        raise MemoryError

    monkeypatch.setattr("raceway.measure.machine.host_state.bytearray", none_left, raising=False)

    assert memory_bytes_per_s() is None


def test_timers_are_measured_where_no_process_can_be_started(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError

    monkeypatch.setattr(subprocess, "Popen", refuse)
    late_s, away_s = wake_ups()

    assert late_s is not None
    assert away_s is None


def test_an_echo_that_dies_leaves_pipes_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("raceway.measure.machine.host_state.ECHO", "raise SystemExit")
    late_s, away_s = wake_ups()

    assert late_s is not None
    assert away_s is None


def test_what_interrupts_half_of_the_measurements_does_not_count() -> None:
    assert undisturbed([1.0] * 6 + [50.0] * 6) == 1.0
