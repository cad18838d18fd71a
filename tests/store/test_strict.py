from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from raceway.errors import StoreError
from raceway.record import SCHEMA_VERSION, Launch, Run
from raceway.store.runfile import decode, encode

if TYPE_CHECKING:
    from support.saved import MakeRun


text = st.text(max_size=6)


def document(run: Run) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(encode(run))
    return read


def accept_or_refuse(content: bytes) -> None:
    try:
        run = decode(content)
    except StoreError as error:
        assert str(error).isprintable()  # noqa: PT017 (most content is refused, some is a run)
    else:
        assert run == decode(encode(run)) or run.header.run_id.startswith("plain-")


@given(content=st.binary())
def test_garbage_is_never_anything_but_an_error_of_ours(content: bytes) -> None:
    accept_or_refuse(content)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])  # a factory without state
@given(where=st.integers(min_value=0), byte=st.integers(0, 255))
def test_a_damaged_file_is_read_or_refused(make_run: MakeRun, where: int, byte: int) -> None:
    content = bytearray(encode(make_run()))
    content[where % len(content)] = byte

    accept_or_refuse(bytes(content))


KEYS = [
    "benchmarks", "machine_info", "commit_info", "raceway", "stats", "data", "median", "fullname",
    "iterations", "extra_info", "datetime", "cpu", "node", "schema",
]  # fmt: skip


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner),
)


foreign_stats = st.fixed_dictionaries(
    {},
    optional={
        "median": st.none() | st.floats(),
        "data": st.lists(st.floats(), max_size=3),
        "iterations": st.integers(),
    },
)


foreign_benchmarks = st.fixed_dictionaries({"fullname": text, "stats": foreign_stats})


foreign_files = st.fixed_dictionaries(
    {"benchmarks": st.lists(foreign_benchmarks, max_size=3)},
    optional={"machine_info": values, "datetime": text},
)


@pytest.mark.slow
@given(file=foreign_files | st.dictionaries(st.sampled_from(KEYS), values))
def test_a_foreign_file_is_read_or_refused(file: Any) -> None:
    accept_or_refuse(json.dumps(file).encode())


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "not JSON (unexpected end, byte 0)"),
        (b'{"benchmarks": [}', "not JSON (invalid character, byte 16)"),
        (b"[]", "not a benchmark file (Expected `object`, got `array`)"),
        (b"{}", "not a benchmark file (Object missing required field `benchmarks`)"),
        (b'{"benchmarks": [{"fullname": "\xff"}]}', "not JSON (not UTF-8: invalid start byte)"),
        (b'{"benchmarks": [], "raceway": NaN}', "not JSON (invalid character, byte 30)"),
    ],
)
def test_the_reason_names_the_place(content: bytes, reason: str) -> None:
    with pytest.raises(StoreError) as caught:
        decode(content)

    assert reason == str(caught.value)


def test_hostile_nesting_is_refused() -> None:
    with pytest.raises(StoreError, match=r"nested too deeply|unexpected end"):
        decode(b'{"x":' + b"[" * 100_000)


@pytest.mark.parametrize("change", [{}, {"groups": "another type in that schema"}])
def test_a_newer_schema_is_refused(make_run: MakeRun, change: dict[str, Any]) -> None:
    newer = document(make_run())
    newer["raceway"].update(schema=SCHEMA_VERSION + 1, **change)

    with pytest.raises(StoreError, match=f"schema {SCHEMA_VERSION + 1} of a newer raceway"):
        decode(json.dumps(newer).encode())


def test_a_plan_without_its_record_is_refused(make_run: MakeRun) -> None:
    torn = document(make_run())
    torn["benchmarks"] = []

    with pytest.raises(StoreError, match="planned 'primes-small-serial-w1' has no record"):
        decode(json.dumps(torn).encode())


def test_rounds_without_their_anchors_are_refused(make_run: MakeRun) -> None:
    run = make_run([Launch(index=0, rounds_ns=[1, 2], anchors_ns=[1])])

    with pytest.raises(StoreError, match="primes-small-serial-w1, launch 0"):
        decode(encode(run))
