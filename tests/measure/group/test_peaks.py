from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from raceway.case import Case, Kind
from raceway.demand import Demand
from raceway.errors import LaneError
from raceway.measure.group import peaks
from raceway.measure.group.peaks import measured_peaks
from raceway.measure.group.plan import Plan
from raceway.measure.scratch.reaper import Reaper
from raceway.plan.catalogue import Catalogue
from raceway.plan.profile import SMOKE
from raceway.plan.selection import Entrant, Interpreter
from raceway.record import Peak

if TYPE_CHECKING:
    from collections.abc import Sequence

CURRENT = Interpreter("current", ("python",), {})
OTHER = Interpreter("3.14", ("python3.14",), {})
ON_CPU = Case("matmul", "256", "serial")
ON_GPU = replace(ON_CPU, model="cuda", device="cuda:0")


def a_plan(*cases: Case, demand: Demand | None = None, demands: Sequence[Demand] = ()) -> Plan:
    each = demands or [demand or Demand(1, flops=1.0)] * len(cases)
    entrants = [
        Entrant(case, Kind.TENSOR, own, concurrency=1)
        for case, own in zip(cases, each, strict=True)
    ]
    return Plan(entrants, [CURRENT, OTHER], Catalogue({}, {}, {}), SMOKE, 4, 60.0)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, int]]:
    """Return the label, device and workers of every question; the second GPU has none."""
    questions: list[tuple[str, str, int]] = []

    async def answer(interpreter: Interpreter, *_: Any, **question: Any) -> dict[str, float]:
        questions.append((interpreter.label, question["device"], question["workers"]))
        if question["device"] == "cuda:1":
            raise LaneError("out of memory")
        speeds = {"flops_per_s": 2.0, "bytes_per_s": 3.0}
        speeds |= {"to_device_bytes_per_s": 4.0} if question["link"] else {}
        return {"peaks": [{"precision": name, **speeds} for name in question["precisions"]]}

    monkeypatch.setattr(peaks, "ask_once", answer)
    return questions


@pytest.mark.usefixtures("asked")
async def test_a_peak_says_what_was_measured() -> None:
    assert await measured_peaks(a_plan(ON_GPU), Reaper()) == [
        Peak(
            device="cuda:0", interpreter="current", precision="fp32", flops_per_s=2.0,
            bytes_per_s=3.0, workers=1,
        )
    ]  # fmt: skip


async def test_each_device_of_each_interpreter_is_asked_once(
    asked: list[tuple[str, str, int]],
) -> None:
    cases = [ON_CPU, replace(ON_CPU, size="512"), ON_GPU, replace(ON_GPU, interpreter="3.14")]
    await measured_peaks(a_plan(*cases), Reaper())

    assert asked == [("current", "cpu", 4), ("current", "cuda:0", 1), ("3.14", "cuda:0", 1)]


@pytest.mark.parametrize(
    ("demand", "count"),
    [(Demand(1), 0), (Demand(1, flops=1.0), 1), (Demand(1, moved_bytes=1.0), 1)],
)
async def test_only_work_with_a_demand_on_the_device_needs_its_peak(
    asked: list[tuple[str, str, int]], demand: Demand, count: int
) -> None:
    await measured_peaks(a_plan(ON_CPU, demand=demand), Reaper())

    assert len(asked) == count


@pytest.mark.usefixtures("asked")
async def test_each_precision_raced_on_a_device_has_a_peak() -> None:
    demands = [Demand(1, flops=1.0, precision=name) for name in ("fp32", "bf16", "bf16")]
    found = await measured_peaks(a_plan(*[ON_GPU] * 3, demands=demands), Reaper())

    assert [(each.device, each.precision) for each in found] == [
        ("cuda:0", "fp32"), ("cuda:0", "bf16"),
    ]  # fmt: skip


@pytest.mark.parametrize(("copied", "speed"), [({}, 0.0), ({"from_device_bytes": 1.0}, 4.0)])
@pytest.mark.usefixtures("asked")
async def test_the_link_is_measured_for_work_that_uses_it(
    copied: dict[str, float], speed: float
) -> None:
    (found,) = await measured_peaks(a_plan(ON_GPU, demand=Demand(1, flops=1.0, **copied)), Reaper())

    assert found.to_device_bytes_per_s == speed


@pytest.mark.usefixtures("asked")
async def test_a_device_that_fails_has_no_peak() -> None:
    found = await measured_peaks(a_plan(replace(ON_GPU, device="cuda:1"), ON_CPU), Reaper())

    assert [peak.device for peak in found] == ["cpu"]
