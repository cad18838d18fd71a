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


def measured(
    device: str = "cpu", workers: int = 1, *precisions: str, link: bool = False
) -> list[dict[str, Any]]:
    return peak.measured_peaks(device, workers, precisions or ("fp32",), link=link)


@pytest.mark.usefixtures("torch")
def test_a_cpu_has_a_peak_of_both_kinds() -> None:
    (fp32,) = measured()

    assert all(math.isfinite(fp32[what]) for what in ("flops_per_s", "bytes_per_s"))


def test_a_cpu_is_measured_with_all_its_workers(torch: Any) -> None:
    measured("cpu", 2)

    assert torch.get_num_threads() == 2


def test_each_precision_has_a_peak_of_its_own(torch: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    multiplied: list[tuple[str, Any]] = []
    product = torch.mm

    def noting(left: Any, right: Any, out: Any) -> Any:
        multiplied.append((torch.get_float32_matmul_precision(), left.dtype))
        return product(left, right, out=out)

    monkeypatch.setattr(torch, "mm", noting)
    peaks = measured("cpu", 1, "fp32", "tf32", "bf16")

    assert [each["precision"] for each in peaks] == ["fp32", "tf32", "bf16"]
    assert list(dict.fromkeys(multiplied)) == [
        ("highest", torch.float32), ("high", torch.float32), ("highest", torch.bfloat16),
    ]  # fmt: skip
    assert torch.get_float32_matmul_precision() == "highest"


@pytest.mark.usefixtures("torch")
def test_the_link_is_measured_only_where_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peak, "link_speeds", lambda _: {"to_device_bytes_per_s": 7.0})

    assert "to_device_bytes_per_s" not in measured(link=False)[0]
    assert measured(link=True)[0]["to_device_bytes_per_s"] == 7.0


def test_a_link_is_measured_both_ways(torch: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    pinned, usual, times_s = [], torch.ones, iter([0.5, 0.25])

    def ones(count: int, *, pin_memory: bool) -> Any:
        pinned.append(pin_memory)
        return usual(count, device="meta")

    monkeypatch.setattr(torch, "ones", ones)
    monkeypatch.setattr(peak, "LINKED_BYTES", 1_024)
    monkeypatch.setattr(peak, "best_s", lambda run, _: (run(), next(times_s))[1])

    assert peak.link_speeds("meta") == {
        "to_device_bytes_per_s": 2_048, "from_device_bytes_per_s": 4_096,
    }  # fmt: skip
    assert pinned == [True]


def test_a_product_counts_two_operations_and_a_copy_two_bytes(
    torch: Any,  # noqa: ARG001
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(peak, "best_s", lambda *_: 0.5)

    assert measured() == [
        {
            "precision": "fp32", "flops_per_s": 2 * 2 * SIZE**3,
            "bytes_per_s": 2 * 2 * COPIED_BYTES,
        }
    ]  # fmt: skip


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

    measured("meta")

    assert set(queue.devices) == {"meta"}
