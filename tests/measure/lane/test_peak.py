from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pytest

from raceway.measure.lane import peak

if TYPE_CHECKING:
    from collections.abc import Iterator

SIZE = 64
COPIED_BYTES = 2**16


@pytest.fixture
def torch(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Return torch, with small things to measure and its threads as they were afterwards."""
    torch = pytest.importorskip("torch", reason="torch is not installed")
    for what, amount in (("MATRIX_SIZE", SIZE), ("COPIED_BYTES", COPIED_BYTES)):
        monkeypatch.setattr(peak, what, {"cpu": amount, "meta": amount})
    threads = torch.get_num_threads()
    yield torch
    torch.set_num_threads(threads)


@pytest.mark.usefixtures("torch")
def test_a_cpu_has_a_peak_of_both_kinds() -> None:
    measured = peak.measured_peak("cpu", 1)

    assert all(math.isfinite(measured[what]) for what in ("flops_per_s", "bytes_per_s"))


def test_a_cpu_is_measured_with_all_its_workers(torch: Any) -> None:
    peak.measured_peak("cpu", 2)

    assert torch.get_num_threads() == 2


def test_a_product_counts_two_operations_and_a_copy_two_bytes(
    torch: Any,  # noqa: ARG001
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(peak, "best_s", lambda *_: 0.5)

    assert peak.measured_peak("cpu", 1) == {
        "flops_per_s": 2 * 2 * SIZE**3, "bytes_per_s": 2 * 2 * COPIED_BYTES,
    }  # fmt: skip


class Queue:
    """A device and a clock: what is started is done only when the device is awaited."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self.queued_s = 0.0
        self.devices: list[str] = []

    def synchronize(self, device: str) -> None:
        self.devices.append(device)
        self.now_s, self.queued_s = self.now_s + self.queued_s, 0.0

    def perf_counter(self) -> float:
        return self.now_s


def test_a_device_is_awaited_before_each_reading(
    torch: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue, durations_s = Queue(), iter([9.0, 3.0, 2.0, 5.0, 4.0, 7.0])
    monkeypatch.setattr(torch.cuda, "synchronize", queue.synchronize)
    monkeypatch.setattr(peak, "time", queue)

    def start() -> None:
        queue.queued_s = next(durations_s)

    assert peak.best_s(start, "meta") == 2.0


def test_the_first_time_does_not_count(torch: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    queue, durations_s = Queue(), iter([1.0, 3.0, 2.0, 5.0, 4.0, 7.0])
    monkeypatch.setattr(torch.cuda, "synchronize", queue.synchronize)
    monkeypatch.setattr(peak, "time", queue)

    def start() -> None:
        queue.queued_s = next(durations_s)

    assert peak.best_s(start, "meta") == 2.0


def test_it_is_the_measured_device_that_is_awaited(
    torch: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue = Queue()
    monkeypatch.setattr(torch.cuda, "synchronize", queue.synchronize)

    peak.measured_peak("meta", 1)

    assert set(queue.devices) == {"meta"}
