from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from raceway.doctor.checks.gpu import gpu_findings
from raceway.doctor.facts import Gpu
from raceway.doctor.findings import State

if TYPE_CHECKING:
    from support.healthy import MakeGpu


NAME = "0 (NVIDIA H100 80GB HBM3)"
CONDITION = "345 of 1980 MHz, 34 C, 70 of 700 W"


def test_no_gpu_is_no_problem() -> None:
    (finding,) = gpu_findings(())

    assert (finding.state, finding.seen, finding.consequence) == (
        State.UNKNOWN,
        "no GPU found",
        "",
    )


@pytest.mark.parametrize("slowdowns", [None, 0, 1, 0x102])
def test_an_idle_gpu_or_one_at_a_fixed_clock_is_well(gpu: MakeGpu, slowdowns: int | None) -> None:
    (finding,) = gpu_findings([gpu(slowdowns=slowdowns)])

    assert (finding.state, finding.seen) == (State.OK, f"{NAME}: {CONDITION}")


def test_a_gpu_that_tells_nothing_is_no_problem() -> None:
    (finding,) = gpu_findings([Gpu("1", "Old")])

    assert (finding.state, finding.seen) == (State.OK, "1 (Old): nothing told")


def test_a_clock_without_known_maximum_is_told_alone() -> None:
    (finding,) = gpu_findings([Gpu("1", "Old", sm_mhz=1500.0)])

    assert finding.seen == "1 (Old): 1500 MHz"


@pytest.mark.parametrize(
    ("slowdowns", "state", "causes"),
    [
        (0x04, State.WARN, "power cap"),
        (0x24, State.BAD, "power cap, heat"),
        (0x48, State.BAD, "hardware slowdown, heat (hardware)"),
        (0x80, State.BAD, "power brake"),
    ],
)
def test_what_slows_a_gpu_down_is_named(
    gpu: MakeGpu, slowdowns: int, state: State, causes: str
) -> None:
    (finding,) = gpu_findings([gpu(slowdowns=slowdowns)])

    assert finding.state is state
    assert finding.seen == f"{NAME} is slowed down by {causes}: {CONDITION}"


@pytest.mark.parametrize(
    ("fields", "uses"),
    [
        ({"processes": 2}, "2 processes"),
        ({"busy_share": 0.5}, "busy 50 % of the time"),
        ({"used_bytes": 3 * 2**30, "busy_share": None}, "3 GiB in use"),
        ({"used_bytes": None, "processes": 1}, "1 process"),
    ],
)
def test_a_gpu_that_others_use_is_told(gpu: MakeGpu, fields: dict[str, object], uses: str) -> None:
    (finding,) = gpu_findings([gpu(**fields)])

    assert (finding.state, finding.seen) == (State.WARN, f"{NAME} is used by others: {uses}")


def test_a_driver_that_is_unloaded_is_told(gpu: MakeGpu) -> None:
    (finding,) = gpu_findings([gpu(persistent=False)])

    assert (finding.state, finding.seen) == (State.WARN, f"{NAME}: persistence mode is off")


def test_each_gpu_has_its_own_findings(gpu: MakeGpu) -> None:
    found = gpu_findings([gpu(processes=1, slowdowns=4), gpu(index="1")])

    assert [finding.state for finding in found] == [State.WARN, State.WARN, State.OK]
