"""What every workload of tensors keeps to: declared and verified."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest

from support.tensors import NEW, SMALL, TASKS, TENSOR, answer

if TYPE_CHECKING:
    from collections.abc import Callable

    from raceway.case import Workload

each_task = pytest.mark.parametrize(("name", "task"), TASKS, ids=str)


def agrees(work: Workload, given: float, task: Any) -> bool:
    assert work.expected
    return work.agrees(given, work.expected(task))


def audited(work: Workload, task: Any) -> bool:
    assert work.audit
    return bool(work.audit(task, device="cpu"))


@each_task
@pytest.mark.usefixtures("torch")
def test_the_right_answer_is_expected_and_passes_the_audit(name: str, task: Any) -> None:
    work = TENSOR[name]

    assert agrees(work, answer(work, task), task)
    assert audited(work, task)


@pytest.mark.parametrize("name", NEW)
@pytest.mark.usefixtures("torch")
def test_an_answer_that_is_not_a_number_is_wrong(name: str) -> None:
    task = next(task for known, task in TASKS if known == name)

    assert not agrees(NEW[name], float("nan"), task)


@pytest.mark.parametrize("name", NEW)
def test_every_tensor_workload_is_audited_and_says_what_it_needs(name: str) -> None:
    work = NEW[name]

    assert work.audit
    assert work.expected
    assert (work.requires, work.extra) == (("torch",), "torch")
    assert all(work.demand(size).resident_bytes > 0 for size in work.sizes)


@pytest.mark.parametrize("name", NEW)
def test_sizes_and_devices_with_a_profile_of_their_own_exist(name: str) -> None:
    work = NEW[name]

    assert work.size_scopes.keys() <= work.sizes.keys()
    assert work.device_scopes.keys() <= work.devices


def put_in_place_of(
    operation: str, monkeypatch: pytest.MonkeyPatch, torch: Any, compute: Callable[..., Any]
) -> None:
    """Put another computation in the place of torch's."""

    def spoilt(*inputs: Any, out: Any) -> Any:
        compute(*inputs, out)
        return out

    monkeypatch.setattr(torch, operation, spoilt)


def never_written(*_: Any) -> None:
    """Compute nothing."""


@pytest.mark.parametrize(
    ("name", "task", "operation"),
    [
        ("matmul-tf32", (64, 0), "mm"),
        ("matmul-bf16", (64, 0), "mm"),
        ("elementwise", (2**10, 1), "mul"),
        ("batched-matmul", ("loop", 32, 0), "mm"),
        ("batched-matmul", ("bmm", 32, 0), "bmm"),
        ("overlap", (32, 1), "mm"),
    ],
)
def test_what_was_never_computed_is_found_by_the_audit(
    torch: Any, monkeypatch: pytest.MonkeyPatch, name: str, task: Any, operation: str
) -> None:
    answer(TENSOR[name], task)  # leaves the right result in the buffer
    put_in_place_of(operation, monkeypatch, torch, never_written)

    assert not audited(TENSOR[name], task)


@pytest.mark.parametrize("name", ["copies", "overlap", "launches", "pointwise"])
@pytest.mark.parametrize("operation", ["copy_", "fill_"])
def test_what_was_never_copied_or_filled_is_found_by_the_audit(
    torch: Any, monkeypatch: pytest.MonkeyPatch, name: str, operation: str
) -> None:
    if (name == "launches") != (operation == "fill_"):
        pytest.skip(f"{name} does not rest on {operation}")
    task = next(task for known, task in TASKS if known == name)
    usual = getattr(torch.Tensor, operation)

    def spoilt(self: Any, given: Any, **options: Any) -> Any:
        poisons = isinstance(given, float) and given < 0
        return usual(self, given, **options) if poisons else self

    answer(TENSOR[name], task)
    monkeypatch.setattr(torch.Tensor, operation, spoilt)

    assert not audited(TENSOR[name], task)


def rounded(matrix: Any, bits: int) -> Any:
    """Return fp32 numbers whose mantissas were rounded to so many bits."""
    dropped = 23 - bits
    as_int = matrix.view(matrix.new_empty(0).int().dtype)
    return ((as_int + (1 << (dropped - 1))) >> dropped << dropped).view(matrix.dtype)


def truncated(matrix: Any, bits: int) -> Any:
    """Return fp32 numbers whose mantissas were cut to so many bits, as matrix units may do."""
    dropped = 23 - bits
    as_int = matrix.view(matrix.new_empty(0).int().dtype)
    return (as_int >> dropped << dropped).view(matrix.dtype)


