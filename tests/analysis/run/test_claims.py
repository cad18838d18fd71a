"""The tutorial's claims, put to runs in which they hold or do not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from raceway.analysis.run.claim import Claim, ClaimResult
from raceway.analysis.run.claims import claims_of
from raceway.analysis.run.results import results_of
from raceway.record import Grade, Status
from support.synthetic import a_launch

if TYPE_CHECKING:
    from collections.abc import Callable

    from raceway.record import Launch
    from support.synthetic import MakeRecord, MakeRun


PROCESSES, GIL, WAITING, ONE_CORE, GPU = range(5)


def busy(passes_s: list[float], cores: float) -> list[Launch]:
    """Return launches that kept so many cores busy."""
    launches = [a_launch(index, pass_s) for index, pass_s in enumerate(passes_s)]
    return [
        msgspec.structs.replace(each, cpu_s=cores * sum(each.rounds_ns) / 1e9) for each in launches
    ]


@pytest.fixture
def claimed(run: MakeRun, record: MakeRecord, steady: list[float]) -> Callable[..., list[Claim]]:
    """Return the claims about a run in which models take so many times as long as serial."""

    def claim(  # noqa: PLR0913 (each a fact of the run)
        kind: str = "cpu",
        *,
        gil: bool = True,
        cores: int = 2,
        cpu_share: float = 1.0,
        device: str = "cpu",
        grade: Grade = Grade.QUIET,
        **factors: float,
    ) -> list[Claim]:
        records = []
        for model, factor in {"serial": 1.0, **factors}.items():
            made = record(model.replace("_", "-"), [factor * each for each in steady], kind=kind,
                          device=device if model == "cuda" else "cpu")  # fmt: skip
            launches = [
                msgspec.structs.replace(each, cpu_s=cpu_share * sum(each.rounds_ns) / 1e9)
                for each in made.launches
            ]
            records.append(msgspec.structs.replace(made, launches=launches))
        one = run(records, grade=grade)
        machine = msgspec.structs.replace(one.header.machine, usable_cores=cores)
        environments = [
            msgspec.structs.replace(each, gil_enabled=gil, free_threaded=not gil)
            for each in one.header.environments
        ]
        header = msgspec.structs.replace(one.header, machine=machine, environments=environments)
        one = msgspec.structs.replace(one, header=header)
        return claims_of(one, results_of(one))

    return claim


def test_processes_that_pay_hold_the_first_claim(claimed: Callable[..., list[Claim]]) -> None:
    assert claimed(pool=0.55)[PROCESSES].finding is ClaimResult.HOLDS


def test_one_model_of_processes_that_pays_is_enough(claimed: Callable[..., list[Claim]]) -> None:
    assert claimed(pool=0.55, processes_spawn=1.5)[PROCESSES].finding is ClaimResult.HOLDS


def test_processes_that_lose_break_the_first_claim(claimed: Callable[..., list[Claim]]) -> None:
    assert claimed(pool=1.2)[PROCESSES].finding is ClaimResult.FAILS


def test_threads_that_gain_nothing_hold_the_second_claim(
    claimed: Callable[..., list[Claim]],
) -> None:
    assert claimed(threads=1.01)[GIL].finding is ClaimResult.HOLDS


def test_without_the_gil_threads_compute_in_parallel_and_the_claim_is_false(
    claimed: Callable[..., list[Claim]],
) -> None:
    claim = claimed(threads=0.55, gil=False)[GIL]

    assert claim.finding is ClaimResult.FAILS
    assert "even where it is off" in claim.text


def test_one_core_tests_nothing_parallel(claimed: Callable[..., list[Claim]]) -> None:
    claims = claimed(pool=1.1, threads=1.0, cores=1)

    assert [claims[at].finding for at in (PROCESSES, GIL)] == [ClaimResult.UNTESTED] * 2
    assert "one usable core" in claims[PROCESSES].reason


def test_threads_and_asyncio_that_overlap_waits_hold_the_third_claim(
    claimed: Callable[..., list[Claim]],
) -> None:
    claims = claimed("io", threads=0.1, asyncio=0.1, cpu_share=0.0)

    assert claims[WAITING].finding is ClaimResult.HOLDS


def test_work_that_never_waits_says_nothing_of_waiting(
    claimed: Callable[..., list[Claim]],
) -> None:
    claims = claimed("io", threads=1.1, asyncio=1.1, cpu_share=1.0)

    assert claims[WAITING].finding is ClaimResult.UNTESTED


def test_a_loop_blocked_by_plain_functions_says_nothing_of_asyncio(
    run: MakeRun, record: MakeRecord, steady: list[float]
) -> None:
    waits: dict[str, Any] = {"kind": "io", "shortest_wait_s": 0.01}
    one = run([
        record("serial", steady, **waits),
        record("threads", [each / 4 for each in steady], **waits),
        record("asyncio", steady, blocking=True, **waits),
    ])  # fmt: skip

    assert claims_of(one, results_of(one))[WAITING].finding is ClaimResult.HOLDS


def test_c_that_releases_the_gil_says_nothing_of_what_holds_it(
    run: MakeRun, record: MakeRecord, steady: list[float]
) -> None:
    releasing: dict[str, Any] = {"workload": "digest", "releases_gil": True}
    half = [each / 2 for each in steady]
    one = run([
        record("serial", steady), record("threads", steady), record("asyncio", steady),
        record("serial", steady, **releasing), record("threads", half, **releasing),
        record("asyncio", half, launches=busy(half, cores=2.0), **releasing),
    ])  # fmt: skip
    claims = claims_of(one, results_of(one))

    assert [claims[at].finding for at in (GIL, ONE_CORE)] == [ClaimResult.HOLDS] * 2
    assert {each.result.record.workload for each in claims[GIL].evidence} == {"primes"}


def test_a_loop_that_hands_tasks_to_threads_is_not_asyncio_alone(
    run: MakeRun, record: MakeRecord, steady: list[float]
) -> None:
    one = run([
        record("serial", steady),
        record("asyncio", steady),
        record("to-thread", launches=busy(steady, cores=1.9), family="event loop", workers=2),
    ])  # fmt: skip

    assert claims_of(one, results_of(one))[ONE_CORE].finding is ClaimResult.HOLDS


def test_tasks_too_short_to_be_work_say_nothing_of_processes(
    run: MakeRun, record: MakeRecord, steady: list[float]
) -> None:
    no_op: dict[str, Any] = {"workload": "dispatch", "tasks": 1_000_000}
    one = run([
        record("serial", steady), record("pool", [each / 1.9 for each in steady]),
        record("serial", steady, **no_op), record("pool", [9 * each for each in steady], **no_op),
    ])  # fmt: skip

    assert claims_of(one, results_of(one))[PROCESSES].finding is ClaimResult.HOLDS


@pytest.mark.parametrize(
    ("cores", "finding"), [(1.01, ClaimResult.HOLDS), (1.9, ClaimResult.FAILS)]
)
def test_asyncio_uses_one_core_or_does_not(
    claimed: Callable[..., list[Claim]], cores: float, finding: ClaimResult
) -> None:
    assert claimed(asyncio=1.0, cpu_share=cores)[ONE_CORE].finding is finding


@pytest.mark.parametrize(
    ("factor", "finding"), [(0.02, ClaimResult.HOLDS), (1.5, ClaimResult.FAILS)]
)
def test_the_gpu_is_held_against_the_fastest_on_the_cpu(
    claimed: Callable[..., list[Claim]], factor: float, finding: ClaimResult
) -> None:
    claim = claimed("tensor", torch=0.5, cuda=0.5 * factor, device="cuda:0")[GPU]

    assert claim.finding is finding
    assert claim.evidence[0].value == pytest.approx(1 / factor, rel=0.01)


def test_sizes_left_to_the_gpu_do_not_hide_those_both_ran(
    run: MakeRun, record: MakeRecord, steady: list[float]
) -> None:
    tensor = {"kind": "tensor", "workload": "matmul"}
    fast = [each / 50 for each in steady]
    one = run([
        record("serial", steady, size="512", flops=1e8, **tensor),
        record("cuda", fast, size="512", flops=1e8, device="cuda:0", **tensor),
        record("cuda", steady, size="16384", flops=1e13, device="cuda:0", **tensor),
    ])  # fmt: skip
    claim = claims_of(one, results_of(one))[GPU]

    assert claim.finding is ClaimResult.HOLDS
    assert [each.result.record.size for each in claim.evidence] == ["512"]


def test_a_noisy_group_tells_of_the_gpu_what_its_interval_tells(
    claimed: Callable[..., list[Claim]],
) -> None:
    claim = claimed("tensor", cuda=0.01, device="cuda:0", grade=Grade.NOISY)[GPU]

    assert claim.finding is ClaimResult.HOLDS


def test_without_a_gpu_the_reason_of_the_skip_is_given(run: MakeRun, record: MakeRecord) -> None:
    skipped = record("cuda", status=Status.SKIPPED, reason="no CUDA device", device="cuda:0")
    one = run([skipped])
    claim = claims_of(one, results_of(one))[GPU]

    assert (claim.finding, claim.reason) == (ClaimResult.UNTESTED, "no CUDA device")


def test_a_single_task_decides_no_claim(run: MakeRun, record: MakeRecord) -> None:
    passes_s = {"serial": [1.0] * 5, "pool": [1.2] * 5}
    one = run([record(model, each, tasks=1) for model, each in passes_s.items()])

    claim = claims_of(one, results_of(one))[PROCESSES]

    assert claim.finding is ClaimResult.UNTESTED
    assert claim.reason == "no processes were raced on CPU-bound work in a way that tells"


def test_a_case_that_waited_for_cores_leaves_a_claim_untested(
    run: MakeRun, record: MakeRecord
) -> None:
    passes_s = {"serial": [1.0] * 5, "pool": [1.0] * 5}
    one = run([record(model, each) for model, each in passes_s.items()], capacity=1.1)

    assert claims_of(one, results_of(one))[PROCESSES].finding is ClaimResult.UNTESTED


def test_an_empty_run_tests_nothing(run: MakeRun) -> None:
    one = run([])

    assert {claim.finding for claim in claims_of(one, [])} == {ClaimResult.UNTESTED}
