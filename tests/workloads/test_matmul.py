"""Matrix products: what they declare, what they compute, and which faults are found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from raceway.workloads import matmul
from raceway.workloads.matmul import WORKLOAD, expected_trace, freivalds, multiply, within_rounding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

N = 256
TASK = (N, 0)
CACHED = (matmul.operands, matmul.output, matmul.expected_trace)


@pytest.fixture
def torch() -> Iterator[Any]:
    """Return torch; no matrix of this test is seen by another."""
    torch = pytest.importorskip("torch", reason="torch is not installed")
    for function in CACHED:
        function.cache_clear()
    yield torch
    for function in CACHED:
        function.cache_clear()


@pytest.mark.parametrize("size", WORKLOAD.sizes)
def test_tasks_of_a_size_are_numbered_products_of_that_size(size: str) -> None:
    tasks = WORKLOAD.sizes[size]

    assert list(tasks) == [(int(size), number) for number in range(len(tasks))]


def test_the_seeds_ten_thousand_is_a_size() -> None:
    assert WORKLOAD.demand("10000").flops == 2e12


def test_what_is_resident_are_three_matrices_of_fp32_a_task() -> None:
    assert WORKLOAD.demand("256").resident_bytes == 16 * 3 * 4 * 256**2


def test_the_declared_operations_are_those_torch_counts(torch: Any) -> None:
    from torch.utils.flop_counter import FlopCounterMode  # noqa: PLC0415

    matrix = torch.empty(N, N, device="meta")
    with FlopCounterMode(display=False) as counter:
        torch.mm(matrix, matrix)

    assert WORKLOAD.flops
    assert counter.get_total_flops() == WORKLOAD.flops(TASK)


@pytest.fixture
def fake_gpu(torch: Any) -> Iterator[Any]:
    """Pretend that there is a GPU: shapes, types and devices are true, numbers are not there."""
    from torch._subclasses.fake_tensor import FakeTensorMode  # noqa: PLC0415

    with FakeTensorMode(allow_non_fake_inputs=True):
        yield torch


def test_operands_are_on_the_gpu(fake_gpu: Any) -> None:
    left, right = matmul.operands(N, "cuda:0")

    assert {left.device, right.device} == {fake_gpu.device("cuda:0")}


@pytest.mark.parametrize("what", ["shape", "dtype"])
def test_operands_are_square_matrices_of_fp32(fake_gpu: Any, what: str) -> None:
    known = {"shape": (N, N), "dtype": fake_gpu.float32}
    left, right = matmul.operands(N, "cuda:0")

    assert (getattr(left, what), getattr(right, what)) == (known[what], known[what])


def test_a_product_on_the_gpu_stays_there(fake_gpu: Any) -> None:
    trace = multiply(TASK, "cuda:0")

    assert (trace.device, trace.shape, trace.dtype) == (
        fake_gpu.device("cuda:0"), (), fake_gpu.float32,
    )  # fmt: skip


@pytest.mark.usefixtures("fake_gpu")
def test_the_result_is_written_to_the_gpu() -> None:
    multiply(TASK, "cuda:0")

    assert matmul.output(TASK, "cuda:0").device.type == "cuda"


@pytest.mark.usefixtures("torch")
def test_a_product_on_the_cpu_is_a_plain_number() -> None:
    assert type(multiply(TASK, "cpu")) is float


@pytest.mark.usefixtures("torch")
def test_the_right_trace_is_within_rounding() -> None:
    assert within_rounding(multiply(TASK, "cpu"), expected_trace(TASK))


def test_matrices_are_the_same_in_every_process(torch: Any) -> None:
    left, _ = matmul.operands(N, "cpu")
    matmul.operands.cache_clear()
    torch.randn(7)

    assert left.equal(matmul.operands(N, "cpu")[0])


@pytest.mark.usefixtures("torch")
def test_tasks_have_result_buffers_of_their_own() -> None:
    buffers = {matmul.output((N, number), "cpu").data_ptr() for number in range(3)}

    assert len(buffers) == 3


def test_products_are_computed_in_full_precision(torch: Any) -> None:
    torch.set_float32_matmul_precision("medium")
    matmul.operands(N, "cpu")

    assert torch.get_float32_matmul_precision() == "highest"


@pytest.mark.usefixtures("torch")
def test_a_right_product_passes_the_audit() -> None:
    assert freivalds(TASK, "cpu")


@pytest.fixture
def spoil(torch: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[[Any], None]:
    """Return a function that puts another computation in the place of `torch.mm`."""

    def put(compute: Callable[[Any, Any, Any], Any]) -> None:
        def spoilt(left: Any, right: Any, out: Any) -> Any:
            compute(left, right, out)
            return out

        monkeypatch.setattr(torch, "mm", spoilt)

    return put


def rounded(matrix: Any, bits: int) -> Any:
    """Return a matrix whose mantissas have been rounded to so many bits, as TF32 and bf16 are."""
    dropped = 23 - bits
    as_int = matrix.view(matrix.new_empty(0).int().dtype)
    half = 1 << (dropped - 1)
    return ((as_int + half) >> dropped << dropped).view(matrix.dtype)


def one_element_off(left: Any, right: Any, out: Any) -> None:
    out.copy_(left @ right)
    out[17, 200] += 0.01


def never_written(left: Any, right: Any, out: Any) -> None:
    """Compute nothing."""


def one_row_never_written(left: Any, right: Any, out: Any) -> None:
    out[:-1] = (left @ right)[:-1]


def in_tf32(left: Any, right: Any, out: Any) -> None:
    out.copy_(rounded(left, 10) @ rounded(right, 10))


def in_bf16(left: Any, right: Any, out: Any) -> None:
    out.copy_(rounded(left, 7) @ rounded(right, 7))


def transposed(left: Any, right: Any, out: Any) -> None:
    out.copy_((left @ right).T)


FAULTS = (one_element_off, never_written, one_row_never_written, in_tf32, in_bf16, transposed)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_an_audit_finds(spoil: Callable[[Any], None], fault: Any) -> None:
    multiply(TASK, "cpu")  # leaves the right product in the buffer
    spoil(fault)

    assert not freivalds(TASK, "cpu")


@pytest.mark.parametrize(
    "fault", [never_written, in_tf32, in_bf16], ids=lambda fault: fault.__name__
)
def test_the_trace_of_every_round_shows(spoil: Callable[[Any], None], fault: Any) -> None:
    matmul.output(TASK, "cpu").zero_()
    expected = expected_trace(TASK)
    spoil(fault)

    assert not within_rounding(multiply(TASK, "cpu"), expected)


def test_a_trace_that_is_not_a_number_is_wrong() -> None:
    assert not within_rounding(float("nan"), (0.0, 1.0))


@pytest.mark.parametrize(("trace", "is_right"), [(10.5, True), (9.5, True), (10.51, False)])
def test_a_trace_may_be_off_by_what_rounding_allows(trace: float, *, is_right: bool) -> None:
    assert within_rounding(trace, (10.0, 0.5)) is is_right


def test_an_audit_takes_rounding_for_what_it_is(torch: Any) -> None:
    worst = 0.0
    for size in (64, 256, 512):
        left, right = matmul.operands(size, "cpu")
        signs = torch.randint(0, 2, (size,), dtype=torch.float64) * 2 - 1
        residual = left.double() @ (right.double() @ signs) - (left @ right).double() @ signs
        worst = max(worst, float(residual.abs().max()) / (size * matmul.UNIT_ROUNDOFF))

    assert worst < matmul.FREIVALDS_BOUND / 4
