"""Two hosts of one machine id, by what tells them apart."""

from __future__ import annotations

import msgspec

from raceway.record import HostState

HOST = HostState(
    stepping="25-17-1",
    microcode="0x1000065",
    caches="L1d 32K",
    frequency_mhz=2596.1,
    memory_bytes_per_s=20e9,
    timer_wake_s=70e-6,
    pipe_wake_s=40e-6,
)
OTHER_HOST = msgspec.structs.replace(HOST, microcode="0x1000070")
