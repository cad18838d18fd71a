"""Which lanes are started, kept and ended; the lanes themselves are simulated."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from raceway.case import Case
from raceway.errors import LaneError
from raceway.measure.control import lanes as module
from raceway.measure.control.lanes import Lanes, ask_once
from raceway.measure.scratch.reaper import Reaper
from raceway.models import dask, pool, threads
from raceway.plan.catalogue import discover
from raceway.plan.engines import Engine
from raceway.plan.selection import Interpreter
from raceway.workloads import factorial, primes

if TYPE_CHECKING:
    from collections.abc import Sequence

CASE = Case("primes", "100", "threads", 2)
FRESH = replace(CASE, model="processes-spawn")


@dataclass
class FakeLane:
    """A lane that only notes how it ends."""

    name: str
    command: Sequence[str]
    required: Sequence[str]
    ended: list[str] = field(default_factory=list)

    async def ask(self, do: str, timeout_s: float, **arguments: Any) -> dict[str, Any]:
        if do == "dance":
            raise LaneError("cannot dance")
        return {"do": do, "timeout_s": timeout_s, **arguments}

    async def quit(self) -> None:
        self.ended.append("quit")

    async def end(self) -> None:
        self.ended.append("ended")


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[FakeLane]:
    """Return all lanes that are started from now on."""
    lanes: list[FakeLane] = []

    async def start_lane(
        name: str, command: Sequence[str], _: bytes, required: Sequence[str], __: Reaper
    ) -> FakeLane:
        lanes.append(FakeLane(name, command, required))
        return lanes[-1]

    monkeypatch.setattr(module, "start_lane", start_lane)
    return lanes


@pytest.fixture
def lanes() -> Lanes:
    """Return the lanes of one launch, none started yet."""
    return Lanes({"current": ("python",), "3.14": ("python3.14", "-I")}, discover(), Reaper())


async def test_a_lane_is_started_when_it_is_needed(lanes: Lanes, started: list[FakeLane]) -> None:
    await lanes.fetch(CASE)

    assert [(lane.name, lane.command) for lane in started] == [
        ("primes-100-threads-w2", ("python",))
    ]


@pytest.mark.parametrize(
    ("interpreter", "command"), [("current", ("python",)), ("3.14", ("python3.14", "-I"))]
)
async def test_a_lane_is_that_of_its_interpreter(
    lanes: Lanes, started: list[FakeLane], interpreter: str, command: tuple[str, ...]
) -> None:
    await lanes.fetch(replace(CASE, interpreter=interpreter))

    assert started[0].command == command


async def test_a_lane_that_races_is_not_asked_what_it_can_do(
    lanes: Lanes, started: list[FakeLane]
) -> None:
    await lanes.fetch(CASE)

    assert started[0].required is None


async def test_sizes_of_one_workload_share_a_lane(lanes: Lanes, started: list[FakeLane]) -> None:
    assert await lanes.fetch(CASE) is await lanes.fetch(replace(CASE, size="1000"))
    assert len(started) == 1


@pytest.mark.parametrize(
    "other", [{"workload": "factorial"}, {"model": "pool"}, {"workers": 3}, {"interpreter": "3.14"}]
)
@pytest.mark.usefixtures("started")
async def test_other_cases_have_lanes_of_their_own(lanes: Lanes, other: dict[str, Any]) -> None:
    assert await lanes.fetch(CASE) is not await lanes.fetch(replace(CASE, **other))


async def test_a_discarded_lane_is_ended(lanes: Lanes, started: list[FakeLane]) -> None:
    await lanes.fetch(CASE)

    await lanes.discard(CASE)

    assert started[0].ended == ["ended"]


async def test_after_a_discarded_lane_comes_a_fresh_one(
    lanes: Lanes, started: list[FakeLane]
) -> None:
    await lanes.fetch(CASE)
    await lanes.discard(CASE)

    assert await lanes.fetch(CASE) is started[1]


async def test_discarding_a_lane_that_never_started_does_nothing(lanes: Lanes) -> None:
    await lanes.discard(CASE)

    assert lanes.running == {}


async def test_lanes_are_kept_from_group_to_group(lanes: Lanes, started: list[FakeLane]) -> None:
    await lanes.fetch(CASE)

    lanes.retire({CASE.lane})
    await lanes.quit_retired()

    assert started[0].ended == []


async def test_lanes_that_no_other_group_needs_end_before_their_launch(
    lanes: Lanes, started: list[FakeLane]
) -> None:
    await lanes.fetch(CASE)
    await lanes.fetch(replace(CASE, workload="factorial"))

    lanes.retire({CASE.lane})
    await lanes.quit_retired()

    assert [lane.ended for lane in started] == [[], ["quit"]]


async def test_lanes_whose_servers_would_stay_warm_end_with_the_group(
    lanes: Lanes, started: list[FakeLane]
) -> None:
    await lanes.fetch(FRESH)

    lanes.retire({FRESH.lane})
    await lanes.quit_retired()

    assert started[0].ended == ["quit"]
    assert await lanes.fetch(FRESH) is started[1]


async def test_all_lanes_end_with_the_launch(lanes: Lanes, started: list[FakeLane]) -> None:
    await lanes.fetch(CASE)
    await lanes.fetch(FRESH)

    await lanes.end_launch()

    assert [lane.ended for lane in started] == [["quit"], ["quit"]]


async def test_a_launch_begins_with_fresh_lanes(lanes: Lanes, started: list[FakeLane]) -> None:
    await lanes.fetch(CASE)
    await lanes.end_launch()

    assert await lanes.fetch(CASE) is started[1]


INTERPRETER = Interpreter("3.14", ("python3.14",), {})


async def test_a_single_question_has_a_lane_of_its_own(started: list[FakeLane]) -> None:
    reply = await ask_once(INTERPRETER, discover(), Reaper(), 7.0, do="peak", device="cpu")

    assert reply == {"do": "peak", "timeout_s": 7.0, "device": "cpu"}
    assert (started[0].command, started[0].required, started[0].ended) == (
        ("python3.14",), None, ["quit"],
    )  # fmt: skip


async def test_a_single_question_that_fails_leaves_no_lane(started: list[FakeLane]) -> None:
    with pytest.raises(LaneError, match="cannot dance"):
        await ask_once(INTERPRETER, discover(), Reaper(), 7.0, do="dance")

    assert started[0].ended == ["quit"]


def test_a_lane_gets_the_model_and_the_workload_that_it_races_alone(lanes: Lanes) -> None:
    sent = lanes.bundle_of(CASE)

    assert Path(threads.__file__).read_bytes() in sent
    assert Path(primes.__file__).read_bytes() in sent
    assert Path(pool.__file__).read_bytes() not in sent
    assert Path(factorial.__file__).read_bytes() not in sent


@pytest.mark.parametrize("name", ["primes", "models/threads"])
def test_a_file_of_a_user_finds_every_other_one(lanes: Lanes, tmp_path: Path, name: str) -> None:
    file = tmp_path / "mine.py"
    file.write_text("WORKLOAD = 'mine'")
    lanes.files = {"current": {name: file}}
    sent = lanes.bundle_of(CASE)

    assert file.read_bytes() in sent
    assert Path(factorial.__file__).read_bytes() in sent
    assert lanes.bundle_of(replace(CASE, size="1000")) is sent


def test_a_described_engine_finds_what_it_is_made_of(lanes: Lanes) -> None:
    engine = Engine("dask", dask.MODEL, "from raceway.models.dask import MODEL")
    lanes.catalogue = replace(lanes.catalogue, engines=[engine])

    assert Path(dask.__file__).read_bytes() in lanes.bundle_of(replace(CASE, model="dask"))
