"""What a lane may reply: anything else fails its own case, whatever it is."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raceway.bounds import MOST_LATENCIES
from raceway.errors import LaneError
from raceway.measure.control.replies import REPLIES, reply_to
from raceway.measure.lane.facts import interpreter_facts
from raceway.measure.lane.server import LaneServer

GO = {"rounds": 2, "anchored": True}
WENT = {"number": 3, "rounds_ns": [5, 6], "anchors_ns": [7, 8], "cpu_s": 0.5, "queue_s": None,
        "core": 1}  # fmt: skip
OPENED = {"number": 3, "cold_s": 0.25, "longest_task_share": 0.5}


def replied(do: str, reply: Any, **arguments: Any) -> dict[str, Any]:
    line = reply if isinstance(reply, bytes) else json.dumps(reply).encode()
    return reply_to(do, arguments, 3, line + b"\n")


def test_a_reply_holds_what_was_asked_for() -> None:
    assert replied("go", WENT, **GO) == {
        "rounds_ns": [5, 6], "anchors_ns": [7, 8], "cpu_s": 0.5, "queue_s": None, "core": 1,
    }  # fmt: skip


def test_an_error_is_the_reason() -> None:
    with pytest.raises(LaneError, match=r"^ValueError: bad luck$"):
        replied("open", {"number": 3, "error": "ValueError: bad luck"})


def test_an_error_is_printable_and_bounded() -> None:
    with pytest.raises(LaneError) as caught:
        replied("open", {"number": 3, "error": "\x1b]0;mine\x07\n" + "x" * 10**6})

    assert str(caught.value).startswith(r"\x1b]0;mine\x07\n")
    assert len(str(caught.value)) < 10_000


@pytest.mark.parametrize(
    "error",
    ["No such file: 'caf\udce9'", "a \\ and a \udc80", "the text \\udce9", "\U0001f600 \ud800"],
)
def test_an_error_may_tell_of_a_name_that_is_no_utf_8(error: str) -> None:
    with pytest.raises(LaneError) as caught:
        replied("open", {"number": 3, "error": error})

    assert str(caught.value) == error.encode("utf-8", "backslashreplace").decode()


def test_every_command_of_a_lane_has_a_reply() -> None:
    assert {*LaneServer("").commands, "facts"} == {*REPLIES}


def test_the_facts_of_this_interpreter_are_a_reply() -> None:
    facts = {"folder": "mine", **interpreter_facts(["torch"])}

    assert replied("hello", {"number": 3, **facts}, required=["torch"]) == facts


def test_facts_are_printable() -> None:
    facts = {"folder": "mine", **interpreter_facts([]), "version": "3.\x1b[31m13", "libraries": {}}

    reply = replied("hello", {"number": 3, **facts}, required=[])

    assert reply["version"] == r"3.\x1b[31m13"


@pytest.mark.parametrize(
    "changed",
    [
        {"number": 2},
        {"number": "3"},
        {"rounds_ns": [5]},
        {"rounds_ns": [5, 6, 7]},
        {"rounds_ns": [5, -6]},
        {"rounds_ns": [5, 2**63]},
        {"rounds_ns": [5, 0.5]},
        {"anchors_ns": []},
        {"anchors_ns": None},
        {"cpu_s": -1},
        {"cpu_s": "1"},
        {"queue_s": 1e300},
    ],
    ids=str,
)
def test_rounds_that_cannot_be_are_no_reply(changed: dict[str, Any]) -> None:
    with pytest.raises(LaneError, match=r"^broke the protocol: "):
        replied("go", {**WENT, **changed}, **GO)


LATENCY = {"number": 3, "latencies_ns": [5, 6], "latency_count": 3, "left_behind": []}


def test_times_of_single_tasks_are_a_reply() -> None:
    assert replied("latency", LATENCY)["latencies_ns"] == [5, 6]


PEAK = {"precision": "fp32", "flops_per_s": 1e12, "bytes_per_s": 1e9}


def test_peaks_are_those_of_the_precisions_asked_for() -> None:
    reply = {"number": 3, "peaks": [PEAK, PEAK | {"precision": "bf16", "flops_per_s": 2e12}]}

    assert len(replied("peak", reply, precisions=["fp32", "bf16"])["peaks"]) == 2
    with pytest.raises(LaneError, match=r"holds peaks of other precisions$"):
        replied("peak", reply, precisions=["fp32"])


@pytest.mark.parametrize(
    ("do", "reply"),
    [
        ("open", OPENED | {"longest_task_share": 1.5}),
        ("warm", {"number": 3, "loops": 0, "round_s": 0.1}),
        ("close", {"number": 3, "peak_memory_bytes": -1, "left_behind": []}),
        ("close", {"number": 3, "peak_memory_bytes": 1, "left_behind": "me"}),
        ("peak", {"number": 3, "peaks": [PEAK | {"flops_per_s": 5e-324}]}),
        ("peak", {"number": 3, "peaks": [PEAK | {"to_device_bytes_per_s": -1.0}]}),
        ("peak", {"number": 3, "peaks": PEAK}),
        ("prepare", {"number": 3, "contradiction": "x" * 10**6}),
        ("latency", LATENCY | {"latencies_ns": [6, 5]}),
        ("latency", LATENCY | {"latencies_ns": [-1, 5]}),
        ("latency", LATENCY | {"latencies_ns": [5] * (MOST_LATENCIES + 1), "latency_count": 10**6}),
        ("latency", LATENCY | {"latencies_ns": []}),
        ("latency", LATENCY | {"latency_count": 1}),
        ("latency", LATENCY | {"latency_count": 2**62}),
        ("open", b"[" * 10**6),
        ("open", b"\xff"),
        ("open", b'{"number": 3, "cold_s": NaN}'),
        ("open", b'{"number": 3, "cold_s": 1e999}'),
        ("open", b'{"number": 3, "cold_s": "\xff"}'),
        ("hello", {"number": 3, "folder": None}),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_cannot_be_is_no_reply(do: str, reply: Any) -> None:
    with pytest.raises(LaneError, match=r"^broke the protocol: "):
        replied(do, reply)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@given(st.sampled_from(sorted(WENT)), JSON)
def test_whatever_a_field_holds_the_case_is_measured_or_fails(field: str, value: Any) -> None:
    try:
        reply = replied("go", {**WENT, field: value}, **GO)
    except LaneError:
        return

    assert len(reply["rounds_ns"]) == len(reply["anchors_ns"]) == 2


def test_each_task_that_was_timed_has_a_time_and_a_wait() -> None:
    gauged = {"number": 3, "numbers": [0, 1], "walls_s": [0.5, 0.5], "waits_s": [0.25]}

    with pytest.raises(LaneError, match=r"holds times of other tasks$"):
        replied("gauge", gauged)