@pytest.mark.parametrize("cut", [rounded, truncated])
@pytest.mark.parametrize("size", [64, 512])
def test_inputs_rounded_to_tf32_are_taken_for_tf32(
    torch: Any, monkeypatch: pytest.MonkeyPatch, cut: Callable[[Any, int], Any], size: int
) -> None:
    work = TENSOR["matmul-tf32"]

    def product(left: Any, right: Any, out: Any) -> None:
        out.copy_(cut(left, 10) @ cut(right, 10))

    put_in_place_of("mm", monkeypatch, torch, product)

    assert agrees(work, answer(work, (size, 0)), (size, 0))
    assert audited(work, (size, 0))


@pytest.mark.parametrize(("name", "bits"), [("matmul-tf32", 7), ("matmul-bf16", 3)])
def test_inputs_rounded_further_are_found_by_the_audit(
    torch: Any, monkeypatch: pytest.MonkeyPatch, name: str, bits: int
) -> None:
    def product(left: Any, right: Any, out: Any) -> None:
        out.copy_(rounded(left.float(), bits) @ rounded(right.float(), bits))

    put_in_place_of("mm", monkeypatch, torch, product)

    assert not audited(TENSOR[name], (512, 0))


@pytest.mark.parametrize("name", ["matmul-tf32", "matmul-bf16"])
def test_one_wrong_element_is_found_by_the_audit(
    torch: Any, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    def product(left: Any, right: Any, out: Any) -> None:
        out.copy_(left.float() @ right.float())
        out[17, 3] += 2.0

    put_in_place_of("mm", monkeypatch, torch, product)

    assert not audited(TENSOR[name], (64, 0))


@pytest.mark.parametrize(("name", "precision"), [("matmul-tf32", "high"), ("overlap", "highest")])
def test_products_are_computed_in_the_precision_they_declare(
    torch: Any, name: str, precision: str
) -> None:
    torch.set_float32_matmul_precision("medium")
    answer(TENSOR[name], SMALL[name])

    assert torch.get_float32_matmul_precision() == precision


def test_bf16_matrices_are_of_bf16(torch: Any) -> None:
    module = import_module("raceway.workloads.matmul_bf16")

    assert {each.dtype for each in module.operands(64, "cpu")} == {torch.bfloat16}
    assert module.output((64, 0), "cpu").dtype == torch.bfloat16


@pytest.mark.parametrize(
    ("name", "task", "operation"),
    [("matmul-bf16", (64, 0), "mm"), ("batched-matmul", ("bmm", 32, 0), "bmm"),
     ("batched-matmul", ("loop", 32, 0), "mm"), ("overlap", (32, 1), "mm")],
)  # fmt: skip
@pytest.mark.usefixtures("torch")
def test_the_declared_operations_are_those_torch_counts(
    name: str, task: Any, operation: str
) -> None:
    from torch.utils.flop_counter import FlopCounterMode  # noqa: PLC0415

    work = TENSOR[name]
    answer(work, task)  # fills the caches
    with FlopCounterMode(display=False) as counter:
        answer(work, task)

    assert work.flops
    counted = counter.get_flop_counts()["Global"]
    assert sum(flops for each, flops in counted.items() if operation in str(each)) == (
        work.flops(task)
    )


@pytest.mark.parametrize("name", ["elementwise", "pointwise"])
@pytest.mark.parametrize("size", ["largest", "smallest"])
def test_every_size_moves_more_than_caches_hold(name: str, size: str) -> None:
    names = list(TENSOR[name].sizes)

    assert TENSOR[name].demand(names[-1 if size == "largest" else 0]).moved_bytes == 2**28


def test_the_kernel_of_a_task_gives_the_tasks_answer(torch: Any) -> None:
    work, task = TENSOR["pointwise"], (2**10, 1)
    assert work.kernel
    assert work.inputs
    plain = answer(work, task)

    assert float(work.kernel(*work.inputs(task, device="cpu"))) == plain
    assert torch.get_num_threads() >= 1


@pytest.mark.usefixtures("torch")
def test_the_audit_of_a_kernel_checks_the_one_it_is_given() -> None:
    work, task = TENSOR["pointwise"], (2**10, 1)
    assert work.audit

    assert not work.audit(task, device="cpu", kernel=never_written)


@pytest.mark.usefixtures("torch")
def test_small_products_are_the_same_one_by_one_and_in_a_batch() -> None:
    work = TENSOR["batched-matmul"]
    loop, bmm = (answer(work, (how, 32, 0)) for how in ("loop", "bmm"))

    assert loop == pytest.approx(bmm, rel=1e-4)
