"""What differs between two runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from raceway.analysis.comparison.differences import Difference, differences
from raceway.record import Commit

if TYPE_CHECKING:
    from collections.abc import Callable

    from raceway.record import Run


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"turbo": True}, Difference("turbo", "not known", "on")),
        ({"governor": "powersave"}, Difference("governor", "not known", "powersave")),
        ({"quota_cores": 1.5}, Difference("quota", "none", "1.5 cores")),
        ({"memory_bytes": 4 * 2**30}, Difference("memory", "8.0 GiB", "4.0 GiB")),
        ({"memory_bytes": None}, Difference("memory", "8.0 GiB", "not known")),
        ({"usable_cores": 1}, Difference("cores", "2 of 2", "1 of 2")),
        ({"cpu_model": "EPYC"}, Difference("cpu", "Xeon", "EPYC")),
        ({"virtualisation": "kvm"}, Difference("virtualisation", "not known", "kvm")),
        ({"gpus": ["H100"]}, Difference("gpus", "not known", "H100")),
    ],
)
def test_a_fact_of_the_machine_that_changed_is_named(
    run: Callable[..., Run], facts: dict[str, object], expected: Difference
) -> None:
    before = run().header
    after = msgspec.structs.replace(
        before, machine=msgspec.structs.replace(before.machine, **facts)
    )

    assert differences(before, after, (None, None)) == [expected]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"version": "3.13.1"}, Difference("Python", "3.13.0", "3.13.1")),
        ({"build": "main"}, Difference("build", "not known", "main")),
        ({"compiler": "GCC"}, Difference("compiler", "not known", "GCC")),
        ({"driver": "550"}, Difference("driver", "not known", "550")),
        ({"cuda": "12.4"}, Difference("cuda", "not known", "12.4")),
        ({"libraries": {"numpy": "2.0"}}, Difference("numpy", "not installed", "2.0")),
        ({"settings": {"LD_PRELOAD": "j.so"}}, Difference("LD_PRELOAD", "not set", "j.so")),
        ({"settings": {"-X dev": "True"}}, Difference("-X dev", "not set", "True")),
    ],
)
def test_a_fact_of_the_interpreter_that_changed_is_named(
    run: Callable[..., Run], facts: dict[str, object], expected: Difference
) -> None:
    header = run().header
    before = header.environments[0]
    after = msgspec.structs.replace(before, **facts)

    assert differences(header, header, (before, after)) == [expected]


def test_a_fact_taken_away_is_named(run: Callable[..., Run]) -> None:
    header = run().header
    before = msgspec.structs.replace(header.environments[0], libraries={"torch": "2.9"})

    assert differences(header, header, (before, header.environments[0])) == [
        Difference("torch", "2.9", "not installed")
    ]


def test_how_it_was_measured_is_named(run: Callable[..., Run]) -> None:
    before = run().header
    after = msgspec.structs.replace(before, profile="quick", commit=Commit(dirty=False))

    assert differences(before, after, (None, None)) == [
        Difference("working tree", "with uncommitted changes", "clean"),
        Difference("profile", "default", "quick"),
    ]


def test_of_an_interpreter_that_is_not_described_nothing_is_said(
    run: Callable[..., Run],
) -> None:
    header = run().header
    known = msgspec.structs.replace(header.environments[0], libraries={"torch": "2.9"})

    assert differences(header, header, (None, known)) == []


def test_a_file_brought_along_that_changed_is_named(run: Callable[..., Run]) -> None:
    before = run().header
    first, then = (msgspec.structs.replace(before, files={"mine": each}) for each in ("a", "b"))

    assert differences(first, then, (None, None)) == [Difference("mine", "a", "b")]
    assert differences(before, then, (None, None)) == []
