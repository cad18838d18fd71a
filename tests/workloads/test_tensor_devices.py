"""Workloads of tensors on a GPU that is not there: where answers lie, and what a graph can hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from support.tensors import TASKS, TENSOR

if TYPE_CHECKING:
    from collections.abc import Iterator

COPYING = ("copies", "overlap")
NO_FAKE = (*COPYING, "pointwise")
"""Work that copies into a buffer, which torch's stand-in for a GPU cannot do without CUDA."""


@pytest.fixture
def fake_gpu(torch: Any) -> Iterator[Any]:
    """Pretend that there is a GPU: shapes, types and devices are true, numbers are not there."""
    from torch._subclasses.fake_tensor import FakeTensorMode  # noqa: PLC0415

    with FakeTensorMode(allow_non_fake_inputs=True):
        yield torch


@pytest.mark.parametrize(
    ("name", "task"), [each for each in TASKS if each[0] not in NO_FAKE], ids=str
)
def test_an_answer_on_the_gpu_stays_there(fake_gpu: Any, name: str, task: Any) -> None:
    given = TENSOR[name].task(task, device="cuda:0")

    assert (given.device, given.shape) == (fake_gpu.device("cuda:0"), ())


@pytest.mark.parametrize(
    ("name", "task"), [each for each in TASKS if each[0] not in NO_FAKE], ids=str
)
def test_what_a_graph_can_hold_awaits_nothing_in_its_audit_either(
    fake_gpu: Any, name: str, task: Any
) -> None:
    work = TENSOR[name]
    assert work.audit
    found = work.audit(task, device="cuda:0")

    assert work.capturable
    assert (found.device, found.dtype) == (fake_gpu.device("cuda:0"), fake_gpu.bool)


def test_work_that_awaits_the_device_in_its_audit_is_not_captured() -> None:
    assert not any(TENSOR[name].capturable for name in COPYING)


def test_a_copy_from_the_gpu_is_read_on_the_host(fake_gpu: Any) -> None:
    given = TENSOR["copies"].task(("from-pinned", 4_096, 0), device="cuda:0")

    assert given.device == fake_gpu.device("cpu")


@pytest.mark.parametrize(
    ("task", "to_device", "from_device"),
    [(("to-pinned", 64, 0), 64.0, 0.0), (("from-pageable", 64, 0), 0.0, 64.0)],
)
def test_a_copy_declares_the_bytes_of_its_own_way(
    task: Any, to_device: float, from_device: float
) -> None:
    work = TENSOR["copies"]
    assert work.to_device_bytes
    assert work.from_device_bytes

    assert (work.to_device_bytes(task), work.from_device_bytes(task)) == (to_device, from_device)
